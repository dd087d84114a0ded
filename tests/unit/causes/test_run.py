"""The runner: an unseen fact makes a cause undecided, an absent one silences it, a crash stops only its own cause."""

from __future__ import annotations

from sddoctor.case.seen import Absent, Denied, Opaque, Seen, Unreachable
from sddoctor.causes.model import Finding, cause
from sddoctor.causes.registry import CAUSES
from sddoctor.causes.run import run
from sddoctor.trail.trail import Trail
from tests.cases import empty_case


def _cause(decide):  # type: ignore[no-untyped-def]
    return cause("c", hop="ecs", kind="fault", severity="error", title="t")(decide)


def test_a_denied_fact_makes_the_cause_undecided_and_names_the_permission() -> None:
    fact = Denied("tasks", "ecs:DescribeTasks", "arn:aws:ecs:x")
    (outcome,) = run([_cause(lambda trail: fact.value)], Trail(empty_case()))
    assert outcome.finding is None
    assert outcome.gap is not None
    assert outcome.gap.needs == "ecs:DescribeTasks"
    assert "arn:aws:ecs:x" in outcome.gap.why


def test_every_kind_of_unseen_is_undecided_and_absent_is_not() -> None:
    unseen = [Unreachable("x", "time-out", "a route"), Opaque("x", "222233334444", "its owner"), Denied("x", "a:B")]
    for fact in unseen:
        (outcome,) = run([_cause(lambda trail, f=fact: f.value)], Trail(empty_case()))
        assert outcome.gap is not None
    (outcome,) = run([_cause(lambda trail: Absent("x", "api").value)], Trail(empty_case()))
    assert (outcome.gap, outcome.finding, outcome.error) == (None, None, None)


def test_a_crash_is_reported_and_the_others_still_run() -> None:
    def crash(trail: Trail) -> Finding | None:
        raise ZeroDivisionError("boom")

    outcomes = run([_cause(crash), _cause(lambda trail: Finding("found"))], Trail(empty_case()))
    assert outcomes[0].error == "ZeroDivisionError: boom"
    assert outcomes[1].finding is not None


def test_nothing_seen_at_all_finds_nothing_and_crashes_nothing() -> None:
    outcomes = run(CAUSES, Trail(empty_case()))
    assert [o.cause.code for o in outcomes if o.finding is not None] == []
    assert [(o.cause.code, o.error) for o in outcomes if o.error is not None] == []


def test_codes_are_unique_and_in_the_form_that_is_published() -> None:
    codes = [c.code for c in CAUSES]
    assert len(set(codes)) == len(codes)
    assert all(c == c.lower() and " " not in c and "_" not in c for c in codes)


def test_or_none_tells_absent_from_unseen() -> None:
    assert Absent("x", "api").or_none() is None
    assert Seen(1, "api").or_none() == 1
    (outcome,) = run([_cause(lambda trail: Denied("x", "a:B").or_none())], Trail(empty_case()))
    assert outcome.gap is not None
