"""Words, safe text and shell quoting for everything that prints."""
