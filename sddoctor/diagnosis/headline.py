"""The headline: one sentence that a person can read out on a call."""

from __future__ import annotations

from sddoctor.case.seen import Gap
from sddoctor.diagnosis.model import RankedFinding, Verdict
from sddoctor.diagnosis.verdict import Comparison
from sddoctor.stations.model import Break
from sddoctor.text.words import count, in_order, listed
from sddoctor.trail.trail import Trail


def headline(
    trail: Trail,
    verdict: Verdict,
    comparison: Comparison,
    findings: tuple[RankedFinding, ...],
    still_open: tuple[Break, ...],
) -> str:
    """Say in one sentence how it stands, and why; ``still_open`` are the breaks that no proved root cause explains.

    Without a proved cause it says where it breaks, and what is probably the reason.
    """
    roots = [f for f in findings if f.role == "root-cause"]
    if verdict in ("broken", "degraded") and all(f.certainty != "certain" for f in roots):
        return _broken(trail, verdict, comparison, still_open) + (f" Probably: {roots[0].summary}" if roots else "")
    if roots:
        further = len(roots) - 1
        tail = f" There {'is' if further == 1 else 'are'} {count(further, 'further cause')}." if further else ""
        return _symptom(trail, verdict, comparison, roots[0]) + roots[0].summary + tail
    return _healthy(trail, comparison, findings) if verdict == "healthy" else _inconclusive(trail, comparison)


def _healthy(trail: Trail, comparison: Comparison, findings: tuple[RankedFinding, ...]) -> str:
    returned, promised = len(comparison.answer), len(trail.promise.addresses)
    answer = listed(in_order(comparison.answer)) + (
        f" (one answer shows {returned} of {promised})" if returned < promised else ""
    )
    if trail.case.asked.by_records:
        return f"By its records {trail.name} resolves as it should in {trail.case.asked.client_vpc}: {answer}."
    program = next((f" {f.summary}" for f in findings if f.code == "client-runtime"), "")
    return f"{trail.name} resolves as it should: {answer}.{program}"


def _inconclusive(trail: Trail, comparison: Comparison) -> str:
    gap = comparison.gap or Gap("the answer", "something that decides was not seen", "")
    if comparison.answer:
        state = f"gives {listed(in_order(comparison.answer))}"
    else:
        state = "gives no address" if comparison.error else "could not be judged"
    return f"{trail.name} {state}, and it is not known whether that is right; not seen: {gap.what} ({gap.why})."


def _broken(trail: Trail, verdict: Verdict, comparison: Comparison, still_open: tuple[Break, ...]) -> str:
    how = _no_address(comparison) if verdict == "broken" else f"resolves only {_how_far(comparison)}"
    return f"{trail.name} {how}: {where(still_open)}."


def where(breaks: tuple[Break, ...]) -> str:
    """Say at which station it breaks, and what the station before it returned, for the first of the breaks."""
    if not breaks:
        return "what was seen does not show where it breaks"
    first, further = breaks[0], len(breaks) - 1
    although = f", although {first.although}" if first.although else ""
    between = f"; not observed in between: {listed(first.unseen)}" if first.unseen else ""
    more = f"; it breaks at {count(further, 'further place')}, too" if further else ""
    return f"{first.says}{although}{between}{more}"


def _no_address(comparison: Comparison) -> str:
    if comparison.answer:
        return f"gives {listed(in_order(comparison.answer))}, and none of that serves"
    return f"gives no address ({comparison.error})" if comparison.error else "gives no address"


def _how_far(comparison: Comparison) -> str:
    when = f"now and then ({comparison.error})" if comparison.at_times else ""
    parts = f"in part{_lacks(comparison)}" if _lacks(comparison) or not when else ""
    return " and ".join(filter(None, (when, parts)))


def _lacks(comparison: Comparison) -> str:
    parts = []
    if comparison.missing:
        parts.append(f"{listed(in_order(comparison.missing))} missing")
    if comparison.foreign:
        parts.append(f"{listed(in_order(comparison.foreign))} should not be there")
    if comparison.shortfall:
        parts.append(f"{count(comparison.shortfall, 'desired task')} not running")
    return f" ({', '.join(parts)})" if parts else ""


def _symptom(trail: Trail, verdict: Verdict, comparison: Comparison, root: RankedFinding) -> str:
    """Return what is wrong in a sentence of its own, where the cause is a passing state that does not speak of the name."""
    if verdict != "broken" or comparison.answer or root.kind != "transient" or trail.name in root.summary:
        return ""
    return f"{trail.name} has no address at the moment. "
