"""The report that people read: verdict, trail, causes, fixes, and what could not be seen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from sddoctor.diagnosis.detail_model import Details
from sddoctor.diagnosis.model import Diagnosis, PlaceReport
from sddoctor.report import finding as findings
from sddoctor.report import places, questions, trail, waiting
from sddoctor.report.look import VERDICT_TONES, Look
from sddoctor.report.sections import Causes, Findings, NotSeen, Section, SeenFrom, Trail, sections
from sddoctor.text.safe import clean

#: Lines that belong together.
_Block: TypeAlias = list[str]
_MOST_CODES = 4


def render(diagnoses: Sequence[Diagnosis], look: Look, details: Sequence[Details] = ()) -> str:
    """Return the reports of all names, in their order; several begin with a list of verdicts.

    With ``details``, one for each diagnosis, every report ends with what was asked of each name server.
    """
    behind: Sequence[Details | None] = details or [None] * len(diagnoses)
    parts = ["\n".join(_one(d, look, more)) for d, more in zip(diagnoses, behind, strict=True)]
    if len(diagnoses) > 1:
        parts.insert(0, "\n".join(_named(d, look) for d in diagnoses))
    return "\n\n\n".join(parts) + "\n"


def _one(diagnosis: Diagnosis, look: Look, details: Details | None) -> list[str]:
    blocks = [_head(diagnosis, look)]
    for section in sections(diagnosis, everything=look.verbose):
        blocks += _blocks(section, diagnosis, look)
    blocks.append(questions.render(details.asked, look) if details is not None else [])
    return _spaced(blocks)


def _blocks(section: Section, diagnosis: Diagnosis, look: Look) -> list[_Block]:
    match section:
        case SeenFrom():
            return [_seen_from(section, diagnosis, look)]
        case Trail():
            answer = look.wrap(f"Answer: {clean(diagnosis.answered)}", rest="  ") if diagnosis.answered else []
            return [trail.render(diagnosis, look), answer]
        case Causes():
            return [_causes(section, look)]
        case Findings():
            return [_findings(section, look)]
        case NotSeen():
            return _not_seen(section, look)


def _verdict(diagnosis: Diagnosis | PlaceReport, look: Look) -> str:
    return look.paint(diagnosis.verdict.upper(), VERDICT_TONES[diagnosis.verdict])


def _named(diagnosis: Diagnosis, look: Look) -> str:
    return f"{_verdict(diagnosis, look)}  {clean(diagnosis.name)}"


def _head(diagnosis: Diagnosis, look: Look) -> _Block:
    lines = [_named(diagnosis, look), *look.wrap(clean(diagnosis.headline))]
    if wait := waiting.sentence(diagnosis):
        lines += look.wrap(wait)
    return lines


def _seen_from(section: SeenFrom, diagnosis: Diagnosis, look: Look) -> _Block:
    """Return a row for each of several places; the trail below is the first one's."""
    lines = [_title(section.title, look)]
    for place in section.places:
        lines += look.wrap(f"{places.title(place)}: {_verdict(place, look)}, {places.outcome(place)}", "  - ")
    if told := places.aws(diagnosis):
        lines += look.wrap(told, "  ")
    return lines


def _causes(section: Causes, look: Look) -> _Block:
    shown = []
    for number, cause in enumerate(section.causes, 1):
        label = f"{number}. " if len(section.causes) > 1 else ""
        more = look.wrap(f"More: sddoctor explain {cause.finding.code}", "  ")
        shown.append([*findings.render(cause.finding, look, label, cause.heading), "", *more])
    return [_title(clean(section.title), look), *_spaced(shown)]


def _findings(section: Findings, look: Look) -> _Block:
    if look.verbose:
        shown = _spaced([findings.render(f, look, "- ", f.summary) for f in section.findings])
    else:
        shown = [line for finding in section.findings for line in findings.line(finding, look)]
    return [_title(section.title, look), *shown]


def _not_seen(section: NotSeen, look: Look) -> list[_Block]:
    """Return the gaps, then the causes that they left undecided, together under the gap that is to blame."""
    undecided = [f"without {clean(what)}: {_some(codes, look)}" for what, codes in section.undecided.items()]
    crashes = [f"{crash.code}: {clean(crash.error)}" for crash in section.crashes]
    ignored = f"{section.ignored} finding{'s' if section.ignored > 1 else ''} left out by --ignore."
    return [
        _list(section.title, [gap.text(clean) for gap in section.gaps], look),
        _list("Could not be decided", undecided, look),
        _list("Internal errors of sddoctor (please report them; the other causes were still judged)", crashes, look),
        [ignored] if section.ignored else [],
    ]


def _some(codes: list[str], look: Look) -> str:
    """Return the codes; of many only the first, unless everything is wanted."""
    if look.verbose or len(codes) <= _MOST_CODES + 1:
        return ", ".join(codes)
    return f"{', '.join(codes[:_MOST_CODES])} and {len(codes) - _MOST_CODES} more (-v lists them)"


def _list(title: str, items: list[str], look: Look) -> _Block:
    return [_title(title, look), *(line for item in items for line in look.wrap(item, "  - "))] if items else []


def _spaced(blocks: list[_Block]) -> _Block:
    """Return the lines with an empty one between blocks; a block without any is left out."""
    lines: _Block = []
    for block in filter(None, blocks):
        lines += [*([""] if lines else []), *block]
    return lines


def _title(text: str, look: Look) -> str:
    return "\n".join(look.paint(line, "strong") for line in look.wrap(text))
