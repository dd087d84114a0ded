"""How long each call took."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from sddoctor.report.safe import clean


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
        """Time in the queue."""

    @property
    def took_ms(self) -> int:
        """Duration."""

    @property
    def outcome(self) -> str:
        """How it ended."""


def render(name: str, calls: Sequence[Call]) -> str:
    """Return a table of the calls, in the order in which they began."""
    if not calls:
        return f"No calls were made for {clean(name)}.\n"
    from tabulate import tabulate

    ordered = sorted(calls, key=lambda c: (c.began_ms, c.call))
    rows = [(clean(c.call), c.round, c.began_ms, c.wait_ms, c.took_ms, clean(c.outcome)) for c in ordered]
    headers = ("call", "round", "began ms", "wait ms", "took ms", "outcome")
    table = tabulate(rows, headers=headers, tablefmt="plain", disable_numparse=[0, 5])
    lines = [line.rstrip() for line in table.splitlines()]
    return "\n".join([f"Calls for {clean(name)}", *lines]) + "\n"
