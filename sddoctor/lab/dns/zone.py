"""What Route 53 answers from one hosted zone.

https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/hosted-zone-private-considerations.html
https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resource-record-sets-values-alias-common.html
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace

from sddoctor.case.dns import Rr
from sddoctor.lab.dns.aws_names import addresses_at_aws, some_of
from sddoctor.lab.dns.result import Result, addresses, covers
from sddoctor.lab.dns.routing import selected
from sddoctor.lab.records import records_of_zone
from sddoctor.lab.state import LabState
from sddoctor.lab.zones import LiveZone, RecordSet

#: TTL in seconds of an alias of a name of AWS, which is that of a load balancer's own records.
ALIAS_TTL = 60
#: At most so many aliases of aliases are followed.
MAX_ALIASES = 4


def answer_from_zone(
    state: LabState, zone: LiveZone, name: str, rdtype: str, rng: random.Random, depth: int = 0
) -> Result:
    """Answer from the zone alone: records, NODATA or NXDOMAIN with the zone's SOA. A CNAME is not followed, an alias is."""
    records = records_of_zone(state, zone.id, about=name)
    at_name = [r for r in records if r.name == name] or _from_wildcard(records, name)
    answerable = {
        kind: selected(state, [r for r in at_name if r.type == kind], rng) for kind in {r.type for r in at_name}
    }
    for kind in (rdtype, "CNAME"):
        chosen = answerable.get(kind, [])
        found = tuple(rr for r in chosen for rr in _rrs(state, name, r, rng, depth))
        if found:
            return Result(answers=found)
        if chosen:
            break
    by_hand = any(r.service_id is None for r in at_name)
    exists = by_hand or any(answerable.values()) or any(r.name.endswith("." + name) for r in records)
    return Result("NOERROR" if exists else "NXDOMAIN", authority=(_negative_soa(records, zone),))


def _rrs(state: LabState, name: str, record: RecordSet, rng: random.Random, depth: int) -> Iterator[Rr]:
    """Yield the records of a set; those of an alias are its target's of the same type, none where that is gone.

    https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resource-record-sets-choosing-alias-non-alias.html
    """
    if record.alias is None:
        for value in record.values:
            yield Rr(name, record.type, record.ttl, value)
        return
    target = record.alias.name.lower().rstrip(".")
    zone = state.zones.get(record.alias.zone)
    if zone is None:
        for address in addresses(target, record.type, some_of(addresses_at_aws(state, target), rng), ALIAS_TTL).answers:
            yield Rr(name, address.type, address.ttl, address.data)
    elif depth < MAX_ALIASES and covers(zone.name, target):
        for rr in answer_from_zone(state, zone, target, record.type, rng, depth + 1).answers:
            if rr.type == record.type:
                yield Rr(name, rr.type, rr.ttl, rr.data)


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


def _negative_soa(records: list[RecordSet], zone: LiveZone) -> Rr:
    """Return the SOA of a negative answer; its TTL is the lower of the record's TTL and its minimum (RFC 2308)."""
    soa = next(r for r in records if r.type == "SOA" and r.name == zone.name)
    return Rr(zone.name, "SOA", min(soa.ttl, int(soa.values[0].rsplit(" ", 1)[1])), soa.values[0])
