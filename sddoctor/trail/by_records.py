"""What a client in a VPC must get by the records and settings of Route 53, where no name server was queried.

That follows only where nothing stands between the zone and the client: anything else that may answer, or keep the zone's
answer from getting through, leaves the answer unseen.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sddoctor.case.case import Case
from sddoctor.case.name import is_below, is_srv_form, label_count
from sddoctor.case.route53 import Record
from sddoctor.case.seen import Absent, AbsentFactError, Gap, Seen, UnseenFactError
from sddoctor.resolution.zones import alias_of
from sddoctor.trail.cloudmap import CloudMapTrail
from sddoctor.trail.firewall import decide
from sddoctor.trail.vpc import VpcTrail
from sddoctor.trail.zone import NameZone, ZoneTrail

#: Routing policies under which a client gets any of the records: Cloud Map makes records of no other kind.
_SHOWING_ALL = {"simple", "multivalue", "weighted"}


def addresses_by_records(case: Case, cloudmap: CloudMapTrail, zone: ZoneTrail, vpc: VpcTrail) -> frozenset[str]:
    """Return the addresses in the zone's records that a client of the VPC gets. Raises where that does not follow."""
    if cloudmap.facts.views and not isinstance(cloudmap.view.service, Absent):
        if case.aws.alias:
            _require_undisturbed(case.name, zone.of_name, vpc)
        return _registered(case, cloudmap, zone, vpc)
    _require_undisturbed(case.name, zone.of_name, vpc)
    if zone.delegation is not None:
        raise _unclear(f"the zone {zone.of_name.name} delegates {zone.delegation.name} to other name servers")
    if case.aws.alias:
        _require_own_zone(case, zone, vpc)
    return _by_hand(zone.subject_records)


def _registered(case: Case, cloudmap: CloudMapTrail, zone: ZoneTrail, vpc: VpcTrail) -> frozenset[str]:
    """Return the addresses of a name of Cloud Map, without those of instances that it calls unhealthy.

    What is answered when all are is not settled.
    https://docs.aws.amazon.com/cloud-map/latest/dg/services-health-checks.html
    """
    view, name = cloudmap.view, case.subject
    if view.namespace.type != "DNS_PRIVATE":
        raise _unclear("to whom the parent of a public zone delegates it was not asked")
    _require_undisturbed(name, zone.of_subject, vpc)
    names = {name}
    if is_srv_form(name):
        names |= {v.rsplit(" ", 1)[-1] for r in view.records.value if r.type == "SRV" for v in r.values}
    records = [r for r in view.records.value if r.name in names and r.type in ("A", "AAAA", "CNAME")]
    if any(r.type == "CNAME" or r.alias_target or not r.values for r in records):
        raise _unclear("a record is an alias")
    _require_all_returned(records)
    unhealthy = {i.id for i in cloudmap.instances if cloudmap.health(i.id) == "UNHEALTHY"}
    healthy = [r for r in records if r.set_identifier not in unhealthy and r.name.partition(".")[0] not in unhealthy]
    if records and not healthy:
        raise _unclear("every record is of an unhealthy instance, and AWS does not settle what is answered then")
    return frozenset(value for record in healthy for value in record.values)


def _by_hand(records: tuple[Record, ...]) -> frozenset[str]:
    """Return the addresses of records that no service keeps. Of several sets one or all are returned: each value may be."""
    if targets := alias_of(records):
        raise _unclear(f"it is an alias of {targets[0]}, whose addresses are in no record that was seen")
    if any(r.type == "SRV" for r in records):
        raise _unclear("the addresses of the targets of an SRV record were not looked up")
    _require_all_returned(records)
    return frozenset(v for r in _answered(records) for v in r.values)


def _require_all_returned(records: Sequence[Record]) -> None:
    """Raise unless a client may get each of the records."""
    if policies := sorted({r.routing for r in records} - _SHOWING_ALL):
        raise _unclear(f"the routing policy {policies[0]} decides which record a client gets")
    if any(r.health_check_id for r in records):
        raise _unclear("a health check of Route 53 decides whether a record is returned")


def _answered(records: Iterable[Record]) -> list[Record]:
    """Leave out records of weight zero beside others: they are never returned.

    https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/routing-policy-weighted.html
    """
    found = [r for r in records if r.type in ("A", "AAAA")]
    return [r for r in found if r.weight != 0] or found


def _require_own_zone(case: Case, zone: ZoneTrail, vpc: VpcTrail) -> None:
    """Raise unless the name at the end of the aliases is one of a private zone that the VPC sees."""
    try:
        end: NameZone | None = zone.of_subject
    except AbsentFactError:
        end = None
    if end is None or not end.private:
        raise _unclear(f"it is an alias of {case.subject}, whose addresses are in no record that was seen")
    _require_undisturbed(case.subject, end, vpc)


def _require_undisturbed(name: str, zone: NameZone, vpc: VpcTrail) -> None:
    """Raise unless the VPC's resolver answers the name from the zone and from nothing else."""
    dns = vpc.dns
    if not zone.private:
        raise _unclear("to whom the parent of a public zone delegates it was not asked")
    if zone.id is None or not vpc.sees_zone(zone.id):
        raise _unclear(f"{vpc.client.vpc_id} is not associated with the zone {zone.name}")
    if not (dns.dns_support.value and dns.dns_hostnames.value):
        raise _unclear(f"DNS is switched off in {vpc.client.vpc_id}")
    if vpc.forward_rule(name, labels=label_count(zone.name)) is not None:
        raise _unclear("a Resolver rule forwards the name")
    if any(is_below(name, z.name) and label_count(z.name) > label_count(zone.name) for z in vpc.visible_zones):
        raise _unclear("a longer zone has the name")
    if decide(vpc.all_firewall, name, "SRV" if is_srv_form(name) else "A").may_block is not None:
        raise _unclear("a rule of DNS Firewall may block the name")
    if isinstance(dns.dhcp, Seen) and vpc.assigned_servers:
        raise _unclear(f"clients in {vpc.client.vpc_id} are given other name servers by DHCP")


def _unclear(why: str) -> UnseenFactError:
    return UnseenFactError(Gap("what a client in the VPC gets", why, "a look from there (--asker host)"))
