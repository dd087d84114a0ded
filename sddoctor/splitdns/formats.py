"""Every format, by name, in the order in which they are shown."""

from __future__ import annotations

from sddoctor.splitdns.format import Format
from sddoctor.splitdns.forwarders import COREDNS, DNSMASQ, UNBOUND
from sddoctor.splitdns.linux import NETWORKMANAGER, RESOLVED
from sddoctor.splitdns.macos import FORMAT as MACOS
from sddoctor.splitdns.vpn import CLIENT_VPN, NRPT, OPENVPN, TAILSCALE, WIREGUARD

FORMATS: tuple[Format, ...] = (
    MACOS,
    RESOLVED,
    NETWORKMANAGER,
    DNSMASQ,
    UNBOUND,
    COREDNS,
    NRPT,
    OPENVPN,
    WIREGUARD,
    CLIENT_VPN,
    TAILSCALE,
)

BY_NAME: dict[str, Format] = {f.name: f for f in FORMATS}
