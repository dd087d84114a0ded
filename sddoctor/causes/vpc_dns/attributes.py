"""The DNS attributes of the client's VPC: DNS support, and DNS hostnames."""

from __future__ import annotations

from sddoctor.causes.commands import dig_soa
from sddoctor.causes.model import Evidence, Finding, Fix, cause
from sddoctor.causes.route53.evidence import answer_evidence, record_evidence
from sddoctor.stations.model import DENIED
from sddoctor.text.shell import aws
from sddoctor.text.words import listed
from sddoctor.trail.denials import vpc_denier
from sddoctor.trail.trail import Trail, optional
from sddoctor.trail.zone_answers import is_seen_by_client, vpc_resolver_is_right, zone_is_in_order

ON = '{"Value":true}'


@cause(
    "dns-support-off",
    hop="vpc-dns",
    at=("vpc-answer", "path"),
    symptoms=("silence",),
    title="enableDnsSupport is off: the VPC has no resolver",
)
def dns_support_off(trail: Trail) -> Finding | None:
    """The attribute is false in the client's VPC, and no server that should resolve the zone answers anything.

    https://docs.aws.amazon.com/vpc/latest/userguide/AmazonDNS-concepts.html
    """
    vpc_id = trail.vpc.client.vpc_id
    if trail.vpc.dns.dns_support.value:
        return None
    servers = [r.server for r in trail.answers.facts.resolvers.seen_or(())]
    if any(trail.answers.responds(s) for s in servers):
        return None
    queried = [s for s in servers if trail.answers.was_queried(s)]
    return Finding(
        summary=f"enableDnsSupport is off in {vpc_id}, so this VPC has no resolver at all.",
        detail=(
            "Neither base plus two nor 169.254.169.253 answers in such a VPC. From outside it looks exactly like a missing "
            "route: silence, not NXDOMAIN."
        ),
        evidence=(
            Evidence("ec2:DescribeVpcAttribute EnableDnsSupport.Value", vpc_id, False, True),
            *(Evidence(f"dns @{s} by UDP and TCP", trail.name, "no answer", "an answer") for s in queried[:2]),
        ),
        fixes=(
            Fix(
                "Switch DNS support on, then DNS hostnames too, which private zones need",
                "aws",
                commands=(_modify(vpc_id, "support"), _modify(vpc_id, "hostnames")),
                changes=f"{vpc_id} gets its resolver, and its instances get DNS names.",
                verified_by="The resolver answers example.com, and the name.",
            ),
            Fix(
                "As code, in the aws_vpc",
                "terraform",
                config="enable_dns_support   = true\nenable_dns_hostnames = true",
            ),
        ),
    )


@cause(
    "dns-hostnames-off",
    hop="vpc-dns",
    at=("vpc-answer",),
    symptoms=DENIED,
    ceiling="likely",
    title="enableDnsHostnames is off: private zones are not answered",
)
def dns_hostnames_off(trail: Trail) -> Finding | None:
    """The attribute is false, the VPC is associated, the zone lacks nothing, and the negative answer is not the zone's.

    Whose it is an SOA shows, in the answer or asked for; where none came, that only fits. AWS requires both attributes and does not say what happens otherwise: a resolver that answers makes it a risk.
    https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/hosted-zone-private-considerations.html
    """
    zone, dns = trail.zone.of_name, trail.vpc.dns
    if dns.dns_hostnames.value or not dns.dns_support.value or not zone.private or zone.id is None:
        return None
    if not is_seen_by_client(trail, zone) or not zone_is_in_order(trail):
        return None
    if vpc_resolver_is_right(trail):
        return _works_anyway(trail)
    by = vpc_denier(trail)
    if not trail.answers.vpc(trail.rdtype).denied or by in ("zone", "longer"):
        return None
    vpc_id = trail.vpc.client.vpc_id
    return Finding(
        summary=(
            f"enableDnsHostnames is off in {vpc_id}, and its resolver denies {trail.name} without asking the private zone "
            f"{zone.name}."
        ),
        detail=(
            "AWS requires both DNS attributes of a VPC for private zones, and this one is off by default in VPCs that were "
            "made by hand. The zone is associated and lacks nothing, and the denial does not come from it, so this is the "
            "probable reason."
        ),
        evidence=(*_evidence(trail), *record_evidence(trail), *answer_evidence(trail)),
        fixes=_switch_on(vpc_id),
        would_tell=dig_soa(trail) if by == "nobody" else None,
    )


def _works_anyway(trail: Trail) -> Finding:
    vpc_id = trail.vpc.client.vpc_id
    return Finding(
        summary=f"enableDnsHostnames is off in {vpc_id}; AWS requires it for private zones, although the name is answered now.",
        detail="The documentation asks for both DNS attributes and promises nothing otherwise, so do not rely on it.",
        evidence=(*_evidence(trail), *answer_evidence(trail, None)),
        fixes=_switch_on(vpc_id),
        severity="warning",
        kind="risk",
    )


def _evidence(trail: Trail) -> tuple[Evidence, ...]:
    vpc_id = trail.vpc.client.vpc_id
    found = [Evidence("ec2:DescribeVpcAttribute EnableDnsHostnames.Value", vpc_id, False, True)]
    zone = optional(lambda: trail.zone.of_name.zone.value)
    if zone is not None:
        vpcs = listed(v.vpc_id for v in zone.vpcs) or "none"
        found.append(Evidence("route53:GetHostedZone VPCs[].VPCId", zone.id, vpcs))
    return tuple(found)


def _switch_on(vpc_id: str) -> tuple[Fix, ...]:
    return (
        Fix(
            "Switch DNS hostnames on",
            "aws",
            commands=(_modify(vpc_id, "hostnames"),),
            changes=f"Instances of {vpc_id} get DNS names, and its resolver answers private zones.",
            verified_by="The name answers, or NXDOMAIN now carries the zone's SOA.",
        ),
        Fix("As code, in the aws_vpc", "terraform", config="enable_dns_hostnames = true"),
    )


def _modify(vpc_id: str, attribute: str) -> str:
    """Return the command for one attribute: a call takes only one."""
    if attribute == "support":
        return aws("ec2", "modify-vpc-attribute", vpc_id=vpc_id, enable_dns_support=ON)
    return aws("ec2", "modify-vpc-attribute", vpc_id=vpc_id, enable_dns_hostnames=ON)
