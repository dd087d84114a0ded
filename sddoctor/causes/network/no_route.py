"""This host has no way to the VPC resolver."""

from __future__ import annotations

from ipaddress import ip_network

from sddoctor.case.dns import Server
from sddoctor.case.host import Route
from sddoctor.case.vpc import Vpc
from sddoctor.causes.model import Evidence, Finding, Fix, cause
from sddoctor.causes.words import in_order
from sddoctor.trail.trail import Trail, optional


@cause(
    "no-route-to-resolver",
    hop="network",
    kind="fault",
    severity="error",
    certainty="certain",
    title="This host has no way to the VPC resolver",
)
def no_route_to_resolver(trail: Trail) -> Finding | None:
    """The resolver is silent by UDP and TCP, and its packets leave by the local network's default route, or not at all.

    The address belongs to a VPC that this host is not in. ip-route(8), route(8)
    """
    if trail.asker_is_vpc_client or trail.vpc.host_is_inside:
        return None
    for server in _servers(trail):
        vpc = trail.vpc.holding(server.address)
        if vpc is None:
            continue
        if trail.answers.responds(server):
            return None
        if trail.answers.was_asked(server) and not trail.answers.silent(server):
            continue
        look = optional(lambda v=vpc: trail.vpc.look_at(v.id))  # type: ignore[misc]
        if look is not None and look.dns_support.peek() is False:
            return None
        route = trail.host.route(server.address)
        if route.kind in ("default", "unreachable"):
            return _finding(trail, server, vpc, route)
    return None


def _servers(trail: Trail) -> tuple[Server, ...]:
    """Return the VPC resolvers, and what the host asks in their place when the user named a server to ask."""
    asks = optional(lambda: trail.host.asks) or ()
    return tuple(dict.fromkeys((*(r.server for r in trail.answers.resolvers), *asks)))


def _finding(trail: Trail, server: Server, vpc: Vpc, route: Route) -> Finding:
    way = _way(route)
    said = "no answer" if trail.answers.was_asked(server) else "not asked from here"
    got = optional(lambda: trail.asker)
    acts = (
        got is None
        or not got.addresses
        or not got.addresses <= (optional(lambda: trail.promise.possible) or frozenset())
    )
    evidence = [
        Evidence(f"route to {server.address}", "this host", way, "a tunnel into the VPC"),
        Evidence(f"dns @{server} A, by UDP and TCP", trail.name, said, "an answer"),
        Evidence("ec2:DescribeVpcs", vpc.id, vpc.cidr),
    ]
    if got is not None:
        evidence.append(Evidence(got.source, trail.name, in_order(got.addresses) or got.error or "nothing"))
    return Finding(
        summary=(
            f"This host has no way to the VPC resolver {server}: packets for {vpc.cidr} {_leave(route)}, not into a VPN "
            "tunnel."
        ),
        detail=(
            "The VPN is down, or it is a split tunnel whose routes leave this VPC out. Questions to the resolver are lost, "
            "and the host falls back to a resolver that has never heard of the namespace."
        ),
        evidence=tuple(evidence),
        fixes=_fixes(vpc),
        acts=acts,
        certainty="certain" if trail.answers.was_asked(server) else "likely",
    )


def _way(route: Route) -> str:
    if route.kind == "unreachable":
        return "unreachable"
    return f"the default route by {route.interface or 'the local network'}"


def _leave(route: Route) -> str:
    if route.kind == "unreachable":
        return "cannot leave"
    return f"leave by the default route ({route.interface})" if route.interface else "leave by the default route"


def _fixes(vpc: Vpc) -> tuple[Fix, ...]:
    network = ip_network(vpc.cidr)
    return (
        Fix(
            "Connect the VPN, then check again",
            "vpn",
            verified_by=f"The route to {vpc.resolver} names the tunnel's interface, and a direct query is answered.",
        ),
        Fix(
            "If it is connected, add the VPC's range to its routes (OpenVPN, server side)",
            "vpn",
            config=f'push "route {network.network_address} {network.netmask}"',
            changes="Clients get the route at their next connection.",
        ),
        Fix("The same for WireGuard, in the peer section", "vpn", config=f"AllowedIPs = {vpc.cidr}"),
    )
