"""Reads hosted zones: the zone itself, its records at a name, the zones associated with a VPC."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from sddoctor.case.name import is_below
from sddoctor.case.route53 import Record, Zone, ZoneSummary
from sddoctor.case.seen import Fact, Seen, Unreachable
from sddoctor.formats.aws import network as shapes
from sddoctor.observe.aws.calls import MAX_PAGES, Calls, joined

_LIST = "route53:ListResourceRecordSets"
#: The most records on a page.
#: https://docs.aws.amazon.com/Route53/latest/APIReference/API_ListResourceRecordSets.html
RECORDS_PAGE_SIZE = 300
#: Assumed for a zone whose size was not seen.
FEW_PAGES = 3


def read_zone(calls: Calls, zone_id: str) -> Fact[Zone]:
    """Read a hosted zone and the VPCs that it is associated with."""
    return calls.get("route53", "GetHostedZone", f"the hosted zone {zone_id}", Id=zone_id).map(shapes.zone)


def read_records(calls: Calls, zone_id: str, name: str) -> Fact[tuple[Record, ...]]:
    """Read the zone's records at the name and below it.

    Records are listed by name with the labels reversed, so what lies below a name follows it at once.
    https://docs.aws.amazon.com/Route53/latest/APIReference/API_ListResourceRecordSets.html
    """
    found: list[Record] = []
    at = None
    for fact in _pages(calls, zone_id, f"the records of {name}", {"StartRecordName": name}):
        if not isinstance(fact, Seen):
            return fact
        below = [r for r in fact.value if r.name == name or r.name.endswith("." + name)]
        found.extend(below)
        at = fact.at
        if len(below) < len(fact.value):
            break
    return Seen(tuple(found), _LIST, at)


def first_records(calls: Calls, zone_id: str) -> Fact[tuple[tuple[Record, ...], bool]]:
    """Read the first page of a zone's records, and tell whether that is all of them."""
    fact = calls.get("route53", "ListResourceRecordSets", f"the records of {zone_id}", HostedZoneId=zone_id)
    if not isinstance(fact, Seen):
        return fact
    records = tuple(shapes.record(r) for r in fact.value["ResourceRecordSets"])
    return Seen((records, not fact.value.get("IsTruncated")), _LIST, fact.at)


def records_of_type(calls: Calls, zone_id: str, name: str, rdtype: str) -> Fact[tuple[Record, ...]]:
    """Read the records of one name and type, as far as they fit on a page."""
    what = f"the {rdtype} records of {name}"
    start = {"StartRecordName": name, "StartRecordType": rdtype}
    fact = calls.get("route53", "ListResourceRecordSets", what, HostedZoneId=zone_id, **start)
    if not isinstance(fact, Seen):
        return fact
    records = (shapes.record(r) for r in fact.value["ResourceRecordSets"])
    return Seen(tuple(r for r in records if (r.name, r.type) == (name, rdtype)), _LIST, fact.at)


class ZoneIndex(Struct, frozen=True):
    """All records of a zone by each name that they are at or below, except the zone's own name, whose own are ``apex``.

    ``delegations`` are the NS records below the zone's own name, by their names.
    """

    by_name: dict[str, list[Record]]
    apex: tuple[Record, ...] = ()
    delegations: dict[str, list[Record]] = {}

    def below(self, name: str) -> tuple[Record, ...]:
        """Return the records at a name and below it."""
        return tuple(self.by_name.get(name, ()))

    def around(self, name: str, zone: str) -> tuple[Record, ...]:
        """Return what may answer for a name: its records and those below, wildcards over it, NS records between.

        Beside them one record of each name between that exists: a wildcard above such a name does not cover what is below it.
        RFC 4592, section 2.2.2
        """
        if name == zone:
            return self.apex
        found = list(self.by_name.get(name, ()))
        parent = name.partition(".")[2]
        while parent and is_below(parent, zone):
            found += self.by_name.get(f"*.{parent}", ())
            found += self.delegations.get(parent, ())
            found += [r for r in self.by_name.get(parent, ()) if not r.name.startswith("*.")][:1]
            parent = parent.partition(".")[2]
        return tuple(dict.fromkeys(found))

    def own(self) -> Iterator[tuple[str, tuple[Record, ...]]]:
        """Yield every name that has records, with them."""
        if self.apex:
            yield self.apex[0].name, self.apex
        for name, records in self.by_name.items():
            at_it = tuple(r for r in records if r.name == name)
            if at_it:
                yield name, at_it


def index_records(calls: Calls, zone_id: str) -> Fact[ZoneIndex]:
    """Read every record of a zone."""
    by_name: dict[str, list[Record]] = {}
    delegations: dict[str, list[Record]] = {}
    own: list[Record] = []
    at = None
    apex = ""
    for fact in _pages(calls, zone_id, f"the records of {zone_id}", {}):
        if not isinstance(fact, Seen):
            return fact
        at = fact.at
        for record in fact.value:
            apex = apex or record.name  # the zone's own records are the first
            name = record.name
            if name == apex:
                own.append(record)
            elif record.type == "NS":
                delegations.setdefault(name, []).append(record)
            while name and name != apex:
                by_name.setdefault(name, []).append(record)
                name = name.partition(".")[2]
    return Seen(ZoneIndex(by_name, tuple(own), delegations), _LIST, at)


def every_record(calls: Calls, zone_id: str, name: str) -> Fact[tuple[Record, ...]]:
    """Read every record of a zone, in their order. ``name`` is the zone's."""
    return joined(_pages(calls, zone_id, f"the records of {name}", {}), _LIST)


def pages_of(calls: Calls, zone_id: str) -> int:
    """Return how many pages the records of a zone fill."""
    fact = calls.get("route53", "GetHostedZone", f"the hosted zone {zone_id}", Id=zone_id)
    count = fact.value["HostedZone"].get("ResourceRecordSetCount") if isinstance(fact, Seen) else None
    return FEW_PAGES if count is None else -(-int(count) // RECORDS_PAGE_SIZE)


def _pages(calls: Calls, zone_id: str, what: str, start: dict[str, Any]) -> Iterator[Fact[tuple[Record, ...]]]:
    """Yield the pages of a zone's records from ``start`` on. One that was not seen is the last."""
    for _ in range(MAX_PAGES):
        fact = calls.get("route53", "ListResourceRecordSets", what, HostedZoneId=zone_id, **start)
        if not isinstance(fact, Seen):
            yield fact
            return
        yield Seen(tuple(shapes.record(r) for r in fact.value["ResourceRecordSets"]), fact.source, fact.at)
        if not fact.value.get("IsTruncated"):
            return
        start = {"StartRecordName": fact.value["NextRecordName"], "StartRecordType": fact.value["NextRecordType"]}
        if fact.value.get("NextRecordIdentifier"):
            start["StartRecordIdentifier"] = fact.value["NextRecordIdentifier"]
    yield Unreachable(what, f"{_LIST} has more than {MAX_PAGES} pages", "a later try")


def zones_of_vpc(calls: Calls, vpc_id: str, region: str) -> Fact[tuple[ZoneSummary, ...]]:
    """Read the private zones that a VPC sees, those of other accounts included."""
    what = f"the hosted zones of {vpc_id}"
    fact = calls.pages(
        "route53", "ListHostedZonesByVPC", what, "HostedZoneSummaries", VPCId=vpc_id, VPCRegion=region, MaxItems="100"
    )
    return fact.map(lambda seen: tuple(shapes.zone_summary(z) for z in seen))
