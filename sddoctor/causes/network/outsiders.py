"""The VPC resolver does not answer clients from outside the VPC."""

from __future__ import annotations

from sddoctor.case.address import contains
from sddoctor.case.dns import Server
from sddoctor.case.seen import Gap, NotAttempted, UnseenFactError
from sddoctor.causes.model import Evidence, Finding, Fix, cause
from sddoctor.text.words import in_order
from sddoctor.trail.meant_entries import domain_to_route
from sddoctor.trail.trail import Trail, optional


@cause(
    "vpc-resolver-not-for-outsiders",
    hop="network",
    at=("path", "servers"),
    symptoms=("silence",),
    ceiling="likely",
    title="The VPC resolver does not answer askers from outside the VPC",
)
def vpc_resolver_not_for_outsiders(trail: Trail) -> Finding | None:
    """Base plus two is silent on both transports over a private link, and another address of the VPC accepts TCP.

    https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-overview-DSN-queries-to-vpc.html
    """
    for resolver in trail.answers.resolvers:
        server = resolver.server
        vpc = trail.vpc.with_resolver(server.address)
        if vpc is None or not trail.answers.silent(server) or _is_not_needed(trail, server):
            continue
        route = trail.host.route(server.address)
        ranges = (vpc.cidr, *vpc.cidrs)
        if route.kind not in ("tunnel", "gateway") or any(contains(c, route.source or "") for c in ranges):
            continue
        if trail.vpc.dns_of(vpc.id).dns_support.value is not True:
            return None
        reached = in_order(
            c.address
            for c in trail.case.place.connections
            if c.accepted.seen_or(None) and any(contains(r, c.address) for r in ranges)
        )
        if not reached:
            _require_a_try(trail, vpc.cidr)
            return None
        return Finding(
            summary=(
                f"The VPC resolver {server} probably does not answer this host because it is outside {vpc.id}: the rest of the "
                "VPC can be reached, and the resolver is silent."
            ),
            detail=(
                "The address at base plus two serves sources inside the VPC only. Through peering, a site-to-site VPN, Direct "
                "Connect or a VPN without source NAT it stays silent. No security group is involved; an inbound endpoint is "
                "the way in."
            ),
            evidence=(
                Evidence("ec2:DescribeVpcs", vpc.id, f"{vpc.cidr}, resolver {vpc.resolver}"),
                Evidence(f"route to {server.address}", "this host", f"by {route.interface}, source {route.source}"),
                Evidence(f"dns @{server} by UDP and TCP", trail.name, "no answer", "an answer"),
                Evidence("tcp connect", reached[0], "accepted"),
            ),
            fixes=(
                Fix("Make an inbound endpoint in an associated VPC, and forward the namespace to its addresses", "aws"),
                Fix(
                    "Or run a forwarder on the VPN host",
                    "vpn",
                    config=f"server=/{domain_to_route(trail)}/{server.address}",
                ),
            ),
        )
    return None


def _is_not_needed(trail: Trail, server: Server) -> bool:
    """Tell whether an inbound endpoint answers this host, and nothing on it asks the silent address."""
    others = (r.server for r in trail.answers.resolvers if r.server != server)
    asked = optional(lambda: trail.host.servers)
    return asked is not None and server not in asked and any(trail.answers.responds(s) for s in others)


def _require_a_try(trail: Trail, cidr: str) -> None:
    """Raise when no other address of the VPC was tried: then it is not known whether only the resolver is silent."""
    near = [c for c in trail.case.place.connections if contains(cidr, c.address)]
    tried = [c for c in near if not isinstance(c.accepted, NotAttempted)]
    if not tried:
        raise UnseenFactError(
            Gap(f"whether another address of {cidr} can be reached", "no connection was tried", "a task to connect to")
        )
