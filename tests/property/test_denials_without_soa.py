"""Caches leave the SOA out of a denial: without any, no other cause becomes certain, and nothing well or ill."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from msgspec import structs

from sddoctor.case.case import Case
from sddoctor.case.dns import Answer, Probe
from sddoctor.case.seen import Seen
from sddoctor.diagnosis.diagnose import diagnose
from sddoctor.lab import gallery
from tests import aws_cases
from tests.world_cases import observed, observed_in, world_of

#: Whose denials lose their SOA.
KINDS: dict[str, Callable[[Probe], bool]] = {
    "for the name": lambda p: p.type != "SOA",
    "of the VPC resolver": lambda p: p.role == "vpc",
    "of others": lambda p: p.role != "vpc",
    "of all": lambda p: True,
}
_WRONG = ("broken", "degraded")


def bare(answer: Answer) -> Answer:
    """Return a denial without the SOA that shows whose it is."""
    kept = tuple(r for r in answer.authority if r.type != "SOA")
    return structs.replace(answer, authority=kept) if answer.denied else answer


def without_soas(case: Case, loses: Callable[[Probe], bool]) -> Case:
    """Return the case in which the denials to these queries came without an SOA."""

    def changed(probe: Probe) -> Probe:
        seen = isinstance(probe.outcome, Seen) and loses(probe)
        return structs.replace(probe, outcome=probe.outcome.map(bare)) if seen else probe

    places = (
        structs.replace(p, dns=structs.replace(p.dns, probes=tuple(map(changed, p.dns.probes)))) for p in case.places
    )
    return structs.replace(case, places=tuple(places))


def wrong(case: Case, known: set[str]) -> set[str]:
    """Return what is said without SOAs that the case does not allow: causes besides ``known``, and another verdict."""
    before, found = diagnose(case), set[str]()
    known = known | {f.code for f in before.findings}
    for kind, loses in KINDS.items():
        said = diagnose(without_soas(case, loses))
        assert not said.crashes, kind
        certain = {f.code for f in said.findings if f.role == "root-cause" and f.certainty == "certain"}
        found |= {f"{kind}: {code} is certain" for code in certain - known}
        pair = {before.verdict, said.verdict}
        if "healthy" in pair and pair & {*_WRONG}:
            found.add(f"{kind}: {before.verdict} becomes {said.verdict}")
    return found


@pytest.mark.slow
@pytest.mark.parametrize("world", gallery.names())
def test_world(world: str) -> None:
    expect = world_of(world).expect
    assert wrong(observed(world).case, {*expect.root_causes, *expect.also}) == set()


@pytest.mark.parametrize("name", aws_cases.names())
def test_case(name: str) -> None:
    case = observed_in(aws_cases.kept_as(name), aws_cases.world_of(name)).case
    assert wrong(case, {c for c in aws_cases.terms_of(name).first_root_cause_one_of if c}) == set()


def test_denials_lose_their_soa() -> None:
    case = observed("zone-not-associated").case
    had, left = (
        [p for p in c.place.dns.probes if (a := p.outcome.seen_or(None)) and a.denied and a.soa is not None]
        for c in (case, without_soas(case, KINDS["of all"]))
    )
    assert had
    assert not left
