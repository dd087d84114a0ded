"""One name at several places: each is judged, and so is what they show together."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import structs

from sddoctor.case.case import Case
from sddoctor.case.seen import FactError
from sddoctor.diagnosis.model import Diagnosis, PlaceReport, RankedFinding
from sddoctor.diagnosis.naming import named
from sddoctor.places.same_moment import fits
from sddoctor.resolution.surroundings import Surroundings
from sddoctor.text.words import in_order, listed
from sddoctor.trail.trail import Trail, optional

_FAILS = {"broken": "does not resolve", "degraded": "resolves in part"}
SYSTEMS = {"linux": "Linux", "macos": "macOS", "windows": "Windows"}


def together(case: Case, judge: Callable[[Case], Diagnosis]) -> Diagnosis:
    """Return the diagnosis for the first place, with how the name stands at all of them."""
    first = named(judge(case), case.place.label)
    others = [case.seen_from(index) for index in range(1, len(case.places))]
    places = (_report(case, first), *(_other(seen, judge) for seen in others))
    headline = f"{first.headline} {sentence(places)}".strip()
    return structs.replace(first, headline=headline, places=places, aws_from=case.aws_from)


def _other(case: Case, judge: Callable[[Case], Diagnosis]) -> PlaceReport:
    if fits(case.place, case):
        return _report(case, named(judge(case), case.place.label))
    why = (
        f"What {case.place.label} got is not compared with what AWS said: the looks are too far apart, or tasks came and "
        "went in between."
    )
    return _report(case, Diagnosis(case.name, case.at, "inconclusive", why))


def _report(case: Case, diagnosis: Diagnosis) -> PlaceReport:
    host = case.place.host.seen_or(None)
    system = f"{SYSTEMS[host.platform]} {host.version}".strip() if host is not None else ""
    addresses, error = _got(case)
    return PlaceReport(
        label=case.place.label,
        system=system,
        at=case.place.at or case.at,
        verdict=diagnosis.verdict,
        headline=diagnosis.headline,
        root_causes=diagnosis.root_causes,
        findings=diagnosis.findings,
        breaks=diagnosis.breaks,
        unexplained=diagnosis.unexplained,
        candidates=diagnosis.candidates,
        next_steps=diagnosis.next_steps,
        addresses=addresses,
        error=error,
        surroundings=optional(lambda: Trail(case).host.surroundings) or Surroundings(),
    )


def _got(case: Case) -> tuple[tuple[str, ...], str | None]:
    try:
        answer = Trail(case).client_answer
    except FactError:
        return (), None
    return in_order(answer.addresses), answer.error


def sentence(places: tuple[PlaceReport, ...]) -> str:
    """Say what the places show together, seen from the first one."""
    first, others = places[0], places[1:]
    fine = [p.label for p in others if p.verdict == "healthy"]
    failing = [p for p in others if p.verdict in ("broken", "degraded")]
    if first.verdict == "broken":
        return _of_broken(first, others, fine, failing)
    parts = []
    if fine:
        parts.append(f"At {listed(fine)} it resolves as it should.")
    parts += [f"At {p.label} it {_FAILS[p.verdict]}: {p.headline}" for p in failing[:2]]
    if len(failing) > 2:
        parts.append(f"Nor does it at {listed(p.label for p in failing[2:])}.")
    if unknown := [p.label for p in others if p.verdict == "inconclusive"]:
        parts.append(f"How it stands at {listed(unknown)} is not known.")
    return " ".join(parts)


def _of_broken(first: PlaceReport, others: tuple[PlaceReport, ...], fine: list[str], failing: list[PlaceReport]) -> str:
    here = first.label
    answered = [p for p in others if p.verdict == "inconclusive" and p.addresses]
    if fine:
        return f"It resolves at {listed(fine)} and not at {here}{_whose(first)}."
    if answered:
        gets = listed(answered[0].addresses)
        return f"At {answered[0].label} it gives {gets}, so there is such a name, and {here} does not get it."
    same = [p.label for p in failing if p.root_causes == first.root_causes and first.root_causes]
    if same and len(same) == len(others):
        early = all(f.hop not in ("network", "host") for f in _roots(first))
        return f"It is the same at {listed(same)}" + (f", so nothing at {here} is to blame." if early else ".")
    if failing:
        return f"At {listed(p.label for p in failing)} it does not resolve either, which is judged on its own."
    return ""


def _whose(first: PlaceReport) -> str:
    """Say where the difference must lie, unless the causes found say otherwise."""
    roots = _roots(first)
    if not roots:
        return f", so what differs lies at {first.label}: the resolver that it asks, its way there, or its own settings"
    if all(f.hop in ("network", "host") for f in roots):
        return f", so the fault lies at {first.label}: on its way to the resolver, or in its own settings"
    return ""


def _roots(place: PlaceReport) -> list[RankedFinding]:
    return [f for f in place.findings if f.role == "root-cause"]
