"""What holds of every diagnosis, whatever it is about: ``broken_in(CASE)`` says which of it does not, one sentence each."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from sddoctor.bundle import codec
from sddoctor.case.case import Case
from sddoctor.causes.model import Cause, Finding
from sddoctor.causes.registry import BY_CODE, CAUSES
from sddoctor.causes.run import run
from sddoctor.diagnosis.diagnose import diagnose
from sddoctor.diagnosis.model import Diagnosis, RankedFinding
from sddoctor.report import json_report
from sddoctor.stations.breaks import Path, follow
from sddoctor.stations.model import HOP_OF, Break
from sddoctor.trail.trail import Trail
from tests.asked_servers import not_asked

_SURENESS = ("hint", "likely", "certain")
_WRONG = ("broken", "degraded")


class Judged(Struct, frozen=True):
    """A case, what is said of it, and what was found on the way there."""

    case: Case
    said: Diagnosis
    path: Path
    findings: dict[str, Finding]


def broken_in(case: Case, said: Diagnosis | None = None) -> list[str]:
    """Return what does not hold of the diagnosis of a case.

    Whoever diagnosed it already gives what was said; then it is not diagnosed again, and again as it is saved.
    """
    trail = Trail(case)
    findings = {o.cause.code: o.finding for o in run(CAUSES, trail) if o.finding is not None}
    judged = Judged(case, said or diagnose(case), follow(trail), findings)
    return [
        *_says_where(judged),
        *_is_quiet(judged),
        *_ticks(judged),
        *_roots_explain(judged),
        *_sure_by_proof(judged),
        *_leads_on(judged),
        *not_asked(judged.case, judged.said),
        *(_is_repeatable(judged) if said is None else ()),
    ]


def _says_where(judged: Judged) -> Iterator[str]:
    """What is wrong breaks somewhere, and the headline says where, or why."""
    said = judged.said
    if said.verdict not in _WRONG:
        return
    if not said.breaks:
        yield f"{said.verdict} without a break"
    if not json_report.report_of(said)["break"]:
        yield "no break in JSON"
    certain = {code for f in said.findings if f.certainty == "certain" for code in (f.code, f.of)}
    proved = [f.summary for f in _roots(said) if f.code in certain]
    if not any(words in said.headline for words in (*proved, *(b.says for b in said.breaks))):
        yield f"the headline says neither where nor why: {said.headline}"
    if "no cause could be proved" in said.headline.lower():
        yield f"the headline says that nothing is known: {said.headline}"


def _is_quiet(judged: Judged) -> Iterator[str]:
    """Nothing breaks for a client that gets what it should, and nothing is blamed."""
    said = judged.said
    if said.verdict != "healthy":
        return
    yield from (f"healthy, and it breaks at {b.at}: {b.symptom}" for b in said.breaks)
    yield from (f"healthy, and {f.code} is a {f.role}" for f in said.findings if f.role != "advice")
    yield from (f"healthy, and {c.code} is a candidate" for c in said.candidates)


def _ticks(judged: Judged) -> Iterator[str]:
    """A hop has a tick only where its stations kept their promises."""
    broken = {HOP_OF[b.at] for b in judged.path.breaks}
    yield from (f"{h.hop} has a tick, and breaks" for h in judged.said.hops if h.status == "ok" and h.hop in broken)


def _roots_explain(judged: Judged) -> Iterator[str]:
    """Every root cause explains a break, or lies where one hides it."""
    if judged.said.verdict not in _WRONG:
        return
    for root in _roots(judged.said):
        cause = BY_CODE[root.code]
        if not any(_can_be_the_reason(cause, b) for b in judged.said.breaks) and not _hidden(cause, judged.path):
            yield f"{root.code} is a root cause and explains no break"


def _can_be_the_reason(cause: Cause, one: Break) -> bool:
    return one.symptom in cause.symptoms and any(s in cause.at for s in (one.at, *one.unseen))


def _hidden(cause: Cause, path: Path) -> bool:
    return any(s in path.gaps or (s in path.outputs and not path.outputs[s].addresses) for s in cause.at)


def _sure_by_proof(judged: Judged) -> Iterator[str]:
    for ranked in judged.said.findings:
        cause, finding = BY_CODE[ranked.code], judged.findings.get(ranked.code)
        if _SURENESS.index(ranked.certainty) > _SURENESS.index(cause.ceiling):
            yield f"{ranked.code} is {ranked.certainty}, above its ceiling {cause.ceiling}"
        if finding is not None and finding.would_tell and ranked.certainty == "certain":
            yield f"{ranked.code} only fits, and is certain"


def _leads_on(judged: Judged) -> Iterator[str]:
    """What would tell is named for everything that is not proved."""
    yield from (
        f"{c.code} is a candidate, and nothing would tell" for c in judged.said.candidates if not c.tell.strip()
    )
    proved = {f.code for f in _roots(judged.said) if f.certainty == "certain"}
    if judged.said.verdict in _WRONG and not judged.said.candidates and not judged.said.next_steps:
        explained = [BY_CODE[f.code] for f in judged.said.findings if {f.code, f.of} & proved]
        yield from (
            f"{b.at} {b.symptom} is not explained, and nothing leads on"
            for b in judged.said.breaks
            if not any(_can_be_the_reason(c, b) for c in explained)
        )
    for candidate in judged.said.candidates:
        if candidate.code in proved:
            yield f"{candidate.code} is proved, and a candidate"
        if not any(_can_be_the_reason(BY_CODE[candidate.code], b) for b in judged.said.breaks):
            yield f"{candidate.code} is a candidate for no break"


def _is_repeatable(judged: Judged) -> Iterator[str]:
    if diagnose(judged.case) != judged.said:
        yield "said differently the second time"
    (again,) = codec.decode_many(codec.encode(judged.case))
    if diagnose(again) != judged.said:
        yield "said differently of the saved case"


def _roots(said: Diagnosis) -> list[RankedFinding]:
    return [f for f in said.findings if f.role == "root-cause"]
