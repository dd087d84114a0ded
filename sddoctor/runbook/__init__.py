"""Runbooks: what to do when a name does not resolve, for any name and filled in for one."""
