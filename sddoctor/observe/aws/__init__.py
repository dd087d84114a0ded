"""Observation of AWS through boto3, read-only."""
