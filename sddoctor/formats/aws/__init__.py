"""Responses and errors of AWS, as facts."""
