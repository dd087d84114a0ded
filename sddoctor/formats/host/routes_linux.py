"""Routing commands of Linux: ``ip route get`` and ``ip route`` as text, and /proc/net/route where there is no ip.

https://man7.org/linux/man-pages/man8/ip-route.8.html
"""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv4Network

from sddoctor.case.seen import Fact, Seen
from sddoctor.formats.host.addresses import read_full_address
from sddoctor.formats.host.routes import Network, TableEntry, read_network
from sddoctor.formats.host.unread import is_cut, not_understood

PROC_ROUTE = "/proc/net/route"
#: Types of routes (``ip route help``): those that packets follow, those that refuse them, and others.
FOLLOWED = ("unicast", "local", "anycast", "nat")
REFUSING = ("unreachable", "blackhole", "prohibit")
OTHERS = ("broadcast", "multicast", "throw")
#: What the kernel says of an address that it does not send to; the last two for blackhole and prohibit.
UNREACHABLE = re.compile(
    r"^(?:ip: )?RTNETLINK answers: (?:Network is unreachable|No route to host|Host is unreachable|Invalid argument"
    r"|Permission denied)\s*$",
    re.MULTILINE | re.IGNORECASE,
)
_WITH_VALUE = """advmss age congctl dev error expires features from hoplimit iif initcwnd initrwnd mark metric mtu nhid oif
    pref proto protocol quickack realm realms reordering rto_min rtt rttvar scope src ssthresh table tos uid users via
    weight window"""
_ALONE = "dead linkdown lock notify offload offload_failed onlink pervasive rt_offload rt_trap trap unresolved"
_KEYS, _FLAGS = frozenset(_WITH_VALUE.split()), frozenset(_ALONE.split())


def refused() -> TableEntry:
    """Return the entry of an address to which nothing is sent."""
    return TableEntry(IPv4Network("0.0.0.0/0"), refuses=True)


def parse_get(text: str) -> Fact[TableEntry]:
    """Read ``ip route get ADDRESS``; ``network`` is the address alone."""
    found: TableEntry | None = None
    unread: list[str] = []
    for line in text.splitlines():
        words = line.split()
        entry = _line(words, 4)
        if entry is not None and entry.network.prefixlen == entry.network.max_prefixlen and found in (None, entry):
            found = entry
        elif words and not (words[0] == "cache" and found) and not UNREACHABLE.match(line):
            unread.append(line)
    if found is None and UNREACHABLE.search(text):
        found = refused()
    return Seen(found, "ip route get", unread=tuple(unread)) if found else not_understood("ip route get")


def parse_table(text: str, version: int = 4) -> Fact[tuple[TableEntry, ...]]:
    """Read ``ip route`` (``version`` 4) or ``ip -6 route``, with the first of several next hops."""
    source = "ip route" if version == 4 else "ip -6 route"
    found: list[TableEntry] = []
    unread: list[str] = []
    others, several = 0, False
    for line in text.splitlines():
        words = line.split()
        if not words:
            continue
        if words[0] == "nexthop":
            hop = _entry(found[-1].network, words[1:]) if several else None
            unread += [] if hop else [line]
            if hop and found[-1].interface is None:
                found[-1] = hop
            continue
        several = False
        if words[0] in OTHERS:
            others += 1
        elif (entry := _line(words, version)) is not None:
            found.append(entry)
            several = entry.interface is None and not entry.refuses
        else:
            unread.append(line)
    if text.strip() and not found and not others:
        return not_understood(source)
    return Seen(tuple(found), source, unread=tuple(unread))


def _line(words: list[str], version: int) -> TableEntry | None:
    kind = words[0] if words and words[0] in FOLLOWED + REFUSING else ""
    rest = words[1:] if kind else words
    network = read_network(rest[0], version=version) if rest else None
    if network is None:
        return None
    entry = _entry(network, rest[1:], refuses=kind in REFUSING)
    several = not rest[1:] or "dev" not in rest  # next hops follow
    return entry if entry and (entry.refuses or entry.interface or several) else None


def _entry(network: Network, words: list[str], *, refuses: bool = False) -> TableEntry | None:
    """Read the attributes of a route, or return ``None`` where a word is not understood."""
    if is_cut(" ".join(words)):
        return None
    values: dict[str, str] = {}
    rest = words[::-1]
    while rest:
        key = rest.pop()
        if key in _FLAGS:
            continue
        if key == "via" and rest and rest[-1] in ("inet", "inet6"):
            rest.pop()
        if rest[-1:] == ["lock"]:
            rest.pop()
        if key not in _KEYS or not rest:
            return None
        values.setdefault(key, rest.pop())
    gateway, metric = values.get("via"), values.get("metric", "0")
    if gateway is not None and read_full_address(gateway) is None:
        return None
    return TableEntry(
        network, values.get("dev"), gateway, values.get("src"), refuses, int(metric[:9]) if _is_number(metric) else 0
    )


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit()


def parse_proc_route(text: str) -> Fact[tuple[TableEntry, ...]]:
    """Read /proc/net/route: hexadecimal addresses in the machine's byte order (taken as little-endian).

    https://www.kernel.org/doc/html/latest/filesystems/proc.html
    """
    found: list[TableEntry] = []
    unread: list[str] = []
    lines = text.splitlines()
    for line in lines:
        words = line.split()
        entry = _proc_entry(words)
        if entry is not None:
            found.append(entry)
        elif words and words[0] != "Iface":
            unread.append(line)
    if text.strip() and not found and not lines[0].startswith("Iface"):
        return not_understood(PROC_ROUTE)
    return Seen(tuple(found), PROC_ROUTE, unread=tuple(unread))


def _proc_entry(words: list[str]) -> TableEntry | None:
    if len(words) < 8 or not all(re.fullmatch(r"[0-9A-Fa-f]{8}", words[i]) for i in (1, 2, 7)):
        return None
    if not re.fullmatch(r"[0-9A-Fa-f]{1,8}", words[3]) or not _is_number(words[6]):
        return None
    destination, gateway, mask = (IPv4Address(bytes.fromhex(words[i])[::-1]) for i in (1, 2, 7))
    try:
        network = IPv4Network(f"{destination}/{mask}", strict=False)
    except ValueError:
        return None
    # RTF_GATEWAY and RTF_REJECT of linux/route.h.
    flags = int(words[3], 16)
    via = str(gateway) if flags & 0x2 else None
    return TableEntry(network, words[0], via, refuses=bool(flags & 0x200), metric=int(words[6][:9]))
