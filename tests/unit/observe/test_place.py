"""What is asked from one place, in worlds that say what there is: a healthy name costs few queries, a suspicious one more."""

from __future__ import annotations

from collections import Counter

import pytest

from sddoctor.case.case import Place
from tests.world_cases import observed

NAME = "dev-api.example.internal"


def place(world: str) -> Place:
    return observed(world).case.place


def test_a_healthy_laptop_with_a_stub_sends_seven_queries_and_looks_the_name_up_twice() -> None:
    it = place("split-dns-missing-resolved-lookalike")
    queries = Counter((p.server.address, p.name, p.type, p.transport) for p in it.dns.probes)
    assert queries == {
        ("127.0.0.53", NAME, "A", "udp"): 1,
        ("127.0.0.53", NAME, "AAAA", "udp"): 1,
        ("10.10.0.2", NAME, "A", "udp"): 1,
        ("10.10.0.2", NAME, "AAAA", "udp"): 1,
        ("10.10.0.2", NAME, "SRV", "udp"): 1,
        ("10.10.0.2", NAME, "A", "tcp"): 1,
        ("10.10.0.2", "example.internal", "SOA", "udp"): 1,
    }
    assert len(it.host.value.lookups) == 2


def test_the_stub_is_queried_in_its_own_role() -> None:
    probes = place("split-dns-missing-resolved-lookalike").dns.probes
    assert {p.server.address: p.role for p in probes} == {"127.0.0.53": "host", "10.10.0.2": "vpc"}


def test_a_stub_and_the_server_behind_it_that_deny_alike_are_both_told_apart() -> None:
    probes = place("split-dns-missing-resolved").dns.probes
    for server in ("127.0.0.53", "192.168.1.1"):
        assert {p.name for p in probes if p.server.address == server and p.type == "SOA"} >= {
            NAME,
            "example.internal",
            "internal",
        }


@pytest.mark.parametrize(
    ("world", "further"),
    [("rebind-protection-dnsmasq", 8), ("nameserver-order", 8), ("split-dns-missing-resolved", 0), ("article", 0)],
)
def test_the_name_is_looked_up_again_where_that_could_differ(world: str, further: int) -> None:
    lookups = place(world).host.value.lookups
    assert [k.final_dot for k in lookups] == [False, True, *[False] * further]
