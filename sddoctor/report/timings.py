"""How long each call took."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from sddoctor.text.safe import clean


class Call(Protocol):
    """What is shown of a call; times in milliseconds."""

    @property
    def call(self) -> str:
        """What was called."""

    @property
    def round(self) -> int:
        """One more than the calls that had to end before it."""

    @property
    def began_ms(self) -> int:
        """When, from the start of the observation."""

    @property
    def wait_ms(self) -> int:
        """Time in the queue, and until its client was made."""

    @property
    def took_ms(self) -> int:
        """Duration."""

    @property
    def outcome(self) -> str:
        """How it ended."""


def critical_path(calls: Sequence[Call]) -> list[Call]:
    """Return the calls that the last answer waited for, one after another, and the call that it came from.

    What a call waited for is what ended last before it was asked for, of the rounds before its own.
    """
    path = [max(calls, key=_end)] if calls else []
    while path and path[0].round > 1:
        asked_at = path[0].began_ms - path[0].wait_ms
        before = [c for c in calls if c.round < path[0].round and _end(c) <= asked_at + _ROUNDING]
        if not before:
            break
        path.insert(0, max(before, key=_end))
    return path


def render(name: str, calls: Sequence[Call]) -> str:
    """Return a table of the calls, in the order in which they began, those of the critical path marked."""
    if not calls:
        return f"No calls were made for {clean(name)}.\n"
    from tabulate import tabulate

    path = critical_path(calls)
    on_it = {id(c) for c in path}
    ordered = sorted(calls, key=lambda c: (c.began_ms, c.call))
    rows = [
        ("*" if id(c) in on_it else "", clean(c.call), c.round, c.began_ms, c.wait_ms, c.took_ms, clean(c.outcome))
        for c in ordered
    ]
    headers = ("", "call", "round", "began ms", "wait ms", "took ms", "outcome")
    table = tabulate(rows, headers=headers, tablefmt="plain", disable_numparse=[0, 1, 6])
    lines = [line.rstrip() for line in table.splitlines()]
    return "\n".join([f"Calls for {clean(name)}", *lines, _summary(path)]) + "\n"


def _summary(path: Sequence[Call]) -> str:
    """Say how much of the time until the last answer was spent in calls; the rest is work of this machine."""
    calls = "one call" if len(path) == 1 else f"{len(path)} calls"
    return f"* critical path: {calls}, {sum(c.took_ms for c in path)} of {_end(path[-1])} ms; the rest is local work"


def _end(call: Call) -> int:
    return call.began_ms + call.took_ms


#: Times are whole milliseconds.
_ROUNDING = 2
