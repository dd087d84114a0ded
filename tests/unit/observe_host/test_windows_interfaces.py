"""What PowerShell prints of the interfaces of a host: servers, metrics, domains, addresses and routes."""

from __future__ import annotations

import pytest

from sddoctor.case.host import InterfaceServers
from sddoctor.case.seen import Seen, Unreachable
from sddoctor.case.windows_host import InterfaceMetric
from sddoctor.formats.host import windows

SERVERS = """
InterfaceAlias               Interface Address ServerAddresses
                             Index     Family
--------------               --------- ------- ---------------
{row}
"""


@pytest.mark.parametrize(
    ("row", "servers", "unread"),
    [
        ("イーサネット                        14 IPv4    {192.168.1.1}", ("192.168.1.1",), False),
        ("イーサネット                              14 IPv4    {192.168.1.1}", ("192.168.1.1",), False),
        ("Ethernet                            14 IPv4    {192.168.1.1, 10.64....", ("192.168.1.1",), True),
        ("Ethernet                            14 IPv4    {192.168.1.1, 10.64.…", ("192.168.1.1",), True),
        ("Ethernet                            14 IPv4    {192.168.1.1, 9.9.9.9, 1.1.1.1, 8.8.8.8...}", ("192.168.1.1", "9.9.9.9", "1.1.1.1", "8.8.8.8"), True),
        ("Ethernet                            14 IPv4    {}", (), False),
    ],
)  # fmt: skip
def test_servers_in_a_table(row: str, servers: tuple[str, ...], unread: bool) -> None:
    found = windows.parse_server_addresses(SERVERS.format(row=row))
    assert isinstance(found, Seen)
    assert tuple(a for i in found.value for a in i.servers) == servers
    assert bool(found.unread) is unread
    assert all(i.index == 14 for i in found.value)


def test_servers_in_json() -> None:
    text = (
        '[{"InterfaceAlias":"WLAN","InterfaceIndex":14,"AddressFamily":2,"ServerAddresses":["192.168.1.1"]},'
        '{"InterfaceAlias":"WLAN","InterfaceIndex":14,"AddressFamily":23,"ServerAddresses":{"value":["fec0:0:0:ffff::1"],"Count":1}},'
        '{"InterfaceAlias":"VPN","InterfaceIndex":9,"AddressFamily":2,"ServerAddresses":[]}]'
    )
    assert windows.parse_server_addresses(text) == Seen(
        (InterfaceServers("WLAN", ("192.168.1.1",), 14),), windows.SERVERS_COMMAND
    )


def test_a_table_without_the_column_of_servers_says_nothing() -> None:
    text = "InterfaceAlias InterfaceIndex\n-------------- --------------\nWi-Fi                      14\n"
    assert isinstance(windows.parse_server_addresses(text), Unreachable)


METRICS = """
ifIndex InterfaceAlias                  AddressFamily NlMtu(Bytes) InterfaceMetric Dhcp     ConnectionState PolicyStore
------- --------------                  ------------- ------------ --------------- ----     --------------- -----------
14      Wi-Fi                           IPv6                  1500              35 Enabled  Connected       ActiveStore
9       Ethernet 5                      IPv4                  1500               5 Disabled Disconnected    ActiveStore
1       Loopback Pseudo-Interface 1     IPv4            4294967295              75 Disabled Connected       ActiveStore
"""
METRICS_JSON = (
    '[{"InterfaceAlias":"Wi-Fi","InterfaceIndex":14,"AddressFamily":23,"InterfaceMetric":35,"ConnectionState":1},'
    '{"InterfaceAlias":"Ethernet 5","InterfaceIndex":9,"AddressFamily":2,"InterfaceMetric":5,"ConnectionState":0},'
    '{"InterfaceAlias":"Loopback Pseudo-Interface 1","InterfaceIndex":1,"AddressFamily":2,"InterfaceMetric":75,"ConnectionState":1}]'
)
RANKS = (
    InterfaceMetric("Wi-Fi", 6, 35, 14, True),
    InterfaceMetric("Ethernet 5", 4, 5, 9, False),
    InterfaceMetric("Loopback Pseudo-Interface 1", 4, 75, 1, True),
)


@pytest.mark.parametrize("text", [METRICS, METRICS.replace("\n", "\r\n"), METRICS_JSON])
def test_metrics(text: str) -> None:
    assert windows.parse_interface_metrics(text) == Seen(RANKS, windows.METRICS_COMMAND)


def test_a_table_of_metrics_that_is_cut_at_the_width() -> None:
    cut = "".join(f"{line[:54]}\n" for line in METRICS.splitlines())
    assert isinstance(windows.parse_interface_metrics(cut), Unreachable)


SUFFIXES = """
InterfaceAlias               Interface ConnectionSpecificSuffix ConnectionSpecificSuffixSearchList RegisterThisConn UseSuffixWhen
                             Index                                                                 ectionsAddress   Registering
--------------               --------- ------------------------ ---------------------------------- ---------------- -------------
Ethernet                            12 corp.example             {}                                 True             False
Loopback Pseudo-Interface 1          1                          {}                                 True             False
"""
SUFFIXES_JSON = (
    '[{"InterfaceAlias":"Ethernet","ConnectionSpecificSuffix":"Corp.Example.","ConnectionSpecificSuffixSearchList":[]},'
    '{"InterfaceAlias":"Wi-Fi","ConnectionSpecificSuffix":"","ConnectionSpecificSuffixSearchList":null}]'
)


@pytest.mark.parametrize("text", [SUFFIXES, SUFFIXES.replace("\n", "\r\n"), SUFFIXES_JSON])
def test_the_domains_that_complete_short_names(text: str) -> None:
    assert windows.parse_suffixes(text) == Seen(("corp.example",), windows.SUFFIXES_COMMAND)


def test_a_table_without_the_domains_is_not_understood() -> None:
    cut = "".join(f"{line[:38]}\n" for line in SUFFIXES.splitlines())
    assert isinstance(windows.parse_suffixes(cut), Unreachable)


ADDRESSES = """
IPAddress         : fe80::a079:85b4:81d4:cf17%14
InterfaceIndex    : 14
InterfaceAlias    : WLAN
AddressFamily     : IPv6
PrefixLength      : 64

IPAddress         : 192.168.1.52
InterfaceIndex    : 14
InterfaceAlias    : WLAN
AddressFamily     : IPv4
PrefixLength      : 24
"""


@pytest.mark.parametrize(
    "text",
    [
        ADDRESSES,
        '[{"InterfaceAlias":"WLAN","IPAddress":"fe80::a079:85b4:81d4:cf17%14","PrefixLength":64},{"InterfaceAlias":"WLAN","IPAddress":"192.168.1.52","PrefixLength":24}]',
    ],
)
def test_addresses(text: str) -> None:
    found = windows.parse_addresses(text).value
    assert [(a.interface, a.address, a.prefix) for a in found] == [
        ("WLAN", "fe80::a079:85b4:81d4:cf17", 64),
        ("WLAN", "192.168.1.52", 24),
    ]


@pytest.mark.parametrize("text", ["", "[]", "Get-NetIPAddress : Zugriff verweigert"])
def test_no_address_at_all_is_not_understood(text: str) -> None:
    assert isinstance(windows.parse_addresses(text), Unreachable)


@pytest.mark.parametrize(
    ("text", "network", "gateway"),
    [
        ('[{"IPAddress":"10.9.0.2","InterfaceAlias":"VPN"},{"InterfaceAlias":"VPN","DestinationPrefix":"10.64.0.0/16","NextHop":"0.0.0.0"}]', "10.64.0.0/16", None),
        ('[{"DestinationPrefix":"0.0.0.0/0","NextHop":"192.168.1.1","InterfaceAlias":"WLAN","IPAddress":null}]', "0.0.0.0/0", "192.168.1.1"),
    ],
)  # fmt: skip
def test_routes_in_json(text: str, network: str, gateway: str | None) -> None:
    found = windows.parse_find_netroute(text)
    assert found is not None
    assert (str(found[0].network), found[0].gateway, found[0].refuses) == (network, gateway, False)


def test_a_route_that_is_not_there() -> None:
    text = "Find-NetRoute : Le réseau n'est pas accessible\n    + FullyQualifiedErrorId : Windows System Error 1231,Find-NetRoute\n"
    found = windows.parse_find_netroute(text)
    assert found is not None
    assert found[0].refuses
    assert windows.parse_find_netroute("Find-NetRoute : Zugriff verweigert") is None


@pytest.mark.parametrize("text", ["", "[]"])
def test_no_interface_at_all_is_not_understood(text: str) -> None:
    assert isinstance(windows.parse_server_addresses(text), Unreachable)
    assert isinstance(windows.parse_interface_metrics(text), Unreachable)
    assert isinstance(windows.parse_suffixes(text), Unreachable)
