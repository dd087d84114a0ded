"""This host has no route to the VPC resolver."""

from __future__ import annotations

from sddoctor.case.address import contains
from sddoctor.case.dns import Server
from sddoctor.case.host import Route
from sddoctor.case.seen import Unreachable
from sddoctor.case.vpc import ClientVpn, Vpc
from sddoctor.causes.host.vpn_fixes import client_to_connect, push_route
from sddoctor.causes.model import Evidence, Finding, Fix, cause
from sddoctor.text.shell import aws, command
from sddoctor.text.words import in_order
from sddoctor.trail.host_settings import client_vpn_in_use
from sddoctor.trail.trail import Trail, optional


@cause(
    "no-route-to-resolver",
    hop="network",
    at=("path", "servers"),
    symptoms=("silence",),
    title="This host has no way to the VPC resolver",
)
def no_route_to_resolver(trail: Trail) -> Finding | None:
    """The resolver is silent by UDP and TCP, and its packets leave by the local network's default route, or not at all.

    Or they enter a tunnel, and no task of the VPC responds through it either. The address belongs to a VPC that
    this host is not in. ip-route(8), route(8),
    https://docs.aws.amazon.com/vpn/latest/clientvpn-admin/cvpn-working-rules.html
    """
    if trail.vpc.host_is_inside:
        return None
    for server in _servers(trail):
        vpc = trail.vpc.holding(server.address)
        if vpc is None:
            continue
        if trail.answers.responds(server) or trail.answers.garbled(server):
            return None
        if trail.answers.was_queried(server) and not trail.answers.silent(server):
            continue
        route = trail.host.route(server.address)
        if route.kind in ("default", "unreachable"):
            return _finding(trail, server, vpc, route)
        if route.kind == "tunnel" and not _queries_an_endpoint(trail, server) and _nothing_is_reached(trail, vpc):
            return _kept_out(trail, server, vpc, route)
    return None


def _servers(trail: Trail) -> tuple[Server, ...]:
    """Return the VPC resolvers, and what the host queries in their place where the user named a server."""
    queried = optional(lambda: trail.host.servers) or ()
    known = tuple(r.server for r in trail.answers.resolvers)
    if any(trail.answers.responds(s) for s in known):
        known = ()  # one of them can be reached: the others matter if the host queries them
    return tuple(dict.fromkeys((*known, *queried)))


def _queries_an_endpoint(trail: Trail, server: Server) -> bool:
    """Tell whether the server, or one that the host queries, is an inbound endpoint: those have causes of their own."""
    endpoints = {a for e in trail.vpc.facts.endpoints.seen_or(()) for a in e.addresses}
    queried = optional(lambda: trail.host.servers) or ()
    return any(s.address in endpoints for s in (server, *queried))


def _nothing_is_reached(trail: Trail, vpc: Vpc) -> bool:
    """Tell whether tasks in the VPC were tried too, and none of them gave a sign. A refusal is one."""
    ranges = (vpc.cidr, *vpc.cidrs)
    tried = [c for c in trail.case.place.connections if any(contains(r, c.address) for r in ranges)]
    return bool(tried) and all(isinstance(c.accepted, Unreachable) for c in tried)


def _kept_out(trail: Trail, server: Server, vpc: Vpc, route: Route) -> Finding:
    """The packets enter the tunnel and nothing of the VPC answers: the VPN's far end does not pass them on."""
    vpn = optional(lambda: client_vpn_in_use(trail))
    missing = _what_the_endpoint_lacks(vpn, server) if vpn is not None else ""
    why = (
        f"the Client VPN endpoint {vpn.id} has no {missing} for it"
        if vpn and missing
        else "the VPN probably does not pass them on"
    )
    far = (
        Evidence("ec2:DescribeClientVpnRoutes, DescribeClientVpnAuthorizationRules", vpn.id, f"no {missing}", vpc.cidr)
        if vpn and missing
        else None
    )
    return Finding(
        summary=f"Packets for the VPC resolver {server} enter the tunnel and nothing of {vpc.id} answers: {why}.",
        detail=(
            "The route on this host is right. Neither the resolver nor a task of the VPC gives a sign through it, so the far "
            "end is what leaves the VPC out: a route, an authorization rule or a firewall there."
        ),
        evidence=(
            Evidence(f"route to {server.address}", "this host", f"the tunnel {route.interface or ''}".strip()),
            Evidence(f"dns @{server} A, by UDP and TCP", trail.name, "no answer", "an answer"),
            *(
                Evidence("tcp connect", f"{c.address}:{c.port}", "no answer", "a sign of the task")
                for c in trail.case.place.connections[:2]
            ),
            *((far,) if far else ()),
        ),
        fixes=_far_fixes(vpc, vpn, missing),
        would_tell=None if far else f"the routes and access rules of the VPN's far end for {vpc.cidr}",
    )


def _what_the_endpoint_lacks(vpn: ClientVpn, server: Server) -> str:
    """Return what the endpoint is seen to lack for the address: a route or an authorization rule."""
    for ranges, what in ((vpn.routes.seen_or(None), "route"), (vpn.authorized.seen_or(None), "authorization rule")):
        if ranges is not None and not any(contains(r, server.address) for r in ranges):
            return what
    return ""


def _far_fixes(vpc: Vpc, vpn: ClientVpn | None, missing: str) -> tuple[Fix, ...]:
    verify = f"dig @{vpc.resolver} answers from this host."
    if vpn is None:
        return (
            Fix(
                f"Let the VPN's server pass {vpc.cidr} on, in its routes and in its access rules",
                "vpn",
                verified_by=verify,
            ),
        )
    rule = aws(
        "ec2",
        "authorize-client-vpn-ingress",
        "--authorize-all-groups",
        client_vpn_endpoint_id=vpn.id,
        target_network_cidr=vpc.cidr,
    )
    route = aws(
        "ec2",
        "create-client-vpn-route",
        client_vpn_endpoint_id=vpn.id,
        destination_cidr_block=vpc.cidr,
        target_vpc_subnet_id="SUBNET_ID",
    )
    if missing == "route":
        return (
            Fix(
                "Route the VPC's range, once for each associated subnet",
                "aws",
                (route,),
                f"Clients of {vpn.id} get a route to {vpc.cidr} at their next connection. Put the subnet's id for SUBNET_ID.",
                verify,
            ),
        )
    return (
        Fix("Authorize the VPC's range", "aws", (rule,), f"Lets every client of {vpn.id} into {vpc.cidr}.", verify),
    )


def _finding(trail: Trail, server: Server, vpc: Vpc, route: Route) -> Finding:
    observed = _route_in_words(route)
    reply = "no answer" if trail.answers.was_queried(server) else "not asked from here"
    answer = optional(lambda: trail.client_answer)
    evidence = [
        Evidence(f"route to {server.address}", "this host", observed, "a tunnel into the VPC"),
        Evidence(f"dns @{server} A, by UDP and TCP", trail.name, reply, "an answer"),
        Evidence("ec2:DescribeVpcs", vpc.id, vpc.cidr),
    ]
    if answer is not None:
        evidence.append(Evidence(answer.source, trail.name, in_order(answer.addresses) or answer.error or "nothing"))
    return Finding(
        summary=(
            f"This host has no way to the VPC resolver {server}: packets for {vpc.cidr} {_leave(route)}, not into a VPN "
            "tunnel."
        ),
        detail=(
            "The VPN is down, or it is a split tunnel whose routes leave this VPC out. Questions to the resolver are lost. "
            "A host that then asks another resolver gets a denial: that one has never heard of the namespace."
        ),
        evidence=tuple(evidence),
        fixes=_fixes(trail, vpc),
        would_tell=None if trail.answers.was_queried(server) else command("dig", f"@{server.address}", trail.name),
    )


def _route_in_words(route: Route) -> str:
    if route.kind == "unreachable":
        return "unreachable"
    return f"the default route by {route.interface or 'the local network'}"


def _leave(route: Route) -> str:
    if route.kind == "unreachable":
        return "cannot leave"
    return f"leave by the default route ({route.interface})" if route.interface else "leave by the default route"


def _fixes(trail: Trail, vpc: Vpc) -> tuple[Fix, ...]:
    client = client_to_connect(trail, vpc.resolver)
    return (
        Fix(
            f"Connect {client.name if client is not None else 'the VPN'}, then check again",
            "vpn",
            verified_by=f"The route to {vpc.resolver} names the tunnel's interface, and a direct query is answered.",
        ),
        push_route(trail, vpc.resolver, vpc.cidr),
    )
