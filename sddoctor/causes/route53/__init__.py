"""Causes at the hop `route53`: the zone, its records and its VPC associations."""
