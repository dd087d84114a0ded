"""Which of several causes is the root, and which only follow from it: each cause lists what it explains."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sddoctor.causes.model import Cause, Certainty, Finding, Kind, Severity

#: Root causes that lead those of their hop: an invented address hides that nothing routes the namespace.
LEADING = frozenset({"nxdomain-hijacked"})


class Found(NamedTuple):
    """A cause that holds, and its finding, which may override what the cause says of itself.

    ``acts``: the client's answer is wrong because of it. ``breaks`` are those that it explains, by their number.
    """

    cause: Cause
    finding: Finding
    acts: bool
    certainty: Certainty
    breaks: frozenset[int] = frozenset()

    @property
    def code(self) -> str:
        """The code of the cause."""
        return self.cause.code

    @property
    def kind(self) -> Kind:
        """Fault, transient, risk or note."""
        return self.finding.kind or self.cause.kind

    @property
    def severity(self) -> Severity:
        """How much it weighs."""
        return self.finding.severity or self.cause.severity


def root_of(found: Found, acting: Sequence[Found]) -> str | None:
    """Return the code of the root from which ``found`` follows, ``None`` when nothing of ``acting`` explains it.

    ``acting`` are in the order of the trail. Of several that explain the same the first counts, and where that one
    follows from another itself, that other one's root.
    """
    nearest = next((other for other in acting if _explains(other, found)), None)
    return nearest and (root_of(nearest, acting) or nearest.code)


def _explains(one: Found, other: Found) -> bool:
    """Tell whether the first explains the second: by what they are, and of the same addresses where both have some."""
    addresses, others = set(one.finding.addresses), set(other.finding.addresses)
    return other.code in one.cause.explains and (not addresses or not others or not addresses.isdisjoint(others))
