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
openconnect https://gitlab.com/openconnect/vpnc-scripts (its comment in resolv.conf), https://github.com/yuezk/GlobalProtect-openconnect (gpclient)
openfortivpn https://github.com/adrienverge/openfortivpn
Mullvad https://github.com/mullvad/mullvadvpn-app
strongSwan https://docs.strongswan.org/docs/latest/daemons/charon-systemd.html
WireGuard https://man7.org/linux/man-pages/man8/wg-quick.8.html (a unit is called after its interface)
"""

from __future__ import annotations

import re
from collections.abc import Iterable

TAILSCALE, NETBIRD, ZEROTIER, TWINGATE = "Tailscale", "NetBird", "ZeroTier", "Twingate"
WARP, GLOBALPROTECT, CISCO = "Cloudflare WARP", "GlobalProtect", "Cisco Secure Client (AnyConnect)"
FORTICLIENT, ZSCALER, NORDLAYER = "FortiClient", "Zscaler", "NordLayer"
AWS, OPENVPN, OPENVPN3, WIREGUARD = "AWS VPN Client", "OpenVPN", "OpenVPN 3", "WireGuard"
TUNNELBLICK, VISCOSITY = "Tunnelblick", "Viscosity"
OPENCONNECT, OPENFORTIVPN, STRONGSWAN, MULLVAD = "openconnect", "openfortivpn", "strongSwan", "Mullvad"
IVANTI, NETSKOPE, CHECK_POINT = "Ivanti Secure Access (Pulse Secure)", "Netskope Client", "Check Point VPN"
NORDVPN, PROTON, FIREZONE, PRITUNL = "NordVPN", "Proton VPN", "Firezone", "Pritunl"
APPGATE, SONICWALL, ZITI = "Appgate SDP", "SonicWall NetExtender", "OpenZiti"


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
        (MULLVAD, r"wg0?-mullvad"),
        (CHECK_POINT, r"tunsnx|snx-tun|snx-xfrm"),
        (PROTON, r"proton[0-9]+|pvpn.+"),
        (FIREZONE, r"tun-firezone|wg-firezone"),
        (ZITI, r"ziti[0-9]+"),
        # The kernel's WireGuard with the name that its documents give it; other products use other names.
        (WIREGUARD, r"wg[0-9]+"),
    )
)
#: Names that a product shares with others: it is its own where nothing else of another product is there.
_SHARED_INTERFACES = _table(
    (
        (TWINGATE, r"sdwan[0-9]+"),
        (ZEROTIER, r"feth[0-4]?[0-9]{1,3}"),
        (NORDLAYER, r"nordlynx"),
        (NORDVPN, r"nordlynx|nordtun"),
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
        (MULLVAD, r"\bmullvad\b"),
        (IVANTI, r"\bjuniper networks virtual adapter\b|\bpulse secure\b|\bivanti\b"),
        (NETSKOPE, r"\bnetskope\b"),
        (CHECK_POINT, r"\bcheck ?point\b"),
        (PROTON, r"\bproton ?vpn\b"),
        (NORDVPN, r"\bnordvpn\b|\bnordlynx\b"),
        (FIREZONE, r"\bfirezone\b"),
        (PRITUNL, r"\bpritunl\b"),
        (APPGATE, r"\bappgate\b"),
        (SONICWALL, r"\bsonicwall\b"),
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
        (GLOBALPROTECT, r".*/GlobalProtect\.app/.*|(.*/)?(PanGP[AS]|gpclient|gpservice)"),
        (CISCO, r"(.*/)?vpnagentd|.*/Cisco(/.*)?/(Cisco Secure Client|Cisco AnyConnect[^/]*)\.app/.*"),
        (FORTICLIENT, r".*/FortiClient\.app/.*|(.*/)?(fctservctl2?|forticlient)"),
        (ZSCALER, r".*/Zscaler(\.app)?/.*|(.*/)?(ZscalerTunnel|zstunnel)"),
        (NORDLAYER, r".*/NordLayer\.app/.*|(.*/)?nordlayer[a-z-]*"),
        (OPENVPN3, r"(.*/)?openvpn3-servic.*|.*/OpenVPN Connect(\.app)?/.*"),
        (WIREGUARD, r".*/WireGuard\.app/.*|(.*/)?wireguard-go"),
        (MULLVAD, r".*/Mullvad VPN\.app/.*|(.*/)?mullvad-daemon"),
        (IVANTI, r".*/(Pulse Secure|Ivanti Secure Access)(\.app)?/.*|(.*/)?(pulsesvc|pulsesecure|pulseUI)"),
        (NETSKOPE, r".*/Netskope( Client)?(\.app)?/.*|(.*/)?(stAgentSvc|stAgentApp|nsClient)"),
        (CHECK_POINT, r".*/(Endpoint Security VPN|Check Point[^/]*)\.app/.*|(.*/)?(snx|snx-rs|TracSrvWrapper)"),
        (NORDVPN, r".*/NordVPN\.app/.*|(.*/)?nordvpnd"),
        (PROTON, r".*/ProtonVPN\.app/.*|(.*/)?protonvpn[a-z-]*"),
        (FIREZONE, r".*/Firezone\.app/.*|(.*/)?firezone-client.*"),
        (PRITUNL, r".*/Pritunl\.app/.*|(.*/)?(pritunl-client.*|pritunl-openvpn.*)"),
        (APPGATE, r".*/Appgate SDP\.app/.*|(.*/)?(appgate[a-z-]*|Appgate)"),
        (SONICWALL, r".*/NetExtender\.app/.*|(.*/)?(netExtender|nxMonitor)"),
        (ZITI, r".*/Ziti Desktop Edge\.app/.*|(.*/)?ziti-edge-tunne.*"),
        (OPENFORTIVPN, r"(.*/)?openfortivpn"),
        (OPENCONNECT, r"(.*/)?openconnect"),
        (STRONGSWAN, r"(.*/)?charon(-systemd|-nm|-cmd)?"),
        (OPENVPN, r"(.*/)?(openvpn|nm-openvpn-serv.*)"),
    )
)
#: Programs that run for as long as a connection, or an attempt at one: those of clients that are only there do not.
_SESSIONS = re.compile(
    r"(.*/)?(openvpn|acvc-openvpn|openconnect|gpclient|openfortivpn|wireguard-go|snx|ZscalerTunnel|zstunnel)",
    re.IGNORECASE,
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
        (MULLVAD, r"mullvad-daemon\.service"),
        (NORDVPN, r"nordvpnd\.service"),
        (FIREZONE, r"firezone-client[a-z-]*\.service"),
        (PRITUNL, r"pritunl-client\.service"),
        (ZITI, r"ziti-edge-tunnel\.service"),
        (STRONGSWAN, r"strongswan(-starter)?\.service"),
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
        (MULLVAD, r"net\.mullvad\..+"),
        (IVANTI, r"(com|net)\.(pulsesecure|ivanti)\..+"),
        (NETSKOPE, r"com\.netskope\..+"),
        (CHECK_POINT, r"com\.checkpoint\..+"),
        (NORDVPN, r"com\.nordvpn\..+"),
        (PROTON, r"ch\.protonvpn\..+"),
        (FIREZONE, r"dev\.firezone\..+"),
    )
)
_COMMENTS = _table(
    (
        (TAILSCALE, r".*generated by tailscale.*"),
        (NETBIRD, r".*generated by netbird.*"),
        (OPENVPN3, r".*generated by openvpn 3 linux.*"),
        (CISCO, r".*generated by (cisco )?(anyconnect|secure client).*"),
        (WARP, r".*(generated|managed) by (cloudflare[ -]?)?warp.*"),
        (TWINGATE, r".*(generated|managed) by twingate.*"),
        (ZSCALER, r".*generated by zscaler.*"),
        (NORDVPN, r".*generated by nordvpn.*"),
    )
)


def _first(table: tuple[tuple[str, re.Pattern[str]], ...], text: str) -> str | None:
    return next((product for product, pattern in table if pattern.fullmatch(text)), None)


def of_interface(name: str) -> str | None:
    """Return the product that alone names its interface so, on Linux or macOS."""
    return _first(_INTERFACES, name)


def may_be_of_interface(name: str) -> tuple[str, ...]:
    """Return the products that call their interface so, where others do so too."""
    return tuple(product for product, pattern in _SHARED_INTERFACES if pattern.fullmatch(name))


def of_adapter(name: str) -> str | None:
    """Return the product that a Windows adapter's name, or its description, tells."""
    return next((product for product, pattern in _ADAPTERS if pattern.search(name)), None)


def of_program(path: str) -> str | None:
    """Return the product to which a running program belongs."""
    return _first(_PROGRAMS, path)


def is_session(path: str) -> bool:
    """Tell whether the program runs only while its client is connected, or connects."""
    return _SESSIONS.fullmatch(path) is not None


def of_unit(name: str) -> str | None:
    """Return the product to which a unit of systemd belongs."""
    return _first(_UNITS, name)


def of_bundle(identifier: str) -> str | None:
    """Return the product to which the identifier of a macOS program belongs."""
    return _first(_BUNDLES, identifier)


def of_comment(line: str) -> str | None:
    """Return the product that wrote a file, by a comment in it."""
    return _first(_COMMENTS, line)
