"""What the causes say that they explain: causes that there are, and never in a circle, which has no root."""

from __future__ import annotations

from graphlib import TopologicalSorter

from sddoctor.causes.registry import CAUSES


def test_only_causes_that_there_are_are_explained() -> None:
    codes = {cause.code for cause in CAUSES}
    assert {(c.code, code) for c in CAUSES for code in c.explains if code not in codes} == set()


def test_no_cause_follows_from_itself() -> None:
    TopologicalSorter({cause.code: cause.explains for cause in CAUSES}).prepare()  # raises on a circle
