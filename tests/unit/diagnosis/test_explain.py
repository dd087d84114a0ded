"""Certainty is computed: by proof, by what else fits the same break, and never above the ceiling."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

from sddoctor.case.seen import Gap
from sddoctor.causes.model import Cause, Finding
from sddoctor.diagnosis.explain import concerns, explain
from sddoctor.diagnosis.precedence import Found
from sddoctor.stations.breaks import Path
from sddoctor.stations.model import Break, Output, Station

DEAD, OTHER = "10.0.0.9", "10.0.0.8"
STUB = Break("stub", "SERVFAIL", "SERVFAIL", "an address", "127.0.0.53 answers SERVFAIL", after="servers")
FOREIGN = Break("registry", "foreign", DEAD, "no address", "says", addresses=frozenset({DEAD}))
TELL = "dig +cd @127.0.0.53 NAME"


def _cause(code: str, at: Station = "stub", symptom: str = "SERVFAIL", **more: Any) -> Cause:
    return Cause(code, "host", code, lambda _: None, at=(at,), symptoms=(symptom,), **more)


def _explained(
    *found: tuple[Cause, Finding], breaks: tuple[Break, ...] = (STUB,), path: Path | None = None
) -> list[Found]:
    return explain(found, path or Path(MappingProxyType({}), MappingProxyType({}), breaks), breaks)


def _sure(*found: tuple[Cause, Finding]) -> list[str]:
    return [f.certainty for f in _explained(*found)]


def test_proof_is_certain_and_what_only_fits_is_likely() -> None:
    assert _sure((_cause("a"), Finding("it is so"))) == ["certain"]
    assert _sure((_cause("a"), Finding("it fits", would_tell=TELL))) == ["likely"]


def test_two_that_fit_the_same_break_are_hints() -> None:
    one, other = (_cause("a"), Finding("a", would_tell=TELL)), (_cause("b"), Finding("b", would_tell=TELL))
    assert _sure(one, other) == ["hint", "hint"]


def test_what_fits_is_likely_beside_what_is_proved_or_fits_elsewhere() -> None:
    fits = _cause("a"), Finding("a", would_tell=TELL)
    assert _sure(fits, (_cause("b"), Finding("b"))) == ["likely", "certain"]
    assert _sure(fits, (_cause("c", at="records"), Finding("c", would_tell=TELL))) == ["likely", "likely"]
    assert _sure(fits, (_cause("d", symptom="NXDOMAIN"), Finding("d", would_tell=TELL))) == ["likely", "likely"]


def test_one_that_explains_the_other_is_no_rival() -> None:
    one = _cause("a", explains=("b",)), Finding("a", would_tell=TELL)
    assert _sure(one, (_cause("b"), Finding("b", would_tell=TELL))) == ["likely", "likely"]


def test_nothing_is_surer_than_its_ceiling() -> None:
    assert _sure((_cause("a", ceiling="likely"), Finding("proof"))) == ["likely"]
    assert _sure((_cause("a", ceiling="hint"), Finding("proof"))) == ["hint"]
    assert _sure((_cause("a", ceiling="hint"), Finding("fits", would_tell=TELL))) == ["hint"]


def test_a_cause_acts_only_where_it_explains_a_break() -> None:
    def acts(*found: tuple[Cause, Finding]) -> list[bool]:
        return [f.acts for f in _explained(*found)]

    assert acts((_cause("a"), Finding("here"))) == [True]
    assert acts((_cause("b", symptom="silence"), Finding("another symptom"))) == [False]
    assert acts((_cause("c", at="program"), Finding("another station"))) == [False]


def test_addresses_of_a_finding_have_to_be_those_of_the_break() -> None:
    def breaks_of(*addresses: str) -> frozenset[int]:
        finding = Finding("it is registered", addresses=addresses)
        (found,) = _explained((_cause("a", "registry", "foreign"), finding), breaks=(FOREIGN,))
        return found.breaks

    assert breaks_of(DEAD, OTHER) == {0}
    assert breaks_of() == {0}
    assert breaks_of(OTHER) == frozenset()


def test_a_break_that_spans_stations_may_have_a_cause_at_each() -> None:
    spanning = Break("vpc-answer", "NXDOMAIN", "NXDOMAIN", "an address", "says", unseen=("registry", "records"))
    assert concerns(_cause("a", "registry", "NXDOMAIN"), spanning)
    assert concerns(_cause("a", "vpc-answer", "NXDOMAIN"), spanning)
    assert not concerns(_cause("a", "tasks", "NXDOMAIN"), spanning)
    assert not concerns(_cause("a", "registry", "NODATA"), spanning)


def test_a_fault_behind_another_break_acts_where_nothing_comes_or_nobody_looked() -> None:
    """It would break the name even if the first fault were repaired."""
    behind = _cause("a", "program", "NXDOMAIN"), Finding("behind")

    def acts(**path: Any) -> bool:
        given = {"outputs": {}, "gaps": {}} | path
        whole = Path(MappingProxyType(given["outputs"]), MappingProxyType(given["gaps"]), (STUB,))
        return _explained(behind, path=whole)[0].acts

    assert acts(outputs={"program": Output("program", "gets nothing")})
    assert acts(gaps={"program": Gap("a look-up", "none was made", "")})
    assert not acts(outputs={"program": Output("program", "gets it", frozenset({DEAD}))})
    assert not acts()


def test_nothing_acts_without_a_break() -> None:
    gone = Path(MappingProxyType({"stub": Output("stub", "gives nothing")}), MappingProxyType({}), ())
    assert [f.acts for f in _explained((_cause("a"), Finding("a")), breaks=(), path=gone)] == [False]
