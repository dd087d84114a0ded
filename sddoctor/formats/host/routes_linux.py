"""Routing commands of Linux: ``ip route get``, ``ip route``, ``ip -brief address``, and /proc without ip.

https://man7.org/linux/man-pages/man8/ip-route.8.html
"""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv4Network, IPv6Network, ip_interface
from itertools import pairwise

from sddoctor.case.host import InterfaceAddress
from sddoctor.formats.host.addresses import read_full_address
from sddoctor.formats.host.routes import Network, TableEntry, read_network

_TYPES = ("unicast", "local", "broadcast", "multicast", "anycast", "throw", "nat")
_REFUSING = ("unreachable", "blackhole", "prohibit")
_UNREACHABLE = ("network is unreachable", "no route to host", "host is unreachable", "invalid argument")


def parse_get(text: str) -> TableEntry | None:
    """Read ``ip route get ADDRESS`` (``network`` is the address alone); ``None`` when not understood."""
    for line in text.splitlines():
        words = line.split()
        kind = words[0] if words and words[0] in _TYPES + _REFUSING else ""
        rest = words[1:] if kind else words
        network = read_network(rest[0]) if rest and read_full_address(rest[0].partition("%")[0]) else None
        if network is not None:
            return _entry(network, rest[1:], refuses=kind in _REFUSING)
    if any(mark in text.lower() for mark in _UNREACHABLE) or re.search(r"permission denied", text, re.IGNORECASE):
        return TableEntry(IPv4Network("0.0.0.0/0"), refuses=True)
    return None


def parse_table(text: str) -> tuple[TableEntry, ...]:
    """Read ``ip route`` or ``ip -6 route``, with the first of several next hops."""
    found: list[TableEntry] = []
    version = 6 if re.search(r"^\S*:", text, re.MULTILINE) else 4
    for line in text.splitlines():
        words = line.split()
        if not words:
            continue
        if words[0] == "nexthop" and found and found[-1].interface is None and not found[-1].refuses:
            found[-1] = _entry(found[-1].network, words[1:], refuses=False)
            continue
        kind = words[0] if words[0] in _TYPES + _REFUSING else ""
        rest = words[1:] if kind else words
        network = read_network(rest[0], version=version) if rest else None
        if network is not None and kind not in ("broadcast", "multicast", "throw"):
            found.append(_entry(network, rest[1:], refuses=kind in _REFUSING))
    return tuple(found)


def _entry(network: Network, words: list[str], *, refuses: bool) -> TableEntry:
    values: dict[str, str] = {}
    for key, value in pairwise(words):
        values.setdefault(key, value)
    gateway = values.get("via")
    if gateway in ("inet", "inet6"):
        gateway = words[words.index("via") + 2] if len(words) > words.index("via") + 2 else None
    metric = values.get("metric", "0")
    return TableEntry(
        network,
        values.get("dev"),
        gateway,
        values.get("src"),
        refuses,
        int(metric[:9]) if metric.isascii() and metric.isdigit() else 0,
    )


def parse_addresses(text: str) -> tuple[InterfaceAddress, ...]:
    """Read ``ip -brief address``; for a point-to-point link (``A peer B/32``), the local address."""
    found: list[InterfaceAddress] = []
    for line in text.splitlines():
        name, *words = line.split() or [""]
        interface = name.partition("@")[0]
        for place, word in enumerate(words):
            if place and words[place - 1] == "peer":
                continue
            prefix = words[place + 2] if words[place + 1 : place + 2] == ["peer"] and len(words) > place + 2 else word
            address = read_full_address(word.partition("/")[0])
            length = prefix.partition("/")[2]
            if address:
                full = 128 if ":" in address else 32
                found.append(InterfaceAddress(interface, address, int(length) if _is_prefix(length) else full))
    return tuple(found)


def _is_prefix(text: str) -> bool:
    return text.isascii() and text.isdigit() and int(text[:4]) <= 128


def parse_proc_route(text: str) -> tuple[TableEntry, ...]:
    """Read /proc/net/route: hexadecimal addresses in the machine's byte order (taken as little-endian).

    https://www.kernel.org/doc/html/latest/filesystems/proc.html
    """
    found: list[TableEntry] = []
    for line in text.splitlines()[1:]:
        words = line.split()
        if len(words) < 8 or not all(re.fullmatch(r"[0-9A-Fa-f]{8}", words[i]) for i in (1, 2, 7)):
            continue
        destination, gateway, mask = (_little_endian(words[i]) for i in (1, 2, 7))
        try:
            network = IPv4Network(f"{destination}/{mask}", strict=False)
        except ValueError:
            continue
        flags = int(words[3], 16) if re.fullmatch(r"[0-9A-Fa-f]{1,8}", words[3]) else 0
        # RTF_GATEWAY and RTF_REJECT of linux/route.h.
        via = str(gateway) if flags & 0x2 else None
        metric = int(words[6][:9]) if words[6].isascii() and words[6].isdigit() else 0
        found.append(TableEntry(network, words[0], via, refuses=bool(flags & 0x200), metric=metric))
    return tuple(found)


def _little_endian(text: str) -> IPv4Address:
    return IPv4Address(int.from_bytes(bytes.fromhex(text), "little"))


def parse_fib_trie(text: str, table: tuple[TableEntry, ...]) -> tuple[InterfaceAddress, ...]:
    """Read own IPv4 addresses from /proc/net/fib_trie; the interface is that of the local network around them."""
    found: dict[str, InterfaceAddress] = {}
    last = None
    for line in text.splitlines():
        leaf = re.search(r"\|--\s+([0-9.]+)", line)
        if leaf:
            last = read_full_address(leaf.group(1))
        elif last and "/32 host LOCAL" in line:
            around = [r for r in table if not r.gateway and IPv4Address(last) in _as_ipv4(r.network)]
            around.sort(key=lambda r: -r.network.prefixlen)
            loopback = last.startswith("127.")
            name = "lo" if loopback else around[0].interface if around else None
            length = 8 if loopback else around[0].network.prefixlen if around else 32
            found[last] = InterfaceAddress(name or "?", last, length)
    return tuple(found.values())


def _as_ipv4(network: Network) -> IPv4Network:
    return IPv4Network("255.255.255.255/32") if isinstance(network, IPv6Network) else network


def parse_if_inet6(text: str) -> tuple[InterfaceAddress, ...]:
    """Read /proc/net/if_inet6: address, index, prefix length, scope, flags, interface."""
    found: list[InterfaceAddress] = []
    for line in text.splitlines():
        words = line.split()
        if len(words) >= 6 and re.fullmatch(r"[0-9A-Fa-f]{32}", words[0]) and re.fullmatch(r"[0-9A-Fa-f]{2}", words[2]):
            groups = ":".join(words[0][i : i + 4] for i in range(0, 32, 4))
            length = min(int(words[2], 16), 128)
            found.append(InterfaceAddress(words[5], str(ip_interface(groups).ip), length))
    return tuple(found)
