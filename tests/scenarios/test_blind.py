"""Worlds whose reason no cause knows: where it breaks is found all the same, and nothing is blamed that is not to blame.

They stand in ``tests/data/blind``, at least one for every symptom that a station can show. What their ``expect`` names as a
root cause is a general one that truly applies; their ``about`` says so.
"""

from __future__ import annotations

import pytest

from sddoctor.diagnosis.diagnose import diagnose
from sddoctor.diagnosis.model import Diagnosis
from sddoctor.lab.world import Expect
from tests.blind_worlds import kept_as, names, world_of
from tests.case_terms import expected_to_fail
from tests.world_cases import file_of, observed_in

#: Worlds about which something else is said today than what must be said. What is said rightly again must leave this list.
NOT_YET: dict[str, str] = {}


@pytest.mark.parametrize("name", expected_to_fail(names(), NOT_YET))
def test_blind(name: str) -> None:
    world = world_of(name)
    diagnosis = diagnose(observed_in(kept_as(name), world).case)
    assert wrong(world.expect, diagnosis) == [], f"{diagnosis.headline}\nthe case is in {file_of(kept_as(name), world)}"


def test_no_world_is_listed_that_does_not_exist() -> None:
    assert {*NOT_YET} <= {*names()}


def wrong(expect: Expect, diagnosis: Diagnosis) -> list[str]:
    """Return what is said otherwise than it must be, one sentence each."""
    roots = [f for f in diagnosis.findings if f.role == "root-cause"]
    others = {f.code for f in diagnosis.findings} ^ {*expect.root_causes, *expect.also}
    breaks, silent = breaks_of(diagnosis), [s for s in expect.says if s not in diagnosis.headline]
    found = {
        f"the verdict is {diagnosis.verdict}": diagnosis.verdict != expect.verdict,
        f"it breaks at {breaks}": expect.breaks is not None and breaks != list(expect.breaks),
        f"root causes are {[f'{f.code}, {f.certainty}' for f in roots]}": (
            [f.code for f in roots] != list(expect.root_causes)
        ),
        f"found, or not found: {sorted(others)}": bool(others),
        f"the headline does not say {silent}": bool(silent),
        "no next step is named": expect.verdict != "healthy" and not next_steps(diagnosis),
    }
    return [sentence for sentence, holds in found.items() if holds]


def breaks_of(diagnosis: Diagnosis) -> list[str]:
    """Return the breaks as a world's ``expect`` writes them."""
    return [f"{b.at} {b.symptom}" for b in diagnosis.breaks]


def next_steps(diagnosis: Diagnosis) -> list[str]:
    """Return what the report tells to do next: fixes of root causes, what would tell candidates apart, where to look."""
    fixes = [fix.title for f in diagnosis.findings if f.role == "root-cause" for fix in f.fixes]
    return fixes + [c.tell for c in diagnosis.candidates] + [c for s in diagnosis.next_steps for c in s.commands]
