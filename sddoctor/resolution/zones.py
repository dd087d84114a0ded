"""Which of several hosted zones a VPC's resolver answers a name from, and which of its records do.

https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/hosted-zone-private-considerations.html
"""

from __future__ import annotations

from collections.abc import Iterable

from sddoctor.case.name import is_below, label_count, relative
from sddoctor.case.route53 import HostedZone, Record
from sddoctor.case.seen import Seen


def is_associated(zone: HostedZone, vpc_id: str) -> bool:
    """Tell whether the zone itself is seen to be associated with the VPC."""
    seen = zone.zone.seen_or(None)
    return seen is not None and any(v.vpc_id == vpc_id for v in seen.vpcs)


def chosen(
    zones: Iterable[HostedZone], name: str, vpc_id: str | None, visible: Iterable[str] = ()
) -> HostedZone | None:
    """Return the zone that is meant to have the name, for a client of the VPC, which lists the zones with the ids ``visible``.

    Of the private zones of the VPC that is the longest one that has the name, or may; one of the VPC itself comes before one
    that a Profile brings. A longer zone of another VPC is meant where only that has the name. Without a private zone of
    the VPC it is a public one that has it, as the VPC's resolver then answers from there; else the longest private one.
    """
    shown = frozenset(visible)
    covering = [z for z in zones if is_below(name, z.name)]
    near = [z for z in covering if z.private and (z.id in shown or (vpc_id is not None and is_associated(z, vpc_id)))]
    far = [z for z in covering if z.private and z not in near]
    public = [z for z in covering if not z.private]
    having = _longest(z for z in far if has_name(z, name))
    best = max(near, key=lambda z: (not lacks_name(z, name), label_count(z.name), z.via_profile is None), default=None)
    if best is None:
        return _longest(z for z in public if has_name(z, name)) or having or _longest(far) or _longest(public)
    length = max(label_count(z.name) for z in near)
    if having is not None and label_count(having.name) > length and _leaves_it(best, name):
        return having
    return _longest(near) if lacks_name(best, name) else best


def _longest(zones: Iterable[HostedZone]) -> HostedZone | None:
    return max(zones, key=lambda z: (label_count(z.name), z.via_profile is None), default=None)


def _leaves_it(zone: HostedZone, name: str) -> bool:
    """Tell whether the zone has nothing for the name, or hands it to other servers."""
    return lacks_name(zone, name) or delegation(zone.records.seen_or(()), zone.name, name) is not None


def has_name(zone: HostedZone, name: str) -> bool:
    """Tell whether the zone is seen to have a record that answers for the name, or one that delegates it.

    What every zone has at its apex, SOA and NS, answers for no name.
    """
    records = zone.records.seen_or(())
    own = (r for r in answering(records, zone.name, name) if r.type not in ("SOA", "NS"))
    return any(own) or delegation(records, zone.name, name) is not None


def lacks_name(zone: HostedZone, name: str) -> bool:
    """Tell whether the zone's records were seen, and none answers for the name."""
    return isinstance(zone.records, Seen) and not has_name(zone, name)


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
