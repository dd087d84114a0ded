"""Causes at the hop `host`: which resolver this host asks, and what programs get."""
