"""Settings that name the right server for the name, and that this host did not take up."""

from __future__ import annotations

import re

from sddoctor.case.dns import Server
from sddoctor.case.host import IgnoredLine, ResolverFile
from sddoctor.case.name import is_below
from sddoctor.case.seen import Seen
from sddoctor.formats.host.addresses import read_full_address
from sddoctor.trail.host_answers import can_resolve_zone
from sddoctor.trail.trail import Trail

_ADDRESS = re.compile(r"[0-9a-fA-F][0-9a-fA-F.:]*")


def file_not_listed(trail: Trail) -> tuple[ResolverFile, Server] | None:
    """Return the right file of /etc/resolver for the name that ``scutil --dns`` does not list, though it lists all that is.

    Its list is made anew where the directory or the network changes, and then holds every file that it can use.
    """
    facts, files = trail.host.facts, trail.host.facts.resolver_files.seen_or(())
    if not isinstance(facts.scutil, Seen) or trail.host.choice.kind == "hosts-file" or _asks_right_server(trail):
        return None
    unused = {e.source for e in trail.host.entries if e.kind == "resolver-file" and not e.usable}
    for file in files:
        right = next((s for s in file.servers if can_resolve_zone(trail, s)), None)
        covers = file.created and not file.scoped and file.domain and is_below(trail.name, file.domain.lower())
        if right is not None and covers and not file.misread and file.path in unused:
            return file, right
    return None


def dropped_line(trail: Trail) -> tuple[IgnoredLine, Server] | None:
    """Return the line of resolv.conf that names the right server and that libc drops, where others are left."""
    conf = trail.host.facts.resolv_conf.seen_or(None)
    if conf is None or trail.host.choice.kind != "resolv.conf" or trail.host.choice.stub or not conf.listed:
        return None
    if _asks_right_server(trail) or any(can_resolve_zone(trail, Server(a)) for a in conf.listed):
        return None
    for line in conf.ignored:
        right = next((s for s in _servers_in(line.text) if can_resolve_zone(trail, s)), None)
        if right is not None and "nameserver" in line.text.lower():
            return line, right
    return None


def _asks_right_server(trail: Trail) -> bool:
    return any(can_resolve_zone(trail, s) for s in trail.host.servers)


def _servers_in(text: str) -> list[Server]:
    """Return the servers that a line seems to name, with whatever is glued to them."""
    words = _ADDRESS.findall(text)
    found = (read_full_address(word) or read_full_address(word.partition(":")[0]) for word in words)
    return [Server(address) for address in found if address]
