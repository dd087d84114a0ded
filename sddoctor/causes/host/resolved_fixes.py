"""Fixes in the scope of systemd-resolved that decides: a link, a delegate, or the global settings."""

from __future__ import annotations

import re

from sddoctor.case.host import ResolvedLink
from sddoctor.causes.host.split_dns_fixes import rival_servers, route_domain
from sddoctor.causes.model import Fix
from sddoctor.resolution.model import Entry
from sddoctor.text.shell import command, write_file
from sddoctor.trail.meant_entries import domain_to_route
from sddoctor.trail.trail import Trail

_SAFE = re.compile(r"[A-Za-z0-9@:_-][A-Za-z0-9@:._-]*")
RESTART = "sudo systemctl restart systemd-resolved"


def correct_scope(trail: Trail, entry: Entry) -> tuple[Fix, ...]:
    """Return how the scope that decides comes to have the VPC resolver alone; elsewhere how to route the domain."""
    if rival_servers(trail) or not entry.domain:
        return route_domain(trail)
    if entry.kind == "resolved-link" and entry.interface:
        return (_link(trail, entry.interface),)
    if entry.kind == "resolved-delegate":
        return (_delegate(trail, entry.delegate or ""),)
    if entry.kind == "resolved-global":
        own = (new_delegate(trail),) if trail.host.facts.resolved.value.has_delegates else route_domain(trail)
        return (*own, _global(trail, entry.domain))
    return route_domain(trail)


def new_delegate(trail: Trail) -> Fix:
    """Return the file that routes the domain for the whole host, since systemd 258. systemd.dns-delegate(5)"""
    zone, server = domain_to_route(trail), trail.answers.vpc_server.address
    return _delegate_file(trail, f"Route {zone} by a DNS delegate", zone, f"DNS={server}\nDomains=~{zone}\n")


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
    delegates = [k for k in trail.host.facts.resolved.value.links if k.delegate == name]
    if not delegates or not _SAFE.fullmatch(name):
        return new_delegate(trail)
    text = f"DNS={trail.answers.vpc_server.address}\nDomains={' '.join(delegates[0].domains)}\n{_default(delegates[0])}"
    return _delegate_file(trail, f"Correct the DNS delegate {name}", name, text)


def _default(delegate: ResolvedLink) -> str:
    return "DefaultRoute=yes\n" if delegate.default_route else ""


def _delegate_file(trail: Trail, title: str, name: str, text: str) -> Fix:
    return written(title, f"/etc/systemd/dns-delegate.d/{name}.dns-delegate", f"[Delegate]\n{text}", _verify(trail))


def written(title: str, path: str, content: str, verify: str) -> Fix:
    """Return the fix that writes a file of systemd-resolved, into a directory that need not exist, and lets it be read."""
    commands = (command("sudo", "mkdir", "-p", path.rpartition("/")[0]), write_file(path, content), RESTART)
    changes = f"Writes {path} and restarts systemd-resolved, which forgets what it remembers."
    return Fix(title, "linux", commands, changes, verify, file=path, content=content)


def _global(trail: Trail, domain: str) -> Fix:
    server = trail.answers.vpc_server.address
    return Fix(
        "Or correct the global DNS= in /etc/systemd/resolved.conf, or in the file of resolved.conf.d that has it",
        "linux",
        (),
        "The global servers are asked for every name that no link takes as well. Restart systemd-resolved afterwards "
        f"({RESTART}).",
        _verify(trail),
        config=f"[Resolve]\nDNS={server}\nDomains=~{domain}\n",
    )


def _verify(trail: Trail) -> str:
    return f"{command('resolvectl', 'query', trail.name)} prints the addresses."
