"""The report that people read: verdict, trail, causes, fixes, and what could not be seen."""

from __future__ import annotations

from collections.abc import Sequence

from sddoctor.diagnosis.detail_model import Details
from sddoctor.diagnosis.model import Diagnosis, RankedFinding, Role
from sddoctor.report import finding as findings
from sddoctor.report import places, questions, trail, waiting
from sddoctor.report.look import VERDICT_TONES, Look
from sddoctor.report.roles import AFTERWARDS, undecided_by_gap, with_role
from sddoctor.text.safe import clean

_MOST_CODES = 4


def render(diagnoses: Sequence[Diagnosis], look: Look, details: Sequence[Details] = ()) -> str:
    """Return the reports of all names, in their order; several begin with a list of verdicts.

    With ``details``, one for each diagnosis, every report ends with what was asked of each name server.
    """
    behind: Sequence[Details | None] = details or [None] * len(diagnoses)
    parts = ["\n".join(_one(d, look, more)) for d, more in zip(diagnoses, behind, strict=True)]
    if len(diagnoses) > 1:
        parts.insert(0, "\n".join(_verdict(d, look) for d in diagnoses))
    return "\n\n\n".join(parts) + "\n"


def _one(diagnosis: Diagnosis, look: Look, details: Details | None) -> list[str]:
    sections = [
        _head(diagnosis, look),
        _places(diagnosis, look),
        trail.render(diagnosis, look),
        look.wrap(f"Answer: {clean(diagnosis.answered)}", rest="  ") if diagnosis.answered else [],
        _why(diagnosis, look),
        *_why_elsewhere(diagnosis, look),
        *(_folded(diagnosis, look, role, title) for role, title in AFTERWARDS),
        _not_seen(diagnosis, look),
        _undecided(diagnosis, look),
        _crashes(diagnosis, look),
        _ignored(diagnosis),
        questions.render(details.asked, look) if details is not None else [],
    ]
    lines: list[str] = []
    for section in sections:
        if section:
            lines += [*([""] if lines else []), *section]
    return lines


def _verdict(diagnosis: Diagnosis, look: Look) -> str:
    verdict = look.paint(diagnosis.verdict.upper(), VERDICT_TONES[diagnosis.verdict])
    return f"{verdict}  {clean(diagnosis.name)}"


def _head(diagnosis: Diagnosis, look: Look) -> list[str]:
    lines = [_verdict(diagnosis, look), *look.wrap(clean(diagnosis.headline))]
    if wait := waiting.sentence(diagnosis):
        lines += look.wrap(wait)
    return lines


def _why(diagnosis: Diagnosis, look: Look) -> list[str]:
    roots = with_role(diagnosis, "root-cause")
    if not roots:
        return []
    lines = [_title("Why", look)]
    for number, finding in enumerate(roots, 1):
        label = f"{number}. " if len(roots) > 1 else ""
        text = _heading(diagnosis, finding)
        lines += [*([""] if number > 1 else []), *findings.render(finding, look, label, text)]
        lines += ["", *look.wrap(f"More: sddoctor explain {finding.code}", "  ")]
    return lines


def _places(diagnosis: Diagnosis, look: Look) -> list[str]:
    """Return a row for each of several places; the trail below is the first one's."""
    if not diagnosis.places:
        return []
    lines = [_title("Seen from", look)]
    for place in diagnosis.places:
        verdict = look.paint(place.verdict.upper(), VERDICT_TONES[place.verdict])
        lines += look.wrap(f"{places.title(place)}: {verdict}, {places.outcome(place)}", "  - ")
    if told := places.aws(diagnosis):
        lines += look.wrap(told, "  ")
    return lines


def _why_elsewhere(diagnosis: Diagnosis, look: Look) -> list[list[str]]:
    return [
        [
            _title(f"Why at {clean(place.label)}", look),
            *findings.render(finding, look, "", _heading(diagnosis, finding)),
            "",
            *look.wrap(f"More: sddoctor explain {finding.code}", "  "),
        ]
        for place, finding in places.of_their_own(diagnosis)
    ]


def _heading(diagnosis: Diagnosis, finding: RankedFinding) -> str:
    """Return the summary, or the title where the headline has that sentence: twice it would only be in the way."""
    return finding.title if finding.summary in diagnosis.headline else finding.summary


def _folded(diagnosis: Diagnosis, look: Look, role: Role, title: str) -> list[str]:
    chosen = with_role(diagnosis, role)
    if not chosen:
        return []
    lines = [_title(title, look)]
    for number, finding in enumerate(chosen):
        if look.verbose:
            lines += [*([""] if number else []), *findings.render(finding, look, "- ", finding.summary)]
        else:
            lines += findings.line(finding, look)
    return lines


def _not_seen(diagnosis: Diagnosis, look: Look) -> list[str]:
    if not diagnosis.gaps:
        return []
    lines = [_title("Not seen", look)]
    for gap in diagnosis.gaps:
        needs = f" (needs: {clean(gap.needs)})" if gap.needs and gap.needs not in gap.why else ""
        lines += look.wrap(f"{clean(gap.what)}: {clean(gap.why)}{needs}", "  - ")
    return lines


def _undecided(diagnosis: Diagnosis, look: Look) -> list[str]:
    """Return the causes that could not be decided, together under the gap that is to blame, where that matters."""
    if not diagnosis.undecided or not (look.verbose or diagnosis.verdict == "inconclusive"):
        return []
    codes = undecided_by_gap(diagnosis)
    lines = [_title("Could not be decided", look)] if codes else []
    for what, blamed in codes.items():
        lines += look.wrap(f"without {clean(what)}: {_some(blamed, look)}", "  - ")
    return lines


def _some(codes: list[str], look: Look) -> str:
    """Return the codes; of many only the first, unless everything is wanted."""
    if look.verbose or len(codes) <= _MOST_CODES + 1:
        return ", ".join(codes)
    return f"{', '.join(codes[:_MOST_CODES])} and {len(codes) - _MOST_CODES} more (-v lists them)"


def _crashes(diagnosis: Diagnosis, look: Look) -> list[str]:
    if not diagnosis.crashes:
        return []
    lines = [_title("Internal errors of sddoctor (please report them; the other causes were still judged)", look)]
    for crash in diagnosis.crashes:
        lines += look.wrap(f"{crash.code}: {clean(crash.error)}", "  - ")
    return lines


def _ignored(diagnosis: Diagnosis) -> list[str]:
    if not diagnosis.ignored:
        return []
    return [f"{diagnosis.ignored} finding{'s' if diagnosis.ignored > 1 else ''} left out by --ignore."]


def _title(text: str, look: Look) -> str:
    return "\n".join(look.paint(line, "strong") for line in look.wrap(text))
