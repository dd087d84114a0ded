"""Judges who owns an address, from what was seen. Pure."""
