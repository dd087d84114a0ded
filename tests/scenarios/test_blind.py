"""Worlds whose reason no cause knows: where it breaks is found all the same, and nothing is blamed that is not to blame.

They stand in ``tests/data/blind``, at least one for every symptom that a station can show. What their ``expect`` names as a
root cause is a general one that truly applies; their ``about`` says so.
"""

from __future__ import annotations

import pytest

from sddoctor.diagnosis.diagnose import diagnose
from sddoctor.diagnosis.model import Diagnosis
from tests.blind_worlds import kept_as, names, world_of
from tests.world_cases import file_of, observed_in


@pytest.mark.parametrize("name", names())
def test_blind(name: str) -> None:
    world = world_of(name)
    expect = world.expect
    diagnosis = diagnose(observed_in(kept_as(name), world).case)
    words = in_words(diagnosis) + f"\nthe case is in {file_of(kept_as(name), world)}"
    assert diagnosis.verdict == expect.verdict, words
    if expect.breaks is not None:
        assert breaks_of(diagnosis) == list(expect.breaks), words
    assert list(diagnosis.root_causes) == list(expect.root_causes), words
    assert {f.code for f in diagnosis.findings} == {*expect.root_causes, *expect.also}, words
    assert [s for s in expect.says if s not in diagnosis.headline] == [], words
    if expect.verdict != "healthy":
        assert next_steps(diagnosis), words


def breaks_of(diagnosis: Diagnosis) -> list[str]:
    """Return the breaks as a world's ``expect`` writes them."""
    return [f"{b.at} {b.symptom}" for b in diagnosis.breaks]


def next_steps(diagnosis: Diagnosis) -> list[str]:
    """Return what the report tells to do next: the fixes of root causes, and what would tell candidates apart."""
    fixes = [fix.title for f in diagnosis.findings if f.role == "root-cause" for fix in f.fixes]
    return fixes + [c.tell for c in diagnosis.candidates if c.tell]


def in_words(diagnosis: Diagnosis) -> str:
    """Return what was said, for the message of a failing test."""
    found = [f"{f.code} ({f.role}, {f.certainty})" for f in diagnosis.findings]
    return f"{diagnosis.verdict}: {diagnosis.headline}\n{found}\n{breaks_of(diagnosis)}"
