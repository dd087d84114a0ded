"""What Route 53 answers from one hosted zone.

https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/hosted-zone-private-considerations.html
https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/routing-policy-multivalue.html
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import replace

from sddoctor.case.dns import Rr
from sddoctor.lab.dns.result import Result, covers
from sddoctor.lab.objects import LiveZone, RecordSet
from sddoctor.lab.records import records_of_zone
from sddoctor.lab.state import LabState

#: Records in one multivalue answer.
MULTIVALUE_LIMIT = 8


def answer_from_zone(state: LabState, zone: LiveZone, name: str, rdtype: str, rng: random.Random) -> Result:
    """Answer from the zone alone: records, NODATA or NXDOMAIN with the zone's SOA. A CNAME is not followed."""
    records = records_of_zone(state, zone.id, about=name)
    at_name = [r for r in records if r.name == name] or _from_wildcard(records, name)
    answerable = {
        kind: _selected(state, [r for r in at_name if r.type == kind], rng) for kind in {r.type for r in at_name}
    }
    for kind in (rdtype, "CNAME"):
        if answerable.get(kind):
            return Result(answers=tuple(_rrs(name, answerable[kind])))
    exists = any(answerable.values()) or any(r.name.endswith("." + name) for r in records)
    return Result("NOERROR" if exists else "NXDOMAIN", authority=(_negative_soa(records, zone),))


def is_delegated(state: LabState, zone: LiveZone, name: str) -> bool:
    """Tell whether an NS record below the top of the zone takes the name out of it.

    A VPC's resolver follows one of a private zone by a DELEGATE rule only, which this lab does not have: SERVFAIL.
    https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/outbound-delegation-tutorial.html
    """
    return any(
        r.type == "NS" and r.name != zone.name and covers(r.name, name)
        for r in records_of_zone(state, zone.id, about=name)
    )


def negative(state: LabState, zone: LiveZone, ttl: int) -> Result:
    """Return the zone's NXDOMAIN from a cache in which it has ``ttl`` seconds left."""
    soa = _negative_soa(records_of_zone(state, zone.id, about=f"soa.{zone.name}"), zone)
    return Result("NXDOMAIN", authority=(Rr(soa.owner, soa.type, ttl, soa.data),))


def _from_wildcard(records: list[RecordSet], name: str) -> list[RecordSet]:
    """Return the records of the wildcard that covers a name that does not exist (RFC 4592)."""
    if any(r.name.endswith("." + name) for r in records):
        return []
    parent = name
    while "." in parent:
        parent = parent.split(".", 1)[1]
        found = [r for r in records if r.name == f"*.{parent}"]
        if found:
            return [replace(r, name=name) for r in found]
        if any(r.name == parent or r.name.endswith("." + parent) for r in records):
            return []
    return []


def _selected(state: LabState, sets: list[RecordSet], rng: random.Random) -> list[RecordSet]:
    """Select the record sets of one answer by routing policy and health.

    AWS does not document what happens when every instance is UNHEALTHY; the world's service decides. UNKNOWN
    counts as healthy: https://docs.aws.amazon.com/cloud-map/latest/dg/services-health-checks.html
    """
    policy = [r for r in sets if r.multivalue or r.weight is not None]
    if not policy:
        return sets
    healthy = [r for r in policy if r.health != "UNHEALTHY"]
    if not healthy and not _withholds(state, policy):
        healthy = policy
    if any(r.weight is not None for r in healthy):
        return rng.choices(healthy, [max(r.weight or 0, 0) + 1e-9 for r in healthy])
    return rng.sample(healthy, min(MULTIVALUE_LIMIT, len(healthy)))


def _withholds(state: LabState, sets: list[RecordSet]) -> bool:
    services = [state.services.get(r.service_id or "") for r in sets]
    return any(s is not None and s.all_unhealthy == "withholds" for s in services)


def _rrs(name: str, sets: Iterable[RecordSet]) -> Iterable[Rr]:
    for record in sets:
        for value in record.values:
            yield Rr(name, record.type, record.ttl, value)


def _negative_soa(records: list[RecordSet], zone: LiveZone) -> Rr:
    """Return the SOA of a negative answer; its TTL is the lower of the record's TTL and its minimum (RFC 2308)."""
    soa = next(r for r in records if r.type == "SOA" and r.name == zone.name)
    return Rr(zone.name, "SOA", min(soa.ttl, int(soa.values[0].rsplit(" ", 1)[1])), soa.values[0])
