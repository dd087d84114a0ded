"""Judges whose an address is, from what was seen. Nothing here asks anybody."""
