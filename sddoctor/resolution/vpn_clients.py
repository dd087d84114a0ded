"""Which VPN clients a host has, by which interface, and whose own forwarder a server is: only where something shows it."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_interface

from msgspec import Struct

from sddoctor.case.address import contains
from sddoctor.case.dns import Server
from sddoctor.case.host import HostFacts, InterfaceAddress
from sddoctor.case.vpn_client import VpnMark
from sddoctor.formats.host import vpn_marks
from sddoctor.formats.host.addresses import is_loopback
from sddoctor.formats.host.routes import is_tunnel

#: Addresses at which a client has a forwarder of its own, on every host.
#: https://tailscale.com/kb/1054/dns
#: https://developers.cloudflare.com/cloudflare-one/team-and-resources/devices/warp/configure-warp/route-traffic/warp-architecture/
#: https://twingate.com/docs/how-twingate-forwards-dns
_FORWARDERS = {
    "100.100.100.100": vpn_marks.TAILSCALE,
    "fd7a:115c:a1e0::53": vpn_marks.TAILSCALE,
    "127.0.2.2": vpn_marks.WARP,
    "127.0.2.3": vpn_marks.WARP,
    "fd01:db8:1111::2": vpn_marks.WARP,
    "fd01:db8:1111::3": vpn_marks.WARP,
    **{f"100.95.0.{n}": vpn_marks.TWINGATE for n in range(251, 255)},
}
#: Ranges in which only one client numbers its interfaces. https://tailscale.com/kb/1033/ip-and-dns-addresses
_RANGES = {"fd7a:115c:a1e0::/48": vpn_marks.TAILSCALE}
#: Shared address space, in which VPN clients number their networks, and providers theirs. RFC 6598
SHARED = "100.64.0.0/10"
#: Clients with peers of the same range, of which any may be an ordinary name server.
_WITH_PEERS = (vpn_marks.TAILSCALE, vpn_marks.NETBIRD, vpn_marks.ZEROTIER)


class VpnClient(Struct, frozen=True):
    """A VPN client. ``product`` is ``None`` where only its interface is known, ``interface`` where only the product is."""

    product: str | None
    interface: str | None
    marks: tuple[VpnMark, ...] = ()

    @property
    def name(self) -> str:
        """What to call it: ``Tailscale (tailscale0)``, ``the VPN on tun0``."""
        if self.product is None:
            return f"the VPN on {self.interface}" if self.interface else "the VPN client"
        return f"{self.product} ({self.interface})" if self.interface else self.product

    @property
    def shown_by(self) -> tuple[str, ...]:
        """What shows it, each with its source: of a known product what shows the product, of another one its tunnel."""
        telling = [m for m in self.marks if m.product] or self.marks
        return tuple(dict.fromkeys(f"{m.source}: {m.seen}" for m in telling))[:3]


def vpn_clients(facts: HostFacts) -> tuple[VpnClient, ...]:
    """Return the VPN clients of this host: first those with an interface.

    A tunnel of a name that anybody may use is that of the only client which has none: one that is connected, or which runs.
    """
    marks = (*facts.vpn_marks, *_marks(facts))
    of_interfaces: dict[str, list[VpnMark]] = {}
    for mark in marks:
        if mark.interface is not None:
            of_interfaces.setdefault(mark.interface, []).append(mark)
    products = {i: next((m.product for m in found if m.product), None) for i, found in of_interfaces.items()}
    loose = [m for m in marks if m.interface is None and m.product not in products.values()]
    unnamed = [i for i, product in products.items() if product is None]
    owner = _only_product(loose) if len(unnamed) == 1 else None
    found = [
        VpnClient(owner, i, (*of_interfaces[i], *(m for m in loose if m.product == owner)))
        if owner is not None and i in unnamed
        else VpnClient(products[i], i, tuple(of_interfaces[i]))
        for i in of_interfaces
    ]
    rest = dict.fromkeys(m.product for m in loose if m.product is not None and m.product != owner)
    found += [VpnClient(p, None, tuple(m for m in loose if m.product == p)) for p in rest]
    return tuple(found)


def client_on(facts: HostFacts, interface: str | None) -> VpnClient | None:
    """Return the VPN client whose interface it is."""
    return next((c for c in vpn_clients(facts) if interface is not None and c.interface == interface), None)


def own_server_of(facts: HostFacts, server: Server, *, of_vpc: bool = False) -> VpnClient | None:
    """Return the VPN client whose own forwarder the server is: it follows a policy that is kept in the client's product.

    ``of_vpc``: the address is known to lie in a VPC.
    """
    clients = vpn_clients(facts)
    product = _FORWARDERS.get(server.address.lower())
    if product is not None:
        mark = VpnMark(product, "the address of a DNS server", server.address)
        return next((c for c in clients if c.product == product), VpnClient(product, None, (mark,)))
    for client in clients:
        if client.interface is not None and any(_is_its(client, a, server) for a in facts.addresses.seen_or(())):
            return client
    if of_vpc or not contains(SHARED, server.address):
        return None
    routes = (r.route.seen_or(None) for r in facts.routes if r.destination == server.address)
    route = next((r for r in routes if r is not None and r.kind in ("tunnel", "local")), None)
    if route is None:
        return None
    by_route = next((c for c in clients if c.interface == route.interface), VpnClient(None, route.interface))
    return by_route if by_route.product not in _WITH_PEERS else None


def _marks(facts: HostFacts) -> Iterator[VpnMark]:
    """Yield what the facts of other sources show."""
    own = facts.addresses.seen_or(())
    known = vpn_marks.of_adapter if facts.platform == "windows" else vpn_marks.of_interface
    for address in own:
        if is_loopback(address.address) or address.address.startswith("fe80:"):
            continue
        product = known(address.interface) or next(
            (p for r, p in _RANGES.items() if contains(r, address.address)), None
        )
        if product is not None or is_tunnel(address.interface):
            seen = f"{address.interface} has {address.address}"
            yield VpnMark(product, "addresses of this host", seen, address.interface, connected=product is not None)
    yield from _by_servers(facts)
    for looked_up in facts.routes:
        route = looked_up.route.seen_or(None)
        if route is not None and route.kind == "tunnel" and route.interface:
            seen = f"leads to {route.interface}, a tunnel"
            yield VpnMark(None, f"route to {looked_up.destination}", seen, route.interface)
    conf = facts.resolv_conf.seen_or(None)
    for comment in conf.comments if conf is not None else ():
        if product := vpn_marks.of_comment(comment):
            yield VpnMark(product, "/etc/resolv.conf", comment.lstrip("#; "), connected=True)


def _by_servers(facts: HostFacts) -> Iterator[VpnMark]:
    """Yield interfaces for which a forwarder is set that only one client has."""
    resolved = facts.resolved.seen_or(None)
    listed = [(link.interface, link.servers, "resolvectl status") for link in (resolved.links if resolved else ())]
    listed += [(r.interface, r.nameservers, "scutil --dns") for r in facts.scutil.seen_or(())]
    listed += [(i.interface, i.servers, "Get-DnsClientServerAddress") for i in facts.interface_servers.seen_or(())]
    for interface, servers, source in listed:
        for server in servers if interface is not None and (source[0] == "G" or is_tunnel(interface)) else ():
            if product := _FORWARDERS.get(server.lower()):
                yield VpnMark(product, source, f"{interface} has the DNS server {server}", interface, connected=True)


def _only_product(loose: list[VpnMark]) -> str | None:
    """Return the product that alone is connected, or that alone is there."""
    connected = {m.product for m in loose if m.connected}
    found = connected or {m.product for m in loose}
    return next(iter(found)) if len(found) == 1 else None


def _is_its(client: VpnClient, address: InterfaceAddress, server: Server) -> bool:
    """Tell whether the server is the client itself: its own address, or the last one of NetBird's network.

    https://github.com/netbirdio/netbird/issues/3647
    """
    if address.interface != client.interface or ":" in address.address:
        return False
    network = ip_interface(f"{address.address}/{address.prefix}").network
    last = str(network.broadcast_address - 1) if network.prefixlen < 31 else ""
    return server.address == address.address or (client.product == vpn_marks.NETBIRD and server.address == last)
