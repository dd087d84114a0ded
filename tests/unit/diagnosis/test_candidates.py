"""Candidates are the causes that no fact contradicts for a break that nothing proved explains."""

from __future__ import annotations

from typing import Any

from sddoctor.case.seen import NOT_NEEDED, Gap
from sddoctor.causes.model import Cause, Finding
from sddoctor.causes.run import Outcome
from sddoctor.diagnosis.candidates import candidates, unexplained
from sddoctor.diagnosis.precedence import Found
from sddoctor.stations.model import Break

STUB = Break("stub", "SERVFAIL", "SERVFAIL", "an address", "says")
TASKS = Break("tasks", "missing", "0 of 2", "2 of 2", "says")
TELL = "dig +cd @127.0.0.53 NAME"
GAP = Gap("the events", "ecs:DescribeServices is denied", "ecs:DescribeServices")


def _outcome(code: str = "a", *, said: Finding | None = None, gap: Gap | None = None, **of_cause: Any) -> Outcome:
    given = {"at": ("stub",), "symptoms": ("SERVFAIL",)} | of_cause
    return Outcome(Cause(code, "host", f"title of {code}", lambda _: None, **given), finding=said, gap=gap)


def _named(*outcomes: Outcome) -> list[tuple[str, str, bool]]:
    return [(c.code, c.tell, c.fits) for c in candidates(outcomes, (STUB,), ())]


def test_what_fits_comes_before_what_needs_a_fact_each_with_what_would_tell() -> None:
    undecided, fits = _outcome("u", gap=GAP), _outcome("f", said=Finding("fits", would_tell=TELL))
    assert _named(undecided, fits) == [("f", TELL, True), ("u", "ecs:DescribeServices, which shows the events", False)]


def test_the_surest_comes_first_and_of_gaps_the_one_that_decides_most() -> None:
    hint, likely = (_outcome(code, said=Finding(code, would_tell=TELL)) for code in ("hint", "likely"))
    found = [Found(hint.cause, Finding("hint"), True, "hint"), Found(likely.cause, Finding("likely"), True, "likely")]
    other = Gap("the tasks", "ecs:DescribeTasks is denied", "ecs:DescribeTasks")
    outcomes = (_outcome("one", gap=GAP), hint, _outcome("two", gap=other), likely, _outcome("three", gap=other))
    assert [c.code for c in candidates(outcomes, (STUB,), found)] == ["likely", "hint", "two", "three", "one"]


def test_no_candidate_is_what_decided_against_itself_or_is_proved() -> None:
    assert _named(_outcome(), _outcome(said=Finding("proof"))) == []


def test_no_candidate_is_what_concerns_another_station_or_symptom() -> None:
    assert _named(_outcome(gap=GAP, at=("records",)), _outcome(gap=GAP, symptoms=("silence",))) == []
    assert _named(_outcome(said=Finding("fits", would_tell=TELL), symptoms=("silence",))) == []


def test_no_candidate_is_a_risk_or_what_was_not_needed() -> None:
    assert _named(_outcome(gap=GAP, kind="risk"), _outcome(gap=GAP, kind="note"), _outcome(gap=NOT_NEEDED.gap())) == []
    assert _named(_outcome(gap=GAP, kind="transient")) == [("a", "ecs:DescribeServices, which shows the events", False)]


def test_a_gap_without_a_need_is_told_by_what_it_is() -> None:
    assert _named(_outcome(gap=Gap("the answer of the stub", "it was not asked", ""))) == [
        ("a", "the answer of the stub", False)
    ]


def test_open_are_the_breaks_that_no_proved_cause_explains() -> None:
    first = Found(_outcome("a").cause, Finding("a"), True, "certain", frozenset({0}))
    second = Found(_outcome("b").cause, Finding("b"), True, "likely", frozenset({1}))
    assert unexplained((TASKS, STUB), (first, second), frozenset({"a"})) == (STUB,)
    assert unexplained((TASKS, STUB), (first, second), frozenset()) == (TASKS, STUB)
    assert unexplained((TASKS, STUB), (), frozenset({"a"})) == (TASKS, STUB)
