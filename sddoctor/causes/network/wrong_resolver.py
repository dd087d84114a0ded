"""The host queries a resolver that cannot resolve the zone: another VPC's, or a link-local address."""

from __future__ import annotations

from sddoctor.case.address import contains
from sddoctor.case.dns import Server
from sddoctor.case.vpc import Vpc
from sddoctor.causes.commands import associate
from sddoctor.causes.host.evidence import answer_in_words, choice_evidence
from sddoctor.causes.host.split_dns_fixes import route_domain
from sddoctor.causes.host.vpn_fixes import push_resolver
from sddoctor.causes.model import Evidence, Finding, Fix, cause
from sddoctor.stations.model import DENIED
from sddoctor.text.shell import command
from sddoctor.text.words import listed
from sddoctor.trail.home_vpc import has_instances_in
from sddoctor.trail.host_answers import host_fails, is_amazons, server_answer
from sddoctor.trail.known_zone import knows_zone
from sddoctor.trail.meant_entries import domain_to_route
from sddoctor.trail.trail import Trail, optional


@cause(
    "resolver-of-another-vpc",
    hop="network",
    at=("vpc-answer", "servers"),
    symptoms=DENIED,
    title="The resolver asked belongs to a VPC without this zone",
)
def resolver_of_another_vpc(trail: Trail) -> Finding | None:
    """The server queried is base plus two of a VPC that the zone is not associated with, and returns NXDOMAIN.

    A VPC in which the instances are is the right one: there the zone's association is missing.
    https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/hosted-zones-private.html
    """
    of_name = trail.zone.of_name
    if not of_name.private:
        return None
    if trail.vpc.host_is_inside or trail.client_answer.addresses & trail.promise.alive:
        return None
    zone = of_name.zone.value
    associated = {v.vpc_id for v in zone.vpcs}
    for server in _queried(trail):
        vpc = trail.vpc.with_resolver(server.address)
        answer = server_answer(trail, server)
        if vpc is None or vpc.id in associated or has_instances_in(trail, vpc.id):
            continue
        if answer is None and trail.answers.was_queried(server):
            continue
        if answer is not None and (answer.rcode != "NXDOMAIN" or knows_zone(trail, server)):
            continue
        return _another_vpc(trail, server, vpc, sorted(associated))
    return None


def _queried(trail: Trail) -> tuple[Server, ...]:
    named = tuple(r.server for r in trail.answers.facts.resolvers.seen_or(()) if r.why == "nameserver")
    choice = trail.host.decided.seen_or(None)
    return tuple(dict.fromkeys((*(choice.servers if choice else ()), *named)))


def _another_vpc(trail: Trail, server: Server, vpc: Vpc, associated: list[str]) -> Finding:
    zone_id, zone = trail.zone.of_name.id or "", domain_to_route(trail)
    right = [f"{v.resolver} ({v.id})" for v in trail.vpc.facts.vpcs.value if v.id in associated]
    answer = server_answer(trail, server)
    owner = (answer.soa.owner or "the root") if answer and answer.soa else "nobody"
    reply = f"NXDOMAIN, SOA of {owner}" if answer is not None else "not asked from here"
    return Finding(
        summary=(
            f"{server} is the resolver of {vpc.id}, which is not associated with the zone {zone}; "
            f"ask {listed(right) or 'the resolver of an associated VPC'} instead."
        ),
        detail="That VPC does not know the zone, so its resolver takes the name to the internet, where nobody has it.",
        evidence=(
            Evidence("ec2:DescribeVpcs", vpc.id, f"{vpc.cidr}, resolver {vpc.resolver}"),
            Evidence("route53:GetHostedZone VPCs[].VPCId", zone_id, tuple(associated), vpc.id),
            Evidence(f"dns @{server} A", trail.name, reply, "addresses"),
        ),
        fixes=(
            Fix(
                "Associate the zone with the VPC that the clients do reach",
                "aws",
                commands=(associate(trail, zone_id, vpc.id),),
                changes=f"Lets {vpc.id} resolve every name of {zone}.",
                verified_by="The same server answers the name.",
            ),
            Fix(
                f"Or name the right resolver ({listed(right) or 'of an associated VPC'}) on the host, or in what the VPN hands out",
                "vpn",
            ),
        ),
        would_tell=None if answer is not None else command("dig", f"@{server.address}", trail.name),
    )


@cause(
    "link-local-resolver-outside-vpc",
    hop="network",
    at=("servers", "path"),
    symptoms=("silence",),
    title="169.254.169.253 is set on a host that is not in the VPC",
    # The server that the host queries is wrong, whatever route leads to the VPC resolver.
    explains=("no-route-to-resolver",),
)
def link_local_resolver_outside_vpc(trail: Trail) -> Finding | None:
    """The server queried is link-local, no address of this host is in a VPC, and nothing answers there.

    https://docs.aws.amazon.com/vpc/latest/userguide/AmazonDNS-concepts.html
    """
    server = next((s for s in trail.host.servers if is_amazons(s)), None)
    if server is None or _host_is_in_a_vpc(trail) or trail.answers.responds(server) or not host_fails_at_all(trail):
        return None
    return Finding(
        summary=f"This host asks {server} for {trail.name}: that address is a resolver only inside a VPC, and this host is outside.",
        detail=(
            "On any other machine a link-local address means the machine's own link, where nobody answers. It gets there by "
            "copying a configuration, or by a VPN server that hands out its own resolvers."
        ),
        evidence=(
            choice_evidence(trail)
            if trail.answers.facts.resolvers.seen_or(None)
            else Evidence(trail.host.choice.source, "server", str(server)),
            Evidence(f"dns @{server} A", trail.name, answer_in_words(trail, server), "an answer"),
            Evidence("addresses of this host", "this host", _own_addresses(trail)[:8], "an address of a VPC"),
        ),
        fixes=(*(route_domain(trail) if trail.answers.facts.resolvers.seen_or(None) else ()), *_vpn(trail)),
        would_tell=None if trail.answers.was_queried(server) else command("dig", f"@{server.address}", trail.name),
    )


def host_fails_at_all(trail: Trail) -> bool:
    """Tell whether the host gets no right address, even if the VPC resolver could not be queried."""
    return not trail.client_answer.addresses or (
        bool(trail.answers.facts.resolvers.seen_or(None)) and host_fails(trail)
    )


def _own_addresses(trail: Trail) -> tuple[str, ...]:
    return tuple(a.address for a in trail.host.facts.addresses.whole)


def _host_is_in_a_vpc(trail: Trail) -> bool:
    """Tell whether an address of this host, other than a tunnel's, lies in a VPC of the account."""
    if trail.vpc.host_is_inside or trail.host.surroundings.in_aws:
        return True
    ranges = [c for v in trail.vpc.facts.vpcs.value for c in (v.cidr, *v.cidrs)]
    return any(contains(c, a) for a in _own_addresses(trail) for c in ranges)


def _vpn(trail: Trail) -> tuple[Fix, ...]:
    server = optional(lambda: trail.answers.vpc_server.address)
    return (push_resolver(trail, server),) if server is not None else ()
