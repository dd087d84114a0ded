"""A Resolver rule takes the name away from the zone."""

from __future__ import annotations

from sddoctor.case.name import is_below, label_count
from sddoctor.case.vpc import InboundEndpoint, ResolverRule
from sddoctor.causes.model import Evidence, Finding, Fix, cause
from sddoctor.causes.route53.evidence import answer_evidence, record_evidence, rule_evidence
from sddoctor.stations.model import FAILED
from sddoctor.text.shell import aws
from sddoctor.text.words import in_order, listed
from sddoctor.trail.answers import denier
from sddoctor.trail.copies import is_of_route_53
from sddoctor.trail.denials import vpc_denier
from sddoctor.trail.trail import Trail, optional
from sddoctor.trail.zone import NameZone
from sddoctor.trail.zone_answers import (
    acceptable_addresses,
    is_seen_by_client,
    vpc_resolver_addresses,
    zone_is_in_order,
)


@cause(
    "resolver-rule-overrides",
    hop="vpc-dns",
    at=("vpc-answer",),
    symptoms=(*FAILED, "foreign", "missing"),
    title="A Resolver rule takes the name away from the zone",
)
def resolver_rule_overrides(trail: Trail) -> Finding | None:
    """A FORWARD rule of the VPC covers the name as closely as its private zones do, and what comes back is not right.

    Rules and zones are one table of longest matches, and at the same name the rule wins.
    https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/hosted-zone-private-considerations.html
    """
    for zone in trail.zone.on_the_way:
        if zone.private and zone.id is not None and (found := _of_zone(trail, zone)) is not None:
            return found
    return None


def _of_zone(trail: Trail, zone: NameZone) -> Finding | None:
    rule = trail.vpc.forward_rule(zone.asked)
    if rule is None or not rule.domain:
        return None
    zones = [z for z in trail.vpc.listed_zones if is_below(zone.asked, z.name)]
    longest = max((label_count(z.name) for z in zones), default=0)
    associated = is_seen_by_client(trail, zone)
    if associated:
        longest = max(longest, label_count(zone.name))
    if label_count(rule.domain) < longest or not zone_is_in_order(trail):
        return None
    answer = trail.answers.vpc(trail.rdtype)
    returned = vpc_resolver_addresses(trail)
    if (
        returned & acceptable_addresses(trail)
        or _is_denied_by_the_zone(trail, zone, rule)
        or (trail.queries_srv and answer.answers)
    ):
        return None
    return Finding(
        summary=(
            f"The Resolver rule {rule.id} ({rule.domain}) sends {zone.asked} from {trail.vpc.client.vpc_id} to "
            f"{listed(rule.targets) or 'nowhere'}, where it is not known{'' if associated else '; the zone is not associated'}."
        ),
        detail=(
            "A forwarding rule that covers the name as closely as the private zone wins over it. The question leaves for the "
            "rule's targets, which do not know the record or point back to the same rule, and the zone is never asked."
            if associated
            else "This VPC has no association with the zone, so the rule is its only way to it, and the rule leads astray."
        ),
        evidence=(
            rule_evidence(rule, trail.vpc.client.vpc_id),
            *record_evidence(trail),
            *answer_evidence(trail),
            *_of_targets(trail, rule),
        ),
        fixes=_fixes(trail, zone, rule),
        would_tell=_would_tell(trail),
        addresses=in_order(returned),
    )


def _would_tell(trail: Trail) -> str | None:
    """Return where a zone that comes before the rule would be seen, if the VPC may have one that is not listed."""
    if optional(lambda: trail.vpc.visible_zones) is not None:
        return None
    return aws("route53profiles", "list-profile-associations", resource_id=trail.vpc.client.vpc_id)


def _is_denied_by_the_zone(trail: Trail, zone: NameZone, rule: ResolverRule) -> bool:
    """Tell whether the zone itself denies the name; that it denies others says nothing where the rule is for this name alone."""
    if is_below(zone.name, rule.domain):
        soa = trail.answers.vpc(trail.rdtype).soa
        return vpc_denier(trail) == "zone" and (soa is None or is_of_route_53(soa))
    by = denier(trail.answers.vpc(trail.rdtype), zone.name)
    return by == "zone"


def _of_targets(trail: Trail, rule: ResolverRule) -> tuple[Evidence, ...]:
    """Say which of the targets are inbound endpoints, and of which VPC."""
    targets = set(rule.targets)
    found = [
        Evidence("route53resolver:ListResolverEndpointIpAddresses", e.id, f"{listed(e.addresses)} in {e.vpc_id}")
        for e in trail.vpc.facts.endpoints.seen_or(())
        if targets & {*e.addresses, *(f"{a}:53" for a in e.addresses)}
    ]
    return tuple(found[:2])


def _fixes(trail: Trail, zone: NameZone, rule: ResolverRule) -> tuple[Fix, ...]:
    return (_take_out(trail, zone, rule), _send_elsewhere(trail, zone, rule))


def _take_out(trail: Trail, zone: NameZone, rule: ResolverRule) -> Fix:
    vpc_id = trail.vpc.client.vpc_id
    verified = "The VPC resolver's answer equals the zone's records."
    if rule.via_profile:
        return Fix(
            "Take the rule out of the Profile: find its ARN, then disassociate it",
            "aws",
            commands=(aws("route53profiles", "list-profile-resource-associations", profile_id=rule.via_profile),),
            changes="Nothing yet: it lists what the Profile brings. A change acts in every VPC of the Profile.",
            verified_by=verified,
        )
    return Fix(
        "Take the rule out of the VPC",
        "aws",
        commands=(aws("route53resolver", "disassociate-resolver-rule", vpc_id=vpc_id, resolver_rule_id=rule.id),),
        changes=f"Names below {rule.domain} are no longer forwarded from {vpc_id}; the zone {zone.name} answers where it is associated.",
        verified_by=verified,
    )


def _send_elsewhere(trail: Trail, zone: NameZone, rule: ResolverRule) -> Fix:
    endpoint = _knowing(trail, zone)
    title = "Or send it to addresses that know the zone, such as an inbound endpoint in an associated VPC"
    if endpoint is None:
        return Fix(title, "aws", changes=f"Every VPC that uses {rule.id} forwards to the new targets.")
    targets = ",".join(f"{{Ip={a},Port=53}}" for a in endpoint.addresses)
    return Fix(
        f"{title}: {endpoint.id} in {endpoint.vpc_id}",
        "aws",
        commands=(
            aws(
                "route53resolver",
                "update-resolver-rule",
                resolver_rule_id=rule.id,
                config=f"TargetIps=[{targets}]",
            ),
        ),
        changes=f"Every VPC that uses {rule.id} forwards {rule.domain} to {listed(endpoint.addresses)}.",
        verified_by="The VPC resolver's answer equals the zone's records.",
    )


def _knowing(trail: Trail, zone: NameZone) -> InboundEndpoint | None:
    """Return an inbound endpoint of another associated VPC; in the same one the rule would send the query in a circle."""
    seen = zone.zone.seen_or(None)
    vpcs = {v.vpc_id for v in seen.vpcs} - {trail.vpc.client.vpc_id} if seen is not None else set()
    endpoints = trail.vpc.facts.endpoints.seen_or(())
    return next((e for e in endpoints if e.vpc_id in vpcs and e.status == "OPERATIONAL" and e.addresses), None)
