"""What finds and explains breaks, switched off in turn: a station, a symptom, what a cause declares, what would tell."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from types import MappingProxyType
from unittest.mock import patch

from msgspec.structs import replace

from sddoctor.case.seen import AbsentFactError
from sddoctor.causes.model import Cause
from sddoctor.causes.registry import CAUSES
from sddoctor.causes.run import Outcome
from sddoctor.diagnosis import diagnose as judging
from sddoctor.stations import breaks
from sddoctor.stations.model import FAILED, Station, Symptom
from tests.mutants.suite import Judged

#: ``referral`` and ``malformed`` are in tests/unit/stations and in tests/data/blind, and in no world of the package.
SYMPTOMS: tuple[Symptom, ...] = (
    "missing", "foreign", "not-serving", "now-and-then", "unusable",
    *(s for s in FAILED if s not in ("referral", "malformed")),
)  # fmt: skip
#: How many declarations of causes no world notices: what is hidden behind another break acts all the same. It may only shrink.
MOST_UNNOTICED = 225


def declarations() -> list[tuple[Cause, str, str]]:
    """Return every station and every symptom that a cause declares: the cause, ``at`` or ``symptoms``, and the entry."""
    return [(c, field, entry) for c in CAUSES for field in ("at", "symptoms") for entry in getattr(c, field)]


@contextlib.contextmanager
def without_station(station: Station) -> Iterator[None]:
    """Follow paths as if they had no such station."""

    def gone(_trail: object, _before: object) -> None:
        raise AbsentFactError("a station that is switched off")

    with patch.object(breaks, "_LOOKS", MappingProxyType({**breaks._LOOKS, station: gone})):
        yield


@contextlib.contextmanager
def without_symptom(symptom: Symptom) -> Iterator[None]:
    """Follow paths as if no station ever had this symptom."""
    follow = judging.follow

    def less(trail: object) -> breaks.Path:
        path = follow(trail)  # type: ignore[arg-type]
        return breaks.Path(path.outputs, path.gaps, tuple(b for b in path.breaks if b.symptom != symptom))

    with patch.object(judging, "follow", less):
        yield


def station_is_noticed(worlds: list[Judged], station: Station) -> bool:
    """Tell whether any world notices that the station is not looked at."""
    with without_station(station):
        return any(not world.holds(world.outcomes) for world in worlds)


def symptom_is_noticed(worlds: list[Judged], symptom: Symptom) -> bool:
    """Tell whether any world notices that the symptom is never seen."""
    with without_symptom(symptom):
        return any(not world.holds(world.outcomes) for world in worlds)


def declaration_is_noticed(worlds: list[Judged], cause: Cause, field: str, entry: str) -> bool:
    """Tell whether any world notices that the cause does not declare it."""
    left = tuple(e for e in getattr(cause, field) if e != entry)
    less = replace(cause, at=left) if field == "at" else replace(cause, symptoms=left)
    return any(
        not world.holds(replace(o, cause=less) if o.cause is cause else o for o in world.outcomes)
        for world in worlds
        if any(o.cause is cause and (o.finding or o.gap) for o in world.outcomes)
    )


def fitting(worlds: list[Judged]) -> list[Cause]:
    """Return the causes that only fit in some world, and could be certain by their ceiling."""
    found = {o.cause.code for w in worlds for o in w.outcomes if o.finding and o.finding.would_tell}
    return [c for c in CAUSES if c.code in found and c.ceiling == "certain"]


def proof_is_noticed(worlds: list[Judged], cause: Cause) -> bool:
    """Tell whether any world notices that what only fits is taken for proof: by its certainty."""
    return any(
        _certain(world, [_as_proof(o) if o.cause is cause else o for o in world.outcomes])
        != _certain(world, list(world.outcomes))
        for world in worlds
        if any(o.cause is cause and o.finding and o.finding.would_tell for o in world.outcomes)
    )


def _as_proof(outcome: Outcome) -> Outcome:
    return replace(outcome, finding=replace(outcome.finding, would_tell=None)) if outcome.finding else outcome


def _certain(world: Judged, outcomes: list[Outcome]) -> set[str]:
    said = world.said_of(outcomes)
    return {f.code for f in said.findings if f.certainty == "certain"}
