"""Real systemd-resolved with several servers, several scopes, or programs that do not ask it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.system import resolved
from tests.system.conftest import Check
from tests.system.topology import ROUTER, VPC_RESOLVER, Network

pytestmark = [
    pytest.mark.system,
    pytest.mark.skipif(
        resolved.program() is None and not resolved.REQUIRED,
        reason=f"unpack Debian's systemd-resolved into {resolved.UNPACKED}, as .ci/run does",
    ),
]
ALONE = "LLMNR=no\nMulticastDNS=no\n"
TUNNEL = f"[Match]\nName=tun0\n[Network]\nDNS={VPC_RESOLVER}\nDomains=~example.internal\nKeepConfiguration=yes\n"


def roots(report: dict[str, Any]) -> tuple[str, list[str]]:
    return report["verdict"], report["root_causes"]


def test_the_first_of_two_servers_stays_current_with_its_denial(network: Network, check: Check) -> None:
    both = f"DNS={ROUTER} {VPC_RESOLVER}\nDomains=~example.internal\n"
    resolved.start(network, {}, settings=f"{ALONE}{both}")
    assert roots(check(env=resolved.ENVIRONMENT)) == ("broken", ["nameserver-order"])


def test_the_right_one_of_two_servers_stays_current(network: Network, check: Check) -> None:
    both = f"DNS={VPC_RESOLVER} {ROUTER}\nDomains=~example.internal\n"
    resolved.start(network, {}, settings=f"{ALONE}{both}")
    assert roots(check(env=resolved.ENVIRONMENT)) == ("healthy", [])


def test_of_two_scopes_with_the_domain_the_success_counts(network: Network, check: Check) -> None:
    """The router's denial does no harm beside the tunnel's answer."""
    of_router = f"DNS={ROUTER}\nDomains=~example.internal\n"
    resolved.start(network, {"50-tunnel.network": TUNNEL}, settings=f"{ALONE}{of_router}")
    assert roots(check(env=resolved.ENVIRONMENT)) == ("healthy", [])


def test_programs_that_do_not_ask_it(network: Network, check: Check) -> None:
    resolved.start(network, {"50-tunnel.network": TUNNEL}, settings=ALONE)
    network.files(resolv_conf=f"# written by an installer\nnameserver {ROUTER}\n")
    report = check(env=resolved.ENVIRONMENT)
    assert roots(report) == ("broken", ["entry-not-in-force"])
    (found,) = (f for f in report["findings"] if f["role"] == "root-cause")
    assert found["certainty"] == "certain"


def test_tls_where_it_is_offered_falls_back(network: Network, check: Check) -> None:
    resolved.start(network, {"50-tunnel.network": TUNNEL}, settings=f"{ALONE}DNSOverTLS=opportunistic\n")
    assert roots(check(env=resolved.ENVIRONMENT)) == ("healthy", [])


LINK = f"[Match]\nName=tun0\n[Network]\nDNS={VPC_RESOLVER}\nKeepConfiguration=yes\n"


@pytest.mark.parametrize(
    ("link", "settings", "expected"),
    [
        (f"{LINK}DNSDefaultRoute=no\n", "", ("broken", ["split-dns-missing"])),
        (f"{LINK}DNSDefaultRoute=yes\n", f"DNS={ROUTER}\nDomains=~.\n", ("broken", ["split-dns-missing"])),
        (TUNNEL, f"DNS={ROUTER}\nDomains=~.\n", ("healthy", [])),
    ],
    ids=["no domain, no default route", "a global ~. beats a default route", "a longer domain beats a global ~."],
)
def test_the_longest_domain_decides(
    network: Network, check: Check, link: str, settings: str, expected: tuple[str, list[str]]
) -> None:
    resolved.start(network, {"50-tunnel.network": link}, settings=f"{ALONE}{settings}")
    assert roots(check(env=resolved.ENVIRONMENT)) == expected
