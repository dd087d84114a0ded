"""What files and commands of a host look like, in the common form of macOS and Debian."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from ipaddress import IPv4Network, ip_network

from sddoctor.lab.host_files import ResolverEntry
from sddoctor.lab.routes import Way, default_gateway, interfaces, tunnel_ranges, way_to
from sddoctor.lab.world import World

MACOS_HOSTS = """\
##
# Host Database
#
# localhost is used to configure the loopback interface
# when the system is booting.  Do not change this entry.
##
127.0.0.1\tlocalhost
255.255.255.255\tbroadcasthost
::1             localhost
"""
LINUX_HOSTS = """\
127.0.0.1\tlocalhost
::1\tlocalhost ip6-localhost ip6-loopback
"""
NSSWITCH = """\
passwd:         files
group:          files
hosts:          files dns
networks:       files
"""
_MDNS = ("local", "254.169.in-addr.arpa", "8.e.f.ip6.arpa", "9.e.f.ip6.arpa", "a.e.f.ip6.arpa", "b.e.f.ip6.arpa")
_FLAGS = "Request A records"


def resolv_conf(world: World) -> str:
    """Return /etc/resolv.conf; on macOS it only mirrors the default resolver."""
    host = world.host
    head = "#\n# macOS Notice\n#\n# This file is not consulted for DNS hostname resolution, address\n"
    head += "# resolution, or the DNS query routing mechanism used by most\n# processes on this system.\n#\n"
    lines = [f"search {' '.join(host.search)}"] if host.search else []
    lines += [f"nameserver {s}" for s in host.nameservers]
    return (head if host.platform == "macos" else "") + "".join(f"{line}\n" for line in lines)


def scutil(world: World, files: Sequence[ResolverEntry]) -> str:
    """Return ``scutil --dns``. ``files`` are the entries of /etc/resolver.

    Layout: https://github.com/apple-oss-distributions/configd (dnsinfo_logging.h).
    """
    default = default_gateway(world)
    interface = default[0].name if default else "en0"
    blocks = [_primary(world, interface, _FLAGS)]
    for number, domain in enumerate(_MDNS):
        blocks.append(
            f"  domain   : {domain}\n  options  : mdns\n  timeout  : 5\n  flags    : {_FLAGS}\n"
            f"  reach    : 0x00000000 (Not Reachable)\n  order    : {300000 + 200 * number}\n"
        )
    blocks += [_file_entry(world, f) for f in sorted(files, key=lambda f: (-len(f.domain or ""), f.domain or ""))]
    scoped = _primary(world, interface, f"Scoped, {_FLAGS}")
    return f"DNS configuration\n{_numbered(blocks)}\nDNS configuration (for scoped queries)\n{_numbered([scoped])}"


def _numbered(blocks: list[str]) -> str:
    return "".join(f"\nresolver #{n}\n{block}" for n, block in enumerate(blocks, 1))


def _primary(world: World, interface: str, flags: str) -> str:
    host = world.host
    text = "".join(f"  search domain[{n}] : {d}\n" for n, d in enumerate(host.search))
    text += "".join(f"  nameserver[{n}] : {s}\n" for n, s in enumerate(host.nameservers))
    text += f"  if_index : 12 ({interface})\n  flags    : {flags}\n"
    return text + f"  reach    : {_reach(world, host.nameservers)}\n"


def _file_entry(world: World, file: ResolverEntry) -> str:
    text = f"  domain   : {file.domain}\n" if file.domain else ""
    servers = tuple(s.address for s in file.servers)
    text += "".join(f"  nameserver[{n}] : {s}\n" for n, s in enumerate(servers))
    text += f"  port     : {file.port}\n" if file.port is not None else ""
    text += f"  timeout  : {file.timeout}\n" if file.timeout else ""
    text += f"  flags    : {_FLAGS}\n  reach    : {_reach(world, servers)}\n"
    return text + (f"  order    : {file.search_order}\n" if file.search_order else "")


def _reach(world: World, servers: tuple[str, ...]) -> str:
    kinds = {way_to(world, s).kind for s in servers if "." in s}
    if not kinds:
        return "0x00000000 (Not Reachable)"
    if kinds == {"local"}:
        return "0x00030002 (Reachable,Local Address,Directly Reachable Address)"
    return "0x00020002 (Reachable,Directly Reachable Address)" if kinds == {"connected"} else "0x00000002 (Reachable)"


def route_get_macos(address: str, way: Way) -> str:
    """Return ``route -n get ADDRESS`` of macOS."""
    network = ip_network(way.network)
    whole = network.prefixlen == 0
    lines = [
        f"   route to: {address}",
        f"destination: {'default' if whole else network.network_address}",
        f"       mask: {'default' if whole else network.netmask}",
        *([f"    gateway: {way.gateway}"] if way.gateway else []),
        f"  interface: {way.interface}",
        f"      flags: <UP,{'GATEWAY,' if way.gateway else ''}DONE,STATIC,PRCLONING{',GLOBAL' if whole else ''}>",
        " recvpipe  sendpipe  ssthresh  rtt,msec    rttvar  hopcount      mtu     expire",
        "       0         0         0         0         0         0      1500         0 ",
    ]
    return "".join(f"{line}\n" for line in lines)


def ip_route_get(address: str, way: Way) -> str:
    """Return ``ip route get ADDRESS`` of Linux."""
    prefix = "local " if way.kind == "local" else ""
    via = f" via {way.gateway}" if way.gateway else ""
    return f"{prefix}{address}{via} dev {way.interface} src {way.source} uid 1000 \n    cache \n"


def ifconfig(world: World) -> str:
    """Return ``ifconfig`` of macOS."""
    text = "lo0: flags=8049<UP,LOOPBACK,RUNNING,MULTICAST> mtu 16384\n\tinet 127.0.0.1 netmask 0xff000000\n"
    for i in interfaces(world):
        network = IPv4Network(f"{i.address}/{i.prefix}", strict=False)
        mask = f"0x{int(network.netmask):08x}"
        if i.tunnel:
            text += f"{i.name}: flags=8051<UP,POINTOPOINT,RUNNING,MULTICAST> mtu 1420\n"
            text += f"\tinet {i.address} --> {i.address} netmask {mask}\n"
        else:
            text += f"{i.name}: flags=8863<UP,BROADCAST,SMART,RUNNING,SIMPLEX,MULTICAST> mtu 1500\n"
            text += f"\tinet {i.address} netmask {mask} broadcast {network.broadcast_address}\n\tstatus: active\n"
    return text


def netstat(world: World) -> str:
    """Return ``netstat -rn -f inet`` of macOS."""
    rows = [("Destination", "Gateway", "Flags", "Netif", "Expire")]
    default = default_gateway(world)
    if default:
        rows.append(("default", default[1], "UGScg", default[0].name, ""))
    for network, interface, flags in _networks(world):
        rows.append((_short(network), interface if flags == "USc" else "link#12", flags, interface, ""))
    rows.append(("127.0.0.1", "127.0.0.1", "UH", "lo0", ""))
    lines = [f"{r[0]:<19}{r[1]:<19}{r[2]:<20}{r[3]:<10}{r[4]}".rstrip() for r in rows]
    return "Routing tables\n\nInternet:\n" + "".join(f"{line}\n" for line in lines)


def ip_route(world: World) -> str:
    """Return ``ip route`` of Linux."""
    default = default_gateway(world)
    text = f"default via {default[1]} dev {default[0].name} proto dhcp metric 600 \n" if default else ""
    for network, interface, flags in _networks(world):
        kind = "static" if flags == "USc" else "kernel"
        text += f"{network} dev {interface} proto {kind} scope link \n"
    return text


def ip_brief_address(world: World) -> str:
    """Return ``ip -brief address`` of Linux."""
    rows = [("lo", "UNKNOWN", "127.0.0.1/8 ::1/128")]
    rows += [(i.name, "UNKNOWN" if i.tunnel else "UP", f"{i.address}/{i.prefix}") for i in interfaces(world)]
    return "".join(f"{name:<17}{state:<15}{address} \n" for name, state, address in rows)


def _networks(world: World) -> Iterator[tuple[str, str, str]]:
    tunnel = next((i for i in interfaces(world) if i.tunnel), None)
    if tunnel:
        for cidr in tunnel_ranges(world):
            yield cidr, tunnel.name, "USc"
    for i in interfaces(world):
        yield str(IPv4Network(f"{i.address}/{i.prefix}", strict=False)), i.name, "USc" if i.tunnel else "UCS"


def _short(cidr: str) -> str:
    """Write a range as netstat does: ``10.10/16``."""
    network = IPv4Network(cidr)
    octets = str(network.network_address).split(".")
    return ".".join(octets[: max(1, -(-network.prefixlen // 8))]) + f"/{network.prefixlen}"


def dscacheutil(name: str, addresses: tuple[str, ...]) -> str:
    """Return ``dscacheutil -q host -a name NAME``; nothing when there is no such host."""
    keys = [("ipv6_address" if ":" in a else "ip_address", a) for a in addresses]
    return "".join(f"name: {name.rstrip('.')}\n{key}: {address}\n\n" for key, address in keys)


def getent_ahosts(name: str, addresses: tuple[str, ...]) -> str:
    """Return ``getent ahosts NAME``; nothing when there is no such host."""
    text = ""
    for n, address in enumerate(addresses):
        for kind in ("STREAM", "DGRAM", "RAW"):
            text += f"{address:<15} {kind:<6} {name.rstrip('.') if n == 0 and kind == 'STREAM' else ''}\n"
    return text
