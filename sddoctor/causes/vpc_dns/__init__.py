"""Causes at the hop `vpc-dns`: what the VPC resolver makes of the name."""
