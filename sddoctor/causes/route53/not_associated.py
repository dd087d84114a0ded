"""The zone is not associated with the client's VPC."""

from __future__ import annotations

from sddoctor.case.name import is_below, label_count
from sddoctor.case.seen import Absent, Opaque, Seen, is_unseen
from sddoctor.case.vpc import ResolverRule
from sddoctor.causes.commands import associate, dig, dig_soa, vpc_option
from sddoctor.causes.model import Evidence, Finding, Fix, cause
from sddoctor.causes.route53.evidence import answer_evidence, rule_evidence
from sddoctor.stations.model import DENIED
from sddoctor.text.shell import aws
from sddoctor.text.words import listed
from sddoctor.trail.denials import vpc_denier
from sddoctor.trail.home_vpc import has_instances_in
from sddoctor.trail.trail import Trail, optional
from sddoctor.trail.zone import NameZone
from sddoctor.trail.zone_answers import is_seen_by_client


@cause(
    "zone-not-associated",
    hop="route53",
    at=("vpc-answer",),
    symptoms=(*DENIED, "SERVFAIL", "foreign"),
    title="The zone is not associated with the client's VPC",
)
def zone_not_associated(trail: Trail) -> Finding | None:
    """Neither the zone nor the client's VPC, nor a Profile of it, shows an association, and no answer contradicts.

    https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/hosted-zone-private-considerations.html
    """
    client = trail.vpc.client
    if not _is_the_right_vpc(trail):
        return None
    for zone in trail.zone.on_the_way:
        if (found := _of_zone(trail, zone, client.vpc_id)) is not None:
            return found
    return None


def _of_zone(trail: Trail, zone: NameZone, vpc_id: str) -> Finding | None:
    if not zone.private or zone.id is None or isinstance(zone.zone, Absent):
        return None  # where there is no zone to associate, that is another cause
    by_answer = _only_the_answer_shows_it(trail, zone)
    if not by_answer and is_seen_by_client(trail, zone):
        return None
    rule = optional(lambda: trail.vpc.forward_rule(zone.asked))
    if (
        _answers_with_the_zone(trail, zone)
        or _wins_over_the_zone(trail, zone, rule)
        or not _is_shown(trail, zone, rule)
    ):
        return None
    seen = zone.zone.seen_or(None)
    where = f"; it is with {listed(v.vpc_id for v in seen.vpcs)}" if seen is not None and seen.vpcs else ""
    target = f", which {trail.name} leads to," if zone.asked != trail.name else ""
    whose = "in which the tasks are" if trail.vpc.client.how == "nameserver" else "the VPC of the client"
    return Finding(
        summary=f"The zone of {zone.name}{target} is not associated with {vpc_id}, {whose}{where}.",
        detail=(
            "A private zone answers only in the VPCs that it is associated with; peering, transit gateways and "
            f"{'sharing the namespace' if zone.of_namespace else 'a route to the addresses'} do not extend it. This VPC's "
            "resolver does not know the zone and takes the name to the internet."
        ),
        evidence=_evidence(trail, zone, rule),
        fixes=_fixes(trail, zone, vpc_id),
        would_tell=_would_tell(trail, zone, rule, by_answer=by_answer),
    )


def _is_the_right_vpc(trail: Trail) -> bool:
    """Tell whether the name should resolve in the client's VPC: the client is in it, or asks its resolver and the tasks are there."""
    client = trail.vpc.client
    return client.how in ("option", "host") or (client.how == "nameserver" and has_instances_in(trail, client.vpc_id))


def _only_the_answer_shows_it(trail: Trail, zone: NameZone) -> bool:
    """Tell whether the zone itself lacks the VPC, the VPC's list or its Profiles could not be seen, and the answer decides.

    The resolver took the name to the internet although the DNS attributes of its VPC are on.
    """
    seen, dns, vpc_id = zone.zone.seen_or(None), trail.vpc.dns, trail.vpc.client.vpc_id
    attributes_on = dns.dns_support.seen_or(None) and dns.dns_hostnames.seen_or(None)
    lists_seen = isinstance(dns.zones, Seen) and optional(lambda: trail.vpc.profile_zones) is not None
    if seen is None or not attributes_on or lists_seen:
        return False
    in_lists = any(z.id == seen.id for fact in (dns.zones, dns.profile_zones) for z in fact.seen_or(()))
    if in_lists or any(v.vpc_id == vpc_id for v in seen.vpcs):
        return False
    return optional(lambda: vpc_denier(trail)) == "public"


def _answers_with_the_zone(trail: Trail, zone: NameZone) -> bool:
    """Tell whether the VPC resolver is seen to return records of the zone, or to consult it."""
    answer = optional(lambda: trail.answers.vpc(trail.rdtype))
    if answer is None:
        return False
    leads_on = zone.asked != trail.name and any(r.type == "CNAME" for r in answer.answers)
    return bool(answer.addresses if leads_on else answer.answers) or vpc_denier(trail) == "zone"


def _wins_over_the_zone(trail: Trail, zone: NameZone, rule: ResolverRule | None) -> bool:
    """Tell whether the rule, or another zone of the VPC, would take the name away even if the zone were associated."""
    others = [z.name for z in trail.vpc.listed_zones if z.id != zone.id and is_below(zone.asked, z.name)]
    taking = [*others, *([rule.domain] if rule is not None else [])]
    return any(label_count(domain) >= label_count(zone.name) for domain in taking)


def _is_shown(trail: Trail, zone: NameZone, rule: ResolverRule | None) -> bool:
    """Tell whether zone or answer show the missing association. Raises where only the answer can, and it was not seen.

    The zone of another account cannot be read, and a rule may lead to a server that can resolve it.
    """
    if zone.zone.seen_or(None) is None:
        return vpc_denier(trail) in ("public", "nobody")
    if rule is not None or not _rules_are_known(trail):
        trail.answers.vpc("A")
    return True


def _would_tell(trail: Trail, zone: NameZone, rule: ResolverRule | None, *, by_answer: bool) -> str | None:
    """Return what would prove it; ``None`` where zone and VPC show it, and an answer that the zone was not consulted."""
    if is_unseen(zone.zone) and not isinstance(zone.zone, Opaque):
        return aws("route53", "get-hosted-zone", id=zone.id or "")
    if by_answer:
        return "route53:ListHostedZonesByVPC and route53profiles:ListProfileResourceAssociations"
    by = optional(lambda: vpc_denier(trail))
    if rule is None and not _rules_are_known(trail):
        return "route53resolver:ListResolverRules and ListResolverRuleAssociations"
    if by == "nobody" and trail.answers.vpc(trail.rdtype).denied:
        return dig_soa(trail, zone.name)
    if rule is not None and rule.domain:
        return dig(trail.answers.vpc_server, zone.name, "NS")
    if by is None and _is_of_others(trail):
        return "a query of the VPC's resolver (--nameserver), or a look from the account that owns the VPC"
    return None


def _rules_are_known(trail: Trail) -> bool:
    return optional(lambda: trail.vpc.all_rules) is not None


def _evidence(trail: Trail, zone: NameZone, rule: ResolverRule | None) -> tuple[Evidence, ...]:
    vpc_id, zone_id, seen = trail.vpc.client.vpc_id, zone.id or "", zone.zone.seen_or(None)
    found = []
    if seen is not None:
        vpcs = tuple(v.vpc_id for v in seen.vpcs)
        found.append(Evidence("route53:GetHostedZone VPCs[].VPCId", zone_id, vpcs, vpc_id))
    if isinstance(trail.vpc.dns.zones, Seen):
        missing, wanted = f"{zone_id} is not among them", f"{zone_id} ({zone.name})"
        found.append(Evidence("route53:ListHostedZonesByVPC", vpc_id, missing, wanted))
    return (*found, *answer_evidence(trail), *((rule_evidence(rule, vpc_id),) if rule is not None else ()))


def _is_of_others(trail: Trail) -> bool:
    """Tell whether another account owns the VPC, or may: then its associations and Profiles are not all visible from here."""
    known = optional(lambda: trail.vpc.vpc(trail.vpc.client.vpc_id)) is not None
    return not known or trail.vpc.other_owner is not None


def _fixes(trail: Trail, zone: NameZone, vpc_id: str) -> tuple[Fix, ...]:
    zone_id, vpc = zone.id or "", vpc_option(trail, vpc_id)
    authorize = aws("route53", "create-vpc-association-authorization", hosted_zone_id=zone_id, vpc=vpc)
    changes = f"Lets {vpc_id} resolve every name of {zone.name}."
    below = "the namespace" if zone.of_namespace else zone.name
    if isinstance(zone.zone, Opaque) or _is_of_another_account(trail, zone):
        first = Fix(
            "Associate the zone with the VPC, in two accounts: first as owner of the zone, then as owner of the VPC",
            "aws",
            commands=(authorize, associate(trail, zone_id, vpc_id)),
            changes=changes,
            verified_by=f"A random label below {below} is denied there with the zone's own SOA.",
        )
    else:
        first = Fix(
            f"Associate the zone with {vpc_id}",
            "aws",
            commands=(associate(trail, zone_id, vpc_id),),
            changes=changes,
            verified_by="get-hosted-zone lists the VPC, and the name answers there.",
        )
    reference = (
        "aws_service_discovery_private_dns_namespace.this.hosted_zone"
        if zone.of_namespace
        else "aws_route53_zone.this.id"
    )
    terraform = Fix(
        "The association as code",
        "terraform",
        config=(
            f'resource "aws_route53_zone_association" "client" {{\n  zone_id = {reference}\n  vpc_id  = "{vpc_id}"\n}}'
        ),
    )
    return (first, terraform)


def _is_of_another_account(trail: Trail, zone: NameZone) -> bool:
    """Tell whether another account has the zone. A namespace that is not the account's own has an owner, even if unnamed."""
    if zone.of_namespace:
        return trail.cloudmap.namespace.owner != "SELF"
    identity = trail.case.aws.identity.seen_or(None)
    return bool(zone.owner) and (identity is None or zone.owner != identity.account)
