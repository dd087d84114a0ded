"""Readings that the causes of zone and resolver share: what should be answered, what is, and does it matter."""

from __future__ import annotations

from sddoctor.case.dns import Answer
from sddoctor.case.seen import Absent, Seen
from sddoctor.case.vpc import ResolverRule
from sddoctor.causes.model import Evidence
from sddoctor.text.safe import Value
from sddoctor.text.words import in_order, listed
from sddoctor.trail.names import is_below
from sddoctor.trail.trail import Trail, optional


def has_record(trail: Trail) -> bool:
    """Tell whether the zone has a record of the name.

    Where the zone cannot be read, an instance that is not unhealthy stands for its record. Raises when neither was
    seen.
    """
    fact = trail.cloudmap.view.records
    if isinstance(fact, Absent):
        return False
    if isinstance(fact, Seen):
        return bool(trail.cloudmap.records)
    return any(trail.cloudmap.health(i.id) != "UNHEALTHY" for i in trail.cloudmap.instances)


def zone_is_in_order(trail: Trail) -> bool:
    """Tell whether the zone has a record of the name, or there is nothing at present that it should have one of.

    In both cases a right resolver speaks with the zone's voice, so that a fault of the VPC shows beside one of ECS.
    """
    if has_record(trail):
        return True
    return not isinstance(trail.cloudmap.view.zone, Absent) and trail.cloudmap.is_empty


def expected(trail: Trail) -> frozenset[str]:
    """Return the addresses that a right answer may have: those of tasks and instances, and those of the records."""
    records = trail.cloudmap.view.records.seen_or(())
    mine = [r for r in records if r.name == trail.name or is_below(r.name, trail.name)]
    values = frozenset(v for r in mine if r.type in ("A", "AAAA") for v in r.values)
    return values | (optional(lambda: trail.promise.possible) or frozenset())


def given(trail: Trail) -> frozenset[str]:
    """Return every address that the VPC resolver gives for the name. Raises when it did not answer."""
    return trail.answers.vpc_srv_addresses if trail.asks_srv else trail.answers.vpc_addresses


def resolver_is_right(trail: Trail) -> bool:
    """Tell whether the VPC resolver gives an address that belongs there. Raises when it did not answer."""
    return bool(given(trail) & expected(trail))


def asker_is_served(trail: Trail) -> bool:
    """Tell whether the asker is known to get an address that belongs there, whatever is wrong elsewhere."""
    got = optional(lambda: trail.asker.addresses) or frozenset()
    return bool(got and got & expected(trail))


def said(answer: Answer) -> Value:
    """Say what an answer says: its addresses, its alias, or the denial and who denied."""
    if answer.addresses:
        return in_order(answer.addresses)
    aliases = [r.data for r in answer.answers if r.type == "CNAME"]
    if aliases:
        return f"{answer.rcode}, alias to {listed(aliases)}"
    if answer.answers:
        return tuple(f"{r.type} {r.data}" for r in answer.answers[:4])
    code = answer.rcode if answer.rcode != "NOERROR" else "NOERROR without an answer"
    if answer.soa is None:
        return f"{code}, no SOA"
    return f"{code}, SOA of {answer.soa.owner if answer.soa.owner not in ('', '.') else 'the root'}"


def answer_evidence(trail: Trail, should: Value = "addresses") -> tuple[Evidence, ...]:
    """Return what the VPC resolver says of the name as evidence; nothing when it did not answer."""
    rdtype = "SRV" if trail.asks_srv else "A"
    answer = optional(lambda: trail.answers.vpc(rdtype))
    if answer is None:
        return ()
    return (Evidence(f"dns @{trail.answers.vpc_server} {rdtype}", trail.name, said(answer), should),)


def record_evidence(trail: Trail) -> tuple[Evidence, ...]:
    """Return the zone's records of the name as evidence; nothing when they were not seen."""
    records = trail.cloudmap.view.records.seen_or(None)
    if records is None:
        return ()
    values = tuple(f"{r.type} {listed(r.values)}" for r in records if r.name == trail.name)[:8]
    zone = trail.cloudmap.namespace.hosted_zone_id or trail.cloudmap.namespace.name
    return (Evidence("route53:ListResourceRecordSets", f"{trail.name} in {zone}", values or "no record"),)


def rule_evidence(rule: ResolverRule, vpc_id: str) -> Evidence:
    """Return a Resolver rule that acts in a VPC, as evidence."""
    source = (
        "route53profiles:ListProfileResourceAssociations" if rule.via_profile else "route53resolver:GetResolverRule"
    )
    domain = rule.domain or "."
    return Evidence(source, f"{rule.id} in {vpc_id}", f"{rule.type} {domain} to {listed(rule.targets) or 'no target'}")


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
