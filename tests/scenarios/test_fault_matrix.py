"""Every operation that a check calls fails in every way: what is said then may be less, but never wrong.

``SDDOCTOR_FAULT_MATRIX=full`` tries every operation in every way; otherwise each is tried in one of them, by turns.
"""

from __future__ import annotations

import os
from itertools import cycle, product
from pathlib import Path

import pytest
from msgspec.structs import replace

import sddoctor.lab
from sddoctor.diagnosis.precedence import explained_by
from sddoctor.lab.world import Faults, load
from tests.property.judge import Said, judge

WORLDS = Path(sddoctor.lab.__file__).parent / "worlds"
HOWS = ("denied", "garbage", "http-500", "empty")
FULL = os.environ.get("SDDOCTOR_FAULT_MATRIX") == "full"

#: What should be answered hangs on these: without one of them nothing is called healthy.
DECIDING = {
    "servicediscovery:ListNamespaces",
    "servicediscovery:ListServices",
    "servicediscovery:ListInstances",
    "ecs:DescribeServices",
    "ecs:DescribeTasks",
    "ecs:ListTasks",
}
#: Root causes that only show when something is not seen, with the reason why they are right to be named.
ALLOWED: dict[tuple[str, str], str] = {}


@pytest.mark.parametrize(
    "name",
    [
        "article",
        "split-dns-missing",
        "service-scaled-to-zero",
        "stale-instance",
        "zone-not-associated",
        "record-missing",
        "health-check-failing",
        "resolver-rule-overrides",
    ],
)
def test_what_is_not_seen_makes_nothing_up(name: str) -> None:
    world = load(WORLDS / f"{name}.yaml")
    clean = judge(world)
    assert clean.report["verdict"] == world.expect.verdict
    wrong = []
    ways = product(clean.asked, HOWS) if FULL else zip(clean.asked, cycle(HOWS), strict=False)
    for operation, how in ways:
        said = judge(replace(world, faults=faults(operation, how)))
        wrong += [
            f"{operation} {how}: {problem}; {said.in_words()}"
            for problem in problems(name, clean, said, operation, how)
        ]
    assert not wrong, "\n\n".join(wrong)


def faults(operation: str, how: str) -> Faults:
    return Faults(deny=(operation,)) if how == "denied" else Faults(errors={operation: how})


def problems(name: str, clean: Said, said: Said, operation: str, how: str) -> list[str]:
    """Return what is wrong with what is said of a world while an operation fails."""
    found = []
    before, verdict = clean.report["verdict"], said.report["verdict"]
    if said.report["internal_errors"] or "internal error" in said.errors or said.status not in (0, 1, 3):
        found.append("it failed itself")
    if verdict not in (before, "inconclusive"):
        found.append(f"it was {before} and is called {verdict}")
    if verdict == "healthy" and operation in DECIDING:
        found.append("it is called healthy, and what should be answered was not seen")
    found += [f"{code} is not a cause" for code in said.root_causes if not is_right(name, code, clean.root_causes)]
    gaps = said.report["gaps"]
    if how == "denied" and not any(g["needs"] == operation for g in gaps):
        found.append("the permission that is missing is not named")
    if how != "denied" and not any(operation in g["why"] for g in gaps):
        found.append("what was not seen is not named")
    return found


def is_right(name: str, code: str, clean: list[str]) -> bool:
    """Tell whether a cause may be named: it is one, or one of them explains it while the proof of that is not seen."""
    return code in clean or explained_by(code, clean) is not None or (name, code) in ALLOWED
