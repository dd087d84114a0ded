"""Routes and addresses of a host, by its platform's own commands and files."""

from __future__ import annotations

import re
import socket

from sddoctor.case.host import InterfaceAddress, Route
from sddoctor.case.seen import Absent, Fact, NotAttempted, Seen, Unreachable
from sddoctor.formats.host import routes, routes_linux, routes_macos, windows
from sddoctor.formats.host.addresses import is_loopback, read_full_address
from sddoctor.formats.host.routes import TableEntry
from sddoctor.observe.host import windows as windows_host
from sddoctor.observe.host.source import HostSource

# ARPHRD_* of linux/if_arp.h: ppp, ipip, ip6tnl, sit, gre, ip6gre, none (tun and WireGuard).
_TUNNEL_TYPES = {"512": "ppp", "768": "ipip", "769": "ip6tnl", "776": "sit", "778": "gre", "823": "gre", "65534": "tun"}


class Routing:
    """The routes of a host. Call :meth:`prepare` before :meth:`to`."""

    def __init__(self, source: HostSource) -> None:
        self._source = source
        self._addresses: Fact[tuple[InterfaceAddress, ...]] | None = None
        self._tables: dict[int, Fact[tuple[TableEntry, ...]]] = {}

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
        own = self.addresses().seen_or(())
        version = 6 if ":" in address else 4
        line = self._command(address, version)
        output = self._source.run(line)
        entry = self._parse_get(output.value) if isinstance(output, Seen) else None
        table = self._tables.get(version)
        if entry is None:
            return self._by_table(address, table, own, output)
        if entry.refuses:
            return Seen(routes.unreachable(), " ".join(line))
        network = str(entry.network)
        if self._source.platform == "linux":
            row = routes.best_match(address, table.seen_or(()) if table else ())
            # Another table than the main one may have decided (policy routing); then the range is not known.
            same = row is not None and row.interface == entry.interface and row.gateway == entry.gateway
            network = str(row.network) if row is not None and same else ""
        hop = routes.Hop(entry.interface, entry.gateway, entry.source, network or None)
        return Seen(routes.classify(address, hop, own, self._link_type(entry.interface)), " ".join(line))

    def _command(self, address: str, version: int) -> tuple[str, ...]:
        if self._source.platform == "macos":
            return ("route", "-n", "get", address) if version == 4 else ("route", "-n", "get", "-inet6", address)
        if self._source.platform == "windows":
            return ("Find-NetRoute", "-RemoteIPAddress", address)
        return ("ip", "route", "get", address)

    def _parse_get(self, text: str) -> TableEntry | None:
        if self._source.platform == "macos":
            return routes_macos.parse_get(text)
        if self._source.platform == "windows":
            found = windows.parse_find_netroute(text)
            return found[0] if found else None
        return routes_linux.parse_get(text)

    def _by_table(
        self,
        address: str,
        table: Fact[tuple[TableEntry, ...]] | None,
        own: tuple[InterfaceAddress, ...],
        output: Fact[str],
    ) -> Fact[Route]:
        if not isinstance(table, Seen) or not table.value:
            if isinstance(output, Seen):
                return Unreachable(f"the route to {address}", "the output is not understood", "its unchanged output")
            if isinstance(output, Absent):
                return Unreachable(f"the route to {address}", f"{output.what} is not installed", output.what)
            return output
        row = routes.best_match(address, table.value)
        route = routes.from_table(address, table.value, own, self._link_type(row.interface if row else None))
        if route.source is None and self._source.label is None and route.kind != "unreachable":
            route = Route(route.kind, route.interface, route.gateway, _udp_source(address), route.network)
        return Seen(route, table.source)

    def _table(self, version: int) -> Fact[tuple[TableEntry, ...]]:
        if self._source.platform == "windows":
            return NotAttempted("the routing table", "Find-NetRoute is asked instead")
        if self._source.platform == "macos":
            output = self._source.run(("netstat", "-rn", "-f", "inet" if version == 4 else "inet6"))
            return Seen(routes_macos.parse_table(output.value), output.source) if isinstance(output, Seen) else output
        output = self._source.run(("ip", "route") if version == 4 else ("ip", "-6", "route"))
        if isinstance(output, Seen):
            return Seen(routes_linux.parse_table(output.value), output.source)
        return self._proc_table() if version == 4 else output

    def _proc_table(self) -> Fact[tuple[TableEntry, ...]]:
        content = self._source.read("/proc/net/route")
        if not isinstance(content, Seen):
            return content
        return Seen(routes_linux.parse_proc_route(content.value.decode("ascii", "replace")), "/proc/net/route")

    def _read_addresses(self) -> Fact[tuple[InterfaceAddress, ...]]:
        if self._source.platform == "windows":
            return windows_host.addresses(self._source)
        if self._source.platform == "macos":
            output = self._source.run(("ifconfig",))
            parse = routes_macos.parse_addresses
        else:
            output, parse = self._source.run(("ip", "-brief", "address")), routes_linux.parse_addresses
        if isinstance(output, Seen):
            return Seen(parse(output.value), output.source)
        return self._proc_addresses(output) if self._source.platform == "linux" else _as_gap(output)

    def _proc_addresses(self, output: Fact[str]) -> Fact[tuple[InterfaceAddress, ...]]:
        trie = self._source.read("/proc/net/fib_trie")
        if not isinstance(trie, Seen):
            return _as_gap(output)
        table = self._proc_table().seen_or(())
        found = routes_linux.parse_fib_trie(trie.value.decode("ascii", "replace"), table)
        six = (self._source.read("/proc/net/if_inet6").seen_or(b"")).decode("ascii", "replace")
        return Seen(found + routes_linux.parse_if_inet6(six), "/proc/net")

    def _link_type(self, interface: str | None) -> str:
        if self._source.platform != "linux" or not interface or not re.fullmatch(r"[A-Za-z0-9_.@-]+", interface):
            return ""
        kind = (self._source.read(f"/sys/class/net/{interface}/type").seen_or(b"")).decode("ascii", "replace")
        return _TUNNEL_TYPES.get(kind.strip(), "")


def _as_gap(output: Fact[str]) -> Fact[tuple[InterfaceAddress, ...]]:
    """Return why the addresses were not seen: a missing tool says nothing about them."""
    if isinstance(output, Absent):
        return Unreachable("the addresses of this host", f"{output.what} is not installed", output.what)
    if isinstance(output, Seen):
        return Unreachable("the addresses of this host", "the output is not understood", output.source)
    return output


def _udp_source(address: str) -> str | None:
    """Return the address that the kernel would send from. Connecting a datagram socket sends no packet."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect((address, 53))
            return str(probe.getsockname()[0])
    except OSError:
        return None
