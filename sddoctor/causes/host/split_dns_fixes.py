"""Fixes that several host causes share: sending one domain to one server, on each platform."""

from __future__ import annotations

from msgspec import structs

from sddoctor.causes.commands import write
from sddoctor.causes.model import Fix
from sddoctor.text.shell import command, write_file
from sddoctor.trail.meant_entries import domain_to_route
from sddoctor.trail.trail import Trail, optional

FLUSH_MACOS = "sudo dscacheutil -flushcache; sudo killall -HUP mDNSResponder"


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
        return (nrpt_rule(zone, server),)
    return linux(trail, zone, server)


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


def nrpt_rule(zone: str, server: str) -> Fix:
    """Return the Windows fix: a rule of the Name Resolution Policy Table."""
    return Fix(
        f"Send {zone} to the VPC resolver (as administrator, in PowerShell)",
        "windows",
        commands=(f"Add-DnsClientNrptRule -Namespace '.{_bare(zone)}' -NameServers '{_bare(server)}'",),
        changes=f"Adds a rule for {zone}; all other names keep their resolver.",
        verified_by="Resolve-DnsName prints the addresses.",
    )


def linux(trail: Trail, zone: str, server: str) -> tuple[Fix, ...]:
    """Return the Linux fixes that fit: systemd-resolved where it runs, a local dnsmasq elsewhere."""
    link = _tunnel(trail, server)
    resolved = Fix(
        "With systemd-resolved, on the tunnel's link",
        "linux",
        commands=(
            command("sudo", "resolvectl", "dns", link, server),
            command("sudo", "resolvectl", "domain", link, f"~{zone}"),
        ),
        changes=f"Sends {zone} to {server}, until the link goes down.",
        verified_by=f"{command('resolvectl', 'query', trail.name)} prints the addresses.",
    )
    path = f"/etc/dnsmasq.d/{zone}.conf"
    dnsmasq = write(
        "With a local dnsmasq",
        path,
        f"server=/{zone}/{server}\n",
        f"Writes {path}; restart dnsmasq afterwards.",
        f"{command('getent', 'ahosts', trail.name)} prints the addresses.",
    )
    return (resolved, dnsmasq)


def _tunnel(trail: Trail, server: str) -> str:
    route = optional(lambda: trail.host.route(server))
    return route.interface if route and route.interface and route.kind == "tunnel" else "tun0"


def _bare(text: str) -> str:
    """Keep what may stand inside a PowerShell single-quoted string."""
    return "".join(c for c in text if c.isalnum() or c in ".-_:")
