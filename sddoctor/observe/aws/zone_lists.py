"""Finds the hosted zones that a name lies in, and reads what of their records may answer for it."""

from __future__ import annotations

from collections.abc import Container, Iterable
from difflib import get_close_matches
from functools import partial
from typing import Any, NamedTuple

from sddoctor.case.name import fold_name, is_below, label_count, relative
from sddoctor.case.route53 import HostedZone, Record, Zone
from sddoctor.case.seen import Absent, Denied, Fact, NotAttempted, Opaque, Seen, Unreachable
from sddoctor.formats.aws import network as shapes
from sddoctor.formats.aws.cloudmap import bare_id
from sddoctor.observe.aws.calls import MAX_PAGES, Calls, incomplete
from sddoctor.observe.aws.shared import Reads
from sddoctor.observe.aws.zones import ZoneIndex, first_records, read_records, records_of_type
from sddoctor.text.likeness import RESEMBLES

#: The most zones on a page.
#: https://docs.aws.amazon.com/Route53/latest/APIReference/API_ListHostedZonesByName.html
PAGE = 100
#: Names of a zone that are kept for "did you mean".
MOST_NEAR = 5

_BY_NAME = "route53:ListHostedZonesByName"


def zones_over(calls: Calls, name: str) -> Fact[tuple[HostedZone, ...]]:
    """Return the account's zones that the name lies in, private and public, the longest first, without their contents.

    The list is in the order of names with their labels reversed (``com.example.``), so the zones over a name lie far apart
    in it: what is between them is jumped over.
    """
    what = f"the hosted zones over {name}"
    wanted = _suffixes(name)
    found: dict[str, HostedZone] = {}
    start: dict[str, str] = {"DNSName": wanted[0]}
    at = None
    for _ in range(MAX_PAGES):
        fact = calls.get("route53", "ListHostedZonesByName", what, MaxItems=str(PAGE), **start)
        if not isinstance(fact, Seen):
            return fact
        if "HostedZones" not in fact.value:
            return incomplete(what, fact.source, "HostedZones")
        at = fact.at
        for item in fact.value["HostedZones"]:
            zone = _listed(item)
            if zone.name in wanted:
                found[zone.id] = zone
        reached = fact.value.get("NextDNSName") if fact.value.get("IsTruncated") else None
        if reached is None:
            return Seen(_longest_first(found.values()), _BY_NAME, at)
        following = _from(wanted, fold_name(reached))
        if not following:
            return Seen(_longest_first(found.values()), _BY_NAME, at)
        start = {"DNSName": following[0]}
        if following[0] == fold_name(reached) and fact.value.get("NextHostedZoneId"):
            start["HostedZoneId"] = bare_id(fact.value["NextHostedZoneId"])
    return Unreachable(what, f"{_BY_NAME} has more than {MAX_PAGES} pages", "a later try")


def all_zones(calls: Calls) -> Fact[tuple[HostedZone, ...]]:
    """Return all hosted zones of the account, private and public, without their contents."""
    what = "the hosted zones"
    found: list[HostedZone] = []
    start: dict[str, str] = {}
    for _ in range(MAX_PAGES):
        fact = calls.get("route53", "ListHostedZonesByName", what, MaxItems=str(PAGE), **start)
        if not isinstance(fact, Seen):
            return fact
        if "HostedZones" not in fact.value:
            return incomplete(what, fact.source, "HostedZones")
        found += map(_listed, fact.value["HostedZones"])
        if not fact.value.get("IsTruncated"):
            return Seen(tuple(found), _BY_NAME, fact.at)
        start = {"DNSName": fact.value["NextDNSName"]}
        if fact.value.get("NextHostedZoneId"):
            start["HostedZoneId"] = bare_id(fact.value["NextHostedZoneId"])
    return Unreachable(what, f"{_BY_NAME} has more than {MAX_PAGES} pages", "a later try")


def covering(name: str, zones: Iterable[HostedZone]) -> tuple[HostedZone, ...]:
    """Return the zones that the name lies in, the longest first."""
    return _longest_first(z for z in zones if is_below(name, z.name))


def contents(reads: Reads, name: str, zones: Iterable[HostedZone]) -> tuple[HostedZone, ...]:
    """Return the zones with their associations, and the records that may answer for the name; all are read at the same time."""
    pending = reads.calls.pending
    begun = [
        (
            zone,
            reads.zone(zone.id),
            pending(partial(_records, reads, zone, name), f"the records of {name} in {zone.name}"),
        )
        for zone in zones
    ]
    return tuple(
        _with_contents(zone, details.fact(), records.fact(), _Asked(name, reads.whole_zone(zone.id)))
        for zone, details, records in begun
    )


class _Asked(NamedTuple):
    """A name, and the zone as a whole where that was read."""

    name: str
    whole: Fact[ZoneIndex] | None


def foreign(zone: HostedZone, account: str | None) -> HostedZone | None:
    """Return the zone as one whose contents only its owner shows; ``None`` if it is the account's own, or may be."""
    if zone.owner and not zone.owner.isdigit():
        why = f"the service {zone.owner} keeps the zone {zone.name}"
        unseen: Any = NotAttempted(f"the records of {zone.name}", why, f"a look at {zone.owner}")
    elif zone.owner and account is not None and zone.owner != account:
        unseen = Opaque(f"the hosted zone {zone.name} ({zone.id})", zone.owner, f"a look from account {zone.owner}")
    else:
        return None
    return HostedZone(zone.id, zone.name, zone.private, zone.owner, zone.via_profile, unseen, unseen)


def without(zones: Iterable[HostedZone], ids: Container[str | None]) -> tuple[HostedZone, ...]:
    """Return the zones whose ids are not among these."""
    return tuple(z for z in zones if z.id not in ids)


def _suffixes(name: str) -> list[str]:
    labels = name.split(".")
    return [".".join(labels[i:]) for i in reversed(range(len(labels)))]


def _reversed(name: str) -> str:
    return "".join(f"{label}." for label in reversed(name.split(".")))


def _from(names: list[str], reached: str) -> list[str]:
    return [n for n in names if _reversed(n) >= _reversed(reached)]


def _longest_first(zones: Iterable[HostedZone]) -> tuple[HostedZone, ...]:
    return tuple(sorted(zones, key=lambda z: (-label_count(z.name), not z.private, z.id)))


def _listed(item: dict[str, Any]) -> HostedZone:
    private = bool((item.get("Config") or {}).get("PrivateZone"))
    return HostedZone(bare_id(item["Id"]), shapes.record_name(item["Name"]), private)


def _records(reads: Reads, zone: HostedZone, name: str) -> Fact[tuple[Record, ...]]:
    """Return the records from the whole zone where that is read, else read them."""
    whole_zone = reads.whole_zone(zone.id)
    if whole_zone is not None:
        return whole_zone.map(lambda index: index.around(name, zone.name))
    return _first_or_around(reads.calls, zone, name)


def records_around(calls: Calls, zone: HostedZone, name: str) -> Fact[tuple[Record, ...]]:
    """Read the records of a zone that may answer for a name."""
    return _first_or_around(calls, zone, name).map(lambda s: tuple(r for r in s if may_answer(r, zone.name, name)))


def _first_or_around(calls: Calls, zone: HostedZone, name: str) -> Fact[tuple[Record, ...]]:
    """Read the zone's first page, which most often is all of it; of a larger zone what lies at, below and above the name."""
    first = first_records(calls, zone.id)
    if not isinstance(first, Seen):
        return first
    records, whole = first.value
    if whole:
        return Seen(records, first.source, first.at)
    found = list(records)
    between = _suffixes(name)[label_count(zone.name) : -1]
    looks = [
        partial(read_records, calls, zone.id, owner) for owner in (name, *(f"*.{n}" for n in (zone.name, *between)))
    ]
    looks += [partial(records_of_type, calls, zone.id, owner, "NS") for owner in between]
    for read in looks:
        more = read()
        if not isinstance(more, Seen):
            return more
        found += [r for r in more.value if r not in found]
    return Seen(tuple(found), first.source, first.at)


def _with_contents(
    zone: HostedZone, details: Fact[Zone], records: Fact[tuple[Record, ...]], asked: _Asked
) -> HostedZone:
    near: tuple[str, ...] = ()
    name = asked.name
    if isinstance(records, Seen):
        kept = tuple(r for r in records.value if may_answer(r, zone.name, name))
        kept += tuple(r for r in _showing_what_exists(records.value, zone.name, name) if r not in kept)
        if not any(r.name == name for r in kept):
            whole = asked.whole.seen_or(None) if asked.whole is not None else None
            every = records.value if whole is None else tuple(r for _, own in whole.own() for r in own)
            near = _near(name, zone.name, every)
        records = Seen(kept, records.source, records.at)
    if isinstance(details, (Denied, Absent)) and zone.owner:
        needs = f"a look from account {zone.owner}"
        details = Opaque(f"the hosted zone {zone.name}", zone.owner, needs)
    return HostedZone(zone.id, zone.name, zone.private, zone.owner, zone.via_profile, details, records, near)


def _showing_what_exists(records: tuple[Record, ...], zone: str, name: str) -> list[Record]:
    """Return for each name between the zone and the name a record that shows that it exists: it keeps wildcards above away.

    RFC 4592, section 3.3.1
    """
    between = _suffixes(name)[label_count(zone) : -1]
    found = (next((r for r in records if is_below(r.name, n) and not r.name.startswith("*.")), None) for n in between)
    return [r for r in found if r is not None]


def _near(name: str, zone: str, records: Iterable[Record]) -> tuple[str, ...]:
    """Return names of the zone that are spelled like the name, by what stands before the zone: all end alike.

    Only names that programs look up count: with an address, or an alias.
    """
    labels = {
        relative(r.name, zone)
        for r in records
        if r.name != zone and r.type in ("A", "AAAA", "CNAME") and not r.name.startswith(("*", "_"))
    }
    found = get_close_matches(relative(name, zone), sorted(labels), n=MOST_NEAR, cutoff=RESEMBLES)
    return tuple(f"{label}.{zone}" for label in found)


def may_answer(record: Record, zone: str, name: str) -> bool:
    """Tell whether a record has a part in the answer: at or below the name, a wildcard over it, an NS record between.

    RFC 4592, and RFC 1034, section 4.2.1
    """
    if is_below(record.name, name):
        return True
    owner = record.name.removeprefix("*.")
    if owner != record.name:
        return is_below(name, owner) and name != owner
    return record.type == "NS" and record.name != zone and is_below(name, record.name) and relative(name, zone) != ""
