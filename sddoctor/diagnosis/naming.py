"""Names the place in the texts about it: with several places, "this host" would not tell which."""

from __future__ import annotations

import re

from msgspec import structs

from sddoctor.case.seen import Gap
from sddoctor.causes.model import Evidence
from sddoctor.diagnosis.model import Diagnosis, RankedFinding
from sddoctor.places.labels import THIS_HOST
from sddoctor.stations.model import Break

_HERE = re.compile(rf"\b{THIS_HOST}\b", re.IGNORECASE)
#: Operations of AWS, which are the same from everywhere, and connections, which any place may have tried.
_NOT_OF_A_PLACE = re.compile(r"^(?:[a-z0-9]+:[A-Z]|tcp connect)")


def named(diagnosis: Diagnosis, label: str) -> Diagnosis:
    """Return the diagnosis with the label of its place in its texts and evidence. Commands stay as they are."""

    def say(text: str) -> str:
        return _HERE.sub(lambda _: label, text)

    def say_gap(gap: Gap) -> Gap:
        return structs.replace(gap, what=say(gap.what), why=say(gap.why), needs=say(gap.needs))

    def say_evidence(evidence: Evidence) -> Evidence:
        if evidence.place is not None or _NOT_OF_A_PLACE.match(evidence.source):
            return evidence
        return structs.replace(evidence, subject=say(evidence.subject), place=label)

    def say_finding(finding: RankedFinding) -> RankedFinding:
        evidence = tuple(map(say_evidence, finding.evidence))
        return structs.replace(finding, summary=say(finding.summary), detail=say(finding.detail), evidence=evidence)

    def say_break(one: Break) -> Break:
        return structs.replace(one, says=say(one.says), although=say(one.although))

    return structs.replace(
        diagnosis,
        breaks=tuple(map(say_break, diagnosis.breaks)),
        unexplained=tuple(map(say_break, diagnosis.unexplained)),
        next_steps=tuple(structs.replace(s, title=say(s.title)) for s in diagnosis.next_steps),
        headline=say(diagnosis.headline),
        findings=tuple(map(say_finding, diagnosis.findings)),
        hops=tuple(structs.replace(h, summary=say(h.summary)) for h in diagnosis.hops),
        gaps=tuple(map(say_gap, diagnosis.gaps)),
        undecided=tuple(structs.replace(u, gap=say_gap(u.gap)) for u in diagnosis.undecided),
        answered=f"at {label}, {diagnosis.answered}" if diagnosis.answered else "",
    )
