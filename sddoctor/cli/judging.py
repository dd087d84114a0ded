"""From names to diagnoses: all of them, and again while the user wants to wait."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from functools import partial

from msgspec import Struct

from sddoctor.case.case import Asked, Case
from sddoctor.diagnosis.diagnose import diagnose
from sddoctor.diagnosis.model import Diagnosis
from sddoctor.observe.timing import Timing
from sddoctor.observe.work import run_all

AT_ONCE = 4
_PAUSE = 5.0
_LONGEST_PAUSE = 30.0


class Judged(Struct, frozen=True):
    """A name with everything that came of it."""

    case: Case
    diagnosis: Diagnosis
    timings: tuple[Timing, ...] = ()
    warnings: tuple[str, ...] = ()


Judge = Callable[[Asked], Judged]


def judge_all(asked: Sequence[Asked], judge: Judge) -> list[Judged]:
    """Judge every name, a few at a time; the result is in the order asked."""
    return run_all([partial(judge, one) for one in asked], AT_ONCE)


def until_healthy(
    asked: Sequence[Asked], judge: Judge, seconds: float, progress: Callable[[str], None]
) -> list[Judged]:
    """Judge, and judge again what is not healthy, until all is or ``seconds`` are over."""
    deadline = time.monotonic() + seconds
    judged = judge_all(asked, judge)
    while True:
        left = deadline - time.monotonic()
        unhealthy = [n for n, one in enumerate(judged) if one.diagnosis.verdict != "healthy"]
        if not unhealthy or left <= 0:
            return judged
        pause = min(_pause([judged[n].diagnosis for n in unhealthy]), left)
        names = ", ".join(judged[n].diagnosis.name for n in unhealthy)
        progress(f"Not healthy yet: {names}. Asking again in {pause:.0f} s; {left:.0f} s are left.")
        time.sleep(pause)
        for n, again in zip(unhealthy, judge_all([asked[n] for n in unhealthy], judge), strict=True):
            judged[n] = again


def judge_case(case: Case, ignore: frozenset[str] = frozenset()) -> Judged:
    """Judge a saved case."""
    return Judged(case, diagnose(case, ignore))


def _pause(diagnoses: Sequence[Diagnosis]) -> float:
    """Return how long to wait: as long as the shortest countdown says, if there is one."""
    countdowns = [d.wait_seconds for d in diagnoses if d.wait_seconds is not None]
    return min(max(float(min(countdowns)), 1.0), _LONGEST_PAUSE) if countdowns else _PAUSE
