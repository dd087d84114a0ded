"""The zone is not associated with the client's VPC."""

from __future__ import annotations

from sddoctor.case.seen import Absent, Opaque, Seen
from sddoctor.causes.model import Evidence, Finding, Fix, cause
from sddoctor.causes.route53.evidence import answer_evidence, rule_evidence
from sddoctor.text.shell import aws
from sddoctor.text.words import listed
from sddoctor.trail.answers import denier
from sddoctor.trail.names import label_count
from sddoctor.trail.trail import Trail, optional
from sddoctor.trail.zone_answers import asker_is_served


@cause(
    "zone-not-associated",
    hop="route53",
    kind="fault",
    severity="error",
    certainty="certain",
    title="The zone is not associated with the client's VPC",
    explains=(
        "dns-hostnames-off",
        "negative-answer-cached",
    ),
)
def zone_not_associated(trail: Trail) -> Finding | None:
    """Neither the zone nor the client's VPC, nor a Profile of it, shows an association, and no answer contradicts.

    https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/hosted-zone-private-considerations.html
    """
    namespace, client = trail.cloudmap.namespace, trail.vpc.client
    zone_id = namespace.hosted_zone_id
    if namespace.type != "DNS_PRIVATE" or zone_id is None or client.how not in ("option", "host"):
        return None
    zone_fact = trail.cloudmap.view.zone
    if isinstance(zone_fact, Absent):
        return None
    unsure = _only_a_profile_could_bring_it(trail)
    if not unsure and trail.vpc.sees_zone(zone_id):
        return None
    answer = optional(lambda: trail.answers.vpc("A"))
    if answer is not None and (answer.answers or denier(answer, namespace.name) == "zone"):
        return None
    rule = optional(lambda: trail.vpc.forward_rule(trail.name))
    if rule is not None and label_count(rule.domain) >= label_count(namespace.name):
        return None  # it would win over the zone even if that were associated
    if answer is None and (rule is not None or not isinstance(trail.vpc.look.rules, Seen)):
        trail.answers.vpc("A")  # raises: a rule may lead to somebody who knows the zone
    zone = zone_fact.seen_or(None)
    if zone is None and denier(trail.answers.vpc("A"), namespace.name) != "public":
        # The zone of another account cannot be read: only the resolver's own words can prove it.
        return None
    seen_in = [v.vpc_id for v in zone.vpcs] if zone else []
    evidence = []
    if isinstance(trail.vpc.look.zones, Seen):
        evidence.append(
            Evidence(
                "route53:ListHostedZonesByVPC",
                client.vpc_id,
                f"{zone_id} is not among them",
                f"{zone_id} ({namespace.name})",
            )
        )
    if zone is not None:
        evidence.insert(0, Evidence("route53:GetHostedZone VPCs[].VPCId", zone_id, tuple(seen_in), client.vpc_id))
    evidence += answer_evidence(trail)
    if rule is not None:
        evidence.append(rule_evidence(rule, client.vpc_id))
    where = f"; it is with {listed(seen_in)}" if seen_in else ""
    return Finding(
        summary=f"The zone of {namespace.name} is not associated with {client.vpc_id}, the VPC of the client{where}.",
        detail=(
            "A private zone answers only in the VPCs that it is associated with; peering, transit gateways and sharing the "
            "namespace do not extend it. This VPC's resolver does not know the zone and takes the name to the internet."
        ),
        evidence=tuple(evidence),
        fixes=_fixes(trail, zone_id, foreign=isinstance(zone_fact, Opaque) or namespace.owner != "SELF"),
        certainty="likely"
        if unsure or (rule is not None and rule.domain) or (answer is None and _is_of_others(trail))
        else None,
        acts=not asker_is_served(trail),
    )


def _only_a_profile_could_bring_it(trail: Trail) -> bool:
    """Tell whether the zone itself lacks the VPC, and only Profiles, or the VPC's own list, could not be seen.

    Then the resolver's words decide: it took the name to the internet although its DNS attributes are on.
    """
    zone, look, vpc_id = trail.cloudmap.view.zone.seen_or(None), trail.vpc.look, trail.vpc.client.vpc_id
    if (
        zone is None
        or any(v.vpc_id == vpc_id for v in zone.vpcs)
        or not (look.dns_support.seen_or(None) and look.dns_hostnames.seen_or(None))
    ):
        return False
    if any(z.id == zone.id for fact in (look.zones, look.profile_zones) for z in fact.seen_or(())):
        return False
    if isinstance(look.zones, Seen) and isinstance(look.profile_zones, Seen):
        return False
    answer = optional(lambda: trail.answers.vpc("A"))
    return answer is not None and denier(answer, trail.cloudmap.namespace.name) == "public"


def _is_of_others(trail: Trail) -> bool:
    """Tell whether another account owns the VPC: then its associations and Profiles are not all visible from here."""
    vpc = optional(lambda: trail.vpc.vpc(trail.vpc.client.vpc_id))
    account = optional(lambda: trail.case.aws.identity.value.account)
    return vpc is None or bool(vpc.owner and account and vpc.owner != account)


def _fixes(trail: Trail, zone_id: str, *, foreign: bool) -> tuple[Fix, ...]:
    vpc = f"VPCRegion={trail.case.aws.region},VPCId={trail.vpc.client.vpc_id}"
    associate = aws("route53", "associate-vpc-with-hosted-zone", hosted_zone_id=zone_id, vpc=vpc)
    authorise = aws("route53", "create-vpc-association-authorization", hosted_zone_id=zone_id, vpc=vpc)
    if foreign:
        first = Fix(
            "Associate the zone with the VPC, in two accounts: first as owner of the zone, then as owner of the VPC",
            "aws",
            commands=(authorise, associate),
            changes=f"Lets {trail.vpc.client.vpc_id} resolve every name of {trail.cloudmap.namespace.name}.",
            verified_by="A random label below the namespace is denied there with the zone's own SOA.",
        )
    else:
        first = Fix(
            f"Associate the zone with {trail.vpc.client.vpc_id}",
            "aws",
            commands=(associate,),
            changes=f"Lets {trail.vpc.client.vpc_id} resolve every name of {trail.cloudmap.namespace.name}.",
            verified_by="get-hosted-zone lists the VPC, and the name answers there.",
        )
    terraform = Fix(
        "The association as code",
        "terraform",
        config=(
            'resource "aws_route53_zone_association" "client" {\n'
            "  zone_id = aws_service_discovery_private_dns_namespace.this.hosted_zone\n"
            f'  vpc_id  = "{trail.vpc.client.vpc_id}"\n'
            "}"
        ),
    )
    return (first, terraform)
