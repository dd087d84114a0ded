"""Every format, by name, in the order in which they are shown."""

from __future__ import annotations

from sddoctor.splitdns.format import Format
from sddoctor.splitdns.forwarders import BIND, COREDNS, DNSMASQ, UNBOUND
from sddoctor.splitdns.macos import FORMAT as MACOS
from sddoctor.splitdns.mesh import NEBULA, NETBIRD, TAILSCALE
from sddoctor.splitdns.networkmanager import FORMAT as NETWORKMANAGER
from sddoctor.splitdns.resolved import DELEGATE, RESOLVED
from sddoctor.splitdns.vpn import CLIENT_VPN, NRPT, OPENVPN, WIREGUARD

FORMATS: tuple[Format, ...] = (
    MACOS,
    RESOLVED,
    DELEGATE,
    NETWORKMANAGER,
    DNSMASQ,
    UNBOUND,
    BIND,
    COREDNS,
    NRPT,
    OPENVPN,
    WIREGUARD,
    CLIENT_VPN,
    TAILSCALE,
    NETBIRD,
    NEBULA,
)

BY_NAME: dict[str, Format] = {f.name: f for f in FORMATS}
