"""Names by which VPN clients are known: of interfaces, programs, units, macOS services, adapters and comments.

Only names that a client has for itself are listed: ``tun0``, ``sdwan0``, ``utun4`` and TAP-Windows may be anybody's. No list is complete.

Tailscale https://github.com/tailscale/tailscale/blob/main/cmd/tailscaled/tailscaled.go
NetBird https://github.com/netbirdio/netbird/tree/main/client/iface (``wt0``, ``utun100``)
ZeroTier https://docs.zerotier.com/config
Cloudflare WARP https://developers.cloudflare.com/cloudflare-one/team-and-resources/devices/warp/configure-warp/route-traffic/warp-architecture/
Twingate https://www.twingate.com/docs/linux
GlobalProtect https://docs.paloaltonetworks.com/globalprotect (``gpd0``, PANGP adapters, PanGPS)
Cisco https://www.cisco.com/c/en/us/support/security/anyconnect-secure-mobility-client/series.html (``cscotun0``, vpnagentd)
FortiClient https://docs.fortinet.com/product/forticlient
Zscaler https://help.zscaler.com/client-connector/zscaler-client-connector-processes-allowlist
NordLayer https://help.nordlayer.com
AWS VPN Client https://docs.aws.amazon.com/vpn/latest/clientvpn-user/client-vpn-connect-linux-install.html
OpenVPN 3 https://github.com/OpenVPN/openvpn3-linux (its comment in resolv.conf)
"""

from __future__ import annotations

import re
from collections.abc import Iterable

TAILSCALE, NETBIRD, ZEROTIER, TWINGATE = "Tailscale", "NetBird", "ZeroTier", "Twingate"
WARP, GLOBALPROTECT, CISCO = "Cloudflare WARP", "GlobalProtect", "Cisco Secure Client (AnyConnect)"
FORTICLIENT, ZSCALER, NORDLAYER = "FortiClient", "Zscaler", "NordLayer"
AWS, OPENVPN, OPENVPN3, WIREGUARD = "AWS VPN Client", "OpenVPN", "OpenVPN 3", "WireGuard"
TUNNELBLICK, VISCOSITY = "Tunnelblick", "Viscosity"


def _table(rows: Iterable[tuple[str, str]]) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((product, re.compile(pattern, re.IGNORECASE)) for product, pattern in rows)


_INTERFACES = _table(
    (
        (TAILSCALE, r"tailscale[0-9]+"),
        (NETBIRD, r"wt[0-9]+|utun100"),
        (ZEROTIER, r"zt[0-9a-z]{8}"),
        (WARP, r"cloudflarewarp"),
        (GLOBALPROTECT, r"gpd[0-9]+"),
        (CISCO, r"cscotun[0-9]+"),
        (FORTICLIENT, r"fctvpn[0-9a-f]+"),
        (ZSCALER, r"zcctun[0-9]+"),
    )
)
#: Names and descriptions of Windows adapters, in which words stand beside others.
_ADAPTERS = _table(
    (
        (TAILSCALE, r"\btailscale\b"),
        (NETBIRD, r"\bnetbird\b|^wt[0-9]+$"),
        (ZEROTIER, r"\bzerotier\b"),
        (TWINGATE, r"\btwingate\b"),
        (WARP, r"\bcloudflare ?warp\b"),
        (GLOBALPROTECT, r"\bpangp\b|\bglobalprotect\b"),
        (CISCO, r"\bcisco anyconnect\b|\bcisco secure client\b"),
        (FORTICLIENT, r"\bfortinet\b|\bforticlient\b|\bfortissl\b"),
        (ZSCALER, r"\bzscaler\b"),
        (NORDLAYER, r"\bnordlayer\b"),
        (AWS, r"\baws vpn client\b"),
        (OPENVPN3, r"\bopenvpn connect\b"),
        (OPENVPN, r"\bopenvpn\b"),
        (WIREGUARD, r"\bwireguard tunnel\b"),
    )
)
#: Paths of programs as ``ps`` prints them: on Linux the name alone, cut after 15 characters. The first that matches counts:
#: Tunnelblick, Viscosity and AWS's client start an OpenVPN of their own.
_PROGRAMS = _table(
    (
        (TUNNELBLICK, r".*/Tunnelblick(\.app)?/.*|Tunnelblick"),
        (VISCOSITY, r".*/Viscosity(\.app)?/.*|Viscosity"),
        (AWS, r".*/AWS VPN Client(\.app)?/.*|(.*/)?(acvc-openvpn|ACVC\.GTK\.Servi.*|AWS VPN Client)"),
        (TAILSCALE, r".*/Tailscale\.app/.*|(.*/)?(tailscaled|io\.tailscale\.ipn\..*)"),
        (NETBIRD, r"(.*/)?netbird"),
        (ZEROTIER, r"(.*/)?zerotier-one"),
        (TWINGATE, r".*/Twingate\.app/.*|(.*/)?twingated"),
        (WARP, r".*/Cloudflare WARP\.app/.*|(.*/)?warp-svc"),
        (GLOBALPROTECT, r".*/GlobalProtect\.app/.*|(.*/)?PanGP[AS]"),
        (CISCO, r"(.*/)?vpnagentd|.*/Cisco(/.*)?/(Cisco Secure Client|Cisco AnyConnect[^/]*)\.app/.*"),
        (FORTICLIENT, r".*/FortiClient\.app/.*|(.*/)?(fctservctl2?|forticlient)"),
        (ZSCALER, r".*/Zscaler(\.app)?/.*|(.*/)?(ZscalerTunnel|zstunnel)"),
        (NORDLAYER, r".*/NordLayer\.app/.*|(.*/)?nordlayer[a-z-]*"),
        (OPENVPN3, r"(.*/)?openvpn3-servic.*|.*/OpenVPN Connect(\.app)?/.*"),
        (WIREGUARD, r".*/WireGuard\.app/.*|(.*/)?wireguard-go"),
        (OPENVPN, r"(.*/)?openvpn"),
    )
)
_UNITS = _table(
    (
        (TAILSCALE, r"tailscaled\.service"),
        (NETBIRD, r"netbird\.service"),
        (ZEROTIER, r"zerotier-one\.service"),
        (TWINGATE, r"twingate\.service"),
        (WARP, r"warp-svc\.service"),
        (GLOBALPROTECT, r"gpd\.service"),
        (CISCO, r"vpnagentd\.service"),
        (FORTICLIENT, r"forticlient[a-z-]*\.service"),
        (ZSCALER, r"zs(aservice|tunnel)\.service"),
        (NORDLAYER, r"nordlayer[a-z-]*\.service"),
        (AWS, r"awsvpnclient\.service"),
        (OPENVPN3, r"openvpn3-[a-z@.-]+\.service|openvpn3-session@.+\.service"),
        (OPENVPN, r"openvpn(-client)?@.+\.service"),
        (WIREGUARD, r"wg-quick@.+\.service"),
    )
)
#: Identifiers of the programs behind VPN services of macOS.
_BUNDLES = _table(
    (
        (TAILSCALE, r"(io|com)\.tailscale\..+"),
        (NETBIRD, r"io\.netbird\..+"),
        (TWINGATE, r"com\.twingate\..+"),
        (WARP, r"com\.cloudflare\..+"),
        (GLOBALPROTECT, r"com\.paloaltonetworks\..+"),
        (CISCO, r"com\.cisco\.(anyconnect|secureclient)\..+"),
        (FORTICLIENT, r"com\.fortinet\..+"),
        (ZSCALER, r"com\.zscaler\..+"),
        (NORDLAYER, r"com\.nordlayer\..+|com\.nordvpn\.teams.*"),
        (WIREGUARD, r"com\.wireguard\..+"),
        (OPENVPN3, r"(net|org)\.openvpn\.connect.*"),
        (VISCOSITY, r"com\.(viscosityvpn|sparklabs)\..+"),
    )
)
_COMMENTS = _table(
    (
        (TAILSCALE, r".*generated by tailscale.*"),
        (NETBIRD, r".*generated by netbird.*"),
        (OPENVPN3, r".*generated by openvpn 3 linux.*"),
        (CISCO, r".*generated by (cisco )?(anyconnect|secure client).*"),
    )
)


def _first(table: tuple[tuple[str, re.Pattern[str]], ...], text: str) -> str | None:
    return next((product for product, pattern in table if pattern.fullmatch(text)), None)


def of_interface(name: str) -> str | None:
    """Return the product that alone names its interface so, on Linux or macOS."""
    return _first(_INTERFACES, name)


def of_adapter(name: str) -> str | None:
    """Return the product that a Windows adapter's name, or its description, tells."""
    return next((product for product, pattern in _ADAPTERS if pattern.search(name)), None)


def of_program(path: str) -> str | None:
    """Return the product to which a running program belongs."""
    return _first(_PROGRAMS, path)


def of_unit(name: str) -> str | None:
    """Return the product to which a unit of systemd belongs."""
    return _first(_UNITS, name)


def of_bundle(identifier: str) -> str | None:
    """Return the product to which the identifier of a macOS program belongs."""
    return _first(_BUNDLES, identifier)


def of_comment(line: str) -> str | None:
    """Return the product that wrote a file, by a comment in it."""
    return _first(_COMMENTS, line)
