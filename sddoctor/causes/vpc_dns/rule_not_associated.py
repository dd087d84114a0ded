"""A Resolver rule forwards the name, and the client's VPC does not use it."""

from __future__ import annotations

from sddoctor.case.name import label_count
from sddoctor.causes.commands import dig
from sddoctor.causes.model import Evidence, Finding, Fix, cause
from sddoctor.causes.route53.evidence import answer_evidence
from sddoctor.stations.model import DENIED
from sddoctor.text.shell import aws
from sddoctor.text.words import listed
from sddoctor.trail.rule_target import first_target
from sddoctor.trail.trail import Trail


@cause(
    "resolver-rule-not-associated",
    hop="vpc-dns",
    at=("vpc-answer",),
    symptoms=DENIED,
    title="A Resolver rule for the domain is not associated with the client's VPC",
    ceiling="likely",
)
def resolver_rule_not_associated(trail: Trail) -> Finding | None:
    """No namespace and no zone has the name, the account has a FORWARD rule for it, and the VPC's own rules lack it.

    That its targets know the name only a query to them would show.
    https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-rules-managing-sharing.html
    """
    found = trail.vpc.facts.rules_elsewhere.value
    own = {r.id for r in trail.vpc.listed_rules}
    rule = max((r for r in found if r.id not in own and r.targets), key=lambda r: label_count(r.domain), default=None)
    if rule is None or trail.vpc.forward_rule(trail.name) is not None:
        return None
    vpc_id = trail.vpc.client.vpc_id
    associate = aws("route53resolver", "associate-resolver-rule", resolver_rule_id=rule.id, vpc_id=vpc_id)
    return Finding(
        summary=(
            f"The Resolver rule {rule.id} forwards names below {rule.domain} to {listed(rule.targets, most=3)}, and {vpc_id} "
            "is not associated with it."
        ),
        detail=(
            "A rule acts only in the VPCs that it is associated with; sharing it with the account does not do that. So this VPC's "
            "resolver takes the name to the internet."
        ),
        evidence=(
            Evidence("route53resolver:ListResolverRules", rule.id, f"FORWARD {rule.domain} to {listed(rule.targets)}"),
            Evidence("route53resolver:ListResolverRuleAssociations", vpc_id, tuple(sorted(own)) or "no rule", rule.id),
            *answer_evidence(trail),
        ),
        fixes=(
            Fix(
                f"Associate the rule with {vpc_id}",
                "aws",
                commands=(associate,),
                changes=f"Every name below {rule.domain} is then forwarded from {vpc_id}.",
                verified_by="The VPC resolver answers the name.",
            ),
        ),
        would_tell=dig(first_target(rule), trail.name, trail.rdtype),
    )
