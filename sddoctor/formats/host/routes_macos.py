"""Routing commands of macOS: ``route -n get``, ``netstat -rn -f inet``, ``ifconfig``.

https://keith.github.io/xcode-man-pages/route.8.html , https://keith.github.io/xcode-man-pages/netstat.1.html
"""

from __future__ import annotations

import re
from ipaddress import IPv4Network, ip_network
from itertools import pairwise

from sddoctor.case.host import InterfaceAddress
from sddoctor.formats.host.addresses import read_full_address, read_ipv4
from sddoctor.formats.host.routes import Network, TableEntry, read_network


def parse_get(text: str) -> TableEntry | None:
    """Read ``route -n get ADDRESS``; ``None`` when not understood."""
    fields: dict[str, str] = {}
    for line in text.splitlines():
        key, mark, value = line.partition(":")
        if mark:
            fields.setdefault(key.strip().lower(), value.strip())
    if "not in table" in text or "bad address" in text:
        return TableEntry(IPv4Network("0.0.0.0/0"), refuses=True)
    flags = set(fields.get("flags", "").strip("<>").split(","))
    network = _network(fields)
    if network is None or "interface" not in fields:
        return None
    gateway = fields.get("gateway", "") if "GATEWAY" in flags else ""
    return TableEntry(
        network, fields["interface"], read_full_address(gateway), refuses=bool({"REJECT", "BLACKHOLE"} & flags)
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
        return read_network(address)


def _ipv6_length(mask: str) -> int:
    full = read_full_address(mask)
    return bin(int(ip_network(full).network_address)).count("1") if full and "%" not in full else 128


def parse_table(text: str) -> tuple[TableEntry, ...]:
    """Read ``netstat -rn`` (IPv4 and IPv6 parts). Interface-scoped routes (flag ``I``) are left out."""
    found: list[TableEntry] = []
    version, column = 4, 3
    for line in text.splitlines():
        words = line.split()
        if line.startswith(("Internet6", "Internet:")):
            version = 6 if line.startswith("Internet6") else 4
        elif words and words[0] == "Destination":
            # Up to 10.14 two more columns (Refs, Use) stand before the interface.
            column = words.index("Netif") if "Netif" in words else 3
        elif len(words) > column:
            network = read_network(words[0], version=version)
            flags = words[2]
            if network is not None and "I" not in flags:
                gateway = read_full_address(words[1].partition("%")[0]) if "G" in flags else None
                found.append(TableEntry(network, words[column], gateway, refuses="R" in flags or "B" in flags))
    return tuple(found)


def parse_addresses(text: str) -> tuple[InterfaceAddress, ...]:
    """Read ``ifconfig``."""
    found: list[InterfaceAddress] = []
    interface = ""
    for line in text.splitlines():
        head = re.match(r"([^\s:]+):\s", line)
        if head:
            interface = head.group(1)
            continue
        words = line.split()
        if len(words) < 2 or words[0] not in ("inet", "inet6") or not interface:
            continue
        address = read_full_address(words[1].partition("%")[0])
        if address:
            found.append(InterfaceAddress(interface, address, _prefix(words)))
    return tuple(found)


def _prefix(words: list[str]) -> int:
    values = dict(pairwise(words))
    if words[0] == "inet6":
        length = values.get("prefixlen", "")
        return min(int(length), 128) if length.isascii() and length.isdigit() and len(length) < 4 else 128
    mask = read_ipv4(values.get("netmask", ""))
    return bin(int(IPv4Network(mask).network_address)).count("1") if mask else 32
