"""Windows hosts as people recorded them, judged by terms that were written from the outputs first."""

from __future__ import annotations

import pytest

from sddoctor.case.seen import Seen
from sddoctor.diagnosis.diagnose import diagnose
from sddoctor.resolution.choose import choose
from tests import windows_hosts
from tests.case_terms import complaints, expected_to_fail

#: Hosts about which something else is said today than what must be said. What is said rightly again must leave this list.
NOT_YET: dict[str, str] = {}


@pytest.mark.parametrize("name", expected_to_fail(windows_hosts.names(), NOT_YET))
def test_case(name: str) -> None:
    case = windows_hosts.case_of(name)
    assert complaints(windows_hosts.terms_of(name), diagnose(case)) == []
    given = windows_hosts.given(name)
    choice = choose(case.name, case.place.host.value)
    asked = [s.address for s in choice.value.servers] if isinstance(choice, Seen) else None
    assert "asks" not in given or asked == given["asks"]
