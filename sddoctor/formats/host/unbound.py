"""How an unbound on this host resolves a name (https://unbound.docs.nlnetlabs.nl/en/latest/manpages/unbound.conf.html)."""

from __future__ import annotations

import re
from collections.abc import Iterable

from sddoctor.case.dns import Server
from sddoctor.case.host import ForwarderConfig, ForwarderRule
from sddoctor.case.name import fold_name
from sddoctor.formats.host.addresses import server_at
from sddoctor.formats.host.names import covers

_CLAUSE = re.compile(r"(server|forward-zone|stub-zone|remote-control|view|python|dnstap|auth-zone|cachedb):\s*")
_OPTION = re.compile(r"([a-z0-9-]+):\s*(?:\"([^\"]*)\"|'([^']*)'|(\S+))?\s*(\S*)")
#: Types of local-zone that unbound answers itself.
_ANSWERED_LOCALLY = ("static", "refuse", "deny", "redirect", "always_nxdomain", "always_refuse", "always_deny")
_MOST_ENTRIES = 500


def parse(files: Iterable[tuple[str, str]], name: str, path: str) -> ForwarderConfig:
    """Read configuration files (path and text)."""
    options: dict[str, list[str]] = {}
    entries: list[ForwarderRule] = []
    for file, text in files:
        zone: dict[str, list[str]] = {}
        where = file
        clause = ""
        for number, raw in enumerate(text.splitlines(), 1):
            line = re.split(r"(?:^|\s)#", raw, maxsplit=1)[0].strip()
            head = _CLAUSE.match(line)
            if head:
                entries += _zone(clause, zone, where)
                clause, zone, where = head.group(1), {}, f"{file}:{number}"
                line = line[head.end() :]
            found = _OPTION.match(line)
            if found:
                value = next((v for v in found.group(2, 3, 4) if v is not None), "")
                target = zone if clause in ("forward-zone", "stub-zone") else options
                target.setdefault(found.group(1), []).append(value)
                if found.group(1) == "local-zone" and found.group(5).strip("\"'") in _ANSWERED_LOCALLY:
                    entries.append(ForwarderRule(f"{file}:{number}", fold_name(value)))
        entries += _zone(clause, zone, where)
    modules = options.get("module-config", ["validator iterator"])[-1]
    anchors = ("auto-trust-anchor-file", "trust-anchor-file", "trust-anchor", "trusted-keys-file")
    return ForwarderConfig(
        "unbound",
        path,
        rebind_filter="private-address" in options,
        rebind_exempt=any(covers(domain, name) for domain in options.get("private-domain", [])),
        entries=tuple(entries[:_MOST_ENTRIES]),
        validates="validator" in modules
        and any(key in options for key in anchors)
        and options.get("val-permissive-mode", ["no"])[-1] != "yes",
        insecure=any(covers(domain, name) for domain in options.get("domain-insecure", [])),
    )


def _zone(clause: str, zone: dict[str, list[str]], where: str) -> list[ForwarderRule]:
    if clause not in ("forward-zone", "stub-zone") or not zone.get("name"):
        return []
    addresses = zone.get("forward-addr" if clause == "forward-zone" else "stub-addr", [])
    servers = tuple(server for server in map(_address, addresses) if server)
    return [ForwarderRule(where, fold_name(zone["name"][-1]), servers)] if servers else []


def _address(text: str) -> Server | None:
    """Read ``10.10.0.2@5353#name.of.certificate``."""
    word, _, port = text.partition("#")[0].partition("@")
    return server_at(word, port)
