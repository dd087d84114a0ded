"""How a packet leaves this host, by the routing commands of Linux, macOS and Windows.

The kernel's route for one address (``ip route get``, ``route -n get``, ``Find-NetRoute``) is authoritative; the
routing table shows which range matched, and is the fallback where no such route was recorded.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_interface, ip_network
from typing import Literal

from sddoctor.case.host import InterfaceAddress, Route
from sddoctor.formats.host import vpn_marks

Network = IPv4Network | IPv6Network

_TUNNELS = r"utun|tun|tap|wg|ppp|ipsec|tailscale|gpd|cscotun|nordlynx|zt|vti|xfrm|gre|ipip|sit|l2tp|pptp|vpn|outline|sdwan|snx|proton"
_TUNNEL_NAME = re.compile(rf"(?:{_TUNNELS})[0-9A-Za-z_.-]*")
_TUNNEL_WORDS = re.compile(
    r"openvpn|wireguard|tap-windows|wintun|\bvpn\b|tailscale|zerotier|anyconnect|cisco secure client|"
    r"globalprotect|pangp|fortinet|fortissl|juniper|pulse|netbird|cloudflare ?warp|nordlynx|mullvad|twingate|zscaler|netskope|wan miniport",
    re.IGNORECASE,
)
# Windows calls the adapters of VPNs "Ethernet 2" and so on, too.
_LOCAL_NAME = re.compile(r"eth|en|wl|br|docker|bond|team|veth|virbr|lxc|awdl|llw|vmnet|feth|vEthernet|Wi-Fi|Ethernet$")
_LOOPBACKS = frozenset({"lo", "lo0", "Loopback Pseudo-Interface 1"})


@dataclass(frozen=True)
class TableEntry:
    """A row of a routing table. ``refuses`` for unreachable, blackhole, prohibit and reject routes."""

    network: Network
    interface: str | None = None
    gateway: str | None = None
    source: str | None = None
    refuses: bool = False
    metric: int = 0


@dataclass(frozen=True)
class Hop:
    """The next hop of a packet, and the range that matched."""

    interface: str | None = None
    gateway: str | None = None
    source: str | None = None
    network: str | None = None


def is_tunnel(interface: str | None, link_type: str = "") -> bool:
    """Tell whether it is a VPN interface, by its name, its description, or the kernel's type of link."""
    if not interface or interface in _LOOPBACKS:
        return False
    known = vpn_marks.of_interface(interface)
    return bool(link_type or known or _TUNNEL_NAME.fullmatch(interface) or _TUNNEL_WORDS.search(interface))


def best_match(destination: str, table: tuple[TableEntry, ...]) -> TableEntry | None:
    """Return the matching row with the longest prefix, then the lowest metric."""
    try:
        address = ip_address(destination.partition("%")[0])
    except ValueError:
        return None
    matching = [row for row in table if row.network.version == address.version and address in row.network]
    return min(matching, key=lambda row: (-row.network.prefixlen, row.metric), default=None)


def classify(destination: str, hop: Hop, own: tuple[InterfaceAddress, ...] = (), link_type: str = "") -> Route:
    """Return the route with its kind. ``own`` are the host's addresses."""
    bare = destination.partition("%")[0]
    interface, gateway, network = hop.interface, hop.gateway, hop.network
    source = hop.source or _source(bare, interface, own)
    is_default = network is not None and network.endswith("/0")
    if interface in _LOOPBACKS or any(address.address == bare for address in own):
        return Route("local", interface, None, source, network)
    if is_tunnel(interface, link_type):
        return Route("tunnel", interface, gateway, source, network)
    if gateway is None and not is_default:
        kind: Literal["tunnel", "connected"] = "connected"
        if network is not None and _is_point_to_point(interface or "", network, own):
            kind = "tunnel"
        return Route(kind, interface, None, source, network)
    return Route("default" if is_default else "gateway", interface, gateway, source, network)


def _is_point_to_point(interface: str, network: str, own: tuple[InterfaceAddress, ...]) -> bool:
    """Tell whether it is a point-to-point link with an unknown name: a foreign range is routed to it without a gateway.

    Single addresses do not count: DHCP and cloud images route servers and metadata like that on ordinary links.
    """
    local = [ip_interface(f"{a.address}/{a.prefix}").network for a in own if a.interface == interface]
    matched = ip_network(network)
    if not local or matched.prefixlen >= 30 or _LOCAL_NAME.match(interface):
        return False
    return not any(matched.version == m.version and matched.subnet_of(m) for m in local)  # type: ignore[arg-type]


def _source(destination: str, interface: str | None, own: tuple[InterfaceAddress, ...]) -> str | None:
    version = 6 if ":" in destination else 4
    found = [a.address for a in own if a.interface == interface and (":" in a.address) == (version == 6)]
    found.sort(key=lambda address: address.startswith("fe80:"))
    return found[0] if found else None


def unreachable(network: str | None = None) -> Route:
    """Return the route of a packet that the host does not send."""
    return Route("unreachable", network=network)


def from_table(
    destination: str, table: tuple[TableEntry, ...], own: tuple[InterfaceAddress, ...], link_type: str = ""
) -> Route:
    """Return the route by the routing table alone."""
    row = best_match(destination, table)
    if any(address.address == destination.partition("%")[0] for address in own):
        return classify(destination, Hop(source=destination), own)
    if row is None or row.refuses:
        return unreachable(str(row.network) if row else None)
    return classify(destination, Hop(row.interface, row.gateway, row.source, str(row.network)), own, link_type)


def read_network(text: str, *, version: int = 4) -> Network | None:
    """Read ``default``, ``10.10.0.0/16``, one address, or netstat's ``10.10/16``, ``127`` and ``169.254``."""
    text = text.strip()
    if text == "default":
        return ip_network("0.0.0.0/0" if version == 4 else "::/0")
    head, _, length = text.partition("/")
    head = head.partition("%")[0]
    if ":" not in head:
        parts = head.split(".")
        if not all(part.isascii() and part.isdigit() for part in parts) or len(parts) > 4:
            return None
        length = length or str(8 * len(parts))
        head = ".".join(parts + ["0"] * (4 - len(parts)))
    try:
        return ip_network(f"{head}/{length}" if length else head, strict=False)
    except ValueError:
        return None
