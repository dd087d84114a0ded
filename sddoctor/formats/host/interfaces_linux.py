"""The addresses of a Linux host: ``ip -brief address``, and files of /proc where there is no such command.

https://man7.org/linux/man-pages/man8/ip-address.8.html , https://www.kernel.org/doc/html/latest/networking/fib_trie.html
"""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv4Network, IPv6Network, ip_interface

from sddoctor.case.host import InterfaceAddress
from sddoctor.case.seen import Fact, Seen
from sddoctor.formats.host.addresses import read_full_address
from sddoctor.formats.host.routes import Network, TableEntry
from sddoctor.formats.host.unread import not_understood

SOURCE = "ip -brief address"
FIB_TRIE = "/proc/net/fib_trie"
IF_INET6 = "/proc/net/if_inet6"
#: States of an interface (RFC 2863), as ip prints them.
_STATES = frozenset({"UNKNOWN", "NOTPRESENT", "DOWN", "LOWERLAYERDOWN", "TESTING", "DORMANT", "UP"})
_TRIE_LINE = re.compile(r"\s*(?:(?:Main|Local|Id \d+):|\+-- \S+ \d+ \d+ \d+|\|-- \S+|/\d+ \w+ \w+(?: tos=\w+)?)\s*")


def parse_addresses(text: str) -> Fact[tuple[InterfaceAddress, ...]]:
    """Read ``ip -brief address``; for a point-to-point link (``A peer B/32``), the local address."""
    found: list[InterfaceAddress] = []
    unread: list[str] = []
    lines = [line for line in text.splitlines() if line.strip()]
    for line in lines:
        name, *rest = line.split()
        if not rest or rest[0] not in _STATES:
            unread.append(line)
            continue
        addresses, understood = _addresses(name.partition("@")[0], rest[1:])
        found += addresses
        unread += [] if understood else [line]
    if not found and len(unread) == len(lines):
        return not_understood(SOURCE)
    return Seen(tuple(found), SOURCE, unread=tuple(unread))


def _addresses(interface: str, words: list[str]) -> tuple[list[InterfaceAddress], bool]:
    """Return the addresses of a line, and whether each of its words was understood."""
    found: list[InterfaceAddress] = []
    understood = True
    rest = words[::-1]
    while rest:
        word = rest.pop()
        if word == "metric" and rest and rest[-1].isdigit():
            rest.pop()
            continue
        prefix = word
        if rest[-1:] == ["peer"] and len(rest) > 1:
            rest.pop()
            prefix = rest.pop()
        address, length = read_full_address(word.partition("/")[0]), prefix.partition("/")[2]
        if address is None or (length and not _is_prefix(length)):
            understood = False
            continue
        found.append(InterfaceAddress(interface, address, int(length) if length else 128 if ":" in address else 32))
    return found, understood


def _is_prefix(text: str) -> bool:
    return text.isascii() and text.isdigit() and int(text[:4]) <= 128


def parse_fib_trie(text: str, table: tuple[TableEntry, ...]) -> Fact[tuple[InterfaceAddress, ...]]:
    """Read own IPv4 addresses from /proc/net/fib_trie; the interface is that of the local network around them."""
    found: dict[str, InterfaceAddress] = {}
    unread: list[str] = []
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
        elif line.strip() and not _TRIE_LINE.fullmatch(line):
            unread.append(line)
    return Seen(tuple(found.values()), FIB_TRIE, unread=tuple(unread)) if found else not_understood(FIB_TRIE)


def _as_ipv4(network: Network) -> IPv4Network:
    return IPv4Network("255.255.255.255/32") if isinstance(network, IPv6Network) else network


def parse_if_inet6(text: str) -> Fact[tuple[InterfaceAddress, ...]]:
    """Read /proc/net/if_inet6: address, index, prefix length, scope, flags, interface."""
    found: list[InterfaceAddress] = []
    unread: list[str] = []
    for line in text.splitlines():
        words = line.split()
        if len(words) == 6 and re.fullmatch(r"[0-9A-Fa-f]{32}", words[0]) and re.fullmatch(r"[0-9A-Fa-f]{2}", words[2]):
            groups = ":".join(words[0][i : i + 4] for i in range(0, 32, 4))
            length = min(int(words[2], 16), 128)
            found.append(InterfaceAddress(words[5], str(ip_interface(groups).ip), length))
        elif words:
            unread.append(line)
    if unread and not found:
        return not_understood(IF_INET6)
    return Seen(tuple(found), IF_INET6, unread=tuple(unread))
