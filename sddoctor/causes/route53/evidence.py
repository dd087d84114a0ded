"""What resolver, zone and rules show, as the evidence of the causes of zone and resolver."""

from __future__ import annotations

from sddoctor.case.dns import Answer
from sddoctor.case.vpc import ResolverRule
from sddoctor.causes.model import Evidence
from sddoctor.text.safe import Value
from sddoctor.text.words import in_order, listed
from sddoctor.trail.trail import Trail, optional


def content_of(answer: Answer) -> Value:
    """Return what an answer holds: its addresses, its alias, or the negative answer and whose that is."""
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
    """Return the VPC resolver's answer for the name as evidence; nothing when it did not answer."""
    rdtype = trail.rdtype
    answer = optional(lambda: trail.answers.vpc(rdtype))
    if answer is None:
        return ()
    return (Evidence(f"dns @{trail.answers.vpc_server} {rdtype}", trail.name, content_of(answer), should),)


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
