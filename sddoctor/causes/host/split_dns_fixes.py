"""Fixes that several host causes share: sending one domain to one server, on each platform."""

from __future__ import annotations

from msgspec import structs

from sddoctor.case.surroundings import Trace
from sddoctor.causes.host.linux_fixes import linux
from sddoctor.causes.host.nrpt_fixes import by_rule
from sddoctor.causes.host.place_fixes import of_place
from sddoctor.causes.model import Fix
from sddoctor.text.shell import command, write_file
from sddoctor.trail.meant_entries import domain_to_route
from sddoctor.trail.trail import Trail

FLUSH_MACOS = "sudo dscacheutil -flushcache; sudo killall -HUP mDNSResponder"
_GIVEN_BY_VPC: tuple[Trace, ...] = ("ecs", "ecs-ec2", "ecs-fargate", "lambda")


def route_domain(trail: Trail) -> tuple[Fix, ...]:
    """Return how to send the domain to the VPC resolver on this host's platform; of several that may be meant, to each."""
    servers = rival_servers(trail)
    if not servers:
        return _route(trail, trail.answers.vpc_server.address)
    return tuple(
        structs.replace(fix, title=f"{fix.title}, if the namespace {namespace} is meant")
        for namespace, server in servers.items()
        for fix in _route(trail, server)
    )


def rival_servers(trail: Trail) -> dict[str, str]:
    """Return the ids of the namespaces that may be meant, each with the VPC resolver that can resolve it; empty for one alone."""
    vpcs = {r.vpc_id: r.server.address for r in trail.answers.resolvers}
    found = {
        view.namespace.id: vpcs[vpc.vpc_id]
        for view in trail.rivals
        if (zone := view.zone.seen_or(None)) is not None
        for vpc in reversed(zone.vpcs)
        if vpc.vpc_id in vpcs
    }
    return found if len(set(found.values())) > 1 else {}


def _route(trail: Trail, server: str) -> tuple[Fix, ...]:
    zone = domain_to_route(trail)
    if trail.host.platform == "macos":
        return (resolver_file(zone, server, trail.name),)
    if trail.host.platform == "windows":
        return by_rule(trail, zone, server)
    around = trail.host.surroundings
    if around.has(*_GIVEN_BY_VPC) and not around.has("kubernetes", "cluster-dns"):
        return (_of_vpc(trail, zone, server),)
    if around.is_inside or around.has("kubernetes", "openshift", "cluster-dns"):
        return of_place(trail, server)
    return linux(trail, zone, server)


def _of_vpc(trail: Trail, zone: str, server: str) -> Fix:
    """Return what decides the servers of a task or a function: its own file is made anew each time.

    https://docs.aws.amazon.com/vpc/latest/userguide/VPC_DHCP_Options.html
    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html (dnsServers)
    """
    ways = (
        f"Have the DHCP options of the VPC name {server} (AmazonProvidedDNS)",
        f"in a task of network mode bridge, have dnsServers of its container name {server}",
    )
    by_docker = trail.host.surroundings.forwarder is not None or trail.host.surroundings.has("docker")
    first, second = reversed(ways) if by_docker else ways
    title = f"{first[0].upper()}{first[1:]}, or {second[0].lower()}{second[1:]}, so that {zone} is asked there; then start the task anew"
    return Fix(title, "aws")


def resolver_file(zone: str, server: str, name: str) -> Fix:
    """Return the macOS fix: one file in /etc/resolver; ``name`` is looked up afterwards. resolver(5)."""
    path = f"/etc/resolver/{zone}"
    return Fix(
        f"Send {zone} to the VPC resolver",
        "macos",
        commands=(
            "sudo mkdir -p /etc/resolver",
            write_file(path, f"nameserver {server}\n"),
            FLUSH_MACOS,
        ),
        changes=f"Writes {path}; all other names keep their resolver.",
        verified_by=f"{command('dscacheutil', '-q', 'host', '-a', 'name', name)} prints the addresses.",
        file=path,
        content=f"nameserver {server}\n",
    )
