"""Thousands of paths: no alarm where all is sound, and one or two faults break where they were put, and nowhere else."""

from __future__ import annotations

import pytest

from sddoctor.case.case import Case
from sddoctor.diagnosis.diagnose import diagnose
from sddoctor.stations.breaks import follow
from sddoctor.stations.model import STATIONS, Station
from sddoctor.trail.trail import Trail
from tests.property.paths import Shape, build, shape
from tests.repeats import chunks
from tests.unit.causes.ecs.ecs_case import task

HEALTHY, FAULTS, CHUNK = 2500, 1000, 250
#: What can be wrong at each station whose output a server or program shows.
SYMPTOMS: dict[Station, tuple[str, ...]] = {
    "vpc-answer": ("NXDOMAIN", "NODATA", "SERVFAIL", "REFUSED", "NOTIMP", "referral", "foreign"),
    "path": ("silence",),
    "servers": ("NXDOMAIN", "NODATA", "FORMERR", "referral", "foreign"),
    "stub": ("NXDOMAIN", "NODATA", "SERVFAIL", "REFUSED", "silence", "foreign"),
    "program": ("not found", "temporary failure"),
}
#: What breaks at ECS and in Cloud Map, and what comes of it.
NONE_RUNS, FEWER, UNREGISTERED, LEFT_OVER, NO_RECORD = "none runs", "fewer", "unregistered", "left over", "no record"
IN_AWS: dict[str, tuple[Station, str]] = {
    NONE_RUNS: ("tasks", "missing"),
    FEWER: ("tasks", "missing"),
    UNREGISTERED: ("registry", "missing"),
    LEFT_OVER: ("registry", "foreign"),
    NO_RECORD: ("records", "missing"),
}
#: What a program's error amounts to.
ERRORS = {"not found": "NXDOMAIN", "temporary failure": "SERVFAIL"}


@pytest.mark.parametrize("first", chunks(HEALTHY, CHUNK, quick=CHUNK))
def test_a_sound_path_gives_no_alarm(first: int) -> None:
    for seed in range(first, first + CHUNK):
        case = build(shape(seed), weighted=seed % 5 == 0)
        said = diagnose(case)
        loud = [f.code for f in said.findings if f.role in ("root-cause", "consequence")]
        assert (said.verdict, said.breaks, loud) == ("healthy", (), []), f"seed {seed}: {said.headline}"
        assert follow(Trail(case)).breaks == (), f"seed {seed}"


@pytest.mark.parametrize("first", chunks(FAULTS, CHUNK, quick=CHUNK))
def test_one_fault_breaks_where_it_is(first: int) -> None:
    for seed in range(first, first + CHUNK):
        made = shape(seed, most=8)
        expected, case = _broken(made, 1)
        said = diagnose(case)
        found = [(b.at, b.symptom) for b in follow(Trail(case)).breaks]
        assert found == expected, f"seed {seed}: {said.headline}"
        assert said.verdict in ("broken", "degraded"), f"seed {seed}: {said.headline}"
        assert said.breaks, f"seed {seed}: {said.headline}"


@pytest.mark.parametrize("first", chunks(FAULTS, CHUNK, quick=CHUNK))
def test_two_faults_break_first_at_the_first_and_at_no_third_place(first: int) -> None:
    for seed in range(first, first + CHUNK):
        made = shape(seed, most=8)
        expected, case = _broken(made, 2)
        said = diagnose(case)
        found = [(b.at, b.symptom) for b in follow(Trail(case)).breaks]
        assert found[:1] == expected[:1], f"seed {seed}: {expected}, {found}: {said.headline}"
        assert {at for at, _ in found} <= {at for at, _ in expected}, f"seed {seed}: {expected}, {found}"
        assert said.verdict in ("broken", "degraded"), f"seed {seed}: {said.headline}"


def _broken(made: Shape, count: int) -> tuple[list[tuple[Station, str]], Case]:
    """Put faults into the path, each at another station, and return what breaks, in the order of the path."""
    rng = made.rng
    faults: dict[Station, str] = {}
    expected: list[tuple[Station, str]] = []
    chosen = sorted(rng.sample(_stations(made), min(count, len(_stations(made)))), key=STATIONS.index)
    for station in chosen:
        kinds = [k for k, (at, _) in IN_AWS.items() if at == station]
        if kinds:
            kind = rng.choice(kinds)
            if not _can_be(made, kind):
                continue
            _in_aws(made, kind)
            expected.append(IN_AWS[kind])
        elif {station, *faults} != {"vpc-answer", "path"}:  # nobody hears what the resolver answers
            faults[station] = rng.choice(SYMPTOMS[station])
            expected.append((station, ERRORS.get(faults[station], faults[station])))
    return expected, build(made, faults)


def _stations(made: Shape) -> list[Station]:
    """Return the stations of this path at which a fault reaches the client."""
    found: list[Station] = ["tasks", "registry", "records"]
    if made.client == "client-vpc":
        return [*found, "vpc-answer"]
    found.append("vpc-answer")
    if "vpc" in made.by:
        found.append("path")
    if "home" in made.by:
        found.append("servers")
    return [*found, *(["stub"] if "stub" in made.by else []), "program"]  # type: ignore[list-item]


def _can_be(made: Shape, kind: str) -> bool:
    """Tell whether what is to be lost is still there after an earlier fault, and shows beside it."""
    return {UNREGISTERED: bool(made.tasks), LEFT_OVER: bool(made.recorded), NO_RECORD: bool(made.recorded)}.get(
        kind, True
    )


def _in_aws(made: Shape, kind: str) -> None:
    if kind == NONE_RUNS:
        made.tasks, made.registered, made.recorded = [], [], []
    elif kind == FEWER:
        made.desired += 1
    elif kind == UNREGISTERED:
        gone = made.tasks[-1]
        made.registered = [t for t in made.registered if t is not gone]
        made.recorded = [x for x in made.recorded if x not in gone.addresses]
    elif kind == LEFT_OVER:
        dead = task(99)
        made.registered.append(dead)
        made.recorded += dead.addresses
    elif kind == NO_RECORD:
        made.recorded.pop(0)
