"""How the host of a world routes packets, and which name servers it reaches."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from ipaddress import IPv4Network, ip_address, ip_network
from typing import Literal

from sddoctor.lab.dns.internet import NAME_SERVERS
from sddoctor.lab.dns.service import LINK_LOCAL, NameService
from sddoctor.lab.objects import LiveEndpoint
from sddoctor.lab.parts.host import Interface
from sddoctor.lab.state import LabState
from sddoctor.lab.world import World


@dataclass(frozen=True)
class Route:
    """The route to an address: the interface and source address used, the range that matched, the next hop."""

    kind: Literal["tunnel", "default", "connected", "local"]
    interface: str
    source: str
    network: str
    gateway: str | None = None


def interfaces(world: World) -> tuple[Interface, ...]:
    """Return the host's interfaces; a VPN that is up adds a tunnel when the world names none."""
    host = world.host
    if host.vpn != "up" or any(i.tunnel for i in host.interfaces):
        return tuple(i for i in host.interfaces if host.vpn == "up" or not i.tunnel)
    client_range = IPv4Network(world.client_vpns[0].client_cidr if world.client_vpns else "10.99.0.0/22")
    name = "utun4" if host.platform == "macos" else "tun0"
    tunnel = Interface(
        name=name, address=str(client_range.network_address + 10), prefix=client_range.prefixlen, tunnel=True
    )
    return (*host.interfaces, tunnel)


def tunnel_ranges(world: World) -> tuple[str, ...]:
    """Return the ranges that go into the tunnel: those of the host, of its Client VPN, else all VPC ranges."""
    if world.host.vpn != "up":
        return ()
    if world.host.vpn_routes is not None:
        return world.host.vpn_routes
    routes = tuple(r for c in world.client_vpns for r in c.routes)
    return routes or tuple(c for v in world.vpcs for c in (v.cidr, *v.secondary_cidrs))


def default_gateway(world: World) -> tuple[Interface, str] | None:
    """Return the interface of the default route and its gateway: the first address of the local network."""
    local = next((i for i in world.host.interfaces if not i.tunnel), None)
    if local is None:
        return None
    return local, str(ip_network(f"{local.address}/{local.prefix}", strict=False).network_address + 1)


def route_to(world: World, address: str) -> Route:
    """Return the route with the longest range that contains the address."""
    ip = ip_address(address)
    matching = [r for r in _routes(world) if ip in ip_network(r.network)]
    return max(
        matching, key=lambda r: ip_network(r.network).prefixlen, default=Route("local", "lo", "127.0.0.1", address)
    )


def _routes(world: World) -> Iterator[Route]:
    loopback = "lo0" if world.host.platform == "macos" else "lo"
    yield Route("local", loopback, "127.0.0.1", "127.0.0.0/8")
    tunnel = next((i for i in interfaces(world) if i.tunnel), None)
    for interface in interfaces(world):
        network = str(ip_network(f"{interface.address}/{interface.prefix}", strict=False))
        yield Route("tunnel" if interface.tunnel else "connected", interface.name, interface.address, network)
    if tunnel is not None:
        for cidr in tunnel_ranges(world):
            yield Route("tunnel", tunnel.name, tunnel.address, str(ip_network(cidr, strict=False)))
    default = default_gateway(world)
    if default is not None:
        yield Route("default", default[0].name, default[0].address, "0.0.0.0/0", default[1])


def transports(state: LabState, service: NameService, server: str) -> tuple[bool, bool]:
    """Tell whether the server answers queries by UDP, and by TCP.

    A VPC resolver is reached from its VPC, and through a VPN as through AWS Client VPN:
    https://repost.aws/knowledge-center/client-vpn-how-dns-works-with-endpoint
    """
    fault = service.fault(server)
    udp, tcp = _open(state, service, server)
    return udp and fault != "timeout", tcp and fault not in ("timeout", "truncated")


def _open(state: LabState, service: NameService, server: str) -> tuple[bool, bool]:
    world = state.world
    known = next((s for s in world.servers if s.address == server), None)
    if known is not None:
        is_silent = known.kind == "silent" and not known.forwards and not known.records
        reached = not is_silent and has_route(world, server, _authorized(state))
        return reached, reached
    if server in NAME_SERVERS.values() or any(server in r.addresses for r in world.global_resolvers):
        return True, True
    vpc = service.vpc_behind(server)
    if vpc is None or not vpc.dns_support:
        return False, False
    outside = server in LINK_LOCAL or (server == vpc.resolver and world.host.in_vpc is not None)
    if outside and world.host.in_vpc != vpc.id:
        return False, False
    if not has_route(world, server, _authorized(state)):
        return False, False
    endpoint = next((e for e in state.endpoints.values() if server in e.addresses), None)
    source = route_to(world, server).source
    udp, tcp = (endpoint is None or _admits(state, endpoint, source, t) for t in ("udp", "tcp"))
    return udp and not world.vpc_dns.silent_udp, tcp and not world.vpc_dns.silent_tcp


def has_route(world: World, server: str, authorized: Iterable[str]) -> bool:
    """Tell whether packets arrive.

    A tunnel passes the ``authorized`` ranges only, or everything if there are none. Private addresses beyond the local
    network need a VPN or a host in a VPC.
    """
    if server in LINK_LOCAL or world.host.in_vpc is not None:
        return True
    kind = route_to(world, server).kind
    if kind == "tunnel":
        ranges = tuple(authorized)
        return not ranges or any(ip_address(server) in ip_network(r, strict=False) for r in ranges)
    if kind == "connected":
        return any(s.address == server for s in world.servers)
    # Python calls the documentation range private (RFC 5737); the lab has public name servers in it.
    documented = ip_address(server) in ip_network("192.0.2.0/24") if ":" not in server else False
    return kind == "local" or documented or not ip_address(server).is_private


def _authorized(state: LabState) -> list[str]:
    """Return the ranges that the Client VPN endpoints authorize now."""
    return [a for c in state.client_vpns.values() for a in c.authorized]


def _admits(state: LabState, endpoint: LiveEndpoint, source: str, transport: str) -> bool:
    """Tell whether the endpoint's security groups admit port 53 by that transport from the source."""
    number = {"udp": "17", "tcp": "6"}[transport]
    for group_id in endpoint.security_groups:
        group = state.security_groups.get(group_id)
        for rule in group.ingress if group else ():
            ports = rule.from_port is None or rule.from_port <= 53 <= (rule.to_port or rule.from_port)
            if rule.protocol not in ("-1", transport, number) or not (ports or rule.protocol == "-1"):
                continue
            lists = (p for p in state.world.prefix_lists if p.id in rule.prefix_lists)
            ranges = [*rule.ranges, *(e for p in lists for e in p.entries)]
            members = {m for g in rule.groups if (known := state.security_groups.get(g)) for m in known.members}
            if source in members or any(ip_address(source) in ip_network(r, strict=False) for r in ranges):
                return True
    return False
