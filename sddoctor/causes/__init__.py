"""Judgement: small pure functions from what was observed to a finding, or nothing."""
