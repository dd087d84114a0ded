"""Routes and addresses of a host, by its platform's own commands and files."""

from __future__ import annotations

import re
import socket
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from msgspec import structs

from sddoctor.case.host import InterfaceAddress, Route
from sddoctor.case.seen import Absent, Fact, NotAttempted, Seen, Unreachable, Unseen
from sddoctor.formats.host import interfaces_linux, ip_json, routes, routes_linux, routes_macos, windows
from sddoctor.formats.host.addresses import is_loopback, read_full_address
from sddoctor.formats.host.routes import TableEntry
from sddoctor.formats.host.unread import not_understood
from sddoctor.observe.host import windows as windows_host
from sddoctor.observe.host.source import HostSource

T = TypeVar("T")
# ARPHRD_* of linux/if_arp.h: ppp, ipip, ip6tnl, sit, gre, ip6gre, none (tun and WireGuard).
_TUNNEL_TYPES = {"512": "ppp", "768": "ipip", "769": "ip6tnl", "776": "sit", "778": "gre", "823": "gre", "65534": "tun"}


class Routing:
    """The routes of a host. Call :meth:`prepare` before :meth:`to`."""

    def __init__(self, source: HostSource) -> None:
        self._source = source
        self._addresses: Fact[tuple[InterfaceAddress, ...]] | None = None
        self._tables: dict[int, Fact[tuple[TableEntry, ...]]] = {}
        self._has_json = False

    def prepare(self, destinations: tuple[str, ...]) -> None:
        """Read addresses and tables once."""
        self.addresses()
        for version in {6 if ":" in destination else 4 for destination in destinations}:
            self._tables[version] = self._table(version)

    def addresses(self) -> Fact[tuple[InterfaceAddress, ...]]:
        """Return the addresses of the interfaces."""
        if self._addresses is None:
            self._addresses = self._read_addresses()
        return self._addresses

    def to(self, destination: str) -> Fact[Route]:
        """Return the route to one address."""
        address = read_full_address(destination)
        if address is None:
            return NotAttempted(f"the route to {destination}", "it is no address")
        bare, _, zone = address.partition("%")
        if is_loopback(bare):
            return Seen(Route("local"), "loopback")
        if zone and not zone.isdigit():
            return Seen(Route("connected", zone), "the zone of the address")
        return self._by_command(bare)

    def _by_command(self, address: str) -> Fact[Route]:
        version = 6 if ":" in address else 4
        own, table = self.addresses(), self._tables.get(version)
        got = self._get(address, version)
        if not isinstance(got, Seen):
            return self._by_table(address, table, own, got)
        entry = got.value
        if entry.refuses:
            return Seen(routes.unreachable(), got.source, unread=got.unread)
        network = str(entry.network)
        if self._source.platform == "linux":
            row = routes.best_match(address, table.seen_or(()) if table else ())
            # Another table than the main one may have decided (policy routing); then the range is not known.
            same = row is not None and row.interface == entry.interface and row.gateway == entry.gateway
            network = str(row.network) if row is not None and same else ""
        hop = routes.Hop(entry.interface, entry.gateway, entry.source, network or None)
        route = routes.classify(address, hop, own.seen_or(()), self._link_type(entry.interface))
        return Seen(route, got.source, unread=_unread(got, own, table))

    def _get(self, address: str, version: int) -> Fact[TableEntry]:
        """Return what the kernel says of one address."""
        if self._source.platform == "macos":
            line = ("route", "-n", "get", address) if version == 4 else ("route", "-n", "get", "-inet6", address)
            return self._run(line, routes_macos.parse_get)
        if self._source.platform == "windows":
            return self._run(("Find-NetRoute", "-RemoteIPAddress", address), _find_netroute)
        if self._has_json:
            found = self._run(("ip", "-j", "route", "get", address), ip_json.parse_get)
            if isinstance(found, Seen):
                return found
        return self._run(("ip", "route", "get", address), routes_linux.parse_get)

    def _run(self, line: tuple[str, ...], parse: Callable[[str], Fact[T]]) -> Fact[T]:
        """Return what a command printed, as read; its source is the command line."""
        found = self._source.run(line).then(parse)
        return structs.replace(found, source=" ".join(line)) if isinstance(found, Seen) else found

    def _by_table(
        self,
        address: str,
        table: Fact[tuple[TableEntry, ...]] | None,
        own: Fact[tuple[InterfaceAddress, ...]],
        got: Absent | Unseen,
    ) -> Fact[Route]:
        if not isinstance(table, Seen) or not table.value or table.unread:
            if isinstance(got, Absent):
                return Unreachable(f"the route to {address}", f"{got.what} is not installed", got.what)
            return structs.replace(got, what=f"the route to {address}") if isinstance(got, Unreachable) else got
        row = routes.best_match(address, table.value)
        mine = own.seen_or(())
        route = routes.from_table(address, table.value, mine, self._link_type(row.interface if row else None))
        if route.source is None and self._source.label is None and route.kind != "unreachable":
            route = Route(route.kind, route.interface, route.gateway, _udp_source(address), route.network)
        return Seen(route, table.source, unread=_unread(own, table))

    def _table(self, version: int) -> Fact[tuple[TableEntry, ...]]:
        if self._source.platform == "windows":
            return NotAttempted("the routing table", "Find-NetRoute is asked instead")
        if self._source.platform == "macos":
            line = ("netstat", "-rn", "-f", "inet" if version == 4 else "inet6")
            return self._run(line, partial(routes_macos.parse_table, version=version))
        six = () if version == 4 else ("-6",)
        if self._has_json:
            found = self._run(("ip", "-j", *six, "route"), partial(ip_json.parse_table, version=version))
            if isinstance(found, Seen):
                return found
        found = self._run(("ip", *six, "route"), partial(routes_linux.parse_table, version=version))
        return found if isinstance(found, Seen) or version == 6 else self._proc_table(found)

    def _proc_table(self, instead: Fact[tuple[TableEntry, ...]]) -> Fact[tuple[TableEntry, ...]]:
        """Return the table of the kernel's own file, or that gap."""
        found = self._ascii(routes_linux.PROC_ROUTE).then(routes_linux.parse_proc_route)
        return found if isinstance(found, Seen) else instead

    def _read_addresses(self) -> Fact[tuple[InterfaceAddress, ...]]:
        if self._source.platform == "windows":
            return windows_host.addresses(self._source)
        if self._source.platform == "macos":
            return _as_gap(self._run(("ifconfig",), routes_macos.parse_addresses))
        found = self._run(ip_json.ADDRESSES, ip_json.parse_addresses)
        self._has_json = isinstance(found, Seen)
        if not isinstance(found, Seen):
            found = self._run(("ip", "-brief", "address"), interfaces_linux.parse_addresses)
        return found if isinstance(found, Seen) else self._proc_addresses(_as_gap(found))

    def _proc_addresses(self, instead: Fact[tuple[InterfaceAddress, ...]]) -> Fact[tuple[InterfaceAddress, ...]]:
        table = self._proc_table(instead=NotAttempted(routes_linux.PROC_ROUTE, "it was not read")).seen_or(())
        four = self._ascii(interfaces_linux.FIB_TRIE).then(partial(interfaces_linux.parse_fib_trie, table=table))
        if not isinstance(four, Seen):
            return instead
        six = self._ascii(interfaces_linux.IF_INET6).then(interfaces_linux.parse_if_inet6)
        # Without IPv6 in the kernel there is no such file.
        unread = (
            six.unread if isinstance(six, Seen) else () if isinstance(six, Absent) else (interfaces_linux.IF_INET6,)
        )
        return Seen(four.value + six.seen_or(()), "/proc/net", unread=four.unread + unread)

    def _ascii(self, path: str) -> Fact[str]:
        return self._source.read(path).map(lambda data: data.decode("ascii", "replace"))

    def _link_type(self, interface: str | None) -> str:
        if self._source.platform != "linux" or not interface or not re.fullmatch(r"[A-Za-z0-9_.@-]+", interface):
            return ""
        kind = (self._source.read(f"/sys/class/net/{interface}/type").seen_or(b"")).decode("ascii", "replace")
        return _TUNNEL_TYPES.get(kind.strip(), "")


def _as_gap(found: Fact[tuple[InterfaceAddress, ...]]) -> Fact[tuple[InterfaceAddress, ...]]:
    """Return the addresses, or why they were not seen: a missing tool says nothing about them."""
    if isinstance(found, Absent):
        return Unreachable("the addresses of this host", f"{found.what} is not installed", found.what)
    return found


def _unread(*facts: Fact[Any] | None) -> tuple[str, ...]:
    """Return what was not read of anything that a route was worked out from."""
    return tuple(dict.fromkeys(part for fact in facts if isinstance(fact, Seen) for part in fact.unread))


def _find_netroute(text: str) -> Fact[TableEntry]:
    found = windows.parse_find_netroute(text)
    return Seen(found[0], "Find-NetRoute") if found else not_understood("Find-NetRoute")


def _udp_source(address: str) -> str | None:
    """Return the address that the kernel would send from. Connecting a datagram socket sends no packet."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect((address, 53))
            return str(probe.getsockname()[0])
    except OSError:
        return None
