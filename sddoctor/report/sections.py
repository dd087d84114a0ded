"""What a report about one name consists of, and in which order: the list that text, Markdown and HTML walk.

Above it every report has the verdict, the name and the headline; below it some have the details, such as what each name
server returned.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from msgspec import Struct

from sddoctor.case.seen import NOT_NEEDED, Gap
from sddoctor.diagnosis.model import Crash, Diagnosis, PlaceReport, RankedFinding, Role
from sddoctor.report.roles import with_role

#: What comes after the root causes, and its title.
_AFTERWARDS: tuple[tuple[Role, str], ...] = (
    ("consequence", "Because of it"),
    ("contributing", "Contributing"),
    ("advice", "Advice"),
)


class SeenFrom(Struct, frozen=True):
    """How the name stands at each of several places."""

    places: tuple[PlaceReport, ...]
    title = "Seen from"


class Hops(Struct, frozen=True):
    """The hops, if any were judged, and who answered what, if anybody did."""

    diagnosis: Diagnosis
    title = "The trail"


class RootCause(Struct, frozen=True):
    """A root cause under its summary, or under its title where the headline has that sentence already."""

    heading: str
    finding: RankedFinding


class RootCauses(Struct, frozen=True):
    """Root causes in full. ``place`` is the label of the place where they act, if that is not the first one."""

    title: str
    causes: tuple[RootCause, ...]
    place: str = ""


class Findings(Struct, frozen=True):
    """Findings of one part that are no root causes: a sentence for each says enough."""

    title: str
    findings: tuple[RankedFinding, ...]


class NotSeen(Struct, frozen=True):
    """Everything that is not known. Each may be empty; ``undecided`` has the codes of causes by what was missing."""

    gaps: tuple[Gap, ...]
    undecided: dict[str, list[str]]
    crashes: tuple[Crash, ...]
    ignored: int
    title = "Not seen"


Section: TypeAlias = SeenFrom | Hops | RootCauses | Findings | NotSeen


def sections(diagnosis: Diagnosis, *, everything: bool = False) -> Iterator[Section]:
    """Yield the sections. Undecided causes are included where they matter, or where ``everything`` is wanted."""
    if diagnosis.places:
        yield SeenFrom(diagnosis.places)
    yield Hops(diagnosis)
    if roots := with_role(diagnosis, "root-cause"):
        yield RootCauses("Why", tuple(_cause(diagnosis, finding) for finding in roots))
    yield from _at_other_places(diagnosis)
    for role, title in _AFTERWARDS:
        if chosen := with_role(diagnosis, role):
            yield Findings(title, tuple(chosen))
    undecided = _undecided(diagnosis) if everything or diagnosis.verdict == "inconclusive" else {}
    yield NotSeen(diagnosis.gaps, undecided, diagnosis.crashes, diagnosis.ignored)


def _cause(diagnosis: Diagnosis, finding: RankedFinding) -> RootCause:
    return RootCause(finding.title if finding.summary in diagnosis.headline else finding.summary, finding)


def _at_other_places(diagnosis: Diagnosis) -> Iterator[RootCauses]:
    """Yield the root causes at other places that are not the first one's too, each once."""
    reported = set(diagnosis.root_causes)
    for place in diagnosis.places[1:]:
        for finding in place.findings:
            if finding.role == "root-cause" and finding.code not in reported:
                reported.add(finding.code)
                yield RootCauses(f"Why at {place.label}", (_cause(diagnosis, finding),), place.label)


def _undecided(diagnosis: Diagnosis) -> dict[str, list[str]]:
    """Return the causes that could not be decided by what was not seen; what nothing made matter is left out."""
    codes: dict[str, list[str]] = {}
    for undecided in diagnosis.undecided:
        if undecided.gap != NOT_NEEDED.gap():
            codes.setdefault(undecided.gap.what, []).append(undecided.code)
    return {what: list(dict.fromkeys(causes)) for what, causes in codes.items()}
