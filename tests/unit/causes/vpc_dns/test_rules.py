"""Which Resolver rule takes a name, and when that is a fault."""

from __future__ import annotations

import pytest

from sddoctor.case.dns import Answer
from sddoctor.case.route53 import Zone, ZoneSummary
from sddoctor.case.seen import UnseenFactError
from sddoctor.case.vpc import ResolverRule
from sddoctor.causes.route53.not_associated import zone_not_associated
from sddoctor.causes.vpc_dns.rules import resolver_rule_overrides
from sddoctor.trail.trail import Trail
from tests.cases import NAME
from tests.resolver_cases import ADDRESS, NXDOMAIN, SOA, addresses, case, probe, seen

ELSEWHERE = {"zone": seen(Zone("Z1", "example.internal", True)), "zones": seen(())}


def rule(domain: str, kind: str = "FORWARD", **more: object) -> ResolverRule:
    return ResolverRule(f"rr-{domain}-{kind}", kind, domain, ("10.200.0.53",), **more)  # type: ignore[arg-type]


def taken_by(*rules: ResolverRule) -> str | None:
    found = Trail(case(rules=seen(rules))).vpc.forward_rule(NAME)
    return found.domain if found else None


def test_the_longest_rule_counts_and_a_system_rule_cancels() -> None:
    assert taken_by(rule(""), rule("internal"), rule("example.internal")) == "example.internal"
    assert taken_by(rule("internal"), rule("example.internal", "SYSTEM")) is None
    assert taken_by(rule("ample.internal"), rule("other.internal")) is None
    assert taken_by(rule("example.internal", status="FAILED")) is None
    assert taken_by(rule("", "RECURSIVE")) is None


@pytest.mark.parametrize(
    "open_one",
    [
        rule("example.internal", status="CREATING"),
        rule("example.internal", status="DELETING"),
        rule("example.internal", status="LIMPING"),
        rule("example.internal", "SYSTEM", status="UPDATING"),
        rule("example.internal", "LIMPING"),
    ],
)
def test_a_rule_that_may_act_leaves_it_open(open_one: ResolverRule) -> None:
    for others in ((), (rule("internal"),), (rule("example.internal"),)):
        with pytest.raises(UnseenFactError, match=open_one.id):
            taken_by(open_one, *others)
    assert taken_by(open_one, rule(NAME)) == NAME


def test_a_rule_that_is_shorter_than_the_zone_does_not_take_its_names() -> None:
    vpc = Trail(case(rules=seen((rule(""), rule("internal", status="CREATING"))))).vpc
    assert vpc.forward_rule(NAME, labels=2) is None
    with pytest.raises(UnseenFactError):
        vpc.forward_rule(NAME)


@pytest.mark.parametrize("domain", ["example.internal", NAME])
@pytest.mark.parametrize("answer", [NXDOMAIN, Answer("SERVFAIL"), addresses("203.0.113.9")])
def test_a_rule_at_or_below_the_zone_with_a_wrong_answer(domain: str, answer: Answer) -> None:
    found = resolver_rule_overrides.decide(Trail(case(probe(answer), rules=seen((rule(domain),)))))
    assert found is not None
    assert found.addresses == answer.addresses


@pytest.mark.parametrize("answer", [addresses(ADDRESS), Answer("NXDOMAIN", authority=(SOA,))])
def test_a_rule_that_leads_to_the_zone(answer: Answer) -> None:
    assert resolver_rule_overrides.decide(Trail(case(probe(answer), rules=seen((rule("example.internal"),))))) is None


def test_a_shorter_rule_leaves_an_associated_zone_alone() -> None:
    assert resolver_rule_overrides.decide(Trail(case(probe(NXDOMAIN), rules=seen((rule("internal"),))))) is None


def test_a_longer_zone_beats_the_rule() -> None:
    zones = seen((ZoneSummary("Z1", "example.internal"), ZoneSummary("Z2", NAME)))
    trail = Trail(case(probe(NXDOMAIN), zones=zones, rules=seen((rule("example.internal"),))))
    assert resolver_rule_overrides.decide(trail) is None


def test_without_an_answer_the_rule_is_not_judged() -> None:
    with pytest.raises(UnseenFactError):
        resolver_rule_overrides.decide(Trail(case(rules=seen((rule("example.internal"),)))))


def test_an_association_would_not_help_against_a_rule_of_the_same_name() -> None:
    trail = Trail(case(probe(NXDOMAIN), rules=seen((rule("example.internal"),)), **ELSEWHERE))
    assert zone_not_associated.decide(trail) is None
    assert resolver_rule_overrides.decide(trail) is not None


def test_against_a_shorter_rule_it_would() -> None:
    trail = Trail(case(probe(NXDOMAIN), rules=seen((rule("internal"),)), **ELSEWHERE))
    found = zone_not_associated.decide(trail)
    assert found is not None
    assert found.would_tell


def test_a_rule_for_everything_changes_nothing() -> None:
    trail = Trail(case(probe(NXDOMAIN), rules=seen((rule(""),)), **ELSEWHERE))
    found = zone_not_associated.decide(trail)
    assert found is not None
    assert not found.would_tell
    assert resolver_rule_overrides.decide(trail) is None


def test_without_an_answer_the_lists_are_proof_unless_a_rule_may_lead_to_the_zone() -> None:
    assert zone_not_associated.decide(Trail(case(**ELSEWHERE))) is not None
    with pytest.raises(UnseenFactError):
        zone_not_associated.decide(Trail(case(rules=seen((rule("internal"),)), **ELSEWHERE)))
