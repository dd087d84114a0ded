"""Who denied a name is read from the owner of the SOA."""

from __future__ import annotations

import pytest

from sddoctor.case.dns import Answer, Rr
from sddoctor.trail.answers import denier


@pytest.mark.parametrize(
    ("owner", "who"),
    [
        ("example.internal", "zone"),
        ("dev-api.example.internal", "longer"),
        ("internal", "public"),
        (".", "public"),
        ("", "public"),
        ("ample.internal", "other"),
        ("corp.example.com", "other"),
    ],
)
def test_denier(owner: str, who: str) -> None:
    answer = Answer("NXDOMAIN", authority=(Rr(owner, "SOA", 15, "a. b. 1 2 3 4 5"),))
    assert denier(answer, "example.internal") == who


def test_without_soa_nobody_denied() -> None:
    assert denier(Answer("NXDOMAIN"), "example.internal") == "nobody"
