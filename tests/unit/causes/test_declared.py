"""What a cause declares that it explains: stations and symptoms, and a world breaks there while it is named."""

from __future__ import annotations

from functools import cache

import pytest

from sddoctor.causes.model import Cause
from sddoctor.causes.registry import CAUSES
from sddoctor.diagnosis.diagnose import diagnose
from sddoctor.stations.model import STATIONS
from tests.world_cases import all_cases

_ACTING = [c for c in CAUSES if c.kind in ("fault", "transient")]
#: Causes that no world shows at a station and with a symptom that they declare, and why. It may only shrink.
NOT_SHOWN: dict[str, str] = {
    "container-dns-forwarder": "it needs two places, which no world has; tests/recorded_worlds.py has them",
    "tcp-53-blocked": "in its worlds UDP is answered whole, so it is advice",
}


@pytest.mark.parametrize("cause", CAUSES, ids=lambda c: c.code)
def test_a_fault_declares_what_it_explains_and_a_risk_explains_nothing(cause: Cause) -> None:
    acts = cause.kind in ("fault", "transient")
    assert bool(cause.at) == bool(cause.symptoms)
    assert bool(cause.at) or not acts
    assert set(cause.at) <= set(STATIONS)
    assert len(set(cause.symptoms)) == len(cause.symptoms)


@pytest.mark.parametrize("cause", _ACTING, ids=lambda c: c.code)
def test_it_is_named_in_a_world_that_breaks_as_it_declares(cause: Cause) -> None:
    declared = {(station, symptom) for station in cause.at for symptom in cause.symptoms}
    assert bool(declared & _shown().get(cause.code, set())) != (cause.code in NOT_SHOWN)


@cache
def _shown() -> dict[str, set[tuple[str, str]]]:
    """Return, by cause, the stations and symptoms of the breaks of worlds in which it is named."""
    found: dict[str, set[tuple[str, str]]] = {}
    for case in all_cases().values():
        said = diagnose(case)
        for code in (f.code for f in said.findings if f.role in ("root-cause", "consequence")):
            found.setdefault(code, set()).update((s, b.symptom) for b in said.breaks for s in b.stations)
    return found
