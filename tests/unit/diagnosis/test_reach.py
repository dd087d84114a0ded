"""Which breaks reach the client: what a later station mends does not."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

from sddoctor.diagnosis.model import Verdict
from sddoctor.diagnosis.reach import reaching
from sddoctor.diagnosis.verdict import Comparison
from sddoctor.stations.breaks import Path
from sddoctor.stations.model import Break, Output, Station

RIGHT, LOST, DEAD = "10.0.0.1", "10.0.0.2", "10.0.0.9"


def _break(at: Station, symptom: str, *addresses: str) -> Break:
    return Break(at, symptom, "observed", "expected", "says", addresses=frozenset(addresses))


def _reaching(
    verdict: Verdict, *breaks: Break, answers: dict[Station, str] | None = None, **comparison: Any
) -> list[str]:
    outputs = {s: Output(s, "says", frozenset({a})) for s, a in (answers or {}).items()}
    path = Path(MappingProxyType(outputs), MappingProxyType({}), breaks)
    return [f"{b.at} {b.symptom}" for b in reaching(path, Comparison(verdict, **comparison))]


def test_nothing_reaches_a_client_that_gets_what_it_should() -> None:
    breaks = _break("servers", "NXDOMAIN"), _break("registry", "foreign", DEAD)
    assert _reaching("healthy", *breaks) == []


def test_in_a_partial_answer_only_what_is_wrong_in_it_shows() -> None:
    breaks = (
        _break("tasks", "missing"),
        _break("registry", "missing", LOST),
        _break("registry", "foreign", DEAD),
        _break("records", "missing", RIGHT),
        _break("path", "now-and-then"),
        _break("servers", "NXDOMAIN"),
    )
    wrong = {"missing": frozenset({LOST}), "answer": frozenset({RIGHT}), "right": frozenset({RIGHT})}
    assert _reaching("degraded", *breaks, **wrong) == ["registry missing", "path now-and-then"]
    assert _reaching("degraded", *breaks, shortfall=1) == ["tasks missing", "path now-and-then"]
    assert _reaching("degraded", *breaks, foreign=frozenset({DEAD})) == ["registry foreign", "path now-and-then"]


def test_without_an_answer_every_break_reaches_but_an_address_that_nobody_returned() -> None:
    breaks = _break("registry", "foreign", DEAD), _break("stub", "SERVFAIL")
    assert _reaching("broken", *breaks, answers={"servers": DEAD}) == ["registry foreign", "stub SERVFAIL"]
    assert _reaching("broken", *breaks, answers={"servers": RIGHT}) == ["stub SERVFAIL"]


def test_where_nobody_was_asked_the_records_count() -> None:
    assert _reaching("broken", _break("registry", "foreign", DEAD)) == ["registry foreign"]
