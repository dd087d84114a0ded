"""A case as a file: written, read back, redacted, packed, made anonymous."""
