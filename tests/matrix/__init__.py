"""Every fault of AWS and of name servers in every world: ``python -m tests.matrix`` prints the table."""
