"""DHCP assigns DNS servers that cannot resolve the zone."""

from __future__ import annotations

from sddoctor.case.dns import Answer, Server
from sddoctor.case.seen import UnseenFactError
from sddoctor.causes.commands import dig, write
from sddoctor.causes.model import Evidence, Finding, Fix, cause
from sddoctor.causes.route53.evidence import answer_evidence, content_of
from sddoctor.stations.model import FAILED
from sddoctor.text.safe import Value
from sddoctor.text.shell import aws, keep, variable
from sddoctor.text.words import listed
from sddoctor.trail.denials import denied_by
from sddoctor.trail.meant_entries import domain_to_route
from sddoctor.trail.trail import Trail, optional
from sddoctor.trail.zone_answers import acceptable_addresses, vpc_resolver_is_right


@cause(
    "dhcp-custom-dns",
    hop="vpc-dns",
    at=("servers",),
    symptoms=(*FAILED, "foreign"),
    title="DHCP hands out DNS servers that do not know the zone",
    # The list that DHCP assigns is the list on the instance.
    explains=("split-dns-missing", "nameserver-order", "nameserver-beyond-third"),
)
def dhcp_custom_dns(trail: Trail) -> Finding | None:
    """DHCP assigns other servers to clients in the VPC; one of them does not resolve the name, and the VPC's does.

    Silence counts only where this host is in the VPC itself: from elsewhere it proves nothing.
    https://docs.aws.amazon.com/vpc/latest/userguide/AmazonDNS-concepts.html
    """
    if trail.vpc.client.how not in ("option", "host") or not trail.vpc.assigned_servers:
        return None
    own = trail.answers.vpc_server.address
    amazons = {own, optional(lambda: trail.vpc.vpc(trail.vpc.client.vpc_id).resolver)}
    custom = [Server(s) for s in trail.vpc.assigned_servers if s not in amazons]
    if not custom or not vpc_resolver_is_right(trail):
        return None
    wrong = [s for s in custom if _is_wrong(trail, s)]
    if not wrong:
        for server in custom:
            _answer_or_raise(trail, server)
        return None
    vpc_id, dhcp = trail.vpc.client.vpc_id, trail.vpc.dns.dhcp.value
    first = wrong[0]
    return Finding(
        summary=(
            f"DHCP of {vpc_id} hands out {listed(str(s) for s in custom)}, and {first} does not know {trail.name}; the VPC "
            f"resolver {own} does."
        ),
        detail=(
            "Every instance and task that started with these options asks those servers. A list that mixes them with "
            "Amazon's does not help: a negative answer ends the search."
        ),
        evidence=(
            Evidence(
                "ec2:DescribeDhcpOptions domain-name-servers", dhcp.id, dhcp.domain_name_servers, "AmazonProvidedDNS"
            ),
            *(Evidence(f"dns @{s} A", trail.name, _says(trail, s), "addresses") for s in wrong[:4]),
            *answer_evidence(trail, None),
        ),
        fixes=_fixes(trail, own),
        would_tell=None if any(_was_seen_to_fail(trail, s) for s in wrong) else dig(first, trail.name, trail.rdtype),
    )


def _answer_or_raise(trail: Trail, server: Server) -> Answer:
    return trail.answers.answer(server, trail.rdtype)


def _answer(trail: Trail, server: Server) -> Answer | None:
    try:
        return _answer_or_raise(trail, server)
    except UnseenFactError:
        return None


def _is_wrong(trail: Trail, server: Server) -> bool:
    """Tell whether the server returns no acceptable address, though it was queried from where that proves something."""
    answer = _answer(trail, server)
    if answer is None:
        return trail.vpc.host_is_inside and (trail.answers.silent(server) or _fails_the_host(trail, server))
    if set(answer.addresses) & acceptable_addresses(trail) or (trail.queries_srv and answer.answers):
        return False
    more = optional(lambda: trail.answers.answer(server, "AAAA").addresses) or ()
    return not set(more) & acceptable_addresses(trail) and denied_by(trail, server, answer) != "zone"


def _was_seen_to_fail(trail: Trail, server: Server) -> bool:
    return _answer(trail, server) is not None or trail.answers.silent(server)


def _fails_the_host(trail: Trail, server: Server) -> bool:
    """Tell whether a lookup on this host, which queries that server first, returned no acceptable address."""
    servers = optional(lambda: trail.host.servers) or ()
    result = optional(trail.host.result)
    return servers[:1] == (server,) and result is not None and not set(result.addresses) & acceptable_addresses(trail)


def _says(trail: Trail, server: Server) -> Value:
    answer = _answer(trail, server)
    if answer is not None:
        return content_of(answer)
    return "no answer" if trail.answers.silent(server) else "not asked; a look-up on the host gave no address"


def _fixes(trail: Trail, own: str) -> tuple[Fix, ...]:
    vpc_id, namespace = trail.vpc.client.vpc_id, domain_to_route(trail)
    servers = "Key=domain-name-servers,Values=AmazonProvidedDNS"
    create = aws("ec2", "create-dhcp-options", dhcp_configurations=servers)
    path, line = f"/etc/dnsmasq.d/{namespace}.conf", f"server=/{namespace}/{own}\n"
    return (
        Fix(
            "Go back to Amazon's resolver, then restart what has old leases",
            "aws",
            commands=(
                keep("DHCP_OPTIONS_ID", create, "DhcpOptions.DhcpOptionsId"),
                aws("ec2", "associate-dhcp-options", dhcp_options_id=variable("DHCP_OPTIONS_ID"), vpc_id=vpc_id),
            ),
            changes=f"Instances and tasks of {vpc_id} that start from then on ask the VPC resolver.",
            verified_by="In a task started after the change, getent hosts prints the addresses.",
        ),
        write(
            "Or forward the namespace on the custom servers (dnsmasq shown)",
            path,
            line,
            f"Writes {path} on that server; restart dnsmasq afterwards.",
            "The custom server answers the name with the addresses.",
        ),
    )
