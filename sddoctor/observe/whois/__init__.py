"""Looks for the owners of addresses."""
