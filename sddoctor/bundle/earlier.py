"""Upgrades of cases that earlier versions saved."""

from __future__ import annotations

from msgspec import structs

from sddoctor.case.case import Case
from sddoctor.case.dns import WHY_NOT, Probe
from sddoctor.case.seen import NoAnswer, Unreachable


def upgraded(case: Case) -> Case:
    """Return the case with the kind of each missing answer, which earlier versions saved in words only."""
    places = tuple(
        structs.replace(p, dns=structs.replace(p.dns, probes=tuple(_with_kind(probe) for probe in p.dns.probes)))
        for p in case.places
    )
    return structs.replace(case, places=places)


def _with_kind(probe: Probe) -> Probe:
    outcome = probe.outcome
    if not isinstance(outcome, Unreachable) or outcome.kind is not None:
        return probe
    return structs.replace(probe, outcome=structs.replace(outcome, kind=_kind(outcome.why)))


def _kind(why: str) -> NoAnswer | None:
    return next((kind for kind, words in WHY_NOT.items() if why.startswith(words)), None)
