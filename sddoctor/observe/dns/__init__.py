"""Observation of DNS servers: queries sent by this process to a stated server."""
