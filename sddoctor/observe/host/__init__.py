"""Observation of the host that asks: files, commands, routes, and what a program gets."""
