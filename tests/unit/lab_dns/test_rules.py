"""Rules of a world that change answers, question by question."""

from __future__ import annotations

from typing import Any

import dns.flags
import dns.message
import dns.rcode
import pytest

NAME, SERVER, ROUTER = "dev-api.example.internal", "10.10.0.2", "192.168.1.1"
ONE, TWO, OTHER = "10.10.1.1", "10.10.1.2", "198.18.0.9"


@pytest.fixture
def ruled(build: Any, instances: Any) -> Any:
    """Build the world with two instances and rules for its VPC resolver."""
    return lambda *rules: build({"answers": {SERVER: list(rules)}}, instances(ONE, TWO))


def said(service: Any, name: str = NAME, rdtype: str = "A", transport: str = "udp") -> dns.message.Message | None:
    return service.answer(SERVER, dns.message.make_query(name, rdtype, use_edns=0), transport)


def found(service: Any, rdtype: str = "A", transport: str = "udp") -> list[str] | str:
    """Return the data of the answers sorted, or the response code, or ``silence``."""
    message = said(service, rdtype=rdtype, transport=transport)
    if message is None:
        return "silence"
    return sorted(r.to_text() for s in message.answer for r in s) or dns.rcode.to_text(message.rcode())


def test_an_rcode_for_one_type_only(ruled: Any) -> None:
    service = ruled({"types": ["A"], "rcode": "SERVFAIL"})
    assert (found(service), found(service, "AAAA")) == ("SERVFAIL", "NOERROR")
    assert found(ruled({"rcode": "NOTIMP"})) == "NOTIMP"


def test_a_transport_and_a_pattern_of_names(ruled: Any) -> None:
    service = ruled({"transport": "tcp", "name": "???-api.example.*", "lost": True})
    assert (found(service), found(service, transport="tcp")) == ([ONE, TWO], "silence")
    other = ruled({"name": "????.example.*", "lost": True})
    assert found(other) == [ONE, TWO]


def test_every_third_of_the_questions_that_match(ruled: Any) -> None:
    service = ruled({"types": ["A"], "every": 3, "lost": True})
    said(service, rdtype="AAAA")
    assert [found(service) for _ in range(6)] == [[ONE, TWO], [ONE, TWO], "silence"] * 2


def test_the_first_rule_that_acts_counts(ruled: Any) -> None:
    service = ruled({"every": 2, "rcode": "REFUSED"}, {"addresses": [OTHER]})
    assert [found(service) for _ in range(3)] == [[OTHER], "REFUSED", [OTHER]]


def test_addresses_in_place_of_others_left_out_and_added(ruled: Any) -> None:
    service = ruled({"addresses": [OTHER, "2001:db8::1"], "ttl": 0})
    assert (found(service), found(service, "AAAA")) == ([OTHER], ["2001:db8::1"])
    assert said(service).answer[0].ttl == 0
    assert found(ruled({"without": [ONE], "also": [OTHER]})) == [TWO, OTHER]
    assert found(ruled({"without": [ONE, TWO]})) == "NOERROR"


def test_the_authority_of_a_denial(ruled: Any) -> None:
    nothing = "nothing.example.internal"
    assert said(ruled(), nothing).authority
    assert said(ruled({"rcode": "NXDOMAIN"}), nothing).authority
    assert not said(ruled({"without_soa": True}), nothing).authority
    assert not said(ruled({"rcode": "NXDOMAIN"})).authority


def test_a_referral_comes_without_recursion(ruled: Any) -> None:
    message = said(ruled({"referral": {"example.internal": "ns1.example.net"}}))
    assert (message.rcode(), message.answer, message.flags & dns.flags.RA) == (dns.rcode.NOERROR, [], 0)
    assert message.authority[0].to_text() == "example.internal. 60 IN NS ns1.example.net."


def test_forwarders_and_programs_get_it_as_well(build: Any, instances: Any) -> None:
    router = {"address": ROUTER, "forwards": {"internal": SERVER}}
    rules = {SERVER: [{"without": [ONE]}], ROUTER: [{"types": ["AAAA"], "rcode": "NXDOMAIN"}]}
    service = build({"servers": [router], "answers": rules}, instances(ONE, TWO))
    assert service.resolve(ROUTER, NAME, "A").addresses == (TWO,)
    assert service.resolve(ROUTER, NAME, "AAAA").rcode == "NXDOMAIN"
