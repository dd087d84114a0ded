"""What several places show together, in words; and the status that it leads to."""

from __future__ import annotations

import pytest
from msgspec import structs

from sddoctor.causes.model import Evidence, Hop
from sddoctor.diagnosis.model import Diagnosis, PlaceReport, RankedFinding, Verdict
from sddoctor.diagnosis.naming import named
from sddoctor.diagnosis.several_places import sentence
from sddoctor.report.outcome import is_problem, is_undecided
from tests.cases import AT, NAME


def _place(label: str, verdict: Verdict, *roots: tuple[str, Hop], addresses: tuple[str, ...] = ()) -> PlaceReport:
    findings = tuple(_root(code, hop) for code, hop in roots)
    codes = tuple(code for code, _ in roots)
    return PlaceReport(label, "", AT, verdict, f"so it is at {label}.", codes, findings, addresses=addresses)


def _root(code: str, hop: Hop) -> RankedFinding:
    return RankedFinding(code, hop, "fault", "error", "certain", "root-cause", code, code)


SPLIT, ECS = ("split-dns-missing", "host"), ("tasks-not-starting", "ecs")


@pytest.mark.parametrize(
    ("places", "said"),
    [
        (
            (_place("laptop", "broken", SPLIT), _place("bastion", "healthy")),
            "It resolves at bastion and not at laptop, so the fault lies at laptop: on its way to the resolver, or in its "
            "own settings.",
        ),
        (
            (_place("laptop", "broken"), _place("bastion", "healthy"), _place("task", "healthy")),
            "It resolves at bastion and task and not at laptop, so what differs lies at laptop: the resolver that it asks, "
            "its way there, or its own settings.",
        ),
        (
            (_place("laptop", "broken", ECS), _place("bastion", "healthy")),
            "It resolves at bastion and not at laptop.",
        ),
        (
            (_place("laptop", "broken", ECS), _place("bastion", "broken", ECS)),
            "It is the same at bastion, so nothing at laptop is to blame.",
        ),
        ((_place("laptop", "broken", SPLIT), _place("bastion", "broken", SPLIT)), "It is the same at bastion."),
        (
            (_place("laptop", "broken", SPLIT), _place("bastion", "broken", ECS)),
            "At bastion it does not resolve either, which is judged on its own.",
        ),
        (
            (_place("laptop", "broken"), _place("task", "inconclusive", addresses=("10.0.0.1",))),
            "At task it gives 10.0.0.1, so there is such a name, and laptop does not get it.",
        ),
        ((_place("laptop", "healthy"), _place("task", "healthy")), "At task it resolves as it should."),
        (
            (_place("laptop", "healthy"), _place("task", "broken", SPLIT), _place("old", "inconclusive")),
            "At task it does not resolve: so it is at task. How it stands at old is not known.",
        ),
        ((_place("laptop", "degraded"), _place("task", "degraded")), "At task it resolves in part: so it is at task."),
        ((_place("laptop", "broken"), _place("task", "inconclusive")), ""),
    ],
)
def test_sentence(places: tuple[PlaceReport, ...], said: str) -> None:
    assert sentence(places) == said


@pytest.mark.parametrize(
    ("verdicts", "problem", "undecided"),
    [
        (("healthy", "healthy"), False, False),
        (("healthy", "broken"), True, False),
        (("healthy", "degraded"), True, False),
        (("healthy", "inconclusive"), False, True),
        (("inconclusive", "broken"), True, False),
    ],
)
def test_any_place_that_fails_is_a_problem(verdicts: tuple[Verdict, Verdict], problem: bool, undecided: bool) -> None:
    first, other = verdicts
    it = Diagnosis(NAME, AT, first, "", places=(_place("laptop", first), _place("task", other)))
    assert (is_problem(it), is_undecided(it)) == (problem, undecided)


def test_a_place_is_named_in_what_is_said_of_it_and_commands_stay() -> None:
    finding = structs.replace(
        _root(*SPLIT),
        summary="This host asks nobody.",
        detail="Nothing of this host's settings names it.",
        evidence=(
            Evidence("getaddrinfo", NAME, "not found"),
            Evidence("route to 10.10.0.2", "this host", "eth0"),
            Evidence("ec2:DescribeVpcs", "vpc-1", "10.10.0.0/16"),
            Evidence("getaddrinfo", NAME, "found", place="bastion"),
        ),
    )
    it = named(Diagnosis(NAME, AT, "broken", "This host asks nobody.", findings=(finding,)), r"lap\1top")
    assert it.headline == r"lap\1top asks nobody."
    (said,) = it.findings
    assert (said.summary, said.detail) == (r"lap\1top asks nobody.", r"Nothing of lap\1top's settings names it.")
    assert [e.place for e in said.evidence] == [r"lap\1top", r"lap\1top", None, "bastion"]
    assert [e.subject for e in said.evidence] == [NAME, r"lap\1top", "vpc-1", NAME]
