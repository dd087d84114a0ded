"""Hosts that were given to us, judged from what a check with ``--root`` observes while all of AWS is sound."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from sddoctor.case.seen import Seen
from sddoctor.diagnosis.diagnose import diagnose
from sddoctor.diagnosis.model import Diagnosis, RankedFinding
from sddoctor.resolution.choose import choose
from tests import near_cases
from tests.case_terms import complaints, expected_to_fail, shown

#: Hosts that need a parser or a cause that does not exist, and why.
LOCATED: dict[str, str] = {}
#: Hosts about which something else is said today than what must be said. What is said rightly again must leave this list.
NOT_YET: dict[str, str] = {}


def diagnosis_of(name: str) -> Diagnosis:
    """Return what is said about a host."""
    return diagnose(near_cases.case_of(name))


def said_wrong(name: str) -> list[str]:
    """Return what is wrong with what is said about a host."""
    diagnosis = diagnosis_of(name)
    located = name in LOCATED
    found = complaints(near_cases.terms_of(name), diagnosis, located=located)
    return found if located else [*found, *_of_texts(near_cases.expected(name), diagnosis), *_of_choice(name)]


def _of_texts(expected: dict[str, Any], diagnosis: Diagnosis) -> Iterator[str]:
    roots = [f for f in diagnosis.findings if f.role == "root-cause"]
    fixes = [_fixes(f) for f in roots]
    evidence = " ".join(f"{e.source}: {e.observed}" for f in diagnosis.findings for e in f.evidence)
    gaps = " ".join(f"{g.what}: {g.why}" for g in diagnosis.gaps)
    demands = (
        ("place", shown(diagnosis), "the report does not say"),
        ("first_fix", fixes[0][0] if fixes and fixes[0] else "", "the first fix does not say"),
        ("fix_must_say", " ".join(t for f in fixes for t in f), "no fix says"),
        ("gaps_must_say", gaps, "no gap says"),
    )
    for key, said, words in demands:
        if key in expected and not re.search(expected[key], said, re.IGNORECASE):
            yield f"{words} {expected[key]!r}"
    for pattern in expected.get("fix_must_not_say", ()):
        if any(re.search(pattern, text, re.IGNORECASE) for f in fixes for text in f):
            yield f"a fix says {pattern!r}"
    if "evidence_must_not_say" in expected and re.search(expected["evidence_must_not_say"], evidence):
        yield f"the evidence says {expected['evidence_must_not_say']!r}"


def _fixes(finding: RankedFinding) -> list[str]:
    return [f"{x.title} {' '.join(map(str, x.commands))} {x.changes}" for x in finding.fixes]


def _of_choice(name: str) -> Iterator[str]:
    """Compare which servers the host asks, and by which setting."""
    expected = near_cases.expected(name)
    fact = choose(expected["name"], near_cases.case_of(name).place.host.value)
    if expected["asks"] is None:
        if isinstance(fact, Seen) and fact.value.unknown is None:
            yield f"it is said to ask {[s.address for s in fact.value.servers]}, which cannot be known"
        return
    choice = fact.value
    asked = [{"address": s.address, "port": s.port} for s in choice.servers]
    if asked != expected["asks"]:
        yield f"it is said to ask {[s['address'] for s in asked]}, not {[s['address'] for s in expected['asks']]}"
    decided = expected["decided_by"]
    if (choice.source, choice.matched.lstrip("~")) != (decided["source"], decided["matched"]):
        yield f"{choice.matched!r} of {choice.source} is said to decide, not {decided['matched']!r} of {decided['source']}"


@pytest.mark.parametrize("name", expected_to_fail(near_cases.names(), NOT_YET))
def test_case(name: str) -> None:
    assert said_wrong(name) == []


def test_tables_name_hosts() -> None:
    assert {*LOCATED, *NOT_YET} <= {*near_cases.names()}
