"""What each answer of a watch was worth, and for how long."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from datetime import datetime
from typing import Literal, TypeAlias

from msgspec import Struct

from sddoctor.case.seen import Gap
from sddoctor.case.watch import HOST_LOOKUP, Answered, Recording, State, Stretch
from sddoctor.diagnosis import watch_legacy
from sddoctor.diagnosis.verdict import Comparison, compare_answer
from sddoctor.diagnosis.watch_case import case_of
from sddoctor.trail.client import ClientAnswer
from sddoctor.trail.trail import Trail

#: What an answer was worth.
Kind: TypeAlias = Literal["whole", "fewer", "some-dead", "only-stale", "no-answer", "unknown"]


class Judgement(Struct, frozen=True):
    """What an answer was worth."""

    answered: Answered
    comparison: Comparison

    @property
    def kind(self) -> Kind:
        """What was wrong first of all. Unlike for the verdict, tasks that have begun to leave do not count as serving."""
        found = self.comparison
        if found.verdict == "inconclusive":
            return "unknown"
        if not found.answer:
            return "no-answer"
        if found.right == found.leaving:
            return "only-stale"
        if found.missing or found.shortfall or found.due:
            return "fewer"
        return "some-dead" if found.foreign or found.not_serving or found.leaving else "whole"


class Phase(Struct, frozen=True):
    """A state for as long as its answers were judged alike."""

    began: datetime
    ended: datetime
    state: State
    judgements: tuple[Judgement, ...]

    @property
    def seconds(self) -> float:
        """How long that was."""
        return (self.ended - self.began).total_seconds()

    def kind(self, who: str) -> Kind:
        """Return what the answer of ``who`` was worth; ``unknown`` where it was not queried."""
        return next((j.kind for j in self.judgements if j.answered.who == who), "unknown")


def judge(recording: Recording, state: State, at: datetime) -> tuple[Judgement, ...]:
    """Compare each answer of a state with what should have been answered at that time."""
    first = recording.first
    if first is None:
        first, state = watch_legacy.first_case(recording), watch_legacy.completed(state)
    trail = Trail(case_of(first, state, at))
    return tuple(Judgement(a, _compared(trail, a)) for a in state.answers)


def _compared(trail: Trail, answered: Answered) -> Comparison:
    if not answered.reached:
        gap = Gap(f"the answer of {answered.who}", answered.error or "no answer", "a way to it")
        return Comparison("inconclusive", gap=gap)
    pinned = answered.who == HOST_LOOKUP and trail.host.has_it_in_hosts_file
    found = frozenset(answered.addresses)
    return compare_answer(trail, ClientAnswer(answered.who, answered.who, found, answered.error, pinned=pinned))


def last_phase(recording: Recording) -> Phase:
    """Return what was seen last, as it was judged then."""
    last = recording.stretches[-1]
    return Phase(last.began, recording.ended, last.state, judge(recording, last.state, last.until))


def phases_of(recording: Recording) -> Iterator[Phase]:
    """Yield the phases in order. Each lasts until something else was seen."""
    following = [s.began for s in recording.stretches[1:]] + [recording.ended]
    for stretch, ended in zip(recording.stretches, following, strict=True):
        yield from _phases_of(recording, stretch, ended)


def _phases_of(recording: Recording, stretch: Stretch, ended: datetime) -> Iterator[Phase]:
    """Split a stretch where the judgement changes by age alone, although nothing else changed."""
    between = (stretch.until - stretch.began) / max(stretch.times - 1, 1)

    def judged(number: int) -> tuple[Judgement, ...]:
        return judge(recording, stretch.state, stretch.began + number * between)

    begin = 0
    while begin < stretch.times:
        at, now = stretch.began + begin * between, judged(begin)

        def differs(number: int, now: tuple[Judgement, ...] = now) -> bool:
            return [j.kind for j in judged(number)] != [j.kind for j in now]

        begin = bisect_left(range(stretch.times), True, lo=begin + 1, key=differs)
        yield Phase(at, ended if begin == stretch.times else stretch.began + begin * between, stretch.state, now)
