"""The headline: one sentence that a person can read out on a call."""

from __future__ import annotations

from sddoctor.case.seen import FactError, Gap
from sddoctor.diagnosis.model import RankedFinding, Verdict
from sddoctor.diagnosis.verdict import Comparison
from sddoctor.text.words import count, in_order, listed
from sddoctor.trail.trail import Trail


def headline(
    trail: Trail,
    verdict: Verdict,
    comparison: Comparison,
    findings: tuple[RankedFinding, ...],
    gaps: tuple[Gap, ...],
) -> str:
    """Say in one sentence how it stands, and why; ``gaps`` are what was not seen."""
    roots = [f for f in findings if f.role == "root-cause"]
    if roots:
        further = len(roots) - 1
        tail = f" There {'is' if further == 1 else 'are'} {count(further, 'further cause')}." if further else ""
        return _symptom(trail, verdict, comparison, roots[0]) + roots[0].summary + tail
    match verdict:
        case "healthy":
            return _healthy(trail, comparison, findings)
        case "inconclusive":
            return _inconclusive(trail, comparison)
        case "broken":
            return _broken(trail, comparison, gaps)
        case "degraded":
            return _degraded(trail, comparison)


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


def _broken(trail: Trail, comparison: Comparison, gaps: tuple[Gap, ...]) -> str:
    symptoms = "; ".join(filter(None, (comparison.error, _resolver_symptom(trail, comparison))))
    hint = "; see what was not seen" if gaps else ""
    return (
        f"{trail.name} has no right address{f' ({symptoms})' if symptoms else ''}, and no cause could be proved{hint}."
    )


def _degraded(trail: Trail, comparison: Comparison) -> str:
    parts = []
    if comparison.missing:
        parts.append(f"{listed(in_order(comparison.missing))} missing")
    if comparison.foreign:
        parts.append(f"{listed(in_order(comparison.foreign))} should not be there")
    if comparison.shortfall:
        parts.append(f"{count(comparison.shortfall, 'desired task')} not running")
    return f"{trail.name} resolves only in part: {', '.join(parts)}; no cause could be proved."


def _symptom(trail: Trail, verdict: Verdict, comparison: Comparison, root: RankedFinding) -> str:
    """Return what is wrong in a sentence of its own, where the cause is a passing state that does not speak of the name."""
    if verdict != "broken" or comparison.answer or root.kind != "transient" or trail.name in root.summary:
        return ""
    return f"{trail.name} has no address at the moment. "


def _resolver_symptom(trail: Trail, comparison: Comparison) -> str:
    """Return what is odd about the VPC resolver's answer, where no right one came: a reader would look there first."""
    try:
        server = trail.answers.vpc_server
        if trail.answers.garbled(server) and not trail.answers.responds(server):
            return f"{server} sends something else than answers"
        answer = trail.answers.vpc(trail.rdtype)
    except FactError:
        return ""
    if answer.rcode not in ("NOERROR", "NXDOMAIN"):
        return f"{server} answers {answer.rcode}"
    if answer.addresses and not comparison.right:
        return f"{server} answers {listed(in_order(answer.addresses), most=3)}"
    if answer.addresses or not answer.answers:
        return ""
    if any(r.type == "CNAME" for r in answer.answers):
        return f"{server} answers with an alias that has no address"
    return f"{server} answers {count(len(answer.answers), 'record')} that lead to no address"
