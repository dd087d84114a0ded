"""The readers of command output, the outputs of them that are kept below ``tests/data``, and the facts that they yield."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, is_dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any

from msgspec import Struct

from sddoctor.case.host import InterfaceAddress, InterfaceServers, NrptRule, ResolvedLink, ScutilResolver
from sddoctor.case.seen import Fact, Seen
from sddoctor.formats.host import (
    interfaces_linux,
    ip_json,
    ipconfig,
    lookup_output,
    netsh,
    nrpt,
    resolve_dnsname,
    resolvectl,
    resolvectl_query,
    routes_linux,
    routes_macos,
    scutil,
    windows,
)
from sddoctor.formats.host.addresses import read_full_address
from sddoctor.formats.host.unread import not_understood
from tests import yaml_files

DATA = Path(__file__).parents[1] / "data"

#: Fields whose texts are names: of a domain, an interface, a server.
_NAMED = frozenset(("domain", "domains", "search", "interface", "canonical", "namespaces", "negative_trust_anchors"))
#: What belongs together, and has to stand in one block of the text.
_BLOCKS = (InterfaceAddress, InterfaceServers, NrptRule, ResolvedLink, ScutilResolver)


@dataclass(frozen=True)
class Reader:
    """A reader of one command's output. ``header`` is where a block begins; ``empty_says``: no output has a meaning.

    ``is_open``: there are more fields than anybody reads, so that one more is no news. ``is_document``: twice the text is none.
    """

    read: Callable[[str], Fact[Any]]
    header: str = r"^\S"
    empty_says: bool = False
    is_open: bool = False
    is_document: bool = False


def _find_netroute(text: str) -> Fact[Any]:
    found = windows.parse_find_netroute(text)
    return Seen(found, "Find-NetRoute") if found else not_understood("Find-NetRoute")


def _resolvectl_query(text: str) -> Fact[Any]:
    found = resolvectl_query.parse_query(text)
    known = found.state != "unknown"
    return (
        Seen(found.result(), "resolvectl query", unread=found.unread) if known else not_understood("resolvectl query")
    )


#: By the beginning of the command line, the first that fits.
READERS: dict[str, Reader] = {
    "scutil --dns": Reader(scutil.parse, r"^\s*(?:resolver #|[A-Z][^:]*$)"),
    "resolvectl status": Reader(resolvectl.parse_status, r"^[A-Z][^:]*$"),
    "systemd-resolve --status": Reader(resolvectl.parse_status, r"^[A-Z][^:]*$"),
    "ifconfig": Reader(routes_macos.parse_addresses),
    "netstat -rn": Reader(routes_macos.parse_table, "^"),
    "route -n get": Reader(routes_macos.parse_get),
    "dscacheutil -q host": Reader(lookup_output.parse_dscacheutil, empty_says=True),
    "resolvectl query": Reader(_resolvectl_query, r"^\S", empty_says=True, is_open=True),
    "getent ahosts": Reader(lookup_output.parse_getent, "^", empty_says=True),
    "ip -j address": Reader(ip_json.parse_addresses, is_document=True),
    "ip -brief address": Reader(interfaces_linux.parse_addresses, "^"),
    "ip -6 route": Reader(partial(routes_linux.parse_table, version=6), "^", empty_says=True),
    "ip -j route": Reader(partial(ip_json.parse_table, version=4), empty_says=True, is_document=True),
    "ip route get": Reader(routes_linux.parse_get),
    "ip route": Reader(routes_linux.parse_table, "^", empty_says=True),
    "Get-DnsClientNrptRule": Reader(nrpt.parse, r"^\s*$", empty_says=True, is_open=True),
    "Get-DnsClientNrptPolicy": Reader(nrpt.parse, r"^\s*$", empty_says=True, is_open=True),
    # Adapters may all be without a server.
    "Get-DnsClientServerAddress": Reader(windows.parse_server_addresses, r"^\s*$", empty_says=True, is_open=True),
    "Get-DnsClient": Reader(windows.parse_suffixes, r"^\s*$", is_open=True),
    "Get-NetIPInterface": Reader(windows.parse_interface_metrics, r"^\s*$", is_open=True),
    "Get-NetIPAddress": Reader(windows.parse_addresses, r"^\s*$", is_open=True),
    "Find-NetRoute": Reader(_find_netroute, is_open=True),
    "Resolve-DnsName": Reader(resolve_dnsname.parse, empty_says=True, is_open=True),
    "ipconfig /all": Reader(ipconfig.parse, is_open=True),
    "netsh interface ipv4 show dnsservers": Reader(partial(netsh.parse, netsh.COMMANDS[0]), is_open=True),
    "netsh interface ipv6 show dnsservers": Reader(partial(netsh.parse, netsh.COMMANDS[1]), is_open=True),
}


def reader_of(command: str) -> Reader | None:
    """Return the reader of a command's output."""
    return next((reader for start, reader in READERS.items() if command.startswith(start)), None)


@cache
def outputs() -> dict[str, tuple[str, str]]:
    """Return every output that is kept: its command and its text, by where it is."""
    found = dict(_captures()) | dict(_of_roots()) | dict(_of_worlds())
    different = {(command.split(" -a ")[0].split(" 1")[0], text): where for where, (command, text) in found.items()}
    return {where: found[where] for where in sorted(different.values()) if found[where][1].strip()}


def _captures() -> Iterator[tuple[str, tuple[str, str]]]:
    for one in yaml_files.read(DATA / "captures" / "index.yaml")["captures"]:
        if reader_of(one.get("command") or "") is not None:
            text = (DATA / "captures" / one["file"]).read_bytes().decode()
            yield one["file"], (one["command"], text)


def _of_roots() -> Iterator[tuple[str, tuple[str, str]]]:
    commands = {start.replace(" ", "_").replace("/", "_"): start for start in READERS}
    for path in sorted([*DATA.glob("cases/near/*/commands/*"), *DATA.glob("host-roots/*/commands/*")]):
        start = next((s for s in commands if path.name.startswith(s)), None)
        if start is not None:
            yield f"{path.parts[-3]}/{path.name}", (commands[start], path.read_bytes().decode())


#: Outputs in which what is read is written otherwise, or that a change makes another recording of.
_OTHERWISE = (
    "doubled-line-ends", "idn-rule-sound", "resolve-with-server", "chinese-redacted/Get-DnsClientServerAddress",
    "metrics-vpn-lower-ipv6-router/Get-DnsClientServerAddress",
)  # fmt: skip


def _of_worlds() -> Iterator[tuple[str, tuple[str, str]]]:
    for path in sorted([*DATA.glob("cases/hosts/*.yaml"), *DATA.glob("cases/windows/*.yaml")]):
        given = yaml_files.read(path)
        for command, text in ((given.get("host") or given).get("commands") or {}).items():
            if reader_of(command) is not None and not f"{path.stem}/{command}".startswith(_OTHERWISE):
                yield f"{path.stem}/{command}", (command, text)


def facts(value: Any, field: str = "") -> frozenset[str]:
    """Return the addresses and names in a value."""
    if isinstance(value, str):
        address = read_full_address(value) is not None
        return frozenset([value]) if value and (address or field in _NAMED) else frozenset()
    if isinstance(value, tuple | list):
        return frozenset().union(*(facts(item, field) for item in value))
    if isinstance(value, Struct):
        return frozenset().union(*(facts(getattr(value, f), f) for f in value.__struct_fields__ if f != "unread"))
    if is_dataclass(value):
        return frozenset().union(*(facts(getattr(value, f.name), f.name) for f in fields(value)))
    return frozenset()


def blocks(value: Any) -> Iterator[frozenset[str]]:
    """Yield the facts that belong together."""
    if isinstance(value, _BLOCKS):
        yield facts(value)
    elif isinstance(value, tuple):
        for item in value:
            yield from blocks(item)
    elif isinstance(value, Struct):
        for field in value.__struct_fields__:
            yield from blocks(getattr(value, field))


def shown_by(block: frozenset[str], line: str) -> bool:
    """Tell whether a block has one address, and the line has it: without the line there is no such block."""
    addresses = [fact for fact in block if read_full_address(fact)]
    return len(addresses) == 1 and is_in(addresses[0], line)


def parts(text: str, header: str) -> list[str]:
    """Cut a text where a block begins."""
    found: list[str] = []
    for line in text.splitlines():
        if not found or re.match(header, line):
            found.append("")
        found[-1] += line + "\n"
    return found


def is_in(fact: str, text: str) -> bool:
    """Tell whether a text holds a fact, in whatever case and with or without marks of a domain."""
    return fact.lower().strip(".~") in text.lower()
