"""How to look into a hosted zone that somebody keeps by hand, and how to write a record there."""

from __future__ import annotations

import json
from collections.abc import Iterable

from sddoctor.causes.commands import read_only
from sddoctor.causes.model import Fix
from sddoctor.text.shell import aws
from sddoctor.text.words import listed


def see_near(zone_id: str, name: str) -> Fix:
    """Return how to see the records of the zone at and after the name."""
    read = aws("route53", "list-resource-record-sets", hosted_zone_id=zone_id, start_record_name=name, max_items=5)
    return read_only("See what the zone has near that name", read)


def upsert(zone_id: str, name: str, rtype: str, values: Iterable[str]) -> str:
    """Return the command that makes, or replaces, a record set without a routing policy.

    https://docs.aws.amazon.com/Route53/latest/APIReference/API_ChangeResourceRecordSets.html
    """
    records = [{"Value": v} for v in values]
    record = {"Name": name, "Type": rtype, "TTL": 60, "ResourceRecords": records}
    batch = json.dumps({"Changes": [{"Action": "UPSERT", "ResourceRecordSet": record}]}, separators=(",", ":"))
    return aws("route53", "change-resource-record-sets", hosted_zone_id=zone_id, change_batch=batch)


def write_record(title: str, zone_id: str, name: str, rtype: str, values: tuple[str, ...]) -> Fix:
    """Return how to give the name a record of its own with these values."""
    return Fix(
        title,
        "aws",
        commands=(upsert(zone_id, name, rtype, values),),
        changes=f"Writes the {rtype} record of {name} ({listed(values)}) in {zone_id}; it does not follow tasks.",
        verified_by="The VPC resolver answers the name with it.",
    )


def as_code(title: str, name: str) -> Fix:
    """Return the record as code, for an address that only its owner knows."""
    config = (
        'resource "aws_route53_record" "this" {\n'
        "  zone_id = aws_route53_zone.this.zone_id\n"
        f'  name    = "{name}"\n'
        '  type    = "A"\n'
        "  ttl     = 60\n"
        "  records = [var.address]\n"
        "}"
    )
    return Fix(title, "terraform", config=config)
