"""The path between the laptop and the VPC resolver: overlaps, filters, losses, and servers that serve somebody else."""

from __future__ import annotations

import sys
from typing import Any

import pytest

from tests.system import servers
from tests.system.conftest import Check
from tests.system.topology import LAPTOP, ROUTER, VPC, VPC_RESOLVER, Network, inside, sh

pytestmark = pytest.mark.system

SPLIT = f"nameserver {VPC_RESOLVER}\noptions timeout:1 attempts:1\n"


def drop(namespace: str, chain: str, *match: str) -> None:
    sh(*inside(namespace, "iptables", "-A", chain, *match, "-j", "DROP"))


def told(report: dict[str, Any]) -> tuple[str, list[str]]:
    return report["verdict"], report["root_causes"]


def codes(report: dict[str, Any]) -> set[str]:
    return {f["code"] for f in report["findings"]}


def sureness(report: dict[str, Any]) -> list[str]:
    """Return how sure the root causes are."""
    return [f["certainty"] for f in report["findings"] if f["role"] == "root-cause"]


def test_a_lan_with_the_range_of_the_vpc(network: Network, check: Check) -> None:
    network.files(resolv_conf=SPLIT)
    network.ip(LAPTOP, "address", "add", "10.10.0.23/24", "dev", "eth0")
    report = check()
    assert told(report) == ("broken", ["cidr-overlap"]), report["headline"]
    assert "10.10.0.0/24" in report["headline"]


def test_a_docker_bridge_with_the_range_of_the_vpc(network: Network, check: Check) -> None:
    network.files(resolv_conf=SPLIT)
    network.ip(LAPTOP, "link", "add", "docker0", "type", "bridge")
    network.ip(LAPTOP, "address", "add", "10.10.0.1/20", "dev", "docker0")
    network.ip(LAPTOP, "link", "set", "docker0", "up")
    report = check()
    assert told(report) == ("broken", ["cidr-overlap"]), report["headline"]
    finding = next(f for f in report["findings"] if f["code"] == "cidr-overlap")
    assert any("docker" in " ".join(f["commands"]).lower() or "Docker" in f["title"] for f in finding["fixes"])


def test_an_answer_that_lies_in_a_local_network(network: Network, check: Check) -> None:
    """The resolver is reached, and packets to the tasks stay at home: it resolves, so this is advice."""
    network.files(resolv_conf=SPLIT)
    network.ip(LAPTOP, "address", "add", "10.10.211.1/24", "dev", "eth0")
    report = check()
    assert report["root_causes"] == [], report["headline"]
    assert "cidr-overlap" in codes(report)


def test_udp_blocked(network: Network, check: Check) -> None:
    network.files(resolv_conf=SPLIT)
    drop(VPC, "INPUT", "-p", "udp", "--dport", "53")
    report = check()
    assert told(report) == ("broken", ["udp-53-blocked"]), report["headline"]


def test_tcp_blocked_and_small_answers_is_advice(network: Network, check: Check) -> None:
    network.files(resolv_conf=SPLIT)
    drop(VPC, "INPUT", "-p", "tcp", "--dport", "53")
    report = check()
    assert told(report) == ("healthy", []), report["headline"]
    (blocked,) = [f for f in report["findings"] if f["code"] == "tcp-53-blocked"]
    assert blocked["certainty"] == "certain"


def _tasks(network: Network) -> None:
    """The addresses of the tasks are there; nothing listens at them."""
    for address in ("10.10.211.50", "10.10.212.150"):
        network.ip(VPC, "address", "add", f"{address}/32", "dev", "lo")


def _blocked(network: Network) -> None:
    network.files(resolv_conf=SPLIT)
    drop(VPC, "INPUT", "-p", "udp", "--dport", "53")
    drop(VPC, "INPUT", "-p", "tcp", "--dport", "53")


def test_both_blocked_is_not_a_confident_cause(network: Network, check: Check) -> None:
    """Through a tunnel that is up, behind which tasks refuse connections: a firewall, or something else."""
    _tasks(network)
    _blocked(network)
    report = check()
    assert told(report) == ("broken", []), report["headline"]
    assert f"no answer from {VPC_RESOLVER} reaches this host" in report["headline"]
    assert any(VPC_RESOLVER in g["what"] for g in report["gaps"]), report["gaps"]


def test_only_the_resolver_is_silent_and_the_rest_of_the_vpc_is_reached(network: Network, check: Check) -> None:
    _tasks(network)
    network.start(VPC, sys.executable, "-m", "http.server", "3000", "--directory", str(network.scratch))
    connect = "import socket; socket.create_connection(('10.10.211.50', 3000), 1)"
    network.wait_until(sys.executable, "-c", connect)
    _blocked(network)
    report = check()
    assert told(report) == ("broken", ["vpc-resolver-not-for-outsiders"]), report["headline"]
    assert sureness(report) == ["likely"]


def test_nothing_of_the_vpc_is_reached_through_the_tunnel(network: Network, check: Check) -> None:
    network.files(resolv_conf=SPLIT)
    drop(VPC, "INPUT", "-i", "vpn0")
    report = check()
    assert told(report) == ("broken", ["no-route-to-resolver"]), report["headline"]
    assert sureness(report) == ["likely"]


LARGE = servers.ZONE + "".join(
    f"@ IN NS name-server-number-{n}.of-a-very-long-name\nname-server-number-{n}.of-a-very-long-name IN A 10.10.1.{n}\n"
    for n in range(1, 13)
)


def test_packets_above_the_tunnels_size_are_lost(network: Network, check: Check) -> None:
    """glibc with edns0 offers 1200 bytes, and an answer of that size does not get through."""
    network.ip(VPC, "address", "add", "10.10.0.3/32", "dev", "lo")
    servers.bind(network, VPC, "10.10.0.3", {"example.internal": LARGE}, "minimal-responses no;")
    assert int(network.dig("10.10.0.3", "dev-api.example.internal").rsplit("rcvd: ", 1)[1]) > 600
    drop(VPC, "OUTPUT", "-p", "udp", "--sport", "53", "-m", "length", "--length", "600:65535")
    network.files(resolv_conf="nameserver 10.10.0.3\noptions edns0 timeout:1 attempts:1\n")
    report = check("--nameserver", "10.10.0.3")
    assert told(report) == ("broken", ["large-answers-lost"]), report["headline"]


@pytest.mark.parametrize("attempts", [1, 5])
def test_three_questions_of_ten_are_lost(network: Network, check: Check, attempts: int) -> None:
    """A program that asks once may get nothing; one that asks again gets the addresses late: it resolves now and then."""
    network.files(resolv_conf=f"nameserver {VPC_RESOLVER}\noptions timeout:1 attempts:{attempts}\n")
    for packet in ("0", "3", "6"):
        nth = ("-m", "statistic", "--mode", "nth", "--every", "10", "--packet", packet)
        drop(VPC, "INPUT", "-p", "udp", "--dport", "53", *nth)
    report = check()
    assert "resolver-drops-queries" in codes(report), report["headline"]
    if attempts > 1:
        assert told(report) == ("degraded", ["resolver-drops-queries"]), report["headline"]
    else:
        assert report["root_causes"] in ([], ["resolver-drops-queries"]), report["headline"]


OTHER = {
    "vpcs": [
        {"id": "vpc-0a1b2c3d4e5f60718", "cidr": "10.10.0.0/16", "name": "dev"},
        {"id": "vpc-0bbbbbbbbbbbbbbbb", "cidr": "10.20.0.0/16", "name": "other"},
    ]
}


@pytest.mark.parametrize("changes", [OTHER])
def test_the_resolver_of_another_vpc(network: Network, check: Check) -> None:
    network.ip(VPC, "address", "add", "10.20.0.2/32", "dev", "lo")
    network.vpn_up("10.10.0.0/16", "10.20.0.0/16")
    servers.bind(network, VPC, "10.20.0.2", {})
    network.files(resolv_conf="nameserver 10.20.0.2\n")
    report = check()
    assert told(report) == ("broken", ["resolver-of-another-vpc"]), report["headline"]


def test_the_link_local_resolver_outside_the_vpc(network: Network, check: Check) -> None:
    network.files(resolv_conf="nameserver 169.254.169.253\noptions timeout:1 attempts:1\n")
    report = check()
    assert told(report) == ("broken", ["link-local-resolver-outside-vpc"]), report["headline"]


ENDPOINT: dict[str, Any] = {
    "endpoints": [{"id": "rslvr-in-1", "vpc": "vpc-0a1b2c3d4e5f60718", "addresses": ["10.10.1.10"]}]
}


def _endpoint(network: Network) -> None:
    """VPC+2 serves nobody outside; the endpoint at 10.10.1.10 would."""
    drop(VPC, "INPUT", "-d", VPC_RESOLVER)
    network.ip(VPC, "address", "add", "10.10.1.10/32", "dev", "lo")
    servers.bind(network, VPC, "10.10.1.10", {"example.internal": servers.ZONE})
    network.files(resolv_conf="nameserver 10.10.1.10\noptions timeout:1 attempts:1\n")


@pytest.mark.parametrize("changes", [ENDPOINT])
def test_an_inbound_endpoint_serves_hosts_that_vpc_plus_two_does_not(network: Network, check: Check) -> None:
    _endpoint(network)
    report = check()
    assert told(report) == ("healthy", []), report["headline"]


CLOSED = ENDPOINT | {"security_groups": [{"id": "sg-0endpoint", "ingress": [{"protocol": "tcp", "from_port": 443, "to_port": 443, "ranges": ["10.99.0.0/24"]}]}]}  # fmt: skip


@pytest.mark.parametrize("changes", [CLOSED])
def test_an_inbound_endpoint_whose_security_group_is_closed(network: Network, check: Check) -> None:
    _endpoint(network)
    drop(VPC, "INPUT", "-d", "10.10.1.10")
    report = check()
    assert told(report) == ("broken", ["inbound-endpoint-blocked"]), report["headline"]


def test_the_way_home_is_not_the_way_into_the_vpc(network: Network, check: Check) -> None:
    """A more specific route sends the resolver's address to the router."""
    network.files(resolv_conf=SPLIT)
    network.ip(LAPTOP, "route", "add", f"{VPC_RESOLVER}/32", "via", ROUTER)
    report = check()
    assert told(report) == ("broken", ["cidr-overlap"]), report["headline"]
