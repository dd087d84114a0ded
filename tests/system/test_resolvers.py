"""What resolvers on the way, and settings of the host, make of a right answer."""

from __future__ import annotations

import sys
from typing import Any

import pytest

from tests.system import resolved, servers
from tests.system.conftest import Check
from tests.system.healing import VpnClient
from tests.system.topology import HOME, LAPTOP, ROUTER, SIGNED, VPC, VPC_RESOLVER, Network

pytestmark = pytest.mark.system

NAME = "dev-api.example.internal"
ADDRESSES = ["10.10.211.50", "10.10.212.150"]
FORWARD = f"forward-zone:\n    name: example.internal\n    forward-addr: {VPC_RESOLVER}\n"


def told(report: dict[str, Any]) -> tuple[str, list[str]]:
    return report["verdict"], report["root_causes"]


@pytest.fixture
def ask_localhost(network: Network) -> None:
    network.files(resolv_conf="nameserver 127.0.0.1\n")


@pytest.mark.usefixtures("ask_localhost")
def test_rebind_protection_of_a_real_unbound(network: Network, check: Check) -> None:
    servers.unbound(
        network, f"server:\n    private-address: 10.0.0.0/8\n    domain-insecure: example.internal\n{FORWARD}"
    )
    assert network.dig("127.0.0.1", NAME, "+short") == ""
    report = check()
    assert told(report) == ("broken", ["rebind-protection"]), report["headline"]


@pytest.mark.usefixtures("ask_localhost")
@pytest.mark.parametrize(
    ("excepted", "expected"), [(False, ("broken", ["dnssec-rejects-zone"])), (True, ("healthy", []))]
)
def test_an_unbound_that_validates(
    network: Network, check: Check, excepted: bool, expected: tuple[str, list[str]]
) -> None:
    """The root is signed and knows no ``internal``, so an unsigned answer below it is taken for a forgery."""
    anchor = servers.signed_internet(network)
    insecure = "    domain-insecure: example.internal\n" if excepted else ""
    servers.unbound(network, f'server:\n    trust-anchor-file: "{anchor}"\n{insecure}{FORWARD}', upstream=SIGNED)
    assert ("SERVFAIL" in network.dig("127.0.0.1", NAME)) is not excepted
    report = check()
    assert told(report) == expected, report["headline"]


@pytest.mark.usefixtures("ask_localhost")
def test_a_resolver_that_answers_every_unknown_name(network: Network, check: Check) -> None:
    servers.dnsmasq(network, "address=/#/203.0.113.80")
    report = check()
    assert told(report) == ("broken", ["nxdomain-hijacked"]), report["headline"]


WILDCARD = "$TTL 60\n@ IN SOA ns admin 1 7200 900 1209600 60\n@ IN NS ns\nns IN A 192.168.1.1\n* IN A 198.51.100.7\n"


def test_a_search_domain_with_a_wildcard(network: Network, check: Check) -> None:
    network.ip(VPC, "address", "add", "10.10.0.9/32", "dev", "lo")
    zones = {"example.internal": servers.ZONE, "corp.example": WILDCARD}
    servers.bind(network, VPC, "10.10.0.9", zones)
    network.files(resolv_conf="nameserver 10.10.0.9\nsearch corp.example\noptions ndots:5\n")
    assert network.run("getent", "ahostsv4", NAME).stdout.split()[0] == "198.51.100.7"
    report = check()
    assert told(report) == ("broken", ["search-domain-wildcard"]), report["headline"]


def test_the_router_before_the_vpc_resolver(network: Network, check: Check) -> None:
    network.files(resolv_conf=f"nameserver {ROUTER}\nnameserver {VPC_RESOLVER}\n")
    report = check()
    assert told(report) == ("broken", ["nameserver-order"]), report["headline"]


def test_the_vpc_resolver_before_the_router_is_healthy(network: Network, check: Check) -> None:
    network.files(resolv_conf=f"nameserver {VPC_RESOLVER}\nnameserver {ROUTER}\n")
    report = check()
    assert told(report) == ("healthy", []), report["headline"]


def test_the_fourth_name_server(network: Network, check: Check) -> None:
    """glibc reads three, and none of them has heard of the namespace."""
    for last in (4, 5, 6):
        network.ip(HOME, "address", "add", f"192.168.1.{last}/24", "dev", "lan0")
        servers.bind(network, HOME, f"192.168.1.{last}", {})
    first = "".join(f"nameserver 192.168.1.{n}\n" for n in (4, 5, 6))
    network.files(resolv_conf=f"{first}nameserver {VPC_RESOLVER}\n")
    report = check()
    assert told(report) == ("broken", ["nameserver-beyond-third"]), report["headline"]


def _in_zone(zone: str) -> dict[str, Any]:
    """The article's world with another name for the namespace."""
    return {"name": f"dev-api.{zone}", "namespaces": {"ns-exampleinternal01": {"name": zone}}}


#: What avahi-daemon answers nss-mdns for a name that nobody on the link has.
_AVAHI = """
import os, socket
os.makedirs("/run/avahi-daemon", exist_ok=True)
server = socket.socket(socket.AF_UNIX)
server.bind("/run/avahi-daemon/socket")
server.listen()
while True:
    client, _ = server.accept()
    with client:
        client.recv(200)
        client.sendall(b"-15 Timeout reached\\n")
"""


def _dot_local(network: Network, zone: str, nsswitch: str) -> None:
    """nss-mdns on the laptop, with the VPN's resolver in resolv.conf, and nobody on the link who has the name."""
    network.ip(VPC, "address", "add", "10.10.0.9/32", "dev", "lo")
    servers.bind(network, VPC, "10.10.0.9", {zone: servers.ZONE})
    network.own_etc()
    network.files(resolv_conf="nameserver 10.10.0.9\n", nsswitch=nsswitch)
    network.start(LAPTOP, sys.executable, "-c", _AVAHI)
    network.wait_until("test", "-S", "/run/avahi-daemon/socket")


@pytest.mark.parametrize("changes", [_in_zone("corp.local")])
def test_a_local_name_that_nss_mdns_keeps(network: Network, check: Check) -> None:
    _dot_local(network, "corp.local", "hosts: files mdns4 [NOTFOUND=return] dns\n")
    (network.etc / "mdns.allow").write_text(".local\n")
    assert network.run("getent", "ahosts", "dev-api.corp.local").stdout == ""
    report = check("--nameserver", "10.10.0.9", name="dev-api.corp.local")
    assert told(report) == ("broken", ["local-suffix"]), report["headline"]


@pytest.mark.parametrize("changes", [_in_zone("local")])
def test_a_two_label_local_name_that_nss_mdns_leaves_to_dns(network: Network, check: Check) -> None:
    """Since 0.13 the minimal module steps back where DNS has an SOA for ``local``: it resolves, and stays a risk."""
    _dot_local(network, "local", "hosts: files mdns4_minimal [NOTFOUND=return] dns\n")
    assert sorted(network.run("getent", "ahostsv4", "dev-api.local").stdout.split())[0] == ADDRESSES[0]
    report = check("--nameserver", "10.10.0.9", name="dev-api.local")
    assert told(report) == ("healthy", []), report["headline"]
    assert "local-suffix" in {f["code"] for f in report["findings"]}


def test_a_denial_that_a_local_forwarder_remembers_from_before_the_vpn(
    network: Network, check: Check, vpn_client: VpnClient
) -> None:
    """dnsmasq asks what the VPN client put at 127.0.0.2: first, without the VPN, that is the router's view."""
    network.own_etc()
    network.files(resolv_conf="nameserver 127.0.0.1\n")
    (network.etc / "dnsmasq.conf").write_text("no-resolv\nno-hosts\nserver=127.0.0.2\ncache-size=1000\n")
    network.start(LAPTOP, "dnsmasq", "--keep-in-foreground", "--user=root", "--listen-address=127.0.0.1",
                  "--bind-interfaces", "--pid-file=")  # fmt: skip
    network.wait_for(LAPTOP, "127.0.0.1")
    vpn_client()
    assert sorted(network.dig("127.0.0.2", NAME, "+short").split()) == ADDRESSES
    assert "NXDOMAIN" in network.dig("127.0.0.1", NAME)
    report = check()
    # A query for signatures makes dnsmasq ask anew, so a later lookup of the same check may already be right.
    assert told(report) in (("broken", ["os-cache-stale"]), ("degraded", [])), report["headline"]


@pytest.mark.skipif(
    resolved.program() is None and not resolved.REQUIRED,
    reason=f"unpack Debian's systemd-resolved into {resolved.UNPACKED}, as .ci/run does",
)
@pytest.mark.parametrize(
    ("domains", "expected"),
    [
        ("", ("broken", ["split-dns-missing"])),
        ("Domains=~example.internal\n", ("healthy", [])),
        ("Domains=~other.internal\n", ("broken", ["split-dns-missing"])),
    ],
)
def test_systemd_resolved_with_and_without_a_routing_domain(
    network: Network, check: Check, domains: str, expected: tuple[str, list[str]]
) -> None:
    """The tunnel's link has the right server, and only its domain makes that it is asked."""
    tunnel = f"[Match]\nName=tun0\n[Network]\nDNS={VPC_RESOLVER}\n{domains}DNSDefaultRoute=no\nKeepConfiguration=yes\n"
    resolved.start(network, {"50-tunnel.network": tunnel})
    report = check(env=resolved.ENVIRONMENT)
    assert told(report) == expected, report["headline"]
