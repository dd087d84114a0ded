"""All worlds as the measure of a mutant: what was observed once, judged again with something switched off."""

from __future__ import annotations

from collections.abc import Iterable
from unittest.mock import patch

from msgspec import Struct
from msgspec.structs import replace

from sddoctor.causes.model import Cause
from sddoctor.causes.registry import CAUSES
from sddoctor.causes.run import Outcome, run
from sddoctor.diagnosis import diagnose as judging
from sddoctor.diagnosis.model import Diagnosis
from sddoctor.trail.trail import Trail
from tests.mutants.cases import Measure, measures
from tests.mutants.guards import Guard, watched, without


class Judged(Struct):
    """A world's case with its trail and what the causes say of it, and which guards each of them returned at."""

    measure: Measure
    trail: Trail
    outcomes: tuple[Outcome, ...]
    hits: dict[tuple[str, int], set[int]]

    def holds(self, outcomes: Iterable[Outcome]) -> bool:
        """Tell whether the world's expectation holds of what the causes say, at the first of its places."""
        return self.measure.holds(self.said_of(outcomes))

    def said_of(self, outcomes: Iterable[Outcome]) -> Diagnosis:
        """Return the diagnosis if that is what the causes say at the first of its places."""
        said = tuple(outcomes)
        here = self.trail.case
        with patch.object(
            judging,
            "run",
            lambda causes, trail: said if trail.case is here or trail.case == here else run(causes, trail),
        ):
            return judging.diagnose(self.measure.case)


def judged(cases: Iterable[Measure] | None = None) -> list[Judged]:
    """Judge every world and case once, with an eye on the guards. Raises if a world is not as expected to begin with."""
    all_measures = measures() if cases is None else cases
    hits: dict[tuple[str, int], set[int]] = {}
    now = 0

    def hit(module: str, line: int) -> None:
        hits.setdefault((module, line), set()).add(now)

    found = []
    with watched(hit):
        for measure in all_measures:
            trail, hits = Trail(measure.case), {}
            outcomes: list[Outcome] = []
            for now, cause in enumerate(CAUSES):  # noqa: B007 # read by hit
                outcomes += run([cause], trail)
            found.append(Judged(measure, trail, tuple(outcomes), hits))
    return found


def pair_is_noticed(worlds: list[Judged], cause: Cause, code: str) -> bool:
    """Tell whether any world notices that the cause does not explain the other."""
    less = replace(cause, explains=tuple(c for c in cause.explains if c != code))
    return any(
        not world.holds(replace(o, cause=less) if o.cause is cause else o for o in world.outcomes)
        for world in worlds
        if {cause.code, code} <= {o.cause.code for o in world.outcomes if o.finding}
    )


def cause_is_noticed(worlds: list[Judged], cause: Cause) -> bool:
    """Tell whether any world notices that the cause never holds."""
    return any(
        not world.holds(Outcome(cause) if o.cause is cause else o for o in world.outcomes)
        for world in worlds
        if any(o.finding and o.cause is cause for o in world.outcomes)
    )


def guard_is_noticed(worlds: list[Judged], guard: Guard) -> bool:
    """Tell whether any world notices that the guard does not return."""
    with without(guard):
        return any(_changes(world, world.hits.get((guard.module, guard.line), set())) for world in worlds)


def _changes(world: Judged, numbers: set[int]) -> bool:
    outcomes = list(world.outcomes)
    for number in numbers:
        (outcomes[number],) = run([CAUSES[number]], world.trail)
    return outcomes != list(world.outcomes) and not world.holds(outcomes)
