"""What one answer has to show, by routing policy and by how many records there are to choose from."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from sddoctor.trail.lacking import lacking

SERVING = [f"10.10.0.{n}" for n in range(11, 18)]
LEAVING = ["10.10.0.31", "10.10.0.32", "10.10.0.33"]


def lacks(answer: list[str], registered: list[str], wanted: list[str], routing: str = "MULTIVALUE") -> set[str]:
    promise: Any = SimpleNamespace(
        most_in_an_answer=1 if routing == "WEIGHTED" else 8,
        recorded=tuple(registered),
        all_recorded_are_seen=True,
        may_be_withheld=frozenset(),
        welcome=frozenset(registered),
    )
    return set(lacking(promise, frozenset(wanted), frozenset(answer)))


@pytest.mark.parametrize("leaving", [2, 3])
def test_records_of_leaving_tasks_take_places_of_an_answer(leaving: int) -> None:
    answer = [*SERVING, *LEAVING][leaving : leaving + 8]
    assert lacks(answer, SERVING + LEAVING, SERVING) == set()


def test_few_records_are_all_shown() -> None:
    assert lacks(SERVING[1:], SERVING, SERVING) == {SERVING[0]}


def test_an_answer_of_many_records_that_is_not_whole_lacks_some() -> None:
    assert lacks(SERVING[:5], SERVING + LEAVING, SERVING) == set(SERVING[5:])


@pytest.mark.parametrize(("answer", "lack"), [(SERVING[:1], set()), ([], set(SERVING))])
def test_a_weighted_name_shows_one_record(answer: list[str], lack: set[str]) -> None:
    assert lacks(answer, SERVING, SERVING, "WEIGHTED") == lack


def test_families_are_counted_apart() -> None:
    six = [f"2001:db8::{n}" for n in range(1, 10)]
    answer = SERVING[1:] + six[:8]
    assert lacks(answer, SERVING + six, SERVING + six) == {SERVING[0]}
