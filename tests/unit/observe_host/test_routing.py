"""Routes and addresses, as the routing commands of each platform print them."""

from pathlib import Path

import pytest

from sddoctor.case.host import InterfaceAddress, Route
from sddoctor.case.seen import NotAttempted, Seen, Unreachable
from sddoctor.formats.host import routes, routes_linux, routes_macos
from sddoctor.observe.host.routing import Routing
from sddoctor.observe.host.source import open_root

LINUX_TABLE = """default via 192.168.1.1 dev eth0 proto dhcp metric 600
10.10.0.0/16 dev tun0 proto static scope link
10.20.0.0/16 via 192.168.1.254 dev eth0
10.30.0.0/16 dev office proto static scope link
10.40.0.0/16
\tnexthop via 192.168.1.7 dev eth0 weight 1
\tnexthop via 192.168.1.8 dev eth0 weight 1
unreachable 10.66.0.0/16
172.17.0.0/16 dev docker0 proto kernel scope link src 172.17.0.1 linkdown
192.168.1.0/24 dev eth0 proto kernel scope link src 192.168.1.40 metric 600
"""
LINUX_ADDRESSES = """lo               UNKNOWN        127.0.0.1/8 ::1/128
eth0@if7         UP             192.168.1.40/24 fe80::1/64
tun0             UNKNOWN        10.99.0.10 peer 10.99.0.9/32
office           UNKNOWN        10.98.0.2/32
docker0          DOWN           172.17.0.1/16
"""


def host(tmp_path: Path, platform: str, commands: dict[str, str], files: dict[str, str] | None = None) -> Routing:
    (tmp_path / "commands").mkdir()
    (tmp_path / "os-release.json").write_text(f'{{"platform": "{platform}"}}')
    for line, output in commands.items():
        (tmp_path / "commands" / line.replace(" ", "_").replace("/", "_")).write_text(output)
    for path, text in (files or {}).items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    return Routing(open_root(tmp_path))


def route(routing: Routing, address: str) -> Route:
    routing.prepare((address,))
    return routing.to(address).value


@pytest.mark.parametrize(
    ("address", "told", "kind", "network"),
    [
        ("10.10.0.2", "10.10.0.2 dev tun0 src 10.99.0.10 uid 0\n    cache\n", "tunnel", "10.10.0.0/16"),
        ("10.11.0.2", "10.11.0.2 via 192.168.1.1 dev eth0 src 192.168.1.40 uid 0\n", "default", "0.0.0.0/0"),
        ("10.20.0.2", "10.20.0.2 via 192.168.1.254 dev eth0 src 192.168.1.40\n", "gateway", "10.20.0.0/16"),
        ("10.30.0.2", "10.30.0.2 dev office src 10.98.0.2\n", "tunnel", "10.30.0.0/16"),
        ("10.40.0.2", "10.40.0.2 via 192.168.1.7 dev eth0 src 192.168.1.40\n", "gateway", "10.40.0.0/16"),
        ("172.17.0.2", "172.17.0.2 dev docker0 src 172.17.0.1\n", "connected", "172.17.0.0/16"),
        ("192.168.1.2", "192.168.1.2 dev eth0 src 192.168.1.40\n", "connected", "192.168.1.0/24"),
        ("192.168.1.40", "local 192.168.1.40 dev lo src 192.168.1.40 uid 0\n    cache <local>\n", "local", None),
        ("10.66.0.2", "RTNETLINK answers: No route to host\n", "unreachable", None),
        ("10.67.0.2", "RTNETLINK answers: Network is unreachable\n", "unreachable", None),
        ("10.68.0.2", "unreachable 10.68.0.2 from 192.168.1.40 dev lo table main\n", "unreachable", None),
        # Policy routing: another table than the one that is printed decided.
        ("10.10.9.9", "10.10.9.9 via 192.168.1.9 dev eth0 table 52 src 192.168.1.40\n", "gateway", None),
    ],
)
def test_linux(tmp_path: Path, address: str, told: str, kind: str, network: str | None) -> None:
    commands = {f"ip route get {address}": told, "ip route": LINUX_TABLE, "ip -brief address": LINUX_ADDRESSES}
    found = route(host(tmp_path, "linux", commands), address)
    assert (found.kind, found.network) == (kind, network)


@pytest.mark.parametrize(
    ("address", "kind", "interface", "source"),
    [
        ("10.10.0.2", "tunnel", "tun0", "10.99.0.10"),
        ("10.11.0.2", "default", "eth0", "192.168.1.40"),
        ("10.66.0.2", "unreachable", None, None),
        ("192.168.1.40", "local", None, "192.168.1.40"),
        ("172.17.0.9", "connected", "docker0", "172.17.0.1"),
    ],
)
def test_linux_table_alone(tmp_path: Path, address: str, kind: str, interface: str | None, source: str | None) -> None:
    found = route(host(tmp_path, "linux", {"ip route": LINUX_TABLE, "ip -brief address": LINUX_ADDRESSES}), address)
    assert (found.kind, found.interface, found.source) == (kind, interface, source)


def test_link_type_tells_a_tunnel(tmp_path: Path) -> None:
    commands = {"ip route get 10.10.0.2": "10.10.0.2 dev corp0 src 10.99.0.10\n"}
    assert (
        route(host(tmp_path, "linux", commands, {"sys/class/net/corp0/type": "65534\n"}), "10.10.0.2").kind == "tunnel"
    )


PROC_ROUTE = (
    "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n"
    "eth0\t00000000\t0130A8C0\t0003\t0\t0\t0\t00000000\t0\t0\t0\n"
    "eth0\t0030A8C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0\n"
)
FIB_TRIE = """Main:
  +-- 0.0.0.0/0 3 0 5
     |-- 0.0.0.0
        /0 universe UNICAST
     |-- 127.0.0.1
        /32 host LOCAL
     |-- 192.168.48.5
        /32 host LOCAL
     |-- 192.168.48.255
        /32 link BROADCAST
"""


def test_proc_where_there_is_no_ip_command(tmp_path: Path) -> None:
    files = {
        "proc/net/route": PROC_ROUTE,
        "proc/net/fib_trie": FIB_TRIE,
        "proc/net/if_inet6": "fe800000000000000000000000000001 02 40 20 80     eth0\n",
    }
    routing = host(tmp_path, "linux", {}, files)
    assert routing.addresses().value == (
        InterfaceAddress("lo", "127.0.0.1", 8),
        InterfaceAddress("eth0", "192.168.48.5", 24),
        InterfaceAddress("eth0", "fe80::1", 64),
    )
    found = route(routing, "10.10.0.2")
    assert (found.kind, found.gateway, found.source) == ("default", "192.168.48.1", "192.168.48.5")
    assert route(routing, "192.168.48.9").kind == "connected"


IFCONFIG = """lo0: flags=8049<UP,LOOPBACK> mtu 16384
\tinet 127.0.0.1 netmask 0xff000000
en0: flags=8863<UP,BROADCAST> mtu 1500
\tinet6 fe80::1%en0 prefixlen 64 secured scopeid 0xc
\tinet 192.168.1.23 netmask 0xffffff00 broadcast 192.168.1.255
utun4: flags=8051<UP,POINTOPOINT> mtu 1420
\tinet 10.99.0.10 --> 10.99.0.10 netmask 0xfffffc00
"""
NETSTAT = """Routing tables

Internet:
Destination        Gateway            Flags               Netif Expire
default            192.168.1.1        UGScg                 en0
default            link#20            UCSIg               utun4
0/1                utun4              USc                 utun4
10.10/16           utun4              USc                 utun4
127                127.0.0.1          UCS                   lo0
192.168.1          link#12            UCS                   en0      !
192.168.5.0/24     127.0.0.1          UGSR                  lo0
"""


def told_by_macos(destination: str, mask: str, interface: str, flags: str, gateway: str = "") -> str:
    via = f"    gateway: {gateway}\n" if gateway else ""
    return f"   route to: x\ndestination: {destination}\n       mask: {mask}\n{via}  interface: {interface}\n      flags: <{flags}>\n"


@pytest.mark.parametrize(
    ("told", "kind", "network", "source"),
    [
        (told_by_macos("10.10.0.0", "255.255.0.0", "utun4", "UP,DONE"), "tunnel", "10.10.0.0/16", "10.99.0.10"),
        (
            told_by_macos("default", "default", "en0", "UP,GATEWAY,DONE", "192.168.1.1"),
            "default",
            "0.0.0.0/0",
            "192.168.1.23",
        ),
        (told_by_macos("default", "128.0.0.0", "utun4", "UP,DONE"), "tunnel", "0.0.0.0/0", "10.99.0.10"),
        (told_by_macos("10.10.0.0", "255.255.0.0", "en0", "UP,DONE"), "connected", "10.10.0.0/16", "192.168.1.23"),
        (
            told_by_macos("10.10.0.0", "255.255.0.0", "en0", "UP,GATEWAY,DONE", "192.168.1.9"),
            "gateway",
            "10.10.0.0/16",
            "192.168.1.23",
        ),
        (told_by_macos("10.10.0.0", "255.255.0.0", "lo0", "UP,REJECT"), "unreachable", None, None),
        ("route: writing to routing socket: not in table\n", "unreachable", None, None),
    ],
)
def test_macos(tmp_path: Path, told: str, kind: str, network: str | None, source: str | None) -> None:
    found = route(host(tmp_path, "macos", {"route -n get 10.10.0.2": told, "ifconfig": IFCONFIG}), "10.10.0.2")
    assert (found.kind, found.network, found.source) == (kind, network, source)


@pytest.mark.parametrize(
    ("address", "kind", "interface"),
    [
        ("10.10.0.2", "tunnel", "utun4"),
        ("200.1.1.1", "default", "en0"),
        ("9.9.9.9", "tunnel", "utun4"),
        ("192.168.1.7", "connected", "en0"),
        ("192.168.5.7", "unreachable", None),
    ],
)
def test_macos_table_alone(tmp_path: Path, address: str, kind: str, interface: str | None) -> None:
    routing = host(tmp_path, "macos", {"netstat -rn -f inet": NETSTAT, "ifconfig": IFCONFIG})
    found = route(routing, address)
    assert (found.kind, found.interface) == (kind, interface)


def test_old_netstat_columns() -> None:
    text = "Internet:\nDestination Gateway Flags Refs Use Netif Expire\n10.10/16 utun4 USc 3 0 utun4\n"
    (row,) = routes_macos.parse_table(text).value
    assert (str(row.network), row.interface) == ("10.10.0.0/16", "utun4")


def test_windows_on_link_and_default(tmp_path: Path) -> None:
    told = "IPAddress : 192.168.1.5\n\nDestinationPrefix : {}\nInterfaceAlias : Wi-Fi\nNextHop : {}\n"
    commands = {
        "Find-NetRoute -RemoteIPAddress 10.10.0.2": told.format("0.0.0.0/0", "192.168.1.1"),
        "Find-NetRoute -RemoteIPAddress 192.168.1.9": told.format("192.168.1.0/24", "0.0.0.0"),
    }
    routing = host(tmp_path, "windows", commands)
    assert route(routing, "10.10.0.2").kind == "default"
    assert route(routing, "192.168.1.9").kind == "connected"


def test_what_was_not_recorded_is_a_gap(tmp_path: Path) -> None:
    routing = host(tmp_path, "linux", {})
    routing.prepare(("10.10.0.2",))
    assert isinstance(routing.to("10.10.0.2"), NotAttempted)
    assert isinstance(routing.to("not an address"), NotAttempted)
    assert isinstance(routing.addresses(), (NotAttempted, Unreachable))
    assert routing.to("127.0.0.53") == Seen(Route("local"), "loopback")
    assert routing.to("fe80::1%en0").value.interface == "en0"


@pytest.mark.parametrize("name", ["utun4", "tun0", "tap1", "wg0", "ppp0", "ipsec0", "tailscale0", "gpd0", "cscotun0", "nordlynx", "ztabc123", "corp-vpn", "OpenVPN TAP-Windows6"])  # fmt: skip
def test_tunnel_names(name: str) -> None:
    assert routes.is_tunnel(name)


@pytest.mark.parametrize("name", ["eth0", "en0", "enp0s31f6", "wlan0", "wlp4s0", "docker0", "br-1234", "lo", "Wi-Fi", "Ethernet", "awdl0", "bridge100", None])  # fmt: skip
def test_other_names(name: str | None) -> None:
    assert not routes.is_tunnel(name)


@pytest.mark.parametrize(
    ("text", "network"),
    [
        ("default", "0.0.0.0/0"),
        ("10.10/16", "10.10.0.0/16"),
        ("127", "127.0.0.0/8"),
        ("10.1.2.3", "10.1.2.3/32"),
        ("x", None),
        ("10.1/99", None),
    ],
)
def test_networks(text: str, network: str | None) -> None:
    found = routes.read_network(text)
    assert (str(found) if found else None) == network


def test_ipv6_table() -> None:
    table = routes_linux.parse_table(
        "fd00::/64 dev eth0 proto kernel metric 256\ndefault via fe80::1 dev eth0\n", 6
    ).value
    assert [str(row.network) for row in table] == ["fd00::/64", "::/0"]
