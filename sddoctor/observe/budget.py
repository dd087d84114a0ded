"""One time budget for a whole observation."""

from __future__ import annotations

import time

from sddoctor.case.seen import Unreachable

#: Why something was not seen when the time was over, and what it would need.
TIME_OVER = "the time budget ended"
MORE_TIME = "more time (--timeout)"


class Budget:
    """A deadline, ``seconds`` from now. Every wait of an observation ends with it."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._deadline = time.monotonic() + seconds

    def remaining(self) -> float:
        """Return the seconds that are left, never below zero."""
        return max(0.0, self._deadline - time.monotonic())

    def spent(self) -> bool:
        """Tell whether the time is over."""
        return self.remaining() <= 0

    def too_late(self, what: str) -> Unreachable:
        """Say that the time was over before it was seen."""
        return Unreachable(what, TIME_OVER.replace("budget", f"budget of {self.seconds:g} s"), MORE_TIME)
