"""Which VPN clients a host has, by which interface, and whose own forwarder a server is: only where something shows it."""

from __future__ import annotations

from ipaddress import ip_interface

from msgspec import Struct

from sddoctor.case.address import contains
from sddoctor.case.dns import Server
from sddoctor.case.host import HostFacts, InterfaceAddress
from sddoctor.case.seen import Seen
from sddoctor.case.vpn_client import VpnMark
from sddoctor.formats.host import vpn_marks
from sddoctor.resolution.vpn_traces import FORWARDERS, is_no_vpn, traces, usable_addresses

#: Shared address space, in which VPN clients number their networks, and providers theirs. RFC 6598
SHARED = "100.64.0.0/10"
#: Clients with peers of the same range, of which any may be an ordinary name server.
_WITH_PEERS = (vpn_marks.TAILSCALE, vpn_marks.NETBIRD, vpn_marks.ZEROTIER)
#: Clients without a name server of their own: one at the address of their interface is another program of this host.
_WITHOUT_FORWARDER = (vpn_marks.WIREGUARD, vpn_marks.OPENVPN, vpn_marks.OPENVPN3, vpn_marks.OPENCONNECT, vpn_marks.AWS)


class VpnClient(Struct, frozen=True):
    """A VPN client. ``product`` is ``None`` where only its interface is known, ``interface`` where only the product is.

    ``is_connected``: its interface has an address or leads somewhere, or something else shows that it is connected. One that
    is not is installed, or runs, and has nothing to do with where queries go.
    """

    product: str | None
    interface: str | None
    marks: tuple[VpnMark, ...] = ()
    is_connected: bool = True

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
    """Return the VPN clients of this host: first those that are connected, and of those the ones with an interface.

    A tunnel of a name that anybody may use is that of the only client which has none: one that is connected, one with a
    program that runs for a connection, or one that runs.
    """
    found_marks = (*facts.vpn_marks, *traces(facts))
    marks = tuple(m for m in found_marks if m.interface is None or not is_no_vpn(m.interface))
    of_interfaces: dict[str, list[VpnMark]] = {}
    for mark in marks:
        if mark.interface is not None:
            of_interfaces.setdefault(mark.interface, []).append(mark)
    live = {a.interface for a in usable_addresses(facts)} | {m.interface for m in marks if m.connected}
    if not isinstance(facts.addresses, Seen):
        live |= {m.interface for m in marks if m.session}
    products = {i: next((m.product for m in found if m.product), None) for i, found in of_interfaces.items()}
    taken = {p for i, p in products.items() if i in live}
    loose = [m for m in marks if m.interface is None and m.product not in taken]
    _own_shared_names(products, loose)
    loose = [m for m in loose if m.product not in {p for i, p in products.items() if i in live}]
    unnamed = [i for i, product in products.items() if product is None and i in live]
    owner = _only_product(loose) if len(unnamed) == 1 else None
    products |= dict.fromkeys(unnamed, owner) if owner is not None else {}
    found = [_with_interface(i, product, of_interfaces[i], marks, i in live) for i, product in products.items()]
    named = {c.product for c in found}
    for product in dict.fromkeys(m.product for m in loose if m.product is not None and m.product not in named):
        own = tuple(m for m in loose if m.product == product)
        found.append(VpnClient(product, None, own, any(m.connected for m in own)))
    shown = [c for c in found if c.product is not None or c.is_connected]
    return tuple(sorted(shown, key=lambda c: (not c.is_connected, c.interface is None)))


def _with_interface(
    interface: str, product: str | None, own: list[VpnMark], marks: tuple[VpnMark, ...], is_live: bool
) -> VpnClient:
    of_product = (m for m in marks if product is not None and m.interface is None and m.product == product)
    return VpnClient(product, interface, (*own, *of_product), is_live)


def _own_shared_names(products: dict[str, str | None], loose: list[VpnMark]) -> None:
    """Give interfaces that a few products call so to the one of them that is here."""
    here = {m.product for m in loose}
    for interface, product in products.items():
        fitting = [p for p in vpn_marks.may_be_of_interface(interface) if p in here]
        if product is None and len(fitting) == 1:
            products[interface] = fitting[0]


def own_server_of(
    facts: HostFacts, clients: tuple[VpnClient, ...], server: Server, *, of_vpc: bool = False
) -> VpnClient | None:
    """Return the VPN client whose own forwarder the server is: it follows a policy that is kept in the client's product.

    ``clients`` are those of the host; ``of_vpc``: the address is known to lie in a VPC.
    """
    product = FORWARDERS.get(server.address.lower())
    if product is not None:
        mark = VpnMark(product, "the address of a DNS server", server.address)
        return next((c for c in clients if c.product == product), VpnClient(product, None, (mark,)))
    for client in clients:
        own = facts.addresses.seen_or(()) if client.is_connected and client.product not in _WITHOUT_FORWARDER else ()
        if client.interface is not None and any(_is_its(client, a, server) for a in own):
            return client
    if of_vpc or not contains(SHARED, server.address):
        return None
    routes = (r.route.seen_or(None) for r in facts.routes if r.destination == server.address)
    route = next((r for r in routes if r is not None and r.kind in ("tunnel", "local")), None)
    if route is None:
        return None
    by_route = next((c for c in clients if c.interface == route.interface), VpnClient(None, route.interface))
    return by_route if by_route.product not in _WITH_PEERS else None


def _only_product(loose: list[VpnMark]) -> str | None:
    """Return the product that alone is connected, else that alone has a program for a connection, else that alone is there."""
    for chosen in ([m for m in loose if m.connected], [m for m in loose if m.session], loose):
        if found := {m.product for m in chosen}:
            return next(iter(found)) if len(found) == 1 else None
    return None


def _is_its(client: VpnClient, address: InterfaceAddress, server: Server) -> bool:
    """Tell whether the server is the client itself: its own address, or the last one of NetBird's network.

    https://github.com/netbirdio/netbird/issues/3647
    """
    if address.interface != client.interface or ":" in address.address:
        return False
    network = ip_interface(f"{address.address}/{address.prefix}").network
    last = str(network.broadcast_address - 1) if network.prefixlen < 31 else ""
    return server.address == address.address or (client.product == vpn_marks.NETBIRD and server.address == last)
