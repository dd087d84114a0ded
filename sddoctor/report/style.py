"""The style of a text report: width, marks, colour."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from sddoctor.diagnosis.model import HopStatus, Verdict

Tone: TypeAlias = Literal["good", "warn", "bad", "dim", "strong"]

HOP_MARKS: dict[HopStatus, tuple[str, str]] = {
    "ok": ("✓", "ok"),
    "warning": ("!", "!"),
    "failed": ("✗", "x"),
    "unknown": ("?", "?"),
    "not-applicable": ("–", "-"),  # noqa: RUF001 - the dash of the trail
}
HOP_TONES: dict[HopStatus, Tone] = {
    "ok": "good",
    "warning": "warn",
    "failed": "bad",
    "unknown": "warn",
    "not-applicable": "dim",
}
VERDICT_TONES: dict[Verdict, Tone] = {
    "healthy": "good",
    "degraded": "warn",
    "broken": "bad",
    "inconclusive": "warn",
}
_SGR: dict[Tone, str] = {"good": "32", "warn": "33", "bad": "1;31", "dim": "2", "strong": "1"}


#: Lines that belong together.
Block: TypeAlias = list[str]


def spaced(blocks: Iterable[Block]) -> Block:
    """Return the lines with an empty one between blocks; a block without text is left out."""
    lines: Block = []
    for block in blocks:
        if any(block):
            lines += [*([""] if lines else []), *block]
    return lines


class Style(NamedTuple):
    """``width`` in columns; without ``fancy`` the marks are ASCII; ``verbose`` shows what is folded otherwise."""

    width: int = 80
    fancy: bool = False
    colour: bool = False
    verbose: bool = False

    def paint(self, text: str, tone: Tone) -> str:
        """Return ``text`` in the colour of ``tone``, if colours are wanted."""
        return f"\x1b[{_SGR[tone]}m{text}\x1b[0m" if self.colour and text else text

    def mark(self, status: HopStatus) -> str:
        """Return the mark of a hop's status."""
        return HOP_MARKS[status][0 if self.fancy else 1]

    @property
    def pointer(self) -> str:
        """The sign beside the first hop that breaks its promise."""
        return "▶" if self.fancy else ">"

    def wrap(self, text: str, first: str = "", rest: str | None = None) -> list[str]:
        """Break ``text`` into lines, after ``first`` and then after ``rest`` (default: as deep as ``first``).

        Names, addresses and ARNs are never broken, so that they can be copied.
        """
        indent = " " * len(first) if rest is None else rest
        return textwrap.wrap(
            text, self.width, initial_indent=first, subsequent_indent=indent, break_long_words=False,
            break_on_hyphens=False,
        )  # fmt: skip
