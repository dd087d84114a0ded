"""A private zone hands the subdomain to other servers by an NS record, and the VPC resolver gets nothing there."""

from __future__ import annotations

from sddoctor.case.name import is_below
from sddoctor.case.route53 import Record
from sddoctor.case.vpc import ResolverRule
from sddoctor.causes.model import Evidence, Finding, Fix, cause
from sddoctor.causes.route53.evidence import answer_evidence, rule_evidence
from sddoctor.stations.model import FAILED
from sddoctor.text.shell import aws
from sddoctor.text.words import listed
from sddoctor.trail.trail import Trail, optional
from sddoctor.trail.zone import NameZone


@cause(
    "private-delegation-broken",
    hop="route53",
    at=("vpc-answer",),
    symptoms=FAILED,
    title="A private zone delegates the subdomain, and the delegation does not work",
)
def private_delegation_broken(trail: Trail) -> Finding | None:
    """The zone has an NS record between its apex and the name, and the VPC resolver returns no address.

    Without a DELEGATE rule for the domain of the name servers it follows no such record. Where there is one, the servers
    or the endpoint fail, which only they show.
    https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/outbound-delegation-tutorial.html
    """
    zone, record = trail.zone.of_name, trail.zone.delegation
    if record is None or not zone.private or zone.id is None or trail.owner.owner.kind == "resolver-rule":
        return None
    if trail.answers.vpc_addresses or trail.answers.vpc("A").rcode == "NOERROR":
        return None
    rule = _rule(trail, record)
    every = optional(lambda: trail.vpc.all_rules)
    why = (
        f"the rule {rule.id} follows it to {rule.delegation}, and gets no answer"
        if rule is not None
        else f"no DELEGATE rule of {trail.vpc.client.vpc_id} is for {'them' if len(record.values) > 1 else 'it'}"
    )
    return Finding(
        summary=(
            f"The private zone {zone.name} ({zone.id}) delegates {record.name} to {listed(record.values, most=2)}, and {why}."
        ),
        detail=(
            "The VPC resolver follows an NS record of a private zone only through an outbound endpoint, with a DELEGATE rule "
            "for the domain of the name servers; to another private zone it does not delegate at all. What else the zone has "
            "resolves all the while."
        ),
        evidence=(
            Evidence("route53:ListResourceRecordSets", f"{record.name} NS in {zone.id}", record.values),
            *answer_evidence(trail),
            *((rule_evidence(rule, trail.vpc.client.vpc_id),) if rule is not None else _without_rule(trail, every)),
        ),
        fixes=_fixes(trail, zone, record, rule),
        would_tell=_would_tell(trail, record, rule, every),
    )


def _rule(trail: Trail, record: Record) -> ResolverRule | None:
    """Return a DELEGATE rule that acts in the VPC and is for one of the name servers."""
    return next(
        (
            r
            for r in trail.vpc.listed_rules
            if r.type == "DELEGATE"
            and r.status == "COMPLETE"
            and any(r.delegation and is_below(server, r.delegation) for server in record.values)
        ),
        None,
    )


def _without_rule(trail: Trail, every: tuple[ResolverRule, ...] | None) -> tuple[Evidence, ...]:
    if every is None:
        return ()
    kinds = listed(sorted({f"{r.type} {r.delegation or r.domain or '.'}" for r in every}), most=4)
    source = "route53resolver:ListResolverRuleAssociations"
    return (Evidence(source, trail.vpc.client.vpc_id, kinds or "no rule", "a DELEGATE rule"),)


def _would_tell(
    trail: Trail, record: Record, rule: ResolverRule | None, every: tuple[ResolverRule, ...] | None
) -> str | None:
    if rule is not None and rule.endpoint_id:
        return aws("route53resolver", "get-resolver-endpoint", resolver_endpoint_id=rule.endpoint_id)
    if rule is not None:
        return f"a query of {record.values[0]} for {trail.name}, from the VPC"
    return "every Resolver rule of the VPC: a look from its owner" if every is None else None


def _fixes(trail: Trail, zone: NameZone, record: Record, rule: ResolverRule | None) -> tuple[Fix, ...]:
    verified = "The VPC resolver answers the name, and the SOA of the subdomain is its own."
    by_zone = Fix(
        f"If {record.name} is a private zone, associate it with the VPC: it then comes before {zone.name}, and needs no NS record",
        "aws",
        (aws("route53", "list-hosted-zones-by-name", dns_name=record.name, max_items=5),),
        "Nothing: it only reads.",
        verified,
    )
    if rule is not None:
        read = aws("route53resolver", "get-resolver-rule", resolver_rule_id=rule.id)
        look = Fix(
            "See which endpoint the rule uses, and whether it reaches the servers",
            "aws",
            (read,),
            "Nothing: it only reads.",
        )
        return (look, by_zone)
    config = (
        'resource "aws_route53_resolver_rule" "delegate" {\n'
        '  rule_type            = "DELEGATE"\n'
        f'  delegation_record    = "{_domain_of(record)}"\n'
        "  resolver_endpoint_id = aws_route53_resolver_endpoint.outbound.id\n"
        "}\n"
        'resource "aws_route53_resolver_rule_association" "delegate" {\n'
        "  resolver_rule_id = aws_route53_resolver_rule.delegate.id\n"
        f'  vpc_id           = "{trail.vpc.client.vpc_id}"\n'
        "}"
    )
    return (
        Fix(
            "If it lives on servers of your own, let the VPC resolver follow the delegation", "terraform", config=config
        ),
        by_zone,
    )


def _domain_of(record: Record) -> str:
    """Return the domain that all name servers of the record are in, or that of the first."""
    return record.values[0].partition(".")[2] if record.values else record.name
