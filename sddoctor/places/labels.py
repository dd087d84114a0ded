"""What the places of a case are called."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import PurePath
from typing import NamedTuple

from msgspec import structs

from sddoctor.case.case import Case, Place

#: The label of a place that is where sddoctor ran.
HERE = "this host"


def of_files(paths: Sequence[PurePath]) -> list[str]:
    """Return a label for each file: its name, with its directory where names are the same."""
    stems = [path.name.split(".")[0] or path.name or str(path) for path in paths]
    several = Counter(stems)
    return [
        stem if several[stem] == 1 else f"{path.parent.name}/{stem}" for stem, path in zip(stems, paths, strict=True)
    ]


class CaseOfFile(NamedTuple):
    """A case, and what the file is called that it was read from."""

    file: str
    case: Case


def labelled(cases: Sequence[CaseOfFile]) -> list[Case]:
    """Return the cases with a label of its own for each place: what it was called, else after its file."""
    taken: Counter[str] = Counter()
    found = []
    for file, case in cases:
        places = []
        for place in case.places:
            label = _own(place) or file
            taken[label] += 1
            places.append(structs.replace(place, label=label if taken[label] == 1 else f"{label} ({taken[label]})"))
        found.append(structs.replace(case, places=tuple(places)))
    return found


def _own(place: Place) -> str | None:
    """Return the label that somebody gave the place: neither "this host" nor the directory that was read for it."""
    host = place.host.seen_or(None)
    return None if place.label == HERE or (host is not None and host.root is not None) else place.label
