"""Naming the place in what is said about it: of several places, "this host" would not tell which."""

from __future__ import annotations

import re

from msgspec import structs

from sddoctor.case.seen import Gap
from sddoctor.causes.model import Evidence
from sddoctor.diagnosis.model import Diagnosis, RankedFinding
from sddoctor.places.labels import THIS_HOST

_HERE = re.compile(rf"\b{THIS_HOST}\b", re.IGNORECASE)
#: Operations of AWS, which are the same from everywhere, and connections, which any place may have tried.
_NOT_OF_A_PLACE = re.compile(r"^(?:[a-z0-9]+:[A-Z]|tcp connect)")


def named(diagnosis: Diagnosis, label: str) -> Diagnosis:
    """Return the diagnosis with the label of its place in its texts and evidence. Commands stay as they are."""

    def say(text: str) -> str:
        return _HERE.sub(lambda _: label, text)

    return structs.replace(
        diagnosis,
        headline=say(diagnosis.headline),
        findings=tuple(_finding(f, label) for f in diagnosis.findings),
        hops=tuple(structs.replace(h, summary=say(h.summary)) for h in diagnosis.hops),
        gaps=tuple(Gap(say(g.what), say(g.why), say(g.needs)) for g in diagnosis.gaps),
        undecided=tuple(
            structs.replace(u, gap=Gap(say(u.gap.what), say(u.gap.why), say(u.gap.needs))) for u in diagnosis.undecided
        ),
        answered=f"at {label}, {diagnosis.answered}" if diagnosis.answered else "",
    )


def _finding(finding: RankedFinding, label: str) -> RankedFinding:
    def say(text: str) -> str:
        return _HERE.sub(lambda _: label, text)

    return structs.replace(
        finding,
        summary=say(finding.summary),
        detail=say(finding.detail),
        evidence=tuple(_evidence(e, label) for e in finding.evidence),
    )


def _evidence(evidence: Evidence, label: str) -> Evidence:
    if evidence.place is not None or _NOT_OF_A_PLACE.match(evidence.source):
        return evidence
    return structs.replace(evidence, subject=_HERE.sub(lambda _: label, evidence.subject), place=label)
