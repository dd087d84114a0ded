"""A Resolver rule owns the name, and the servers that it forwards to give no address for it."""

from __future__ import annotations

from sddoctor.case.name import is_below
from sddoctor.case.vpc import ResolverRule
from sddoctor.causes.commands import dig
from sddoctor.causes.model import Finding, Fix, cause
from sddoctor.causes.route53.evidence import answer_evidence, rule_evidence
from sddoctor.stations.model import FAILED
from sddoctor.text.shell import aws
from sddoctor.text.words import listed
from sddoctor.trail.rule_target import first_target
from sddoctor.trail.trail import Trail, optional


@cause(
    "resolver-rule-target-fails",
    hop="vpc-dns",
    at=("vpc-answer",),
    symptoms=FAILED,
    title="The servers that a Resolver rule forwards to do not resolve the name",
)
def resolver_rule_target_fails(trail: Trail) -> Finding | None:
    """No zone of the VPC has the name, a FORWARD rule does, and what comes back from its targets is no address.

    A denial with an SOA of the rule's domain is their own word. A SERVFAIL, or silence, is what the VPC resolver makes of
    servers that fail or that it does not reach, which only a query to them would show.
    https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-forwarding-outbound-queries.html
    """
    records = optional(lambda: trail.zone.records)
    if trail.owner.owner.kind != "resolver-rule" or records:
        return None  # where a zone has the name, the rule takes it away
    rule = trail.vpc.forward_rule(trail.name)
    answer = trail.answers.vpc(trail.rdtype)
    if rule is None or answer.addresses or not rule.targets:
        return None
    denied_there = answer.denied and answer.soa is not None and is_below(answer.soa.owner, rule.domain)
    what = "deny the name" if answer.denied else "do not answer it"
    return Finding(
        summary=(
            f"The Resolver rule {rule.id} forwards names below {rule.domain} to {listed(rule.targets, most=3)}, and these servers "
            f"{what} ({answer.rcode})."
        ),
        detail=(
            "No hosted zone of the VPC has the name, so its answer is whatever the rule's targets say. The fault lies with these "
            "servers, or with the way from the outbound endpoint to them: a route, a security group, a firewall at their side."
        ),
        evidence=(rule_evidence(rule, trail.vpc.client.vpc_id), *answer_evidence(trail)),
        fixes=_fixes(rule),
        would_tell=None if denied_there else _ask(trail, rule),
    )


def _ask(trail: Trail, rule: ResolverRule) -> str:
    """Return the query that shows what a target says; it is for a host in the subnets of the outbound endpoint."""
    return dig(first_target(rule), trail.name, trail.rdtype)


def _fixes(rule: ResolverRule) -> tuple[Fix, ...]:
    fixes = [
        Fix("Add the record on these servers, or start them again", "app"),
        Fix(
            "See where the rule forwards to",
            "aws",
            commands=(aws("route53resolver", "get-resolver-rule", resolver_rule_id=rule.id),),
            changes="Nothing: it only reads.",
        ),
    ]
    if rule.endpoint_id is not None:
        look = aws("route53resolver", "list-resolver-endpoint-ip-addresses", resolver_endpoint_id=rule.endpoint_id)
        title = "See from which addresses it asks them: their firewall must let these in"
        fixes.append(Fix(title, "aws", commands=(look,), changes="Nothing: it only reads."))
    return tuple(fixes)
