"""``resolvectl status`` in the layouts of its versions, and what is not understood of it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sddoctor.case.host import Resolved, ResolvedLink
from sddoctor.case.seen import Absent, Seen, Unreachable
from sddoctor.formats.host.resolvectl import knows_no_json, may_decide, parse_status


def seen(text: str) -> Seen[Resolved]:
    found = parse_status(text)
    assert isinstance(found, Seen)
    return found


def named(status: Seen[Resolved], name: str | None) -> ResolvedLink:
    (found,) = (k for k in status.value.links if (k.interface or k.delegate) == name)
    return found


# Written by systemd 252.39 for settings of a test.
OF_252 = """\
Global
       Protocols: -LLMNR -mDNS -DNSOverTLS DNSSEC=no/unsupported
resolv.conf mode: foreign
      DNS Servers 192.168.1.1 192.168.1.2 192.168.1.3 192.168.1.4 192.168.1.5
                  192.168.1.6 [fd00::1]:5353 192.168.1.8
       DNS Domain ~d0.example.internal ~d1.example.internal
                  ~d8.example.internal ~d9.example.internal ~example.internal

Link 2 (eth0)
Current Scopes: DNS
     Protocols: +DefaultRoute +LLMNR -mDNS -DNSOverTLS DNSSEC=no/unsupported
   DNS Servers: 192.168.1.1

Link 3 (tun0)
Current Scopes: DNS
     Protocols: -DefaultRoute +LLMNR -mDNS -DNSOverTLS DNSSEC=no/unsupported
   DNS Servers: 10.10.0.2 fd00::53 10.10.0.3 10.10.0.4 10.10.0.5#dns.example
                10.10.0.6:5353 [fd00::1]:5353 fe80::7
    DNS Domain: dddd.example ~example.internal ~aaaaaaaaaaaaaaaaaaa.example
                ~bbbbbbbbbbbbbbbbbbbbb.example ~ccccccccccccccccc.example
"""


def test_the_global_block_of_version_252_has_no_colons() -> None:
    status = seen(OF_252)
    assert status.unread == ()
    assert status.value.mode == "foreign"
    whole = named(status, None)
    assert whole.servers[:2] + whole.servers[-2:] == ("192.168.1.1", "192.168.1.2", "[fd00::1]:5353", "192.168.1.8")
    assert (len(whole.servers), len(whole.domains)) == (8, 5)
    assert whole.domains[-1] == "~example.internal"
    tunnel = named(status, "tun0")
    assert (len(tunnel.servers), len(tunnel.domains)) == (8, 5)
    assert (tunnel.default_route, tunnel.current_server) == (False, None)


def test_the_fallback_of_version_252_has_no_colon_either() -> None:
    status = seen(
        "Global\n   Protocols: +LLMNR\nCurrent DNS Server: 1.1.1.1\nFallback DNS Servers 1.1.1.1#a.example 9.9.9.9\n"
    )
    assert status.value.fallback == ("1.1.1.1#a.example", "9.9.9.9")
    assert (named(status, None).servers, status.unread) == ((), ())


DELEGATES = """\
Global
         Protocols: LLMNR=resolve -mDNS -DNSOverTLS DNSSEC=no/unsupported
  resolv.conf mode: stub

Link 3 (wlan0)
    Current Scopes: DNS LLMNR/IPv4 LLMNR/IPv6
         Protocols: +DefaultRoute LLMNR=resolve -mDNS -DNSOverTLS DNSSEC=no/unsupported
Current DNS Server: fe80::1%3
       DNS Servers: 192.168.178.1 fe80::1%3
     Default Route: yes

Delegate office
       DNS Servers: 10.20.0.53#dns.office.example [fd20::53]:5353
        DNS Domain: office.example
     Default Route: yes

Delegate vpc
Current DNS Server: 10.10.0.2
       DNS Servers: 10.10.0.2
        DNS Domain: ~example.internal ~example.com
     Default Route: no
"""


def test_a_domain_of_one_label_is_one_where_it_stands_below_other_values() -> None:
    status = seen("Global\n         Protocols: +LLMNR\n        DNS Servers 10.0.0.1\n         DNS Domain corp ~lan\n")
    assert (named(status, None).domains, status.unread) == (("corp", "~lan"), ())


def test_delegates_are_scopes_of_their_own() -> None:
    status = seen(DELEGATES)
    assert (status.unread, status.value.global_demoted, status.value.has_delegates) == ((), True, True)
    assert named(status, "wlan0").servers == ("192.168.178.1", "fe80::1%3")
    office, vpc = named(status, "office"), named(status, "vpc")
    assert (office.servers, office.default_route) == (("10.20.0.53#dns.office.example", "[fd20::53]:5353"), True)
    assert (vpc.domains, vpc.default_route, vpc.interface) == (("~example.internal", "~example.com"), False, None)


def test_an_unknown_header_opens_a_block_of_its_own() -> None:
    middle = "\nTunnel office\n       DNS Servers: 10.66.0.53\n        DNS Domain: ~example.internal\n     Default Route: no\n"
    status = seen(DELEGATES.replace("\nDelegate office", f"{middle}\nDelegate office"))
    assert status.unread == ("Tunnel office",)
    assert named(status, "wlan0") == named(seen(DELEGATES), "wlan0")
    assert len(status.value.links) == 4


@pytest.mark.parametrize("header", ["VPN: office", "Verbindung 4 (wg0)", "Link wg0"])
def test_an_unknown_header_takes_what_follows_with_it(header: str) -> None:
    status = seen(f"{DELEGATES}\n{header}\n       DNS Servers: 10.66.0.53\n        DNS Domain: ~x.example\n")
    assert status.unread == (header,)
    assert named(status, "vpc") == named(seen(DELEGATES), "vpc")


@pytest.mark.parametrize(
    ("line", "unread"),
    [
        ("       VPN Servers: 10.66.0.53\n", "VPN Servers: 10.66.0.53"),
        ("Current DNS Over HTTPS Server: 10.66.0.53\n", "Current DNS Over HTTPS Server: 10.66.0.53"),
        ("           Tunnel 10.66.0.53\n", "Tunnel 10.66.0.53"),
        ("      DNS Servers: 10.66.0.53 10.66.0.x\n", "DNS Servers: 10.66.0.x"),
        ("       DNS Domain: ~office.example ...\n", "DNS Domain: ..."),
        ("                  Remark\n", "Remark"),
        ("DNS Servers Over QUIC: 10.66.0.53\n", "DNS Servers Over QUIC: 10.66.0.53"),
        ("Default Route Metric: 5\n", "Default Route Metric: 5"),
        ("DNS Domain Hooks 10.66.0.53/24\n", "DNS Domain Hooks 10.66.0.53/24"),
        ("  DNS Domain Hooks office.example\n", "DNS Domain Hooks office.example"),
        ("                  10.66.0.54 (down)\n", "10.66.0.54 (down)"),
    ],
)
def test_a_line_that_fits_no_label_is_unread(line: str, unread: str) -> None:
    status = seen(DELEGATES + line)
    assert status.unread == (unread,)
    more = ("10.66.0.53",) if line.lstrip().startswith("DNS Servers:") else ()
    assert named(status, "vpc").servers == ("10.10.0.2", *more)
    assert named(status, "vpc").domains[:2] == ("~example.internal", "~example.com")


def test_a_domain_that_is_not_aligned_continues_nothing() -> None:
    list_and_more = "Global\n   DNS Domain: one.example\n   two.example\n"
    assert seen(list_and_more).unread == ("two.example",)
    assert named(seen("Global\n   DNS Domain: one.example\n               two.example\n"), None).domains == (
        "one.example",
        "two.example",
    )


def test_addresses_continue_a_list_even_where_blanks_were_lost() -> None:
    status = seen("Global\nDNS Servers: 10.0.0.1\n10.0.0.2\nDNS Domain: x.example\n")
    assert (named(status, None).servers, status.unread) == (("10.0.0.1", "10.0.0.2"), ())


def test_colours_are_no_text() -> None:
    status = seen(
        "\x1b[0;1;39mGlobal\x1b[0m\n  DNS Servers: 10.0.0.1\n\n\x1b[0;1;39mLink 2 (eth0)\x1b[0m\nCurrent Scopes: none\n"
    )
    assert [k.interface for k in status.value.links] == [None, "eth0"]


def test_the_tls_setting_of_old_versions_is_a_protocol() -> None:
    status = seen("Link 7 (tun0)\n  Current Scopes: DNS\nDefaultRoute setting: no\n  DNSOverTLS setting: yes\n")
    assert named(status, "tun0").protocols == ("DNSOverTLS=yes",)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Failed to get global data: Unit dbus-org.freedesktop.resolve1.service not found.\n", Absent),
        ("Failed to get global data: Unit dbus-org.freedesktop.resolve1.service is masked.\n", Absent),
        (
            "Failed to get global data: Could not activate remote peer: activation request failed: unit is masked.\n",
            Absent,
        ),
        ("sd_bus_open_system: No such file or directory\n", Absent),
        ("Failed to connect to query service: Connection refused\n", Absent),
        ("Etwas anderes\n   steht hier\n", Unreachable),
        ("Global\n", Unreachable),
        ("[]", Unreachable),
        ('[{"ifname": "eth0", "serv', Unreachable),
        ("", Unreachable),
    ],
)
def test_nothing_was_understood(text: str, kind: type) -> None:
    assert isinstance(parse_status(text), kind)


def a_server(address: str, **more: Any) -> dict[str, Any]:
    return {"address": [], "addressString": address, "family": 2, "port": 53, "accessible": True, **more}


# Members as of io.systemd.Resolve's DNSConfiguration.
AS_JSON: list[dict[str, Any]] = [
    {
        "servers": [a_server("9.9.9.9", name="dns.quad9.net")],
        "fallbackServers": [{"address": [1, 1, 1, 1], "family": 2, "port": 53, "accessible": True}],
        "dnssec": "no",
        "dnssecSupported": False,
        "dnsOverTLS": "opportunistic",
        "llmnr": "resolve",
        "mDNS": "no",
        "resolvConfMode": "stub",
        "negativeTrustAnchors": ["lan", "internal"],
        "scopes": [{"protocol": "dns", "dnssec": "no", "dnsOverTLS": "opportunistic"}],
    },
    {
        "ifname": "wlan0",
        "ifindex": 3,
        "defaultRoute": True,
        "currentServer": a_server("fe80::1", family=10, ifindex=3),
        "servers": [a_server("192.168.178.1", ifindex=3), a_server("fe80::1", family=10, ifindex=3)],
        "searchDomains": [{"name": "lan", "routeOnly": False, "ifindex": 3}],
        "dnsOverTLS": "no",
        "scopes": [{"protocol": "llmnr", "family": 2, "ifindex": 3}, {"protocol": "dns", "ifindex": 3}],
    },
    {
        "delegate": "vpc",
        "defaultRoute": False,
        "currentServer": a_server("10.10.0.2"),
        "servers": [a_server("10.10.0.3", port=5353), a_server("10.10.0.2")],
        "searchDomains": [{"name": "example.internal", "routeOnly": True}],
        "scopes": [{"protocol": "dns", "dnsOverTLS": "yes"}],
    },
]


def test_json_has_the_same_as_the_text() -> None:
    status = seen(json.dumps(AS_JSON))
    assert status.unread == ()
    found = status.value
    assert (found.mode, found.fallback, found.global_demoted, found.has_delegates) == ("stub", ("1.1.1.1",), True, True)
    assert found.negative_trust_anchors == ("lan", "internal")
    everything, wifi, vpc = found.links
    assert (everything.servers, everything.protocols, everything.interface) == (
        ("9.9.9.9",),
        ("DNSOverTLS=opportunistic",),
        None,
    )
    assert wifi.servers == ("192.168.178.1", "fe80::1%3")
    assert (wifi.interface, wifi.index, wifi.default_route, wifi.domains) == ("wlan0", 3, True, ("lan",))
    assert (wifi.current_server, set(wifi.scopes)) == ("fe80::1%3", {"llmnr", "DNS"})
    assert (vpc.delegate, vpc.interface, vpc.default_route) == ("vpc", None, False)
    assert (vpc.servers, vpc.current_server) == (("10.10.0.3:5353", "10.10.0.2"), "10.10.0.2")
    assert (vpc.domains, vpc.protocols) == (("~example.internal",), ("DNSOverTLS=yes",))


@pytest.mark.parametrize(
    ("change", "unread", "decides"),
    [
        ({"newServers": ["10.66.0.53"]}, 'newServers: ["10.66.0.53"]', True),
        ({"hurry": True}, "hurry: true", False),
        ({"defaultRoute": "perhaps"}, 'Default Route: "perhaps"', True),
        ({"servers": [a_server("10.10.0.2"), "x"]}, 'DNS Servers: "x"', True),
        ({"searchDomains": {"name": "x"}}, 'DNS Domain: {"name":"x"}', True),
        ({"llmnr": 7}, "LLMNR setting: 7", False),
    ],
)
def test_members_that_are_not_understood(change: dict[str, Any], unread: str, *, decides: bool) -> None:
    everything, wifi, vpc = AS_JSON
    status = seen(json.dumps([everything, wifi, vpc | change]))
    assert status.unread == (unread,)
    assert may_decide(unread) is decides
    assert named(status, "wlan0") == named(seen(json.dumps(AS_JSON)), "wlan0")


def test_an_object_of_another_kind_is_unread() -> None:
    status = seen(json.dumps([*AS_JSON, {"tunnel": "x"}, 7]))
    assert status.unread == ('{"tunnel":"x"}', "7")
    assert may_decide(status.unread[0])


def test_versions_without_the_option() -> None:
    assert knows_no_json("resolvectl: unrecognized option '--json=short'\n")
    assert not knows_no_json(DELEGATES)
