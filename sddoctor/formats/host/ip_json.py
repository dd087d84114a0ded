"""``ip -j`` of iproute2: addresses and routes as JSON, which no terminal shortens and no other version lays out anew.

https://man7.org/linux/man-pages/man8/ip.8.html (iproute2 since 4.16; busybox has none)
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sddoctor.case.host import InterfaceAddress
from sddoctor.case.seen import Fact, Seen
from sddoctor.formats.host.addresses import read_full_address
from sddoctor.formats.host.nesting import is_too_deep
from sddoctor.formats.host.routes import TableEntry, read_network
from sddoctor.formats.host.routes_linux import FOLLOWED, OTHERS, REFUSING, UNREACHABLE, refused
from sddoctor.formats.host.unread import has_address, not_understood

ADDRESSES = ("ip", "-j", "address")
#: Members of an address, and of a route, that may hold addresses and say nothing of where packets go.
_OF_ADDRESS = ("local", "address", "broadcast", "anycast")
_OF_ROUTE = ("dst", "gateway", "via", "dev", "prefsrc", "from", "nexthops")


def parse_addresses(text: str) -> Fact[tuple[InterfaceAddress, ...]]:
    """Read ``ip -j address``."""
    source = " ".join(ADDRESSES)
    found: list[InterfaceAddress] = []
    unread: list[str] = []
    links = _objects(text)
    if not links:
        return not_understood(source)
    for link in links:
        name, listed = link.get("ifname"), link.get("addr_info", [])
        if not isinstance(name, str) or not isinstance(listed, list):
            unread.append(json.dumps(link))
            continue
        for entry in listed:
            address = _address(name, entry)
            if address is None:
                unread.append(f"{name}: {json.dumps(entry)}")
            else:
                found.append(address)
    return Seen(tuple(found), source, unread=tuple(unread)) if found else not_understood(source)


def _address(interface: str, entry: Any) -> InterfaceAddress | None:
    if not isinstance(entry, dict) or not isinstance(entry.get("local"), str):
        return None
    address, length = read_full_address(entry["local"]), entry.get("prefixlen")
    if address is None or type(length) is not int or not 0 <= length <= 128 or _has_more(entry, _OF_ADDRESS):
        return None
    return InterfaceAddress(interface, address, length)


def parse_table(text: str, version: int) -> Fact[tuple[TableEntry, ...]]:
    """Read ``ip -j route`` (``version`` 4) or ``ip -j -6 route``, with the first of several next hops."""
    source = "ip -j route" if version == 4 else "ip -j -6 route"
    listed = _objects(text)
    if listed is None:
        return not_understood(source)
    shown = [o for o in listed if o.get("type") not in OTHERS]
    entries = [_route(one, version) for one in shown]
    unread = tuple(json.dumps(one) for one, entry in zip(shown, entries, strict=True) if entry is None)
    if listed and len(unread) == len(listed):
        return not_understood(source)
    return Seen(tuple(e for e in entries if e is not None), source, unread=unread)


def parse_get(text: str) -> Fact[TableEntry]:
    """Read ``ip -j route get ADDRESS``; ``network`` is the address alone."""
    if UNREACHABLE.search(text):
        return Seen(refused(), "ip -j route get")
    listed = _objects(text)
    entry = _route(listed[0], 4) if listed else None
    if entry is None or not listed:
        return not_understood("ip -j route get")
    return Seen(entry, "ip -j route get", unread=tuple(json.dumps(one) for one in listed[1:]))


def _route(one: Mapping[str, Any], version: int) -> TableEntry | None:
    kind, destination = one.get("type", "unicast"), one.get("dst")
    network = read_network(destination, version=version) if isinstance(destination, str) else None
    if network is None or kind not in FOLLOWED + REFUSING or _has_more(one, _OF_ROUTE):
        return None
    hops = one.get("nexthops")
    hop = hops[0] if isinstance(hops, list) and hops and isinstance(hops[0], dict) else one
    via, interface, source, metric = hop.get("via"), hop.get("dev"), one.get("prefsrc"), one.get("metric", 0)
    gateway = via.get("host") if isinstance(via, dict) else hop.get("gateway")
    if gateway is not None and (not isinstance(gateway, str) or read_full_address(gateway) is None):
        return None
    refuses = kind in REFUSING
    if not (isinstance(interface, str) or refuses) or not isinstance(source, str | None) or not isinstance(metric, int):
        return None
    return TableEntry(network, interface, gateway, source, refuses, metric)


def _has_more(one: Mapping[str, Any], known: tuple[str, ...]) -> bool:
    """Tell whether a member that is not known holds an address."""
    return any(has_address(json.dumps(value)) for key, value in one.items() if key not in known)


def _objects(text: str) -> list[dict[str, Any]] | None:
    """Return the objects of a list, ``None`` where the text is none. Older versions print an empty list as nothing."""
    if not text.strip():
        return []
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    objects = isinstance(found, list) and not is_too_deep(found) and all(isinstance(one, dict) for one in found)
    return [one for one in found if one] if objects else None
