"""Which of several hosted zones a VPC's resolver answers a name from, and which of its records do.

https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/hosted-zone-private-considerations.html
"""

from __future__ import annotations

from collections.abc import Iterable

from sddoctor.case.name import is_below, label_count, relative
from sddoctor.case.route53 import HostedZone, Record


def is_associated(zone: HostedZone, vpc_id: str) -> bool:
    """Tell whether the zone itself is seen to be associated with the VPC."""
    seen = zone.zone.seen_or(None)
    return seen is not None and any(v.vpc_id == vpc_id for v in seen.vpcs)


def chosen(
    zones: Iterable[HostedZone], name: str, vpc_id: str | None, visible: Iterable[str] = ()
) -> HostedZone | None:
    """Return the zone that has the name for a client of the VPC; ``visible`` are the ids of the zones that the VPC lists.

    The longest private zone of the VPC comes first, one of the VPC itself before one that a Profile brings; then the longest
    private zone of another VPC, whose owner most probably meant it; then the longest public one.
    """
    shown = frozenset(visible)

    def rank(zone: HostedZone) -> tuple[bool, bool, int, bool]:
        seen = zone.id in shown or (vpc_id is not None and is_associated(zone, vpc_id))
        return zone.private and seen, zone.private, label_count(zone.name), zone.via_profile is None

    return max((z for z in zones if is_below(name, z.name)), key=rank, default=None)


def delegation(records: Iterable[Record], zone: str, name: str) -> Record | None:
    """Return the NS record between the zone and the name that hands the name to other servers, the one nearest to the zone.

    RFC 1034, section 4.2.1
    """
    found = (
        r for r in records if r.type == "NS" and r.name != zone and is_below(name, r.name) and is_below(r.name, zone)
    )
    return min(found, key=lambda r: label_count(r.name), default=None)


def answering(records: Iterable[Record], zone: str, name: str) -> tuple[Record, ...]:
    """Return the records that answer for the name: its own, else those of the wildcard that covers it. RFC 4592

    A name that exists, were it only because something lies below it, is covered by no wildcard.
    """
    every = tuple(records)
    own = tuple(r for r in every if r.name == name)
    if own or any(is_below(r.name, name) for r in every):
        return own
    labels = relative(name, zone).split(".")
    for count in range(1, len(labels) + 1):
        parent = ".".join((*labels[count:], zone)) if zone else ".".join(labels[count:])
        found = tuple(r for r in every if r.name == f"*.{parent}")
        if found:
            return found
        if any(is_below(r.name, parent) and not r.name.startswith("*.") for r in every) and parent != zone:
            return ()
    return ()


def alias_of(records: Iterable[Record]) -> tuple[str, ...]:
    """Return the names that the records stand for: targets of CNAME and of alias records, each once."""
    found = [v for r in records if r.type == "CNAME" for v in r.values]
    found += [r.alias_target for r in records if r.alias_target]
    return tuple(dict.fromkeys(found))
