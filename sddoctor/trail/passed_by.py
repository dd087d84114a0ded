"""A local resolver that routes the name to the VPC resolver, and that programs on this host do not ask."""

from __future__ import annotations

from dataclasses import dataclass

from sddoctor.case.dns import Server
from sddoctor.case.seen import Seen, UnseenFactError
from sddoctor.formats.host import resolvectl
from sddoctor.resolution import resolved
from sddoctor.resolution.forwarder import rules_for
from sddoctor.resolution.model import RESOLVED
from sddoctor.trail.host_answers import agrees_with_vpc_resolver, can_resolve_zone, server_answer
from sddoctor.trail.trail import Trail
from sddoctor.trail.vpn_clients import forwarder_in_use


@dataclass(frozen=True)
class PassedBy:
    """The resolver, where it listens, its setting, and the server there. ``proved``: asked, it answers rightly."""

    program: str
    listens: Server
    source: str
    domain: str
    server: Server
    proved: bool


def passed_by(trail: Trail) -> PassedBy | None:
    """Return the local resolver that programs pass by, as their resolv.conf names another server than it.

    ``None`` too where the right server stands in that file, where the local resolver, when asked, does not return the
    addresses, and where the file names the forwarder of a VPN client.
    """
    choice, conf = trail.host.choice, trail.host.facts.resolv_conf.seen_or(None)
    if trail.host.platform != "linux" or choice.kind != "resolv.conf" or choice.stub is not None or conf is None:
        return None
    if any(can_resolve_zone(trail, s) for s in (*choice.servers, *map(Server, conf.listed))):
        return None
    if forwarder_in_use(trail) is not None:
        return None  # its policy decides
    found = _resolved(trail) or _forwarder(trail)
    if found is None or found.listens in choice.servers or trail.answers.silent(found.listens):
        return None
    answer = server_answer(trail, found.listens)
    if answer is None:
        return found
    right = agrees_with_vpc_resolver(trail, answer)
    return PassedBy(found.program, found.listens, found.source, found.domain, found.server, True) if right else None


def unread_file(trail: Trail) -> Server | None:
    """Return the right server that stands in /etc/resolv.conf of a Mac alone, where no program's look-up reads it."""
    choice, conf = trail.host.choice, trail.host.facts.resolv_conf.seen_or(None)
    if trail.host.platform != "macos" or choice.kind != "default-resolver" or not choice.servers or conf is None:
        return None
    if any(can_resolve_zone(trail, s) for s in (*choice.servers, *(s for e in choice.entries for s in e.servers))):
        return None
    return next((s for s in map(Server, conf.effective) if can_resolve_zone(trail, s)), None)


def _resolved(trail: Trail) -> PassedBy | None:
    """Raises where nothing of its status says so, and a part that was not understood may."""
    status = trail.host.facts.resolved
    if not isinstance(status, Seen):
        return None
    routed = resolved.route(trail.name, status.value)
    right = next((scope[0] for scope in routed.scopes if can_resolve_zone(trail, scope[0])), None)
    if right is None:
        if (gap := resolved.undecided(status)) is not None:
            raise UnseenFactError(gap.gap())
        return None
    return PassedBy("systemd-resolved", RESOLVED, resolvectl.COMMAND, routed.matched.lstrip("~"), right, proved=False)


def _forwarder(trail: Trail) -> PassedBy | None:
    """Return a forwarder whose rule in force leads to the VPC resolver; one that listens to no program of this host is none."""
    local = Server("127.0.0.1")
    for forwarder in trail.host.facts.forwarders:
        if not forwarder.serves(local):
            continue
        for rule in rules_for(trail.name, forwarder.entries):
            right = next((s for s in rule.servers if can_resolve_zone(trail, s)), None)
            if right is not None:
                return PassedBy(forwarder.program, local, rule.source, rule.domain, right, proved=False)
    return None
