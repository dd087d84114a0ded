"""A laptop with a VPN, real name servers and real routes: what it sees, and what sddoctor says of it."""

from __future__ import annotations

import pytest

from tests.system import servers
from tests.system.conftest import Check
from tests.system.topology import LAPTOP, ROUTER, VPC_RESOLVER, Network

pytestmark = pytest.mark.system

ADDRESSES = ["10.10.211.50", "10.10.212.150"]


def test_healthy_when_the_laptop_asks_the_vpc_resolver(network: Network, check: Check) -> None:
    network.files(resolv_conf=f"nameserver {VPC_RESOLVER}\n")
    assert sorted(network.dig(VPC_RESOLVER, "dev-api.example.internal", "+short").split()) == ADDRESSES
    report = check()
    assert (report["verdict"], report["root_causes"], report["exit"]) == ("healthy", [], 0), report["headline"]
    host = next(h for h in report["hops"] if h["hop"] == "host")
    assert host["addresses"] == ADDRESSES


def test_vpn_down(network: Network, check: Check) -> None:
    network.files(resolv_conf=f"nameserver {VPC_RESOLVER}\nnameserver {ROUTER}\n")
    network.vpn_down()
    report = check()
    assert (report["verdict"], report["root_causes"]) == ("broken", ["no-route-to-resolver"]), report["headline"]
    assert report["exit"] == 1
    assert "eth0" in report["headline"] or "default route" in report["headline"]


def test_vpn_down_and_no_split_dns_is_one_cause(network: Network, check: Check) -> None:
    network.vpn_down()
    report = check()
    assert report["root_causes"] == ["no-route-to-resolver"], report["headline"]


def test_split_tunnel_without_the_vpc(network: Network, check: Check) -> None:
    network.ip(LAPTOP, "route", "del", "10.10.0.0/16")
    network.vpn_up("10.20.0.0/16")
    report = check()
    assert report["root_causes"] == ["no-route-to-resolver"], report["headline"]


def test_split_dns_missing(network: Network, check: Check) -> None:
    assert "NXDOMAIN" in network.dig(ROUTER, "dev-api.example.internal")
    report = check()
    assert (report["verdict"], report["root_causes"]) == ("broken", ["split-dns-missing"]), report["headline"]


def test_hosts_file_override(network: Network, check: Check) -> None:
    network.files(
        resolv_conf=f"nameserver {VPC_RESOLVER}\n", hosts="127.0.0.1 localhost\n10.10.9.9 Dev-API.example.internal\n"
    )
    report = check()
    assert (report["verdict"], report["root_causes"]) == ("broken", ["hosts-file-override"]), report["headline"]


def test_rebind_protection_of_a_real_dnsmasq(network: Network, check: Check) -> None:
    servers.dnsmasq(network, f"server={ROUTER}", f"server=/example.internal/{VPC_RESOLVER}", "stop-dns-rebind")
    network.files(resolv_conf="nameserver 127.0.0.1\n")
    assert network.dig("127.0.0.1", "dev-api.example.internal", "+short") == ""
    report = check()
    assert (report["verdict"], report["root_causes"]) == ("broken", ["rebind-protection"]), report["headline"]


def test_dnsmasq_that_excepts_the_namespace_is_healthy(network: Network, check: Check) -> None:
    exception = "rebind-domain-ok=/example.internal/"
    servers.dnsmasq(network, f"server=/example.internal/{VPC_RESOLVER}", "stop-dns-rebind", exception)
    network.files(resolv_conf="nameserver 127.0.0.1\n")
    report = check()
    assert (report["verdict"], report["root_causes"]) == ("healthy", []), report["headline"]
