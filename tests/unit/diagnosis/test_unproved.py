"""The headline of what no cause explains: it says where the path breaks, and what came out there."""

from __future__ import annotations

import pytest

from sddoctor.case.dns import Answer, Rr
from sddoctor.causes.registry import BY_CODE
from sddoctor.diagnosis.diagnose import diagnose
from tests.cases import NAME
from tests.resolver_cases import addresses, case, probe


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Answer("SERVFAIL"), "10.10.0.2 answers SERVFAIL"),
        (Answer("NXDOMAIN"), "10.10.0.2 answers NXDOMAIN"),
        (Answer("NOERROR"), "10.10.0.2 gives an empty answer"),
        (addresses("203.0.113.9"), "10.10.0.2 answers with 203.0.113.9"),
        (
            Answer("NOERROR", answers=(Rr(NAME, "CNAME", 10, "gone.example.com"),)),
            "10.10.0.2 answers with an alias that has no address",
        ),
        (
            Answer("NOERROR", answers=(Rr(NAME, "TXT", 10, "x"), Rr(NAME, "TXT", 10, "y"))),
            "10.10.0.2 answers with 2 records that lead to no address",
        ),
    ],
)
def test_what_the_resolver_says(answer: Answer, said: str) -> None:
    """With every cause left out."""
    headline = diagnose(case(probe(answer)), frozenset(BY_CODE)).headline
    assert said in headline
