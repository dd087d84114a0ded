"""Situations of hosts and networks that nobody has reported to us, each judged by terms that were written from the facts first."""

from __future__ import annotations

import pytest

from sddoctor.diagnosis.diagnose import diagnose
from tests import host_cases
from tests.case_terms import complaints, expected_to_fail
from tests.world_cases import file_of, observed_in

#: Cases about which something else is said today than what must be said. What is said rightly again must leave this list.
NOT_YET: dict[str, str] = {}


@pytest.mark.parametrize("name", expected_to_fail(host_cases.names(), NOT_YET))
def test_case(name: str) -> None:
    world, kept = host_cases.world_of(name), host_cases.kept_as(name)
    found = complaints(host_cases.terms_of(name), diagnose(observed_in(kept, world).case))
    assert found == [], f"the case is in {file_of(kept, world)}"


def test_no_case_is_listed_that_does_not_exist() -> None:
    assert {*NOT_YET} <= {*host_cases.names()}
