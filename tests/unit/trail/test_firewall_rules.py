"""Which rule of DNS Firewall decides about a name, and about the names that it is an alias of."""

from __future__ import annotations

from typing import Any

import pytest

from sddoctor.case.dns import Answer, Rr
from sddoctor.case.route53 import Record
from sddoctor.case.seen import Absent, Fact, Opaque, Seen
from sddoctor.case.vpc import FirewallRule
from sddoctor.causes.vpc_dns.firewall import dns_firewall_blocks
from sddoctor.trail.cname_chain import cname_chain
from sddoctor.trail.firewall import decide_chain
from sddoctor.trail.trail import Trail
from tests.cases import NAME
from tests.resolver_cases import case, probe, seen

TARGET = "lb.example.org"
HIDDEN: Fact[tuple[str, ...]] = Opaque("the domains of a managed list", "AWS", "")
ADVANCED: Fact[tuple[str, ...]] = Absent("a domain list", "test")


def rule(name: str, action: str, domains: Any, **more: Any) -> FirewallRule:
    """A rule whose name begins with its priority."""
    listed = Seen(tuple(domains), "test") if isinstance(domains, list) else domains
    return FirewallRule(
        "g", "g", 1, int(name[0]), name, action, more.pop("response", "NXDOMAIN"), domains=listed, **more
    )


OURS = rule("1 ours", "ALLOW", ["*.example.internal."])
TRUSTED = rule("1 trusted", "ALLOW", ["*.example.internal."], trusts_redirection=True)
REST = rule("9 rest", "BLOCK", ["*"])
#: Rules, and the rule that may block, whether that is certain, and the name that it matches: ``None``: nothing does.
CASES: dict[str, tuple[tuple[FirewallRule, ...], tuple[str, bool, str] | None]] = {
    "nothing": ((), None),
    "allowed": ((OURS,), None),
    "the target is blocked": ((OURS, REST), ("9 rest", True, TARGET)),
    "in any order": ((REST, OURS), ("9 rest", True, TARGET)),
    "trusted": ((TRUSTED, REST), None),
    "an alert that trusts": ((rule("1", "ALERT", ["*"], trusts_redirection=True), REST), None),
    "a block that trusts looks at the first only": ((rule("1", "BLOCK", [TARGET], trusts_redirection=True),), None),
    "a block that trusts, of the first": ((rule("1", "BLOCK", [NAME], trusts_redirection=True),), ("1", True, NAME)),
    "an unread allow before": ((rule("0", "ALLOW", HIDDEN), REST), ("9 rest", False, NAME)),
    "an unread allow that trusts": ((rule("0", "ALLOW", HIDDEN, trusts_redirection=True), OURS, REST), ("9 rest", False, TARGET)),
    "an unread block before": ((rule("0", "BLOCK", HIDDEN), REST), ("9 rest", True, NAME)),
    "an unread block alone": ((rule("0", "BLOCK", HIDDEN),), ("0", False, NAME)),
    "an advanced block": ((rule("0", "BLOCK", ADVANCED), OURS), ("0", False, NAME)),
    "an advanced allow": ((rule("0", "ALLOW", ADVANCED),), None),
    "another type": ((rule("0", "BLOCK", ["*"], qtype="AAAA"), rule("1", "BLOCK", ["*"], qtype="TYPE28")), None),
    "the type by number": ((rule("0", "BLOCK", ["*"], qtype="TYPE1"),), ("0", True, NAME)),
    "one that failed": ((rule("0", "BLOCK", ["*"], status="CREATION_FAILED"),), None),
    "one that is being made": ((rule("0", "BLOCK", ["*"], status="CREATING"),), ("0", False, NAME)),
    "a group that is being taken away": ((rule("0", "BLOCK", ["*"], status="DELETING"),), ("0", False, NAME)),
    "an allow that is being made": ((rule("0", "ALLOW", ["*"], status="CREATING"), REST), ("9 rest", False, NAME)),
    "an unknown action": ((rule("0", "DROP", ["*"]),), ("0", False, NAME)),
    "an unknown action, unread": ((rule("0", "DROP", HIDDEN), OURS), ("0", False, NAME)),
}  # fmt: skip


@pytest.mark.parametrize("what", CASES)
def test_which_rule_decides(what: str) -> None:
    rules, expected = CASES[what]
    decision = decide_chain(rules, (NAME, TARGET), "A")
    block = decision.may_block
    found = (block.name, decision.blocks, decision.name) if block is not None else None
    assert found == expected


def test_the_chain_is_what_records_and_answers_show() -> None:
    record = Record(NAME, "CNAME", 60, ("one.example.org",))
    answer = Answer("NXDOMAIN", answers=(Rr(NAME, "CNAME", 60, "one.example.org."), Rr("one.example.org", "CNAME", 60, "Two.example.org.")))  # fmt: skip
    assert cname_chain(Trail(case())) == (NAME,)
    assert cname_chain(Trail(case(records=seen((record,))))) == (NAME, "one.example.org")
    assert cname_chain(Trail(case(probe(answer)))) == (NAME, "one.example.org", "two.example.org")
    loop = Answer("NXDOMAIN", answers=(Rr(NAME, "CNAME", 60, "a.org."), Rr("a.org", "CNAME", 60, f"{NAME}.")))
    assert len(cname_chain(Trail(case(probe(loop))))) < 20


@pytest.mark.parametrize("response", [None, "TARPIT"])
def test_a_response_of_an_unknown_kind_proves_nothing(response: str | None) -> None:
    rules = seen((rule("0", "BLOCK", ["*"], response=response),))
    found = dns_firewall_blocks.decide(Trail(case(probe(Answer("NXDOMAIN")), firewall=rules)))
    assert found is not None
    assert found.would_tell
