"""Every cause has its page and its worlds, and the registry knows every cause; what is missing says what to do."""

from __future__ import annotations

import pytest

from sddoctor.causes.model import Cause
from sddoctor.causes.registry import CAUSES
from tests.cause_parts import STILL_MISSING, missing, strays


@pytest.mark.parametrize("cause", CAUSES, ids=lambda c: c.code)
def test_a_cause_has_all_of_its_parts(cause: Cause) -> None:
    known = STILL_MISSING.get(cause.code, set())
    found = missing(cause)
    assert not [sentence for part, sentence in found.items() if part not in known]
    assert known <= set(found), f"{known - set(found)} of {cause.code} is there: take it out of STILL_MISSING"


def test_the_registry_knows_every_cause_and_every_page() -> None:
    assert strays() == []
    assert set(STILL_MISSING) <= {c.code for c in CAUSES}


def test_a_cause_that_is_in_no_registry_is_told() -> None:
    first, *others = CAUSES
    rule, page = strays(others)
    assert rule.startswith(f"{first.code} in sddoctor/causes/{first.hop}/")
    assert "add it to CAUSES" in rule
    assert page.startswith(f"docs/causes/{first.code}.md is the page of no cause")
