"""Causes of hosts that no world file can hold are named where they hold, with nothing besides that is not expected."""

from __future__ import annotations

import pytest

from sddoctor.diagnosis.diagnose import diagnose
from tests.recorded_worlds import NAMES, recorded


@pytest.mark.parametrize("name", NAMES)
def test_what_is_said_of_it_is_what_is_expected(name: str) -> None:
    case, expect = recorded(name)
    said = diagnose(case)
    assert (said.verdict, said.root_causes) == (expect.verdict, expect.root_causes)
    assert {f.code for f in said.findings} == {*expect.root_causes, *expect.also}
