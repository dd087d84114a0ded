"""What a client in a VPC must get by the records and settings of Route 53, where no name server was queried.

That follows only where nothing stands between the zone and the client: anything else that may answer, or keep the zone's
answer from getting through, leaves the answer unseen.
"""

from __future__ import annotations

from sddoctor.case.case import Case
from sddoctor.case.name import is_below, is_srv_form, label_count
from sddoctor.case.seen import Gap, Seen, UnseenFactError
from sddoctor.trail.cloudmap import CloudMapTrail
from sddoctor.trail.firewall import decide
from sddoctor.trail.vpc import VpcTrail

#: Routing policies under which a client gets any of the records: Cloud Map makes records of no other kind.
_SHOWING_ALL = {"simple", "multivalue", "weighted"}


def addresses_by_records(case: Case, cloudmap: CloudMapTrail, vpc: VpcTrail) -> frozenset[str]:
    """Return the addresses in the zone's records that a client of the VPC gets. Raises where that does not follow.

    Of several records those are left out that Cloud Map calls unhealthy; what is answered when all are is not settled.
    https://docs.aws.amazon.com/cloud-map/latest/dg/services-health-checks.html
    """
    view = cloudmap.view
    if view.namespace.type != "DNS_PRIVATE":
        raise _unclear("to whom the parent of a public zone delegates it was not asked")
    _require_undisturbed(case, cloudmap, vpc)
    names = {case.name}
    if is_srv_form(case.name):
        names |= {v.rsplit(" ", 1)[-1] for r in view.records.value if r.type == "SRV" for v in r.values}
    records = [r for r in view.records.value if r.name in names and r.type in ("A", "AAAA")]
    if any(r.alias_target or not r.values for r in records):
        raise _unclear("a record is an alias")
    if policies := sorted({r.routing for r in records} - _SHOWING_ALL):
        raise _unclear(f"the routing policy {policies[0]} decides which record a client gets")
    if any(r.health_check_id for r in records):
        raise _unclear("a health check of Route 53 decides whether a record is returned")
    unhealthy = {i.id for i in cloudmap.instances if cloudmap.health(i.id) == "UNHEALTHY"}
    healthy = [r for r in records if r.set_identifier not in unhealthy and r.name.partition(".")[0] not in unhealthy]
    if records and not healthy:
        raise _unclear("every record is of an unhealthy instance, and AWS does not settle what is answered then")
    return frozenset(value for record in healthy for value in record.values)


def _require_undisturbed(case: Case, cloudmap: CloudMapTrail, vpc: VpcTrail) -> None:
    """Raise unless the VPC's resolver answers from the zone and from nothing else."""
    zone, dns = cloudmap.view.zone.value, vpc.dns
    if not vpc.sees_zone(zone.id):
        raise _unclear(f"{vpc.client.vpc_id} is not associated with the zone {zone.name}")
    if not (dns.dns_support.value and dns.dns_hostnames.value):
        raise _unclear(f"DNS is switched off in {vpc.client.vpc_id}")
    if vpc.forward_rule(case.name, labels=label_count(zone.name)) is not None:
        raise _unclear("a Resolver rule forwards the name")
    if any(is_below(case.name, z.name) and label_count(z.name) > label_count(zone.name) for z in vpc.visible_zones):
        raise _unclear("a longer zone has the name")
    if decide(vpc.all_firewall, case.name, "SRV" if is_srv_form(case.name) else "A").may_block is not None:
        raise _unclear("a rule of DNS Firewall may block the name")
    if isinstance(dns.dhcp, Seen) and vpc.assigned_servers:
        raise _unclear(f"clients in {vpc.client.vpc_id} are given other name servers by DHCP")


def _unclear(why: str) -> UnseenFactError:
    return UnseenFactError(Gap("what a client in the VPC gets", why, "a look from there (--asker host)"))
