"""The Case: everything that was observed about one name, immutable and serialisable."""
