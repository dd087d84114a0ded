"""Observation of DNS servers: questions sent by this process to a stated server."""
