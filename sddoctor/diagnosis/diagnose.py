"""From a Case to a Diagnosis. Pure: the same case gives the same diagnosis."""

from __future__ import annotations

from sddoctor.case.case import Case
from sddoctor.case.seen import NOT_NEEDED, FactError, Gap
from sddoctor.causes.registry import BY_CODE, CAUSES
from sddoctor.causes.run import Outcome, run
from sddoctor.diagnosis import gaps, hops, ranking, several_places
from sddoctor.diagnosis.alias import chain
from sddoctor.diagnosis.candidates import candidates, unexplained
from sddoctor.diagnosis.explain import explain
from sddoctor.diagnosis.headline import headline
from sddoctor.diagnosis.model import Crash, Diagnosis, NameOwner, RankedFinding, Undecided, Verdict
from sddoctor.diagnosis.next_steps import next_steps
from sddoctor.diagnosis.precedence import Found
from sddoctor.diagnosis.reach import by_settings, reaching
from sddoctor.diagnosis.verdict import Comparison, compare
from sddoctor.resolution.surroundings import Surroundings
from sddoctor.stations.breaks import follow
from sddoctor.stations.model import ANSWERING, Break
from sddoctor.text.words import in_order, listed
from sddoctor.trail.trail import Trail, optional


def diagnose(case: Case, ignore: frozenset[str] = frozenset()) -> Diagnosis:
    """Judge a case, at every place. Findings of the causes in ``ignore`` are left out and counted."""
    if len(case.places) == 1:
        return _at_first(case, ignore)
    return several_places.together(case, lambda seen: _at_first(seen, ignore))


def _at_first(case: Case, ignore: frozenset[str]) -> Diagnosis:
    """Judge a case as its first place sees it."""
    trail = Trail(case)
    outcomes = run(CAUSES, trail)
    path, comparison = follow(trail), compare(trail)
    breaks = reaching(path, comparison)
    holding = [(o.cause, o.finding) for o in outcomes if o.finding is not None]
    found = explain(holding, path, breaks)
    kept = [f for f in found if f.code not in ignore]
    verdict = _verdict(comparison, kept, breaks)
    findings = ranking.rank(kept, verdict, comparison.symptom)
    roots = [f for f in findings if f.role == "root-cause"]
    proved = frozenset(f.code for f in roots if f.certainty == "certain")
    still_open = unexplained(breaks, kept, proved.union(f.code for f in findings if f.of in proved))
    undecided = _undecided(outcomes, ignore)
    unseen = _gaps(trail, verdict, comparison, undecided, findings)
    return Diagnosis(
        name=case.name,
        at=case.at,
        verdict=verdict,
        headline=headline(trail, verdict, comparison, findings, breaks, still_open),
        root_causes=tuple(f.code for f in roots),
        findings=findings,
        breaks=breaks
        if breaks or verdict not in ("broken", "degraded")
        else by_settings(path, [BY_CODE[f.code] for f in roots]),
        unexplained=still_open,
        candidates=candidates([o for o in outcomes if o.cause.code not in ignore], still_open, kept),
        next_steps=next_steps(trail, verdict, comparison, still_open),
        hops=hops.report(trail, findings, path, breaks if verdict != "inconclusive" else _promised(breaks)),
        gaps=unseen,
        undecided=undecided,
        crashes=tuple(Crash(o.cause.code, o.error) for o in outcomes if o.error is not None),
        answered=_answered(trail),
        ignored=len(found) - len(kept),
        owner=NameOwner(trail.owner.owner.kind, trail.owner.owner.says, trail.owner.owner.source),
        alias=chain(trail),
        surroundings=optional(lambda: trail.host.surroundings) or Surroundings(),
        wait_seconds=max((f.wait_seconds for f in roots if f.wait_seconds is not None), default=None),
    )


def _verdict(comparison: Comparison, found: list[Found], breaks: tuple[Break, ...]) -> Verdict:
    """Let a certain fault decide where the answer itself could not be compared; what comes only now and then is not healthy."""
    if comparison.verdict == "healthy" and breaks:
        return "degraded"
    if comparison.verdict != "inconclusive":
        return comparison.verdict
    proved = [f for f in found if f.kind == "fault" and f.acts and f.certainty == "certain"]
    if any(f.severity == "error" for f in proved):
        return "broken"
    return "degraded" if proved else "inconclusive"


def _promised(breaks: tuple[Break, ...]) -> tuple[Break, ...]:
    """Drop answers without an address where nothing before them was seen: nobody knows whether there should be one."""
    return tuple(b for b in breaks if b.after is not None or b.at not in ANSWERING)


def _undecided(outcomes: tuple[Outcome, ...], ignore: frozenset[str]) -> tuple[Undecided, ...]:
    return tuple(Undecided(o.cause.code, o.gap) for o in outcomes if o.gap is not None and o.cause.code not in ignore)


def _gaps(
    trail: Trail,
    verdict: Verdict,
    comparison: Comparison,
    undecided: tuple[Undecided, ...],
    findings: tuple[RankedFinding, ...],
) -> tuple[Gap, ...]:
    """Return what was not seen, what decides most first; what left causes undecided only where none explains the fault."""
    healthy = verdict == "healthy"
    decisive = (None if healthy else gaps.of_rivals(trail), comparison.gap)
    explained = healthy or any(f.role == "root-cause" for f in findings)
    undecided_by = () if explained else (u.gap for u in undecided if u.gap != NOT_NEEDED.gap())
    return gaps.distinct([*(g for g in decisive if g is not None), *gaps.of_case(trail.case), *undecided_by])


def _answered(trail: Trail) -> str:
    """Say who answered, with which addresses, and the remaining TTL."""
    try:
        answer = trail.client_answer
        if not answer.addresses:
            return ""
        ttl = _ttl_left(trail) if answer.addresses <= trail.answers.vpc_addresses or trail.queries_srv else None
        left = f", TTL {ttl} s left" if ttl is not None else ""
        return f"{answer.source} gave {listed(in_order(answer.addresses), most=9)}{left}"
    except FactError:
        return ""


def _ttl_left(trail: Trail) -> int | None:
    try:
        answer = trail.answers.vpc(trail.rdtype)
    except FactError:
        return None
    if not answer.flags:  # from a tool that prints no TTLs
        return None
    return min((r.ttl for r in answer.answers), default=None)
