"""What the zone should return, and what the VPC resolver returns of it."""

from __future__ import annotations

from sddoctor.case.name import is_below
from sddoctor.case.route53 import Record
from sddoctor.case.seen import Absent, Seen
from sddoctor.trail.trail import Trail, optional
from sddoctor.trail.zone import NameZone


def has_record(trail: Trail) -> bool:
    """Tell whether the zone has a record of the name.

    Where Cloud Map's zone cannot be read, an instance that is not unhealthy stands for its record. Raises when neither was
    seen.
    """
    if trail.owner.is_of_records:
        return _records_lead_to_addresses(trail)
    fact = trail.cloudmap.view.records
    if isinstance(fact, Absent):
        return False
    if isinstance(fact, Seen):
        return bool(trail.cloudmap.records)
    return any(trail.cloudmap.health(i.id) != "UNHEALTHY" for i in trail.cloudmap.instances)


def _records_lead_to_addresses(trail: Trail) -> bool:
    """Tell whether every zone that the name is answered from has a record for it. What AWS names itself has an owner of its own."""
    if trail.zone.delegation is not None:
        return False
    return all(any(r.type not in ("SOA", "NS") for r in zone.records) for zone in trail.zone.on_the_way)


def zone_is_in_order(trail: Trail) -> bool:
    """Tell whether the zone has a record of the name, or nothing at present to have a record of.

    In both cases a working resolver answers from the zone, so that a fault of the VPC shows beside one of ECS.
    """
    if has_record(trail):
        return True
    if trail.owner.is_of_records:
        return False
    return not isinstance(trail.cloudmap.view.zone, Absent) and trail.cloudmap.is_empty


def acceptable_addresses(trail: Trail) -> frozenset[str]:
    """Return the addresses that an answer may rightly have: those of tasks and instances, and those of the records."""
    own = [r for z in optional(lambda: trail.zone.on_the_way) or () for r in _of_name_or_below(trail, z)]
    values = frozenset(v for r in own if r.type in ("A", "AAAA") for v in r.values)
    return values | (optional(lambda: trail.promise.possible) or frozenset())


def _of_name_or_below(trail: Trail, zone: NameZone) -> list[Record]:
    own = optional(lambda: zone.records) or ()
    below = (r for r in zone.found.seen_or(()) if r not in own and is_below(r.name, zone.asked))
    return [*own, *(below if trail.queries_srv else ())] if not zone.of_namespace else [*own, *below]


def is_seen_by_client(trail: Trail, zone: NameZone) -> bool:
    """Tell whether the client's VPC is associated with the zone, from whichever side that was seen.

    Yes takes one observation that shows it; no takes all of them.
    """
    seen, vpc_id = zone.zone.seen_or(None), trail.vpc.client.vpc_id
    if seen is not None and any(v.vpc_id == vpc_id for v in seen.vpcs):
        return True
    return zone.id is not None and trail.vpc.sees_zone(zone.id)


def vpc_resolver_addresses(trail: Trail) -> frozenset[str]:
    """Return every address that the VPC resolver returns for the name. Raises when it did not answer."""
    return trail.answers.vpc_srv_addresses if trail.queries_srv else trail.answers.vpc_addresses


def vpc_resolver_is_right(trail: Trail) -> bool:
    """Tell whether the VPC resolver returns an acceptable address. Raises when it did not answer."""
    return bool(vpc_resolver_addresses(trail) & acceptable_addresses(trail))


def vpc_of_tasks(trail: Trail) -> str | None:
    """Return the VPC whose range holds a registered address, else the client's, else the only one there is."""
    vpcs = trail.vpc.facts.vpcs.seen_or(())
    for instance in trail.cloudmap.view.instances.seen_or(()):
        for address in instance.addresses:
            if vpcs and (vpc := trail.vpc.holding(address)) is not None:
                return vpc.id
    client = trail.vpc.facts.client.seen_or(None)
    if client is not None:
        return client.vpc_id
    return vpcs[0].id if len(vpcs) == 1 else None
