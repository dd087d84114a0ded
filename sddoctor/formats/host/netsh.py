"""``netsh interface ipv4 show dnsservers`` and its like for IPv6, in any language: only addresses and names are not translated.

A heading without indent has the name of the interface in quotation marks. Behind the labels stand the servers, or a word for
none; further servers follow in lines of their own.
https://learn.microsoft.com/en-us/windows-server/administration/windows-commands/netsh-interface
"""

from __future__ import annotations

import re

from sddoctor.case.host import InterfaceServers
from sddoctor.case.seen import Fact, Seen, Unreachable
from sddoctor.formats.host.addresses import read_full_address
from sddoctor.formats.host.console import own_output

COMMANDS = ("netsh interface ipv4 show dnsservers", "netsh interface ipv6 show dnsservers")

_HEADING = re.compile(r"\S.*?[\"\u201c\u201e\u00ab\u300c]\s?(?P<name>.+?)\s?[\"\u201d\u201c\u00bb\u300d][^\"]*")
_FIELD = re.compile(r"\s+(?P<label>\S.*?)\s?[:\uff1a]\s+(?P<value>\S.*?)\s*")


def parse(command: str, text: str) -> Fact[tuple[InterfaceServers, ...]]:
    """Read the servers of the interfaces that have any. Without any interface it says nothing."""
    text, around = own_output(command, text)
    found: dict[str, list[str]] = {}
    unread = list(around)
    name, servers = "", None
    without: set[str] = set()
    for line in filter(str.strip, text.splitlines()):
        heading, field = _HEADING.fullmatch(line), _FIELD.fullmatch(line)
        address = read_full_address(field["value"] if field else line)
        of_dns = field is not None and "DNS" in field["label"]
        if heading is not None:
            name, servers = heading["name"], None
            without.add(name)
        elif name and of_dns and (address is not None or not re.search(r"[0-9]", field["value"])):  # type: ignore[index]
            without.discard(name)
            servers = found.setdefault(name, [])
            servers += [address] if address else []
        elif servers is not None and field is None and address is not None:
            servers.append(address)
        elif field is None or of_dns or address is not None:
            unread.append(line.strip())
            name, servers = name if line[:1].isspace() else "", None
        else:
            servers = None
    unread += [f"the servers of {name}" for name in sorted(without)]
    if not found:
        return Unreachable(command, "no interface is recognised in its output", f"the unchanged output of {command}")
    kept = {name: tuple(a for a in s if not a.startswith("fec0:")) for name, s in found.items()}
    return Seen(tuple(InterfaceServers(n, s) for n, s in kept.items() if s), command, None, tuple(unread))


def of_both_versions(
    ipv4: Fact[tuple[InterfaceServers, ...]], ipv6: Fact[tuple[InterfaceServers, ...]]
) -> Fact[tuple[InterfaceServers, ...]]:
    """Return the servers of both outputs; where one was not read, its servers are what is unread of the other."""
    merged: dict[str, tuple[str, ...]] = {}
    unread: list[str] = []
    for command, fact in zip(COMMANDS, (ipv4, ipv6), strict=True):
        if not isinstance(fact, Seen):
            unread.append(f"the servers in {command}, which was not read")
            continue
        unread += fact.unread
        for one in fact.value:
            merged[one.interface] = (*merged.get(one.interface, ()), *one.servers)
    if not merged and not isinstance(ipv4, Seen):
        return ipv4
    return Seen(tuple(InterfaceServers(n, s) for n, s in merged.items()), COMMANDS[0], None, tuple(unread))
