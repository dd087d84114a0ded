"""Wording, harmless text and shell quoting for everything that is printed."""
