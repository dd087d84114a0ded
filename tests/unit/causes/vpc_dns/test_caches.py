"""What tells a remembered answer from a fresh one."""

from __future__ import annotations

from msgspec import structs

from sddoctor.case.dns import Answer, Rr
from sddoctor.causes.vpc_dns.caches import negative_answer_cached
from sddoctor.trail.trail import Trail
from sddoctor.trail.ttls import negative_ttl
from tests.cases import NAME
from tests.resolver_cases import NXDOMAIN, SOA, case, probe, seen


def denial(ttl: int) -> Answer:
    return Answer("NXDOMAIN", authority=(structs.replace(SOA, ttl=ttl),))


def test_a_falling_ttl_is_a_remembered_denial_and_the_last_one_is_what_is_left() -> None:
    found = negative_answer_cached.decide(Trail(case(probe(denial(41)), probe(denial(40), after=1), soa_ttl=300)))
    assert found is not None
    assert found.wait_seconds == 40
    assert "wait 40 s, then ask again" in found.summary
    assert not found.would_tell


def test_the_order_is_that_of_time_not_of_the_list() -> None:
    found = negative_answer_cached.decide(Trail(case(probe(denial(40), after=2), probe(denial(41)), soa_ttl=300)))
    assert found is not None
    assert found.wait_seconds == 40


def test_a_denial_with_its_whole_ttl_each_time_is_fresh() -> None:
    assert negative_answer_cached.decide(Trail(case(probe(denial(15)), probe(denial(15), after=1)))) is None


def test_one_look_at_a_shortened_ttl_makes_it_likely() -> None:
    found = negative_answer_cached.decide(Trail(case(probe(denial(9)), probe(None, after=1))))
    assert found is not None
    assert found.would_tell


def test_a_denial_by_the_internet_is_nobodys_memory_of_the_zone() -> None:
    falling = structs.replace(NXDOMAIN, authority=(structs.replace(NXDOMAIN.authority[0], ttl=899),))
    assert negative_answer_cached.decide(Trail(case(probe(NXDOMAIN), probe(falling, after=1)))) is None


def test_without_a_record_the_denial_is_right() -> None:
    assert negative_answer_cached.decide(Trail(case(probe(denial(9)), probe(denial(8)), records=seen(())))) is None


def test_an_empty_answer_beside_srv_is_not_remembered() -> None:
    empty = Answer("NOERROR", authority=(structs.replace(SOA, ttl=9),))
    srv = Answer("NOERROR", answers=(Rr(NAME, "SRV", 10, f"1 1 80 vm-1.{NAME}"),))
    assert negative_answer_cached.decide(Trail(case(probe(empty), probe(srv, "SRV")))) is None


def test_the_negative_ttl_is_the_smaller_of_ttl_and_minimum() -> None:
    trail = Trail(case(probe(denial(15)), soa_ttl=900))
    assert negative_ttl(trail) == 900
    short = structs.replace(SOA, data="ns. host. 1 7200 900 1209600 60")
    trail = Trail(case(probe(Answer("NXDOMAIN", authority=(short,))), soa_ttl=900))
    assert negative_ttl(trail) == 60
    assert negative_ttl(Trail(case(soa_ttl=None))) is None
