"""Fixes in the VPN client that carries an address, where one was recognised: the domain or the route that it lacks."""

from __future__ import annotations

from collections.abc import Callable

from sddoctor.case.vpn_client import PolicyRoute
from sddoctor.causes.host.vpn_product_fixes import Wanted, send
from sddoctor.causes.model import Fix
from sddoctor.formats.host import vpn_marks as product
from sddoctor.resolution.model import Entry
from sddoctor.resolution.vpn_clients import VpnClient
from sddoctor.text.shell import command
from sddoctor.text.words import listed
from sddoctor.trail.meant_entries import domain_to_route
from sddoctor.trail.trail import Trail, optional
from sddoctor.trail.vpn_clients import client_of_entry, client_on, passed_over, policy_of, vpn_clients


def client_towards(trail: Trail, address: str) -> VpnClient | None:
    """Return the VPN client through whose tunnel packets to the address leave, or the only one that is connected.

    One that is installed, or runs, and is not connected has nothing to do with it.
    """
    route = optional(lambda: trail.host.route(address))
    if route is not None and (client := client_on(trail, route.interface)) is not None:
        return client
    if route is not None and route.kind == "tunnel":
        return None
    connected = [c for c in vpn_clients(trail) if c.is_connected]
    found = [c for c in connected if c.interface is not None] or connected
    return found[0] if len(found) == 1 else None


def client_to_connect(trail: Trail, address: str) -> VpnClient | None:
    """Return the VPN client that should carry packets to the address and does not: the connected one, or the only one here."""
    found = client_towards(trail, address)
    clients = vpn_clients(trail)
    return found if found is not None or len(clients) != 1 else clients[0]


def send_domain(trail: Trail, client: VpnClient, server: str) -> tuple[Fix, ...]:
    """Return how the client comes to send the domain to the server."""
    policy = policy_of(trail, client)
    shown = policy.value if policy is not None else None
    return send(Wanted(domain_to_route(trail), server, trail.host.platform, client, _has_resolved(trail), shown))


def of_vpn(trail: Trail, server: str) -> tuple[Fix, ...]:
    """Return how the recognised client of the tunnel to the server hands it out; nothing where no product is known."""
    client = _with_policy(trail) or client_towards(trail, server)
    return send_domain(trail, client, server) if client is not None and client.product is not None else ()


def _with_policy(trail: Trail) -> VpnClient | None:
    """Return the client whose policy has the route, and which may not set DNS here."""
    found = passed_over(trail)
    if found is None:
        return None
    product_of = found[0].value.product
    return next((c for c in vpn_clients(trail) if c.product == product_of), VpnClient(product_of, None))


def carry_to(client: VpnClient, route: PolicyRoute) -> tuple[Fix, ...]:
    """Return how a client reaches the servers that its policy names, and that it holds for unavailable."""
    servers = listed(map(str, route.servers))
    reach = Fix(
        f"Let {client.name} reach {servers}: a route to it by a peer in the VPC, and a policy that lets this host use it",
        "vpn",
        changes="The client tries servers that it holds for unavailable again.",
        verified_by=f"{command('dig', f'@{route.servers[0].address}', route.domain, 'SOA')} is answered.",
    )
    return (reach,)


def in_entry(trail: Trail, entry: Entry, server: str) -> tuple[Fix, ...]:
    """Return how the VPN client that set the entry comes to name the server there; nothing where no client set it."""
    client = client_of_entry(trail, entry)
    return send_domain(trail, client, server) if client is not None else ()


def _has_resolved(trail: Trail) -> bool:
    return trail.host.facts.resolved.seen_or(None) is not None


def push_resolver(trail: Trail, server: str) -> Fix:
    """Return how the VPN through which the server is reached hands it out."""
    client = client_towards(trail, server)
    return send_domain(trail, client, server)[0] if client is not None else _nobody(domain_to_route(trail), server)


def push_route(trail: Trail, destination: str, network: str) -> Fix:
    """Return how the VPN comes to carry ``network``; ``destination`` is an address in it."""
    client = client_to_connect(trail, destination)
    name = client.product if client is not None else None
    title = f"If it is connected: add {network} to the routes of {client.name if client is not None else 'the VPN'}"
    how = _ROUTES.get(name or "")
    if how is None:
        return Fix(
            title, "vpn", changes="In its settings at the far end; clients get the route at their next connection."
        )
    where, config = how(network)
    return Fix(f"{title}: {where}", "vpn", config=config, changes="Clients get the route at their next connection.")


def _nobody(zone: str, server: str) -> Fix:
    return Fix(
        f"Or let the VPN hand out {server} as the DNS server for {zone} (split DNS, match domain), in its own settings",
        "vpn",
        verified_by="The host asks the VPC resolver, and a program gets its addresses.",
    )


def _openvpn_route(network: str) -> tuple[str, str]:
    address, _, length = network.partition("/")
    mask = ".".join(str((0xFFFFFFFF << (32 - int(length or 32)) >> shift) & 0xFF) for shift in (24, 16, 8, 0))
    return "in the OpenVPN server's configuration", f'push "route {address} {mask}"'


_ROUTES: dict[str, Callable[[str], tuple[str, str | None]]] = {
    **dict.fromkeys((product.OPENVPN, product.OPENVPN3, product.TUNNELBLICK, product.VISCOSITY), _openvpn_route),
    product.WIREGUARD: lambda network: ("in the [Peer] section", f"AllowedIPs = {network}"),
    product.TAILSCALE: lambda network: (
        "a subnet router in the VPC advertises it, and it is approved in the admin console",
        f"tailscale set --advertise-routes={network}",
    ),
    product.NETBIRD: lambda _: ("as a network with a routing peer in the VPC, in the dashboard", None),
    product.AWS: lambda _: ("a route and an authorization rule of the Client VPN endpoint", None),
}
