"""Which firewall rule decides, and what may be said where a list cannot be read."""

from __future__ import annotations

import pytest

from sddoctor.case.dns import Answer
from sddoctor.case.seen import Opaque, UnseenFactError
from sddoctor.case.vpc import FirewallRule
from sddoctor.causes.vpc_dns.firewall import dns_firewall_blocks
from sddoctor.trail.trail import Trail
from tests.resolver_cases import ADDRESS, NXDOMAIN, SOA, addresses, case, probe, seen

BLOCKED = Answer("NXDOMAIN")
HIDDEN = Opaque("the domains", "AWS", "nothing")


def rule(priority: int, action: str, *domains: str, group: int = 100, **more: object) -> FirewallRule:
    base = {"domains": seen(domains), "block_response": "NXDOMAIN", **more}
    return FirewallRule(f"rslvr-frg-{group}", "g", group, priority, f"r{priority}", action, **base)  # type: ignore[arg-type]


def found(*rules: FirewallRule, answer: Answer | None = BLOCKED) -> object:
    probes = () if answer is None else (probe(answer),)
    return dns_firewall_blocks.decide(Trail(case(*probes, firewall=seen(rules))))


@pytest.mark.parametrize("domain", ["*", "*.internal.", "*.EXAMPLE.internal", "dev-api.example.internal"])
def test_a_block_that_matches(domain: str) -> None:
    assert found(rule(10, "BLOCK", domain)) is not None


@pytest.mark.parametrize("domain", ["example.internal", "*.dev-api.example.internal", "*.ample.internal", "internal"])
def test_a_block_that_does_not_match(domain: str) -> None:
    assert found(rule(10, "BLOCK", domain)) is None


def test_groups_go_by_their_own_priority_before_that_of_rules() -> None:
    allow = rule(90, "ALLOW", "*.internal", group=100)
    block = rule(1, "BLOCK", "*", group=200)
    assert found(block, allow) is None
    assert found(rule(90, "ALLOW", "*.internal", group=300), block) is not None


def test_an_alert_lets_the_name_pass() -> None:
    assert found(rule(1, "ALERT", "*"), rule(2, "BLOCK", "*")) is None


@pytest.mark.parametrize(("qtype", "blocks"), [("AAAA", False), ("TYPE28", False), ("A", True), ("TYPE1", True)])
def test_a_rule_for_another_type_does_not_matter(qtype: str, blocks: bool) -> None:
    assert (found(rule(1, "BLOCK", "*", qtype=qtype)) is not None) is blocks


@pytest.mark.parametrize(
    "answer",
    [
        Answer("NXDOMAIN", authority=(SOA,)),  # the zone said it
        Answer("NOERROR"),  # not what the rule prescribes
        addresses(ADDRESS),
    ],
)
def test_an_answer_that_does_not_fit(answer: Answer) -> None:
    assert found(rule(1, "BLOCK", "*"), answer=answer) is None


def test_the_rules_alone_are_proof_when_nobody_could_ask() -> None:
    assert found(rule(1, "BLOCK", "*"), answer=None) is not None


def test_a_list_before_it_that_cannot_be_read_needs_the_answer() -> None:
    hidden = rule(1, "ALLOW", domains=HIDDEN)
    assert found(hidden, rule(2, "BLOCK", "*")) is not None
    with pytest.raises(UnseenFactError):
        found(hidden, rule(2, "BLOCK", "*"), answer=None)


def test_a_hidden_list_alone_proves_nothing() -> None:
    assert found(rule(1, "BLOCK", domains=HIDDEN), answer=NXDOMAIN) is None
