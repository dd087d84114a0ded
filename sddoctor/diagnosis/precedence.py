"""Which of several causes is the root, and which only follow from it. What explains what stands beside each cause."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from sddoctor.causes.model import Cause, Finding

Pair: TypeAlias = tuple[Cause, Finding]

#: Root causes that lead those of their hop: an invented address hides that nothing routes the namespace.
LEADING = frozenset({"nxdomain-hijacked"})


def root_of(pair: Pair, acting: Sequence[Pair]) -> str | None:
    """Return the code of the root from which ``pair`` follows, ``None`` when nothing of ``acting`` explains it.

    ``acting`` are in the order of the trail. Of several that explain the same the first counts, and where that one
    follows from another itself, that other one's root.
    """
    nearest = next((other for other in acting if _explains(other, pair)), None)
    return nearest and (root_of(nearest, acting) or nearest[0].code)


def _explains(one: Pair, other: Pair) -> bool:
    """Tell whether the first explains the second: by what they are, and of the same addresses where both have some."""
    here, there = set(one[1].addresses), set(other[1].addresses)
    return other[0].code in one[0].explains and (not here or not there or bool(here & there))
