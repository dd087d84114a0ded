"""Routing and interface commands of a host, in the form in which macOS and Linux write them."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Network, ip_network
from typing import NamedTuple

from sddoctor.lab.parts.host import Interface
from sddoctor.lab.routes import Route, default_gateway, interfaces, tunnel_ranges
from sddoctor.lab.world import World

MTU, TUNNEL_MTU = 1500, 1420


class Range(NamedTuple):
    """A range in the routing table; ``added`` by a VPN client, else it is that of the interface's own address."""

    network: IPv4Network
    interface: Interface
    added: bool


def route_get_macos(address: str, route: Route) -> str:
    """Return ``route -n get ADDRESS`` of macOS."""
    network = ip_network(route.network)
    default = network.prefixlen == 0
    mtu = TUNNEL_MTU if route.kind == "tunnel" else MTU
    flags = f"UP,{'GATEWAY,' if route.gateway else ''}DONE,STATIC,PRCLONING{',GLOBAL' if default else ''}"
    lines = [
        f"   route to: {address}",
        f"destination: {'default' if default else network.network_address}",
        f"       mask: {'default' if default else network.netmask}",
        *([f"    gateway: {route.gateway}"] if route.gateway else []),
        f"  interface: {route.interface}",
        f"      flags: <{flags}>",
        " recvpipe  sendpipe  ssthresh  rtt,msec    rttvar  hopcount      mtu     expire",
        f"       0         0         0         0         0         0{mtu:>10}         0 ",
    ]
    return "".join(f"{line}\n" for line in lines)


def ip_route_get(address: str, route: Route) -> str:
    """Return ``ip route get ADDRESS`` of Linux."""
    prefix = "local " if route.kind == "local" else ""
    via = f" via {route.gateway}" if route.gateway else ""
    return f"{prefix}{address}{via} dev {route.interface} src {route.source} uid 1000 \n    cache \n"


def ifconfig(world: World) -> str:
    """Return ``ifconfig`` of macOS."""
    text = "lo0: flags=8049<UP,LOOPBACK,RUNNING,MULTICAST> mtu 16384\n\tinet 127.0.0.1 netmask 0xff000000\n"
    text += "\tinet6 ::1 prefixlen 128\n\tinet6 fe80::1%lo0 prefixlen 64 scopeid 0x1\n"
    for i in interfaces(world):
        network = _own_network(i)
        mask = f"0x{int(network.netmask):08x}"
        if i.tunnel:
            text += f"{i.name}: flags=8051<UP,POINTOPOINT,RUNNING,MULTICAST> mtu {TUNNEL_MTU}\n"
            text += f"\tinet {i.address} --> {i.address} netmask {mask}\n"
        else:
            text += f"{i.name}: flags=8863<UP,BROADCAST,SMART,RUNNING,SIMPLEX,MULTICAST> mtu {MTU}\n"
            text += "\tether a4:83:e7:00:00:01\n"
            text += f"\tinet6 fe80::1c2b:3a4d:5e6f:7081%{i.name} prefixlen 64 secured scopeid 0xc\n"
            text += f"\tinet {i.address} netmask {mask} broadcast {network.broadcast_address}\n"
            text += "\tmedia: autoselect\n\tstatus: active\n"
    return text


def netstat(world: World) -> str:
    """Return ``netstat -rn -f inet`` of macOS."""
    rows = [("Destination", "Gateway", "Flags", "Netif", "Expire")]
    default = default_gateway(world)
    if default:
        rows.append(("default", default[1], "UGScg", default[0].name, ""))
    for network, interface, _ in _ranges(world):
        name = interface.name
        rows.append((_short(network), name, "USc", name, "") if interface.tunnel else _linked(_short(network), name))
    rows += [(i.address, i.address, "UH", i.name, "") for i in interfaces(world) if i.tunnel]
    rows += [("127", "127.0.0.1", "UCS", "lo0", ""), ("127.0.0.1", "127.0.0.1", "UH", "lo0", "")]
    if default:
        rows.append(_linked("169.254", default[0].name))
    lines = [f"{r[0]:<19}{r[1]:<19}{r[2]:<15}{r[3]:>10}{r[4]:>7}" for r in rows]
    return "Routing tables\n\nInternet:\n" + "".join(f"{line}\n" for line in lines)


def _linked(destination: str, interface: str) -> tuple[str, str, str, str, str]:
    return destination, "link#12", "UCS", interface, "!"


def ip_route(world: World) -> str:
    """Return ``ip route`` of Linux."""
    default = default_gateway(world)
    text = f"default via {default[1]} dev {default[0].name} proto dhcp metric 600 \n" if default else ""
    for network, interface, added in _ranges(world):
        source = "static scope link" if added else f"kernel scope link src {interface.address}"
        text += f"{network} dev {interface.name} proto {source} {'' if interface.tunnel else 'metric 600 '}\n"
    return text


def ip_brief_address(world: World) -> str:
    """Return ``ip -brief address`` of Linux."""
    rows = [("lo", "UNKNOWN", "127.0.0.1/8 ::1/128")]
    for i in interfaces(world):
        address = f"{i.address}/{i.prefix}"
        rows.append(
            (i.name, "UNKNOWN", address) if i.tunnel else (i.name, "UP", f"{address} fe80::a00:27ff:fe4e:66a1/64")
        )
    return "".join(f"{name:<17}{state:<15}{address} \n" for name, state, address in rows)


def _own_network(interface: Interface) -> IPv4Network:
    return IPv4Network(f"{interface.address}/{interface.prefix}", strict=False)


def _ranges(world: World) -> Iterator[Range]:
    tunnel = next((i for i in interfaces(world) if i.tunnel), None)
    if tunnel:
        for cidr in tunnel_ranges(world):
            yield Range(IPv4Network(cidr, strict=False), tunnel, True)
    for interface in interfaces(world):
        yield Range(_own_network(interface), interface, False)


def _short(network: IPv4Network) -> str:
    """Write a range as netstat does: ``10.10/16``, ``192.168.1`` where the length is that of its old class.

    https://github.com/apple-oss-distributions/network_cmds (netname() in netstat.tproj/route.c)
    """
    octets = str(network.network_address).split(".")
    of_class = 1 if int(octets[0]) < 128 else 2 if int(octets[0]) < 192 else 3
    kept = max([of_class, *(n for n, octet in enumerate(octets, 1) if octet != "0")])
    return ".".join(octets[:kept]) + ("" if network.prefixlen == 8 * of_class else f"/{network.prefixlen}")
