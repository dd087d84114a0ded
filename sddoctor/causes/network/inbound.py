"""The inbound endpoint does not let this host's queries in."""

from __future__ import annotations

from sddoctor.case.address import contains
from sddoctor.case.vpc import InboundEndpoint, IngressRule
from sddoctor.causes.model import Evidence, Finding, Fix, cause
from sddoctor.text.shell import aws
from sddoctor.text.words import listed
from sddoctor.trail.trail import Trail, optional

_NUMBERS = {"udp": "17", "tcp": "6"}


@cause(
    "inbound-endpoint-blocked",
    hop="network",
    at=("path", "servers"),
    symptoms=("silence", "malformed"),
    title="The inbound endpoint does not let this host's questions in",
    # The endpoint's own security group is nearer than anything on the path.
    explains=("udp-53-blocked",),
)
def inbound_endpoint_blocked(trail: Trail) -> Finding | None:
    """An endpoint's address is silent on a transport that its security groups do not allow, or it is not operational.

    https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-forwarding-inbound-queries.html
    """
    for endpoint in trail.vpc.facts.endpoints.value:
        for address in (*endpoint.addresses, *(d.address for d in endpoint.detached)):
            silent = _silent(trail, address)
            if not silent:
                continue
            why = _why(trail, endpoint, address, silent)
            if why is not None:
                return _finding(trail, endpoint, address, silent, why)
    return None


def _silent(trail: Trail, address: str) -> list[str]:
    """Return the transports on which the address was queried and never answered."""
    probes = [p for p in trail.answers.probes_for() if p.server.address == address]
    return [
        t
        for t in ("udp", "tcp")
        if any(p.transport == t for p in probes)
        and not any(p.transport == t and p.outcome.seen_or(None) for p in probes)
    ]


def _why(trail: Trail, endpoint: InboundEndpoint, address: str, silent: list[str]) -> str | None:
    if endpoint.status != "OPERATIONAL":
        return f"its status is {endpoint.status}"
    detached = next((d for d in endpoint.detached if d.address == address), None)
    if detached is not None:
        return f"the status of this address is {detached.status}"
    if endpoint.protocols and "Do53" not in endpoint.protocols:
        return f"it takes {listed(endpoint.protocols)} only"
    source = optional(lambda: trail.host.route(address).source)
    rules = [r for r in trail.vpc.facts.security_groups.value if r.group_id in endpoint.security_group_ids]
    blocked = [t for t in silent if not any(_is_about(r, t) and _admits(r, source) for r in rules)]
    return f"its security group lets no {listed(t.upper() for t in blocked)} 53 in from here" if blocked else None


def _is_about(rule: IngressRule, transport: str) -> bool:
    first, last = rule.from_port, rule.to_port
    if rule.protocol not in ("-1", transport, _NUMBERS[transport]):
        return False
    return rule.protocol == "-1" or first is None or first <= 53 <= (last if last is not None else first)


def _admits(rule: IngressRule, source: str | None) -> bool:
    return source is None or any(contains(r, source) for r in rule.ranges)


def _unread(trail: Trail, endpoint: InboundEndpoint, silent: list[str]) -> tuple[str, ...]:
    """Return the prefix lists and groups that its security groups admit: whether this host is in them was not seen."""
    if endpoint.status != "OPERATIONAL":
        return ()
    rules = [r for r in trail.vpc.facts.security_groups.value if r.group_id in endpoint.security_group_ids]
    return tuple(dict.fromkeys(i for r in rules if any(_is_about(r, t) for t in silent) for i in r.referred))


def _finding(trail: Trail, endpoint: InboundEndpoint, address: str, silent: list[str], why: str) -> Finding:
    route = optional(lambda: trail.host.route(address))
    client = f"{route.source}/32" if route and route.source else "CLIENT_CIDR"
    permissions = [f"IpProtocol={t},FromPort=53,ToPort=53,IpRanges=[{{CidrIp={client}}}]" for t in ("udp", "tcp")]
    unread = _unread(trail, endpoint, silent)
    if unread:
        why += f", unless it is in {listed(unread)}"
    return Finding(
        summary=f"The inbound endpoint {endpoint.id} ({address}) does not let this host's questions in: {why}.",
        detail=(
            "An inbound endpoint is a set of network interfaces with a security group of its own. For VPC+2 a security group "
            "is never the reason; here it is the first suspect."
        ),
        evidence=(
            Evidence("route53resolver:ListResolverEndpoints Status", endpoint.id, endpoint.status, "OPERATIONAL"),
            Evidence("ec2:DescribeSecurityGroups", listed(endpoint.security_group_ids), why, "UDP and TCP 53"),
            Evidence(f"dns @{address} A by {listed(t.upper() for t in silent)}", trail.name, "no answer", "an answer"),
        ),
        would_tell=_see_who_is_in(unread)[0].commands[0] if unread else None,
        fixes=_see_who_is_in(unread)
        or (
            Fix(
                "Allow both protocols from the client's range",
                "aws",
                commands=tuple(
                    aws("ec2", "authorize-security-group-ingress", group_id=g, ip_permissions=tuple(permissions))
                    for g in endpoint.security_group_ids[:1]
                ),
                changes=f"Lets {client} ask the endpoint.",
                verified_by=f"dig @{address} answers, with and without +tcp.",
            ),
        ),
        severity=None if "udp" in silent else "warning",
    )


def _see_who_is_in(unread: tuple[str, ...]) -> tuple[Fix, ...]:
    """Say how to see whom prefix lists and groups hold, before anything is allowed besides."""
    if not unread:
        return ()
    lists = [aws("ec2", "get-managed-prefix-list-entries", prefix_list_id=i) for i in unread if i.startswith("pl-")]
    groups = [i for i in unread if not i.startswith("pl-")]
    members = (
        [aws("ec2", "describe-network-interfaces", filters=f"Name=group-id,Values={','.join(groups)}")]
        if groups
        else []
    )
    return (Fix("See whether this host is among those that are admitted", "aws", commands=(*lists, *members)),)
