"""Causes at the hop `network`: the path from this host to the resolver."""
