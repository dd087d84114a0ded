"""What is written for each product, against what its documentation says that it takes. Expected texts are by hand."""

from __future__ import annotations

import json

import pytest
import yaml
from jsonschema import Draft202012Validator

from sddoctor.case.dns import Server
from sddoctor.splitdns.formats import BY_NAME
from sddoctor.splitdns.model import SplitDnsError, make

BOTH = make("example.internal", (Server("10.10.0.2"), Server("fd00:10::2")), ("10.10.in-addr.arpa",))
MARK = "# Written by sddoctor: example.internal is asked of its VPC resolver.\n"

#: NameserverGroupRequest in NetBird's shared/management/http/api/openapi.yml, and https://docs.netbird.io/api/resources/dns
NETBIRD = {
    "type": "object",
    "additionalProperties": False,
    "required": [
        "name", "description", "nameservers", "enabled", "groups", "primary", "domains", "search_domains_enabled",
    ],
    "properties": {
        "name": {"type": "string", "minLength": 1, "maxLength": 40},
        "description": {"type": "string"},
        "nameservers": {
            "type": "array",
            "minItems": 1,
            "maxItems": 3,
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["ip", "ns_type", "port"],
                "properties": {
                    "ip": {"type": "string"},
                    "ns_type": {"type": "string", "enum": ["udp"]},
                    "port": {"type": "integer", "minimum": 1, "maximum": 65535},
                },
            },
        },
        "enabled": {"type": "boolean"},
        "groups": {"type": "array", "minItems": 1, "items": {"type": "string"}},
        "primary": {"type": "boolean"},
        "domains": {"type": "array", "items": {"type": "string", "minLength": 1, "maxLength": 255}},
        "search_domains_enabled": {"type": "boolean"},
    },
}  # fmt: skip
#: The body of PATCH /tailnet/{tailnet}/dns/split-dns: https://tailscale.com/api#tag/dns
TAILSCALE = {
    "type": "object",
    "minProperties": 1,
    "additionalProperties": {"type": ["array", "null"], "items": {"type": "string"}},
}
#: tun.unsafe_routes of https://nebula.defined.net/docs/config/tun
NEBULA = {
    "type": "object",
    "additionalProperties": False,
    "required": ["tun"],
    "properties": {
        "tun": {
            "type": "object",
            "additionalProperties": False,
            "properties": {
                "unsafe_routes": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "additionalProperties": False,
                        "required": ["route", "via"],
                        "properties": {
                            "route": {"type": "string", "pattern": "^[0-9a-f.:]+/[0-9]+$"},
                            "via": {"type": "string"},
                            "mtu": {"type": "integer"},
                            "metric": {"type": "integer"},
                            "install": {"type": "boolean"},
                        },
                    },
                }
            },
        }
    },
}


def test_netbird_takes_the_nameserver_group() -> None:
    group = json.loads(BY_NAME["netbird"].render(BOTH))
    Draft202012Validator(NETBIRD).validate(group)
    assert group["nameservers"] == [
        {"ip": "10.10.0.2", "ns_type": "udp", "port": 53},
        {"ip": "fd00:10::2", "ns_type": "udp", "port": 53},
    ]
    assert group["domains"] == ["example.internal", "10.10.in-addr.arpa"]
    # A primary group would get every name, and has to have no domains.
    assert (group["primary"], group["search_domains_enabled"], group["enabled"]) == (False, False, True)


def test_a_long_name_is_cut_for_netbird() -> None:
    config = make(f"{'a' * 60}.internal", (Server("10.10.0.2"),))
    Draft202012Validator(NETBIRD).validate(json.loads(BY_NAME["netbird"].render(config)))


def test_four_servers_are_too_many_for_netbird() -> None:
    with pytest.raises(SplitDnsError, match="at most 3 servers"):
        BY_NAME["netbird"].render(make("example.internal", tuple(Server(f"10.10.0.{n}") for n in range(2, 6))))


def test_tailscale_takes_the_map_of_domains() -> None:
    body = json.loads(BY_NAME["tailscale"].render(BOTH))
    Draft202012Validator(TAILSCALE).validate(body)
    servers = ["10.10.0.2", "fd00:10::2"]
    assert body == {"example.internal": servers, "10.10.in-addr.arpa": servers}
    assert "PATCH" in BY_NAME["tailscale"].steps


def test_nebula_takes_the_routes() -> None:
    part = yaml.safe_load(BY_NAME["nebula"].render(BOTH))
    Draft202012Validator(NEBULA).validate(part)
    assert [r["route"] for r in part["tun"]["unsafe_routes"]] == ["10.10.0.2/32", "fd00:10::2/128"]


def test_openvpn_pushes_to_every_version_of_its_clients() -> None:
    assert BY_NAME["openvpn"].render(BOTH) == (
        f"{MARK}"
        'push "dhcp-option DNS 10.10.0.2"\n'
        'push "dhcp-option DNS6 fd00:10::2"\n'
        'push "dhcp-option DOMAIN-ROUTE example.internal"\n'
        'push "dhcp-option DOMAIN-ROUTE 10.10.in-addr.arpa"\n'
        'push "dns server 0 address 10.10.0.2"\n'
        'push "dns server 0 resolve-domains example.internal"\n'
        'push "dns server 0 resolve-domains 10.10.in-addr.arpa"\n'
        'push "dns server 1 address fd00:10::2"\n'
        'push "dns server 1 resolve-domains example.internal"\n'
        'push "dns server 1 resolve-domains 10.10.in-addr.arpa"\n'
        'push "route 10.10.0.2 255.255.255.255"\n'
        'push "route-ipv6 fd00:10::2/128"\n'
    )


def test_openvpn_routes_no_link_local_address() -> None:
    assert "route" not in BY_NAME["openvpn"].render(make("example.internal", (Server("fe80::2%tun0"),)))


def test_a_delegate_pairs_server_and_domain() -> None:
    assert BY_NAME["systemd-dns-delegate"].render(BOTH) == (
        f"{MARK}[Delegate]\nDNS=10.10.0.2 fd00:10::2\nDomains=~example.internal ~10.10.in-addr.arpa\n"
    )


def test_networkmanager_gets_no_routes() -> None:
    assert BY_NAME["networkmanager"].render(BOTH) == (
        f"{MARK}[ipv4]\ndns=10.10.0.2;\ndns-search=~example.internal;~10.10.in-addr.arpa;\n"
        "[ipv6]\ndns=fd00:10::2;\ndns-search=~example.internal;~10.10.in-addr.arpa;\n"
    )


def test_bind_forwards_and_says_what_belongs_into_its_options() -> None:
    config = make("example.internal", (Server("10.10.0.2"), Server("fd00:10::2", 5353)), ("10.10.in-addr.arpa",))
    assert BY_NAME["bind"].render(config) == (
        f'{MARK}# In the options of named: validate-except {{ "example.internal"; "10.10.in-addr.arpa"; }};\n'
        '# In the options of named: disable-empty-zone "10.in-addr.arpa";\n'
        'zone "example.internal" { type forward; forward only; forwarders { 10.10.0.2; fd00:10::2 port 5353; }; };\n'
        'zone "10.10.in-addr.arpa" { type forward; forward only; forwarders { 10.10.0.2; fd00:10::2 port 5353; }; };\n'
    )
