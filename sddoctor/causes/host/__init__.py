"""Causes at the hop `host`: which resolver this host queries, and what programs get."""
