"""What resolver, zone and rules show, as the evidence of the causes of zone and resolver."""

from __future__ import annotations

from sddoctor.case.dns import Answer
from sddoctor.case.vpc import ResolverRule
from sddoctor.causes.model import Evidence
from sddoctor.text.safe import Value
from sddoctor.text.words import in_order, listed
from sddoctor.trail.trail import Trail, optional
from sddoctor.trail.zone import NameZone


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
    """Return the records of the name in each zone that it is answered from, as evidence; nothing where they were not seen."""
    return tuple(
        Evidence("route53:ListResourceRecordSets", f"{zone.asked} in {zone.id or zone.name}", _held(zone))
        for zone in optional(lambda: trail.zone.on_the_way) or ()
        if optional(lambda z=zone: z.records) is not None  # type: ignore[misc]
    )


def _held(zone: NameZone) -> Value:
    return tuple(f"{r.type} {r.alias_target or listed(r.values)}" for r in zone.records)[:8] or "no record"


def rule_evidence(rule: ResolverRule, vpc_id: str) -> Evidence:
    """Return a Resolver rule that acts in a VPC, as evidence."""
    source = (
        "route53profiles:ListProfileResourceAssociations" if rule.via_profile else "route53resolver:GetResolverRule"
    )
    domain = rule.domain or "."
    return Evidence(source, f"{rule.id} in {vpc_id}", f"{rule.type} {domain} to {listed(rule.targets) or 'no target'}")
