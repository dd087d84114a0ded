"""Mistakes of service discovery, found in Terraform plans and states before they are deployed."""
