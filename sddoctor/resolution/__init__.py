"""From facts about a host to the servers that it queries, and by which setting. Pure."""
