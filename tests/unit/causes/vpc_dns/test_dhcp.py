"""Clients that ask what DHCP gave them."""

from __future__ import annotations

import pytest

from sddoctor.case.dns import Answer, Probe, Server
from sddoctor.case.seen import UnseenFactError
from sddoctor.case.vpc import DhcpOptions
from sddoctor.causes.vpc_dns.dhcp import dhcp_custom_dns
from sddoctor.trail.trail import Trail
from tests.resolver_cases import ADDRESS, NXDOMAIN, addresses, case, probe, seen

CUSTOM = Server("10.10.0.10")


def options(*servers: str) -> DhcpOptions:
    return DhcpOptions("dopt-1", servers)


def trail_with(custom: Answer | None, *servers: str, how: str = "option") -> Trail:
    probes: list[Probe] = [probe(addresses(ADDRESS)), probe(custom, server=CUSTOM)]
    return Trail(case(*probes, dhcp=seen(options(*(servers or ("10.10.0.10",)))), how=how))


def test_the_clients_get_what_the_servers_of_dhcp_say() -> None:
    trail = trail_with(NXDOMAIN)
    assert trail.client_answer.addresses == frozenset()
    assert trail.client_answer.error == "NXDOMAIN"
    assert dhcp_custom_dns.decide(trail) is not None


@pytest.mark.parametrize("server", ["AmazonProvidedDNS", "10.10.0.2", "169.254.169.253"])
def test_amazons_resolver_by_any_address_is_no_custom_server(server: str) -> None:
    trail = trail_with(NXDOMAIN, server)
    assert trail.vpc.assigned_servers == ()
    assert trail.client_answer.addresses == {ADDRESS}
    assert dhcp_custom_dns.decide(trail) is None


def test_a_failure_leads_to_the_next_server_and_nxdomain_does_not() -> None:
    assert trail_with(Answer("SERVFAIL"), "10.10.0.10", "AmazonProvidedDNS").client_answer.addresses == {ADDRESS}
    assert trail_with(NXDOMAIN, "10.10.0.10", "AmazonProvidedDNS").client_answer.addresses == frozenset()


def test_a_server_that_forwards_rightly() -> None:
    assert dhcp_custom_dns.decide(trail_with(addresses(ADDRESS))) is None


def test_silence_from_outside_proves_nothing() -> None:
    with pytest.raises(UnseenFactError):
        dhcp_custom_dns.decide(trail_with(None))


@pytest.mark.parametrize("how", ["zone", "nameserver"])
def test_dhcp_does_not_reach_a_client_outside(how: str) -> None:
    assert dhcp_custom_dns.decide(trail_with(NXDOMAIN, how=how)) is None
