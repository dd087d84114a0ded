"""The headline: one or two sentences that a person can read out on a call."""

from __future__ import annotations

from sddoctor.case.seen import Gap
from sddoctor.diagnosis.model import RankedFinding, Verdict
from sddoctor.diagnosis.verdict import Comparison
from sddoctor.stations.model import NAME_OF, Break
from sddoctor.text.words import count, in_order, listed
from sddoctor.trail.service_connect import are_proxies
from sddoctor.trail.trail import Trail


def headline(
    trail: Trail,
    verdict: Verdict,
    comparison: Comparison,
    findings: tuple[RankedFinding, ...],
    breaks: tuple[Break, ...],
    still_open: tuple[Break, ...],
) -> str:
    """Say how it stands, and why; ``still_open`` are those of the breaks that no proved root cause explains.

    Without a proved cause it says where it breaks, and what is probably the reason; beside proved ones, where else.
    """
    roots = [f for f in findings if f.role == "root-cause"]
    if verdict in ("broken", "degraded") and all(f.certainty != "certain" for f in roots):
        probably = f" Probably: {roots[0].summary.replace(' probably ', ' ', 1)}" if roots else ""
        shown = still_open[:1] if roots else still_open
        return f"{_how(trail, verdict, comparison, still_open)}: {where(shown)}.{probably}"
    if roots:
        further = len(roots) - 1
        tail = f" There {'is' if further == 1 else 'are'} {count(further, 'further cause')}." if further else ""
        return (
            _symptom(trail, verdict, comparison, roots[0])
            + roots[0].summary
            + tail
            + _besides(roots, breaks, still_open)
        )
    if verdict == "healthy":
        return _healthy(trail, comparison, findings)
    return _inconclusive(trail, comparison, still_open)


def _besides(roots: list[RankedFinding], breaks: tuple[Break, ...], still_open: tuple[Break, ...]) -> str:
    """Say that it breaks at another station, too, where no cause is named for that."""
    explained = {b.at for b in breaks if b not in still_open}
    others = [b for b in still_open if b.at not in explained]
    if not others or any(f.certainty != "certain" for f in roots):
        return ""
    return f" Besides, {where(tuple(others[:1]))}."


def _healthy(trail: Trail, comparison: Comparison, findings: tuple[RankedFinding, ...]) -> str:
    if are_proxies(comparison.answer):
        proxy = listed(in_order(comparison.answer))
        return f"{trail.name} resolves as it should in this task: {proxy}, the proxy of Service Connect."
    returned, promised = len(comparison.answer), len(trail.promise.addresses)
    answer = listed(in_order(comparison.answer)) + (
        f" (one answer shows {returned} of {promised})" if returned < promised else ""
    )
    if trail.case.asked.by_records:
        return f"By its records {trail.name} resolves as it should in {trail.case.asked.client_vpc}: {answer}."
    program = next((f" {f.summary}" for f in findings if f.code == "client-runtime"), "")
    return f"{trail.name} resolves as it should: {answer}.{program}"


def _inconclusive(trail: Trail, comparison: Comparison, breaks: tuple[Break, ...]) -> str:
    gap = comparison.gap or Gap("the answer", "something that decides was not seen", "")
    unseen = f"not seen: {gap.what} ({gap.why})"
    if comparison.answer:
        return f"{trail.name} gives {_some(comparison.answer)}, and whether that is right is not known; {unseen}."
    if not comparison.error:
        return f"{trail.name} could not be checked; {unseen}."
    shown = f": {breaks[0].says}" if breaks else ""
    return f"{trail.name} gives no address{shown}. Whether it should have one is not known; {unseen}."


def where(breaks: tuple[Break, ...]) -> str:
    """Say at which station it breaks, and what the station before it returned, for the first of the breaks."""
    if not breaks:
        return "what was seen does not show where it breaks"
    first = breaks[0]
    although = f", although {first.although}" if first.although and first.symptom != "unusable" else ""
    further = listed(dict.fromkeys(NAME_OF[b.at] for b in breaks[1:] if b.at != first.at))
    more = f"; it also breaks at {further}" if further else ""
    return f"{first.says}{although}{_between(first)}{more}"


def _between(one: Break) -> str:
    """Say that the fault may lie at stations that were not observed."""
    if not one.unseen or one.stations == ("vpc-answer", "path"):
        return ""  # what the resolver answers is behind the path that is broken
    unseen = f"not seen: {listed(NAME_OF[s] for s in one.unseen)}"
    if one.after is None:
        return f" ({unseen})"
    here = NAME_OF[one.at] if one.at in ("registry", "records", "vpc-answer") else "this host"
    return f"; the fault lies somewhere between {NAME_OF[one.after]} and {here} ({unseen})"


def _how(trail: Trail, verdict: Verdict, comparison: Comparison, still_open: tuple[Break, ...]) -> str:
    first = still_open[0] if still_open else None
    if verdict == "degraded":
        varies = comparison.at_times or (first is not None and first.symptom == "now-and-then")
        when = "now and then" if varies else "in part"
        return f"{trail.name} resolves only {when}{_lacks(comparison, first)}"
    if comparison.answer:
        if comparison.answer <= comparison.unusable:
            return f"{trail.name} gives {_some(comparison.answer)}, of a family that this host does not have"
        return f"{trail.name} gives {_some(comparison.answer)}, {_none_of(len(comparison.answer))}"
    is_said = first is not None and (first.at == "program" or first.symptom == comparison.error)
    error = "" if is_said else comparison.error
    return f"{trail.name} gives no address{f' ({error})' if error else ''}"


def _some(addresses: frozenset[str]) -> str:
    return listed(in_order(addresses), most=3)


def _none_of(number: int) -> str:
    if number < 3:
        return ("which does not serve", "neither of which serves")[number - 1]
    return "none of which serves"


def _lacks(comparison: Comparison, first: Break | None) -> str:
    """Return what is wrong with the answer, without what the break says itself."""
    told = first.addresses if first is not None else frozenset()
    parts = []
    if missing := comparison.missing - told:
        parts.append(f"{_some(missing)} missing")
    if foreign := comparison.foreign - told:
        parts.append(f"{_some(foreign)} should not be there")
    if sick := comparison.not_serving - told:
        parts.append(f"{_some(sick)} not serving")
    if comparison.shortfall and (first is None or first.at != "tasks"):
        parts.append(f"{count(comparison.shortfall, 'desired task')} not running")
    return f" ({', '.join(parts)})" if parts else ""


def _symptom(trail: Trail, verdict: Verdict, comparison: Comparison, root: RankedFinding) -> str:
    """Return what is wrong in a sentence of its own, where the cause is a passing state that does not speak of the name."""
    if verdict != "broken" or comparison.answer or root.kind != "transient" or trail.name in root.summary:
        return ""
    return f"{trail.name} has no address at the moment. "
