"""The Client VPN endpoint assigns no usable DNS server."""

from __future__ import annotations

from sddoctor.case.vpc import ClientVpn
from sddoctor.causes.host.evidence import host_evidence, resolver_evidence
from sddoctor.causes.model import Evidence, Finding, Fix, cause
from sddoctor.stations.model import FAILED
from sddoctor.text.shell import aws
from sddoctor.trail.host_answers import can_resolve_zone, only_host_fails
from sddoctor.trail.host_settings import client_vpn_in_use
from sddoctor.trail.known_zone import knows_zone, tells_unasked
from sddoctor.trail.trail import Trail, optional


@cause(
    "client-vpn-without-dns",
    hop="network",
    at=("servers",),
    symptoms=(*FAILED, "foreign"),
    title="The Client VPN endpoint hands out no usable DNS server",
    # What the endpoint does not assign the host cannot have.
    explains=("split-dns-missing", "nameserver-order", "nrpt-rule-missing", "interface-metric-decides"),
)
def client_vpn_without_dns(trail: Trail) -> Finding | None:
    """This host has an address of the endpoint's clients, which assigns no right server, and the host does not resolve the name.

    https://docs.aws.amazon.com/vpn/latest/clientvpn-admin/cvpn-working-endpoints.html
    """
    servers = trail.host.servers
    if not servers or can_resolve_zone(trail, servers[0]) or knows_zone(trail, servers[0]):
        return None  # the host has an entry of its own, or a server that can resolve the zone
    vpn = client_vpn_in_use(trail)
    if vpn is None or (vpn.transit_gateway and vpn.vpc_id is None):
        return None
    right = _right_servers(trail, vpn)
    if any(s in right for s in vpn.dns_servers[:1]) or not only_host_fails(trail):
        return None
    server = next(iter(sorted(right)), trail.answers.vpc_server.address)
    given = vpn.dns_servers or "none"
    return Finding(
        summary=f"The Client VPN endpoint {vpn.id} hands out {_given(vpn)}.",
        detail=(
            "Addresses can be reached and names cannot. The DNS servers of an endpoint are optional, and a second one is used "
            "only if the first cannot be reached."
        ),
        evidence=(
            Evidence("ec2:DescribeClientVpnEndpoints DnsServers", vpn.id, given, server),
            Evidence("addresses of this host", "this host", f"in {vpn.client_cidr}"),
            resolver_evidence(trail),
            host_evidence(trail),
        ),
        fixes=(
            Fix(
                "Let the endpoint hand out the resolver; clients must reconnect",
                "aws",
                commands=(
                    aws(
                        "ec2",
                        "modify-client-vpn-endpoint",
                        client_vpn_endpoint_id=vpn.id,
                        dns_servers=f"CustomDnsServers={server},Enabled=true",
                    ),
                ),
                changes=f"Every client of {vpn.id} then asks {server}, for every name.",
                verified_by="After a reconnect a program gets what the VPC resolver answers.",
            ),
            Fix("As code, in the aws_ec2_client_vpn_endpoint", "terraform", config=f'dns_servers = ["{server}"]'),
        ),
        would_tell=tells_unasked(trail),
    )


def _given(vpn: ClientVpn) -> str:
    if not vpn.dns_servers:
        return "no DNS server, so this host keeps its own"
    return f"{vpn.dns_servers[0]} as the DNS server, which is no resolver of its VPC"


def _right_servers(trail: Trail, vpn: ClientVpn) -> set[str]:
    """Return the servers that serve the endpoint's clients: base plus two of its VPC, and inbound endpoints."""
    found = {a for e in trail.vpc.facts.endpoints.seen_or(()) for a in e.addresses}
    if vpn.dns_servers:
        trail.vpc.facts.vpcs.value  # noqa: B018 - raises where it was not seen: one may be the resolver of the endpoint's VPC
    vpc = optional(lambda: trail.vpc.vpc(vpn.vpc_id or ""))
    zone = optional(lambda: trail.zone.of_name.zone.value)
    if vpc is not None and (zone is None or any(v.vpc_id == vpc.id for v in zone.vpcs)):
        found.add(vpc.resolver)
    return found
