"""Fixes that several host causes share: sending one domain to one server, on each platform."""

from __future__ import annotations

from msgspec import structs

from sddoctor.causes.commands import write
from sddoctor.causes.host.nrpt_fixes import by_rule
from sddoctor.causes.model import Fix
from sddoctor.text.shell import command, write_file
from sddoctor.trail.host_settings import is_pod, is_podman, own_server_list
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
        return by_rule(trail, zone, server)
    if optional(lambda: own_server_list(trail)) is not None:
        return of_place(trail, server)
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
    return (resolved,) if trail.host.facts.resolved.seen_or(None) is not None else (dnsmasq,)


def of_place(trail: Trail, server: str) -> tuple[Fix, ...]:
    """Return how a container, a pod or WSL gets the domain from the VPC resolver: what forwards for it is told."""
    zone = domain_to_route(trail)
    if is_pod(trail):
        block = f"{zone}:53 {{\n    errors\n    cache 30\n    forward . {server}\n}}\n"
        edit = command("kubectl", "-n", "kube-system", "edit", "configmap", "coredns")
        changes = f"Pods then ask {server} for {zone}; all other names keep their resolver."
        verify = f"In a pod {command('getent', 'ahosts', trail.name)} prints the addresses."
        return (Fix("Add a block to the cluster's CoreDNS", "container", (edit,), changes, verify, config=block),)
    if (trail.host.facts.resolv_conf.value.generator or "") == "wsl" or any(
        s.address == "10.255.255.254" for s in trail.host.servers
    ):
        return (
            Fix(
                "Let Windows resolve for WSL, then run wsl --shutdown",
                "windows",
                changes=r"Writes %UserProfile%\.wslconfig: merge by hand if it exists.",
                verified_by="The same look-up inside WSL prints the addresses.",
                file=r"%UserProfile%\.wslconfig",
                content="[wsl2]\ndnsTunneling=true\n",
            ),
        )
    verify = f"A container that is started anew gets the addresses of {zone}."
    if is_podman(trail):
        run = f"podman run --dns {server}"
        return (Fix("Give the container the resolver", "container", config=run, verified_by=verify),)
    text = f'{{\n  "dns": ["{server}"]\n}}\n'
    path = "/etc/docker/daemon.json"
    return (
        Fix("Give the container the resolver", "container", config=f"docker run --dns {server}", verified_by=verify),
        write(
            "Or do so for all containers of the host, then restart Docker",
            path,
            text,
            f"Replaces {path}: merge by hand if it exists.",
            verify,
        ),
    )


def _tunnel(trail: Trail, server: str) -> str:
    route = optional(lambda: trail.host.route(server))
    return route.interface if route and route.interface and route.kind == "tunnel" else "tun0"
