"""Causes that only some systems can have are no candidates on the others, whatever was not seen."""

from __future__ import annotations

import pytest

from sddoctor.case.seen import NotAttempted
from sddoctor.causes.registry import BY_CODE
from sddoctor.causes.run import run
from sddoctor.trail.trail import Trail
from tests.changed_cases import host
from tests.world_cases import observed

UNSEEN = host(interface_servers=NotAttempted("Get-DnsClientServerAddress", "it was not recorded"))
LIMITED = sorted(code for code, cause in BY_CODE.items() if cause.platforms)


@pytest.mark.parametrize("code", LIMITED)
def test_it_is_no_candidate_on_windows(code: str) -> None:
    (outcome,) = run((BY_CODE[code],), Trail(UNSEEN(observed("nrpt-rule-missing").case)))
    assert (outcome.finding, outcome.gap, outcome.error) == (None, None, None)


def test_the_others_are_open_there() -> None:
    (outcome,) = run((BY_CODE["nrpt-rule-missing"],), Trail(UNSEEN(observed("nrpt-rule-missing").case)))
    assert outcome.gap is not None
