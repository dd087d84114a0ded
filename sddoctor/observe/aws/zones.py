"""Looks at hosted zones: the zone itself, its records at a name, the zones that a VPC sees."""

from __future__ import annotations

from typing import Any

from sddoctor.case.route53 import Record, Zone, ZoneSummary
from sddoctor.case.seen import Fact, Seen, Unreachable
from sddoctor.observe.aws import network_shapes as shapes
from sddoctor.observe.aws.calls import MAX_PAGES, Calls


def look_at_zone(calls: Calls, zone_id: str) -> Fact[Zone]:
    """Read a hosted zone and the VPCs that it is associated with."""
    fact = calls.get("route53", "GetHostedZone", f"the hosted zone {zone_id}", Id=zone_id)
    return Seen(shapes.zone(fact.value), fact.source, fact.at) if isinstance(fact, Seen) else fact


def look_at_records(calls: Calls, zone_id: str, name: str) -> Fact[tuple[Record, ...]]:
    """Read the zone's records at the name and below it.

    Records are listed by name with the labels reversed, so what lies below a name follows it at once.
    https://docs.aws.amazon.com/Route53/latest/APIReference/API_ListResourceRecordSets.html
    """
    what = f"the records of {name}"
    found: list[Record] = []
    start: dict[str, Any] = {"StartRecordName": name}
    for _ in range(MAX_PAGES):
        fact = calls.get("route53", "ListResourceRecordSets", what, HostedZoneId=zone_id, **start)
        if not isinstance(fact, Seen):
            return fact
        page = [shapes.record(r) for r in fact.value["ResourceRecordSets"]]
        ours = [r for r in page if r.name == name or r.name.endswith("." + name)]
        found.extend(ours)
        if not fact.value.get("IsTruncated") or len(ours) < len(page):
            return Seen(tuple(found), fact.source, fact.at)
        start = {"StartRecordName": fact.value["NextRecordName"], "StartRecordType": fact.value["NextRecordType"]}
        if fact.value.get("NextRecordIdentifier"):
            start["StartRecordIdentifier"] = fact.value["NextRecordIdentifier"]
    return Unreachable(what, f"route53:ListResourceRecordSets has more than {MAX_PAGES} pages", "a later try")


def zones_of_vpc(calls: Calls, vpc_id: str, region: str) -> Fact[tuple[ZoneSummary, ...]]:
    """Read the private zones that a VPC sees, those of other accounts included."""
    what = f"the hosted zones of {vpc_id}"
    fact = calls.pages(
        "route53", "ListHostedZonesByVPC", what, "HostedZoneSummaries", VPCId=vpc_id, VPCRegion=region, MaxItems="100"
    )
    if not isinstance(fact, Seen):
        return fact
    return Seen(tuple(shapes.zone_summary(z) for z in fact.value), fact.source, fact.at)
