"""Routing commands of macOS: ``route -n get``, ``netstat -rn -f inet``, ``ifconfig``.

https://keith.github.io/xcode-man-pages/route.8.html , https://keith.github.io/xcode-man-pages/netstat.1.html
"""

from __future__ import annotations

import re
from ipaddress import IPv4Network, ip_network
from itertools import pairwise

from sddoctor.case.host import InterfaceAddress
from sddoctor.case.seen import Fact, Seen
from sddoctor.formats.host.addresses import read_full_address, read_ipv4
from sddoctor.formats.host.routes import Network, TableEntry, read_network
from sddoctor.formats.host.unread import ends_within_a_line, has_address, is_cut, not_understood

_GET_FIELDS = frozenset(
    ("route to", "destination", "mask", "gateway", "local addr", "interface", "flags", "if address", "if scope")
)
#: Lines without a colon: the metrics, and their numbers.
_METRICS = re.compile(r"\s*(?:recvpipe\s.*|[-\d\s,]+)")
_REFUSED = re.compile(r"^route: (?:writing to routing socket: not in table|bad address)", re.MULTILINE)
#: Lines of ``ifconfig`` that are about something else than an own address, by their first word.
_NOT_OWN = re.compile(r"\s*(?:agent|ether|id|media|member|nd6|options|root|status|tunnel|type|scheduler|netif)\b")
_HEADER = re.compile(r"([^\s:]+): flags=[0-9a-f]+<")


def parse_get(text: str) -> Fact[TableEntry]:
    """Read ``route -n get ADDRESS``."""
    fields: dict[str, str] = {}
    unread: list[str] = []
    for line in text.splitlines():
        key, mark, value = line.partition(":")
        if mark and key.strip() in _GET_FIELDS and not is_cut(value):
            if fields.setdefault(key.strip(), value.strip()) != value.strip():
                unread.append(line)
        elif line.strip() and not _METRICS.fullmatch(line) and not line.startswith("route: "):
            unread.append(line)
    if _REFUSED.search(text):
        return Seen(TableEntry(IPv4Network("0.0.0.0/0"), refuses=True), "route -n get", unread=tuple(unread))
    flags = set(fields.get("flags", "").strip("<>").split(","))
    gateway = read_full_address(fields.get("gateway", "")) if "GATEWAY" in flags else None
    network = _network(fields)
    if network is None or "interface" not in fields or "flags" not in fields or ("GATEWAY" in flags and not gateway):
        return not_understood("route -n get")
    refuses = bool({"REJECT", "BLACKHOLE"} & flags)
    return Seen(
        TableEntry(network, fields["interface"], gateway, refuses=refuses), "route -n get", unread=tuple(unread)
    )


def _network(fields: dict[str, str]) -> Network | None:
    destination, mask = fields.get("destination", ""), fields.get("mask", "")
    version = 6 if ":" in fields.get("route to", "") else 4
    if destination == "default":
        return read_network("default", version=version)
    address = read_full_address(destination.partition("%")[0])
    if address is None:
        return None
    if mask in ("", "default"):
        return read_network(address)
    if ":" in address:
        return read_network(f"{address}/{_ipv6_length(mask)}")
    try:
        return ip_network(f"{address}/{read_ipv4(mask)}", strict=False)
    except ValueError:
        return None


def _ipv6_length(mask: str) -> int:
    full = read_full_address(mask)
    return bin(int(ip_network(full).network_address)).count("1") if full and "%" not in full else 128


def parse_table(text: str, version: int = 4) -> Fact[tuple[TableEntry, ...]]:
    """Read ``netstat -rn`` (IPv4 and IPv6 parts). Interface-scoped routes (flag ``I``) are left out."""
    found: list[TableEntry] = []
    unread: list[str] = []
    column: int | None = None
    for line in text.splitlines():
        words = line.split()
        if not words or line.strip() == "Routing tables":
            continue
        if words[0] in ("Internet:", "Internet6:"):
            version, column = 6 if words[0] == "Internet6:" else 4, None
        elif words[0] == "Destination":
            # Up to 10.14 two more columns (Refs, Use) stand before the interface.
            column = (
                words.index("Netif") if words[:3] == ["Destination", "Gateway", "Flags"] and "Netif" in words else None
            )
            unread += [] if column else [line]
        elif (entry := _row(words, column, version)) is None:
            unread.append(line)
        elif "I" not in words[2]:
            found.append(entry)
    if ends_within_a_line(text):
        unread.append("the end of its last line")
    source = f"netstat -rn -f inet{'6' if version == 6 else ''}"
    return Seen(tuple(found), source, unread=tuple(unread)) if found or column else not_understood(source)


def _row(words: list[str], column: int | None, version: int) -> TableEntry | None:
    if column is None or len(words) <= column or is_cut(" ".join(words)):
        return None
    network, flags = read_network(words[0], version=version), words[2]
    gateway = read_full_address(words[1].partition("%")[0]) if "G" in flags else None
    if network is None or not flags.isalnum() or ("G" in flags and gateway is None):
        return None
    return TableEntry(network, words[column], gateway, refuses="R" in flags or "B" in flags)


def parse_addresses(text: str) -> Fact[tuple[InterfaceAddress, ...]]:
    """Read ``ifconfig``. A line that is not known is unread where it has an address."""
    found: list[InterfaceAddress] = []
    unread: list[str] = []
    interface = ""
    for line in text.splitlines():
        words = line.split()
        header = _HEADER.match(line.strip())
        if header:
            interface = header.group(1)
        elif words and words[0] in ("inet", "inet6"):
            address = read_full_address(words[1].partition("%")[0]) if len(words) > 1 else None
            prefix = _prefix(words)
            if address and prefix is not None and interface:
                found.append(InterfaceAddress(interface, address, prefix))
            else:
                unread.append(line)
        elif not words or _NOT_OWN.match(line):
            continue
        elif line[0] not in " \t":
            interface = ""  # another header than is known: what follows belongs to it
            unread.append(line)
        elif has_address(line):
            unread.append(line)
    return Seen(tuple(found), "ifconfig", unread=tuple(unread)) if found else not_understood("ifconfig")


def _prefix(words: list[str]) -> int | None:
    values = dict(pairwise(words))
    if words[0] == "inet6":
        length = values.get("prefixlen", "")
        return int(length) if length.isascii() and length.isdigit() and int(length[:4]) <= 128 else None
    mask = read_ipv4(values.get("netmask", ""))
    return bin(int(IPv4Network(mask).network_address)).count("1") if mask else None
