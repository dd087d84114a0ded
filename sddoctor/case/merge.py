"""One name, seen from several places."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import structs

from sddoctor.case.case import Case
from sddoctor.case.seen import Seen


def merge(cases: Sequence[Case]) -> Case:
    """Return the cases of one name as one: the places of all, in order, the first being the one that is judged.

    AWS is taken, with its time, from the first that saw who asked; else from the first. What was asked for is of
    the first, too.
    """
    first = cases[0]
    informed = next((c for c in cases if isinstance(c.aws.identity, Seen)), first)
    places = tuple(place for case in cases for place in case.places)
    return structs.replace(first, at=informed.at, aws=informed.aws, places=places)
