"""What a report about one name consists of, and in which order: the list that text, Markdown and HTML walk.

Above it every report has the verdict, the name and the headline; below it some have the details, such as what each name
server returned.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from msgspec import Struct

from sddoctor.case.seen import NOT_NEEDED, Gap
from sddoctor.diagnosis.model import Crash, Diagnosis, NextStep, PlaceReport, RankedFinding, Role
from sddoctor.report.break_words import Possible, possible, sentence
from sddoctor.report.roles import with_role
from sddoctor.stations.model import Break

#: What comes after the root causes, and its title.
_AFTERWARDS: tuple[tuple[Role, str], ...] = (
    ("consequence", "Consequences"),
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


class Breaks(Struct, frozen=True):
    """Where it breaks, a sentence for each place. ``place`` is the label of the place, if that is not the first one."""

    title: str
    sentences: tuple[str, ...]
    place: str = ""


class MayBe(Struct, frozen=True):
    """What it may be, and what to run next, where no cause is proved."""

    title: str
    possible: tuple[Possible, ...]
    steps: tuple[NextStep, ...]
    place: str = ""
    steps_title = "What to run next"


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


Section: TypeAlias = SeenFrom | Hops | Breaks | RootCauses | MayBe | Findings | NotSeen


def sections(diagnosis: Diagnosis, *, everything: bool = False) -> Iterator[Section]:
    """Yield the sections. Undecided causes are included where they matter, or where ``everything`` is wanted."""
    if diagnosis.places:
        yield SeenFrom(diagnosis.places)
    yield Hops(diagnosis)
    yield from _breaks(diagnosis, diagnosis.breaks if everything else diagnosis.unexplained)
    if roots := with_role(diagnosis, "root-cause"):
        yield RootCauses("Why", tuple(_cause(diagnosis, finding) for finding in roots))
    yield from _may_be(diagnosis)
    yield from _at_other_places(diagnosis)
    for role, title in _AFTERWARDS:
        if chosen := with_role(diagnosis, role):
            yield Findings(title, tuple(chosen))
    is_open = diagnosis.verdict == "inconclusive" and not diagnosis.candidates
    undecided = _undecided(diagnosis) if everything or is_open else {}
    yield NotSeen(diagnosis.gaps, undecided, diagnosis.crashes, diagnosis.ignored)


def _cause(diagnosis: Diagnosis, finding: RankedFinding) -> RootCause:
    return RootCause(finding.title if finding.summary in diagnosis.headline else finding.summary, finding)


def _breaks(about: Diagnosis | PlaceReport, breaks: tuple[Break, ...], place: str = "") -> Iterator[Breaks]:
    if breaks:
        title = "Where it may break" if about.verdict == "inconclusive" else "Where it breaks"
        yield Breaks(f"{title}{f' at {place}' if place else ''}", tuple(map(sentence, breaks)), place)


def _may_be(about: Diagnosis | PlaceReport, place: str = "") -> Iterator[MayBe]:
    if about.candidates or about.next_steps:
        title = f"What it may be{f' at {place}' if place else ''}"
        yield MayBe(title, possible(about.candidates), about.next_steps, place)


def _at_other_places(diagnosis: Diagnosis) -> Iterator[Section]:
    """Yield where it breaks at other places, and the root causes that are not the first one's too, each once."""
    reported = set(diagnosis.root_causes)
    for place in diagnosis.places[1:]:
        if place.unexplained != diagnosis.unexplained:
            yield from _breaks(place, place.unexplained, place.label)
            yield from _may_be(place, place.label)
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
