"""Answers and errors of AWS, as facts."""
