"""Flows: plain functions that block on what they need, each in a thread of its own.

There are no level barriers: a flow waits for the very facts that it reads. How many calls had to end before a call could
begin is counted along the way, without any flow saying so.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from sddoctor.case.seen import Fact, Unreachable
from sddoctor.observe.budget import Budget

T = TypeVar("T")

#: A flow that puts together what other flows found ends a moment after the time that all of them have, in seconds.
ASSEMBLY = 0.25

_here = threading.local()


def depth() -> int:
    """Return how many calls, one after another, this thread has waited for."""
    return int(getattr(_here, "depth", 0))


def waited_for(other: int) -> None:
    """Note that something was waited for that took ``other`` calls, one after another."""
    _here.depth = max(depth(), other)


def begin() -> None:
    """Forget what this thread waited for: another observation begins."""
    _here.depth = 0


def guarded(work: Callable[[], Fact[T]], what: str) -> Fact[T]:
    """Look for a fact in this thread; an answer that is not of the documented shape becomes a gap."""
    try:
        return work()
    except Exception as error:  # whatever an answer may look like, the other facts are still worth having
        return Unreachable(what, f"it could not be read ({type(error).__name__})", "a later try")


class Flow(Generic[T]):
    """A fact that is being looked for. ``what`` names it where it does not come in time."""

    def __init__(self, work: Callable[[], Fact[T]], what: str, budget: Budget) -> None:
        self._work = work
        self._what = what
        self._budget = budget
        self._fact: Fact[T] | None = None
        self._depth = 0
        self._start_depth = depth()
        self._done = threading.Event()
        threading.Thread(target=self._run, name=what, daemon=True).start()

    def _run(self) -> None:
        _here.depth = self._start_depth
        self._fact = guarded(self._work, self._what)
        self._depth = depth()
        self._done.set()

    def fact(self) -> Fact[T]:
        """Wait for the fact, no longer than the budget and the moment that a flow needs to put together what is there."""
        return self._within(self._budget.remaining() + ASSEMBLY, too_late(self._what, self._budget))

    def fact_within(self, budget: Budget, late: Unreachable) -> Fact[T]:
        """Wait for the fact, no longer than a budget of the caller's own; ``late`` is what to say after it."""
        return self._within(budget.remaining(), late)

    def _within(self, seconds: float, late: Unreachable) -> Fact[T]:
        if self._done.wait(seconds) and self._fact is not None:
            waited_for(self._depth)
            return self._fact
        return late


def too_late(what: str, budget: Budget) -> Unreachable:
    """Say that the time was over."""
    return Unreachable(what, f"the time budget of {budget.seconds:g} s ended", "more time (--timeout)")
