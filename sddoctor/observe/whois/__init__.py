"""Finds the owners of addresses."""
