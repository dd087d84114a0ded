"""The wire formats of AWS APIs, read and written by botocore's own service models."""
