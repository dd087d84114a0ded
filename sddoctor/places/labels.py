"""Labels of the places of a case."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import PurePath
from typing import NamedTuple

from msgspec import structs

from sddoctor.case.case import Case, Place

#: The label of the host on which sddoctor ran.
THIS_HOST = "this host"


def of_files(paths: Sequence[PurePath]) -> list[str]:
    """Return a label for each file: its name, with its directory where several files have the same name."""
    stems = [path.name.split(".")[0] or path.name or str(path) for path in paths]
    several = Counter(stems)
    return [
        stem if several[stem] == 1 else f"{path.parent.name}/{stem}" for stem, path in zip(stems, paths, strict=True)
    ]


class CaseOfFile(NamedTuple):
    """A case, and the label of the file that it was read from."""

    file: str
    case: Case


def labelled(cases: Sequence[CaseOfFile]) -> list[Case]:
    """Return the cases with a unique label for each place: the one it was given, else that of its file."""
    taken: Counter[str] = Counter()
    found = []
    for file, case in cases:
        places = []
        for place in case.places:
            label = _given(place) or file
            taken[label] += 1
            places.append(structs.replace(place, label=label if taken[label] == 1 else f"{label} ({taken[label]})"))
        found.append(structs.replace(case, places=tuple(places)))
    return found


def _given(place: Place) -> str | None:
    """Return the label that the user gave the place, rather than "this host" or the directory that was read for it."""
    host = place.host.seen_or(None)
    return None if place.label == THIS_HOST or (host is not None and host.root is not None) else place.label
