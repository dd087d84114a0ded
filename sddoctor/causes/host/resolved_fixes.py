"""Fixes in the scope of systemd-resolved that decides: a link, a delegate, or the global settings."""

from __future__ import annotations

import re

from sddoctor.case.name import is_below
from sddoctor.causes.host.resolved_files import delegate, global_server, has_delegates, zone_delegate
from sddoctor.causes.host.split_dns_fixes import rival_servers, route_domain
from sddoctor.causes.host.vpn_fixes import in_entry
from sddoctor.causes.model import Fix
from sddoctor.resolution.model import Entry
from sddoctor.text.shell import command
from sddoctor.trail.meant_entries import domain_to_route
from sddoctor.trail.trail import Trail

_SAFE = re.compile(r"[A-Za-z0-9@:_-][A-Za-z0-9@:._-]*")


def correct_scope(trail: Trail, entry: Entry) -> tuple[Fix, ...]:
    """Return how the scope that decides comes to have the VPC resolver alone; elsewhere how to route the domain."""
    if rival_servers(trail) or not entry.domain:
        return route_domain(trail)
    by_vpn = in_entry(trail, entry, trail.answers.vpc_server.address)
    if entry.kind in ("resolved-link", "resolved-delegate") and _serves_others(trail, entry):
        return (_of_its_own(trail), *by_vpn)
    if entry.kind == "resolved-link" and entry.interface:
        return (_link(trail, entry.interface), *by_vpn)
    if entry.kind == "resolved-delegate":
        return (_delegate(trail, entry.delegate or ""),)
    if entry.kind == "resolved-global":
        return (*_beside_global(trail), _global(trail, entry.domain))
    return (*by_vpn, *route_domain(trail))


def _serves_others(trail: Trail, entry: Entry) -> bool:
    """Tell whether the scope has names besides those of the zone, which another server would not resolve."""
    zone = domain_to_route(trail)
    scopes = trail.host.facts.resolved.value.links
    found = next((k for k in scopes if (k.interface, k.delegate) == (entry.interface, entry.delegate)), None)
    domains = found.domains if found is not None else (entry.domain,)
    return any(d.strip("~.") and not is_below(d.strip("~."), zone) for d in domains)


def _of_its_own(trail: Trail) -> Fix:
    """Return a scope for the zone alone, whose longer domain wins. systemd-resolved.service(8)"""
    zone, server = domain_to_route(trail), trail.answers.vpc_server.address
    return zone_delegate(trail, zone, server) if has_delegates(trail) else global_server(trail, zone, server)


def _beside_global(trail: Trail) -> tuple[Fix, ...]:
    if not has_delegates(trail):
        return route_domain(trail)
    return (zone_delegate(trail, domain_to_route(trail), trail.answers.vpc_server.address),)


def _link(trail: Trail, interface: str) -> Fix:
    server = trail.answers.vpc_server.address
    return Fix(
        f"Give {interface} the VPC resolver alone",
        "linux",
        (command("sudo", "resolvectl", "dns", interface, server),),
        f"Names that lead to {interface} are then asked of {server}, until the link goes down: its VPN or NetworkManager "
        "profile has the setting for good.",
        _verify(trail),
    )


def _delegate(trail: Trail, name: str) -> Fix:
    zone, server = domain_to_route(trail), trail.answers.vpc_server.address
    found = next((k for k in trail.host.facts.resolved.value.links if k.delegate == name), None)
    if found is None or not _SAFE.fullmatch(name):
        return zone_delegate(trail, zone, server)
    default = "DefaultRoute=yes\n" if found.default_route else ""
    text = f"DNS={server}\nDomains={' '.join(found.domains)}\n{default}"
    return delegate(trail, f"Correct the DNS delegate {name}", name, text)


def _global(trail: Trail, domain: str) -> Fix:
    server = trail.answers.vpc_server.address
    return Fix(
        "Or correct the global DNS= in /etc/systemd/resolved.conf, or in the file of resolved.conf.d that has it",
        "linux",
        (),
        "The global servers are asked for every name that no link takes as well. Restart systemd-resolved afterwards.",
        _verify(trail),
        config=f"[Resolve]\nDNS={server}\nDomains=~{domain}\n",
    )


def _verify(trail: Trail) -> str:
    return f"{command('resolvectl', 'query', trail.name)} prints the addresses."
