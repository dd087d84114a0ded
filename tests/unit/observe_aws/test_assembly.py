"""When the time ends, what was seen until then is put together, and what was not is a gap of its own."""

from __future__ import annotations

import threading

import pytest

from sddoctor.case.seen import Fact, Seen, Unreachable
from sddoctor.observe.budget import Budget
from sddoctor.observe.work import Pending, pending
from tests.unit.observe_aws.conftest import Observe


def test_work_that_waits_for_work_ends_after_it() -> None:
    budget, never = Budget(0.3), threading.Event()

    def part() -> Fact[int]:
        never.wait(budget.remaining())
        return Unreachable("a part", "it did not come", "more time")

    parts = pending(part, "a part", budget)
    whole: Pending[tuple[Fact[int], ...]] = pending(lambda: Seen((parts.fact(),), "here"), "the whole", budget)
    above: Pending[tuple[Fact[int], ...]] = pending(whole.fact, "what is above", budget)
    fact = above.fact()
    assert isinstance(fact, Seen)
    assert [f.gap().why for f in fact.value if isinstance(f, Unreachable)] == ["it did not come"]


def test_work_that_never_ends_is_not_waited_for() -> None:
    budget, never = Budget(0.1), threading.Event()
    work: Pending[int] = pending(lambda: Seen(int(never.wait()), "never"), "something", budget)
    assert isinstance(work.fact(), Unreachable)
    never.set()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("operation", "part"),
    [
        ("route53:ListHostedZonesByVPC", "zones"),
        ("route53profiles:ListProfileAssociations", "profile_zones"),
        ("route53resolver:ListFirewallRuleGroupAssociations", "firewall"),
    ],
)
def test_the_dns_of_a_vpc_keeps_what_was_seen(observe: Observe, operation: str, part: str) -> None:
    (dns,) = observe({"faults": {"errors": {operation: "hang"}}}, seconds=6).facts.vpc.looks
    unseen = getattr(dns, part)
    assert isinstance(unseen, Unreachable)
    assert "time budget" in unseen.why
    assert dns.dns_support.value is True
