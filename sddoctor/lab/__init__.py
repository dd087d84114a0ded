"""The lab: a practice world with an AWS stand-in, name servers and host files."""
