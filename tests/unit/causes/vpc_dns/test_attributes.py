"""The two DNS attributes of a VPC: what they prove, and what they do not."""

from __future__ import annotations

import pytest

from sddoctor.case.dns import Answer
from sddoctor.case.seen import Denied, UnseenFactError
from sddoctor.causes.vpc_dns.attributes import dns_hostnames_off, dns_support_off
from sddoctor.trail.trail import Trail
from tests.resolver_cases import ADDRESS, NXDOMAIN, SOA, addresses, case, probe, seen

OFF = seen(False)


def test_hostnames_off_and_an_answer_is_a_risk() -> None:
    found = dns_hostnames_off.decide(Trail(case(probe(addresses(ADDRESS)), dns_hostnames=OFF)))
    assert found is not None
    assert found.kind == "risk"
    assert found.severity == "warning"


def test_hostnames_off_and_a_denial_by_the_zone_itself_is_no_finding() -> None:
    denial = Answer("NXDOMAIN", authority=(SOA,))
    assert dns_hostnames_off.decide(Trail(case(probe(denial), dns_hostnames=OFF))) is None


def test_hostnames_off_without_an_answer_is_not_judged() -> None:
    with pytest.raises(UnseenFactError):
        dns_hostnames_off.decide(Trail(case(dns_hostnames=OFF)))


def test_hostnames_do_not_matter_without_support_or_record() -> None:
    assert dns_hostnames_off.decide(Trail(case(probe(NXDOMAIN), dns_hostnames=OFF, dns_support=OFF))) is None
    assert dns_hostnames_off.decide(Trail(case(probe(NXDOMAIN), dns_hostnames=OFF, records=seen(())))) is None


def test_support_off_and_silence() -> None:
    assert dns_support_off.decide(Trail(case(probe(None), dns_support=OFF))) is not None


def test_support_off_and_nobody_asked() -> None:
    assert dns_support_off.decide(Trail(case(dns_support=OFF))) is not None


def test_a_resolver_that_answers_contradicts_the_attribute() -> None:
    assert dns_support_off.decide(Trail(case(probe(NXDOMAIN), dns_support=OFF))) is None


def test_a_denied_attribute_proves_nothing() -> None:
    denied = Denied("DNS support", "ec2:DescribeVpcAttribute")
    with pytest.raises(UnseenFactError):
        dns_support_off.decide(Trail(case(probe(None), dns_support=denied)))
