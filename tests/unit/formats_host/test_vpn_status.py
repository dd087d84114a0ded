"""What VPN clients and macOS print, in the forms of public reports and of the programs' own source."""

from __future__ import annotations

import pytest

from sddoctor.case.dns import Server
from sddoctor.case.seen import Seen, Unreachable
from sddoctor.case.vpn_client import PolicyRoute
from sddoctor.formats.host.vpn_status import (
    parse_adapters,
    parse_ipconfig,
    parse_netbird,
    parse_programs,
    parse_services,
    parse_tailscale,
)

_TAILSCALE = """\
=== 'Use Tailscale DNS' status ===

Tailscale DNS: enabled.

Tailscale is configured to handle DNS queries on this device.
Run 'tailscale set --accept-dns=false' to revert to your system default DNS resolver.

=== MagicDNS configuration ===

This is the DNS configuration provided by the coordination server to this device.

MagicDNS: enabled tailnet-wide (suffix = tail9c3f.ts.net)

Other devices in your tailnet can reach this device at laptop.tail9c3f.ts.net.

Resolvers (in preference order):
  - https://dns.nextdns.io/abc123 (bootstrap: [45.90.28.0])
  - 9.9.9.9

Split DNS Routes:
  - Corp.Example.                  -> 10.64.0.2
  - corp.example.                  -> fd00:64::2
  - ts.net.                        -> 199.247.155.53

Search Domains:
  - tail9c3f.ts.net

=== System DNS configuration ===

This is the DNS configuration that Tailscale believes your operating system is using.
Tailscale may use this configuration if 'Override Local DNS' is disabled in the admin console,
or if no resolvers are provided by the coordination server.

Nameservers:
  - 192.168.178.1
"""
_NETBIRD = """\
Peers detail:
 gateway.netbird.cloud:
  NetBird IP: 100.112.8.1
  Status: Connected
  -- detail --
  Connection type: P2P
  ICE candidate (Local/Remote): host/srflx

Events: No events recorded
OS: linux/amd64
Daemon version: 0.60.2
Management: Connected to https://api.netbird.io:443
Relays:
  [stun:stun.netbird.io:5555] is Available
  [turns:turn.netbird.io:443?transport=tcp] is Unavailable, reason: not connected
Nameservers:
  [10.10.10.1:53, 10.10.10.2:5353] for [gitlab.mycompany.com, acme.internal] is Available
  [1.1.1.1:53] for [.] is Unavailable, reason: 1 error occurred:
	* read udp 192.168.1.182:53408->1.1.1.1:53: i/o timeout

FQDN: laptop.netbird.cloud
NetBird IP: 100.112.4.66/16
"""


def test_the_routes_of_a_tailnet() -> None:
    fact = parse_tailscale(_TAILSCALE)
    assert isinstance(fact, Seen)
    assert fact.value.sets_dns
    assert fact.value.routes == (
        PolicyRoute(""),
        PolicyRoute("", (Server("9.9.9.9"),)),
        PolicyRoute("corp.example", (Server("10.64.0.2"),)),
        PolicyRoute("corp.example", (Server("fd00:64::2"),)),
        PolicyRoute("ts.net", (Server("199.247.155.53"),)),
    )
    assert fact.unread == ()


def test_a_tailnet_without_split_dns_on_a_host_whose_dns_it_leaves_alone() -> None:
    text = _TAILSCALE.replace("enabled.", "disabled.")
    head, _, tail = text.partition("Split DNS Routes:\n")
    rest = tail.partition("\n\n")[2]
    fact = parse_tailscale(f"{head}Split DNS Routes:\n  (no routes configured: split DNS disabled)\n\n{rest}")
    assert isinstance(fact, Seen)
    assert not fact.value.sets_dns
    assert {r.domain for r in fact.value.routes} == {""}
    assert fact.unread == ()


def test_a_route_in_an_unknown_form_is_not_dropped() -> None:
    fact = parse_tailscale(
        _TAILSCALE.replace("  - ts.net.                        -> 199.247.155.53", "  ts.net => many")
    )
    assert isinstance(fact, Seen)
    assert [line.strip() for line in fact.unread] == ["ts.net => many"]


def test_the_name_servers_of_netbird() -> None:
    fact = parse_netbird(_NETBIRD)
    assert isinstance(fact, Seen)
    behind = (Server("10.10.10.1"), Server("10.10.10.2", 5353))
    assert fact.value.routes == (
        PolicyRoute("gitlab.mycompany.com", behind),
        PolicyRoute("acme.internal", behind),
        PolicyRoute("", (Server("1.1.1.1"),), "read udp 192.168.1.182:53408->1.1.1.1:53: i/o timeout"),
    )
    assert fact.unread == ()


@pytest.mark.parametrize(
    "text",
    ["", "Daemon status: NeedsLogin\n", "Nameservers: 2/2 Available\n", "Error: failed to connect to daemon\n"],
)
def test_without_the_list_netbird_has_no_policy(text: str) -> None:
    assert isinstance(parse_netbird(text), Unreachable)


@pytest.mark.parametrize("text", ["", "failed to connect to local Tailscale service; is Tailscale running?\n"])
def test_without_its_routes_tailscale_has_no_policy(text: str) -> None:
    assert isinstance(parse_tailscale(text), Unreachable)


def test_only_connected_services_of_macos_count() -> None:
    text = """\
Available network connection services in the current set (*=enabled):
* (Disconnected)   F866AE22-4EC1-4524-8769-86A290A0C582 VPN (com.wireguard.macos) "office-wg"           [VPN:com.wireguard.macos]
* (Connected)      4E4CABCA-9235-47FD-BB9D-77AFD8737CCA VPN (io.tailscale.ipn.macsys) "Tailscale"  [VPN:io.tailscale.ipn.macsys]
  (Connected)      11111111-2222-3333-4444-555555555555 IPSec "Office"                              [IPSec]
* (Connected)      66666666-7777-8888-9999-AAAAAAAAAAAA VPN (com.example.vpn) "Lab"  [VPN:com.example.vpn]
"""
    found = [(m.product, m.connected) for m in parse_services(text)]
    assert found == [("Tailscale", True), (None, True), (None, True)]


@pytest.mark.parametrize(
    ("path", "product"),
    [
        ("tailscaled", "Tailscale"),
        ("/Applications/Tailscale.app/Contents/MacOS/Tailscale", "Tailscale"),
        ("/usr/local/bin/netbird", "NetBird"),
        ("zerotier-one", "ZeroTier"),
        ("twingated", "Twingate"),
        ("/Applications/Cloudflare WARP.app/Contents/Resources/CloudflareWARP", "Cloudflare WARP"),
        ("/Applications/GlobalProtect.app/Contents/Resources/PanGPS", "GlobalProtect"),
        ("/opt/cisco/secureclient/bin/vpnagentd", "Cisco Secure Client (AnyConnect)"),
        ("/Applications/Zscaler/Zscaler.app/Contents/PlugIns/ZscalerTunnel", "Zscaler"),
        ("/Applications/AWS VPN Client/AWS VPN Client.app/Contents/Resources/openvpn/acvc-openvpn", "AWS VPN Client"),
        ("/Applications/Tunnelblick.app/Contents/Resources/openvpn/openvpn-2.6.12/openvpn", "Tunnelblick"),
        ("/Applications/Viscosity.app/Contents/MacOS/Viscosity", "Viscosity"),
        ("openvpn3-servic", "OpenVPN 3"),
        ("openvpn", "OpenVPN"),
    ],
)
def test_programs_are_known_by_name(path: str, product: str) -> None:
    seen = f"{path} runs"
    found = parse_programs(f"COMM\n/sbin/launchd\n{path}\nopenvpnmonitor\n")
    assert [(m.product, m.source, m.seen) for m in found] == [(product, "ps -axo comm", seen)]


_TABLE = """
Name                      InterfaceDescription                    ifIndex Status       MacAddress             LinkSpeed
----                      --------------------                    ------- ------       ----------             ---------
Ethernet 2                PANGP Virtual Ethernet Adapter Secure        21 Up           02-50-41-00-00-01         2 Gbps
Ethernet 3                Cisco AnyConnect Virtual Miniport A...       62 Disabled     00-05-9A-3C-7A-00        10 Mbps
Wi-Fi                     Intel(R) Wi-Fi 6E AX211 160MHz                9 Up           3C-21-9C-00-00-01       1.2 Gbps
"""
_JSON = """[{"Name":"Ethernet 2","InterfaceDescription":"PANGP Virtual Ethernet Adapter Secure","Status":"Up"},
{"Name":"Tailscale","InterfaceDescription":"Tailscale Tunnel","Status":"Disconnected"},
{"Name":"WLAN","InterfaceDescription":"Intel(R) Wi-Fi 6E AX211 160MHz","Status":"Up"}]"""


@pytest.mark.parametrize(
    ("text", "other"),
    [
        (_TABLE, [("Cisco Secure Client (AnyConnect)", "Ethernet 3", False)]),
        (_JSON, [("Tailscale", "Tailscale", False)]),
    ],
    ids=["table", "JSON"],
)
def test_adapters_of_windows(text: str, other: list[tuple[str, str, bool]]) -> None:
    assert [(m.product, m.interface, m.session) for m in parse_adapters(text)] == [
        ("GlobalProtect", "Ethernet 2", True),
        *other,
    ]


_IPCONFIG = """
Windows-IP-Konfiguration

   Hostname  . . . . . . . . . . . . : LAPTOP

PPP-Adapter Büro:

   Beschreibung. . . . . . . . . . . : Büro
   IPv4-Adresse  . . . . . . . . . . : 10.250.9.14(Bevorzugt)
   Subnetzmaske  . . . . . . . . . . : 255.255.255.255

PPP-Adapter Breitband:

   Beschreibung. . . . . . . . . . . : Breitband
   IPv4-Adresse  . . . . . . . . . . : 203.0.113.9(Bevorzugt)

Ethernet-Adapter Ethernet 3:

   Beschreibung. . . . . . . . . . . : PANGP Virtual Ethernet Adapter #2
   IPv4-Adresse  . . . . . . . . . . : 192.168.252.243(Bevorzugt)

Unbekannter Adapter OpenVPN Wintun:

   Medienstatus. . . . . . . . . . . : Medium getrennt
   Beschreibung. . . . . . . . . . . : Wintun Userspace Tunnel

Ethernet-Adapter Ethernet:

   Beschreibung. . . . . . . . . . . : Realtek PCIe GbE Family Controller
   IPv4-Adresse  . . . . . . . . . . : 192.168.1.52(Bevorzugt)
"""


def test_adapters_of_ipconfig_in_another_language() -> None:
    assert [(m.product, m.interface) for m in parse_ipconfig(_IPCONFIG)] == [
        (None, "Büro"),
        ("GlobalProtect", "Ethernet 3"),
        ("OpenVPN", "OpenVPN Wintun"),
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "USER         PID %CPU %MEM      VSZ    RSS   TT  STAT STARTED      TIME COMMAND\n"
            "root       25719   0,2  0,2 4412     54432   ??  Ss   12:01     0:29.46 /Applications/Cloudflare WARP.app/Contents/Resources/CloudflareWARP --x\n"
            "me         25999   0,0  0,0 4412       432   s1  S+   12:01     0:00.00 grep -i /usr/bin/tailscaled\n",
            [("Cloudflare WARP", "/Applications/Cloudflare WARP.app/Contents/Resources/CloudflareWARP runs")],
        ),
        (
            "UID          PID    PPID  C STIME TTY          TIME CMD\n"
            "root         812       1  0 09:07 ?        00:00:01 /usr/sbin/openvpn --config /etc/openvpn/office.conf\n",
            [("OpenVPN", "/usr/sbin/openvpn runs")],
        ),
        (
            "  PID USER       VSZ STAT COMMAND\n    1 root      1600 S    /sbin/init\n   77 root      9600 S    tailscaled --tun=x\n",
            [("Tailscale", "tailscaled runs")],
        ),
        ("", []),
    ],
    ids=["aux", "-ef", "busybox", "nothing"],
)
def test_programs_of_other_forms_of_ps(text: str, found: list[tuple[str, str]]) -> None:
    assert [(m.product, m.seen) for m in parse_programs(text, "ps aux")] == found
