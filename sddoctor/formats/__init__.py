"""Texts and JSON of other programs, read into facts. Nothing here does I/O."""
