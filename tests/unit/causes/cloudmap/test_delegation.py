"""Whose denial shows that a public zone is not delegated to, and whose does not."""

from __future__ import annotations

from msgspec import structs

from sddoctor.case.case import Case
from sddoctor.case.cloudmap import Namespace
from sddoctor.case.dns import Answer, Probe, Rr, Server
from sddoctor.case.route53 import Zone
from sddoctor.causes.model import Finding
from sddoctor.causes.registry import BY_CODE
from sddoctor.trail.trail import Trail
from tests.resolver_cases import ADDRESS, addresses, case, probe, seen

SERVERS = ("ns-2011.awsdns-59.co.uk", "ns-311.awsdns-38.com")
OTHERS = ("ns-1111.awsdns-10.org", "ns-222.awsdns-27.com")
HOME = Server("192.0.2.53")


def denial(owner: str, primary: str = "a.nic.internal") -> Answer:
    return Answer("NXDOMAIN", authority=(Rr(owner, "SOA", 900, f"{primary}. host. 1 7200 900 1209600 86400"),))


def told(*servers: str) -> Probe:
    """The delegation as a resolver gives it."""
    answer = Answer("NOERROR", answers=tuple(Rr("example.internal", "NS", 300, s) for s in servers))
    return structs.replace(probe(answer, "NS"), name="example.internal", role="other")


def public(*probes: Probe) -> Case:
    namespace = Namespace("ns-1", "arn:aws:servicediscovery:r:1:namespace/ns-1", "example.internal", "DNS_PUBLIC")
    return case(
        *probes,
        namespace=structs.replace(namespace, hosted_zone_id="Z1"),
        zone=seen(Zone("Z1", "example.internal", False, (), SERVERS)),
    )


def find(of: Case) -> Finding | None:
    return BY_CODE["namespace-not-delegated"].decide(Trail(of))


def test_a_parents_denial_is_proof() -> None:
    finding = find(public(probe(denial("internal"))))
    assert finding is not None
    assert not finding.would_tell
    assert "ns-311.awsdns-38.com" in finding.fixes[0].title  # where a top-level domain is the parent, no zone is


def test_the_zones_own_denial_is_none() -> None:
    assert find(public(probe(denial("example.internal", SERVERS[0])))) is None


def test_another_zone_of_the_name_is_likely_and_certain_with_its_delegation() -> None:
    denied = probe(denial("example.internal", OTHERS[0]))
    likely, certain = find(public(denied)), find(public(denied, told(*OTHERS)))
    assert likely is not None
    assert certain is not None
    assert (bool(likely.would_tell), bool(certain.would_tell)) == (True, False)
    assert OTHERS[1] in certain.summary


def test_a_delegation_that_names_the_zone_clears_it() -> None:
    assert find(public(probe(denial("internal")), told(*SERVERS))) is None


def test_a_private_zone_of_a_parent_is_no_word_of_the_internet() -> None:
    assert find(public(probe(denial("internal", "ns-0.awsdns-00.com")))) is None


def test_somebody_who_answers_clears_it() -> None:
    elsewhere = structs.replace(probe(addresses(ADDRESS)), server=Server("9.9.9.9"), role="host")
    assert find(public(probe(denial("internal")), elsewhere)) is None


def test_the_zones_own_server_decides_between_delegation_and_record() -> None:
    where = structs.replace(probe(addresses(HOME.address)), name=SERVERS[0], role="other")
    answers = structs.replace(probe(addresses(ADDRESS), server=HOME), role="other")
    denies = structs.replace(probe(denial("example.internal", SERVERS[0]), server=HOME), role="other")
    assert find(public(probe(denial("internal")), where, answers)) is not None
    assert find(public(probe(denial("internal")), where, denies)) is None


def test_a_private_namespace_has_no_delegation() -> None:
    assert find(case(probe(denial("internal")))) is None
