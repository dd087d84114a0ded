"""Right blame for thousands of cases: worlds under other names, and two faults of two worlds in one case."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import cache

import pytest

from sddoctor.case.case import Case
from sddoctor.diagnosis.diagnose import diagnose
from sddoctor.diagnosis.model import Diagnosis
from sddoctor.lab import gallery
from tests.property.first_breaks import FIRST_BREAK
from tests.property.grafts import ASKING, IN_AWS, both, expected
from tests.property.variations import varied
from tests.repeats import chunks
from tests.world_cases import observed, world_of

SEEDS, HEALTHY, CHUNK = 1000, 500, 250


@pytest.mark.parametrize("first", chunks(HEALTHY, CHUNK, quick=0))
def test_a_healthy_world_under_another_name_gives_no_alarm(first: int) -> None:
    def wrong(rng: random.Random) -> str:
        world = rng.choice(_healthy())
        said = diagnose(varied(observed(world).case, rng))
        loud = [f.code for f in said.findings if f.role != "advice"]
        return "" if (said.verdict, said.breaks, loud) == ("healthy", (), []) else f"{world}: {_words(said)}"

    assert _failures(first, wrong) == []


@pytest.mark.parametrize("first", chunks(SEEDS, CHUNK, quick=CHUNK))
def test_one_fault_is_named_under_another_name(first: int) -> None:
    assert _failures(first, lambda rng: _of_a_world(1, rng)) == []


@pytest.mark.parametrize("first", chunks(SEEDS, CHUNK, quick=CHUNK))
def test_two_faults_are_both_named_and_what_is_proved_and_comes_first_leads(first: int) -> None:
    assert _failures(first, lambda rng: _of_a_world(2, rng) if rng.random() < 0.3 else _of_two_worlds(rng)) == []


def _failures(first: int, wrong: Callable[[random.Random], str]) -> list[str]:
    return [f"seed {seed}: {what}" for seed in range(first, first + CHUNK) if (what := wrong(random.Random(seed)))]


@cache
def _healthy() -> list[str]:
    return [name for name in gallery.names() if world_of(name).expect.verdict == "healthy"]


@cache
def _with_roots(count: int) -> list[str]:
    return [name for name in FIRST_BREAK if len(world_of(name).expect.root_causes) == count]


def _of_a_world(roots: int, rng: random.Random) -> str:
    world = rng.choice(_with_roots(roots))
    expect = world_of(world).expect
    said = _judged(varied(observed(world).case, rng))
    right = (expect.verdict, expect.root_causes, FIRST_BREAK[world])
    return "" if said == right else f"{world}: expected {right}, got {said}"


def _of_two_worlds(rng: random.Random) -> str:
    in_aws, asking = rng.choice(IN_AWS), rng.choice(ASKING)
    right = ("broken", *expected(in_aws, asking))
    said = _judged(varied(both(in_aws, asking), rng))
    return "" if said == right else f"{in_aws.world} and {asking.world}: expected {right}, got {said}"


def _judged(case: Case) -> tuple[str, tuple[str, ...], str]:
    said = diagnose(case)
    first = next((f"{b.at} {b.symptom}" for b in said.breaks), "")
    return said.verdict, said.root_causes, first


def _words(said: Diagnosis) -> str:
    return f"{said.verdict}, {[f.code for f in said.findings]}, {[(b.at, b.symptom) for b in said.breaks]}"
