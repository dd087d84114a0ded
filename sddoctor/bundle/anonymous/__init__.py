"""A case of which nobody can tell whose it is, and which has the same diagnosis."""
