"""The hosts line of nsswitch.conf, so that it comes to DNS: all its other sources stay. nsswitch.conf(5)"""

from __future__ import annotations

from msgspec import structs

from sddoctor.case.dns import Server
from sddoctor.case.host import NssSource
from sddoctor.causes.host.split_dns_fixes import route_domain
from sddoctor.causes.model import Fix
from sddoctor.formats.host import nsswitch
from sddoctor.text.shell import command
from sddoctor.trail.host_answers import can_resolve_zone
from sddoctor.trail.trail import Trail, optional


def lead_to_dns(trail: Trail) -> Fix:
    """Return the fix that puts ``dns`` before the source that ends the lookup."""
    line = " ".join(written(s) for s in _with_dns(trail.host.facts.nss.seen_or(())))
    # A line of no database is none of glibc's, so blanks and the spelling are as they were.
    script = rf"s/^[[:space:]]*hosts[[:space:]:].*/hosts: {line.replace('/', chr(92) + '/')}/"
    return Fix(
        "Put dns into the line, before the source that stops",
        "linux",
        commands=(command("sudo", "sed", "-i.bak", script, nsswitch.PATH),),
        changes=f"Rewrites the hosts line of {nsswitch.PATH}; keeps a .bak.",
        verified_by=f"{command('getent', 'ahosts', trail.name)} prints the addresses.",
    )


def lead_to_right_server(trail: Trail) -> tuple[Fix, ...]:
    """Return how a name that the hosts line keeps from DNS comes to the VPC resolver: the line alone is not enough."""
    if trail.host.choice.source != nsswitch.PATH:
        return route_domain(trail)[:1]
    line = lead_to_dns(trail)
    conf = trail.host.facts.resolv_conf.seen_or(None)
    if conf is not None and any(can_resolve_zone(trail, Server(a)) for a in conf.effective[:1]):
        return (line,)
    route = next(iter(optional(lambda: route_domain(trail)) or ()), None)
    if route is None or not route.commands:
        return (line,)
    title = f"{line.title}; and {route.title[0].lower()}{route.title[1:]}"
    changes = f"{line.changes} {route.changes}"
    return (structs.replace(route, title=title, commands=(*line.commands, *route.commands), changes=changes),)


def _with_dns(sources: tuple[NssSource, ...]) -> list[NssSource]:
    """Return the sources in their order, with ``dns`` before the first that ends the lookup of a name that it does not have."""
    rest = [s for s in sources if s.name != "dns"]
    dns = next((s for s in sources if s.name == "dns"), NssSource("dns"))
    found: list[NssSource] = []
    for source in rest or [NssSource("files")]:
        stops = nsswitch.action_for(source, "NOTFOUND") == "return"
        if stops and source.name == "files":
            found.append(NssSource("files"))
            continue
        if stops and dns not in found:
            found.append(dns)
        found.append(source)
    return found if dns in found else [*found, dns]


def written(source: NssSource) -> str:
    """Return a source as nsswitch.conf has it, with its actions."""
    actions = (f"{'!' if a.negated else ''}{a.status}={a.action}" for a in source.actions)
    words = " ".join(actions)
    return f"{source.name} [{words}]" if words else source.name
