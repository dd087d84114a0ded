"""What the records of a hosted zone say of a name, in words, and what they lack."""

from __future__ import annotations

from sddoctor.case.name import is_below
from sddoctor.case.route53 import HostedZone, Record
from sddoctor.resolution.zones import has_name
from sddoctor.trail.trail import Trail
from sddoctor.trail.zone import NameZone

#: What every zone has at its apex, and what answers for nothing else.
OF_APEX = ("SOA", "NS")
#: Types by which a name is looked up otherwise than by its addresses, or that lead on.
_LEADING = ("A", "AAAA", "CNAME", "SRV", "PTR")


def is_kept_by_hand(trail: Trail, zone: NameZone) -> bool:
    """Tell whether the zone is no namespace's. Raises where neither the zone nor the namespaces tell.

    https://docs.aws.amazon.com/Route53/latest/APIReference/API_LinkedService.html
    """
    if zone.of_namespace or zone.id is None:
        return False
    seen = zone.zone.seen_or(None)
    if seen is not None:
        return seen.linked_service is None
    return all(n.hosted_zone_id != zone.id for n in trail.cloudmap.facts.namespaces.value)


def lacks_addresses(zone: NameZone) -> bool:
    """Tell whether no record of the zone leads from the name to an address. Raises where they were not all seen."""
    zone.found.whole  # noqa: B018 - raises where a part of them was not understood
    return not any(r.type in _LEADING for r in zone.records)


def other_types(zone: NameZone) -> tuple[str, ...]:
    """Return the types of the records that the name has all the same, without those of every apex."""
    return tuple(sorted({r.type for r in zone.records} - {*OF_APEX}))


def below(zone: NameZone) -> tuple[str, ...]:
    """Return the names of the zone that lie below the name, for whose sake alone it exists. RFC 8020"""
    names = {r.name for r in zone.found.seen_or(()) if r.name != zone.asked and is_below(r.name, zone.asked)}
    return tuple(sorted(names))


def wildcard_of(zone: NameZone) -> Record | None:
    """Return the wildcard record that answers for the name, ``None`` where it has records of its own, or none."""
    return next((r for r in zone.records if r.name != zone.asked and r.name.startswith("*.")), None)


def zones_with_the_name(trail: Trail, zone: NameZone) -> tuple[HostedZone, ...]:
    """Return the other zones over the name that have a record of it."""
    return tuple(z for z in trail.zone.all_covering if z.id != zone.id and has_name(z, zone.asked))
