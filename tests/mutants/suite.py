"""All worlds as the measure of a mutant: what was observed once, judged again with something switched off."""

from __future__ import annotations

from collections.abc import Iterable
from unittest.mock import patch

from msgspec import Struct
from msgspec.structs import replace

from sddoctor.case.case import Case
from sddoctor.causes.model import Cause
from sddoctor.causes.registry import CAUSES
from sddoctor.causes.run import Outcome, run
from sddoctor.diagnosis import diagnose as judging
from sddoctor.diagnosis.model import Diagnosis
from sddoctor.lab import gallery
from sddoctor.lab.world import Expect
from sddoctor.trail.trail import Trail
from tests.mutants.guards import Guard, watched, without
from tests.recorded_worlds import NAMES, recorded
from tests.world_cases import all_cases


class Judged(Struct):
    """A world's case with its trail and what the causes say of it, and which guards each of them returned at."""

    name: str
    case: Case
    expect: Expect
    trail: Trail
    outcomes: tuple[Outcome, ...]
    hits: dict[tuple[str, int], set[int]]

    def holds(self, outcomes: Iterable[Outcome]) -> bool:
        """Tell whether the world's expectation holds of what the causes say, at the first of its places."""
        return as_expected(self.said_of(outcomes), self.expect)

    def said_of(self, outcomes: Iterable[Outcome]) -> Diagnosis:
        """Return the diagnosis if that is what the causes say at the first of its places."""
        said = tuple(outcomes)
        with patch.object(
            judging, "run", lambda causes, trail: said if trail.case is self.case else run(causes, trail)
        ):
            return judging.diagnose(self.case)


def as_expected(said: Diagnosis, expect: Expect) -> bool:
    """Tell whether a diagnosis is what the world expects: verdict, root causes in their order, all findings, breaks."""
    return (
        said.verdict == expect.verdict
        and said.root_causes == expect.root_causes
        and {f.code for f in said.findings} == {*expect.root_causes, *expect.also}
        and (expect.breaks is None or tuple(f"{b.at} {b.symptom}" for b in said.breaks) == expect.breaks)
        and not said.crashes
    )


def judged() -> list[Judged]:
    """Judge every world once, with an eye on the guards. Raises if one is not as expected to begin with."""
    worlds = [(name, case, gallery.find(name).expect) for name, case in all_cases().items()]
    worlds += [(name, *recorded(name)) for name in NAMES]
    hits: dict[tuple[str, int], set[int]] = {}
    now = 0

    def hit(module: str, line: int) -> None:
        hits.setdefault((module, line), set()).add(now)

    found = []
    with watched(hit):
        for name, case, expect in worlds:
            trail, hits = Trail(case), {}
            outcomes: list[Outcome] = []
            for now, cause in enumerate(CAUSES):  # noqa: B007 # read by hit
                outcomes += run([cause], trail)
            found.append(Judged(name, case, expect, trail, tuple(outcomes), hits))
    wrong = [world.name for world in found if not world.holds(world.outcomes)]
    assert not wrong, f"not as expected without any change: {wrong}"
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
