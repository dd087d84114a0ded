"""The report that people read: verdict, trail, causes, fixes, and what could not be seen."""

from __future__ import annotations

from collections.abc import Sequence

from sddoctor.diagnosis.detail_model import Details
from sddoctor.diagnosis.model import Diagnosis, PlaceReport
from sddoctor.report import finding as findings
from sddoctor.report import may_be_text, place_text, queries, trail_text, waiting
from sddoctor.report.sections import Breaks, Findings, Hops, MayBe, NotSeen, RootCauses, Section, SeenFrom, sections
from sddoctor.report.style import VERDICT_TONES, Block, Style, spaced
from sddoctor.text.safe import clean

_MOST_CODES = 4


def render(diagnoses: Sequence[Diagnosis], style: Style, details: Sequence[Details] = ()) -> str:
    """Return the reports of all names, in their order; several begin with a list of verdicts.

    With ``details``, one for each diagnosis, every report ends with the queries to each name server.
    """
    of_each: Sequence[Details | None] = details or [None] * len(diagnoses)
    parts = ["\n".join(_one(d, style, more)) for d, more in zip(diagnoses, of_each, strict=True)]
    if len(diagnoses) > 1:
        parts.insert(0, "\n".join(_named(d, style) for d in diagnoses))
    return "\n\n\n".join(parts) + "\n"


def _one(diagnosis: Diagnosis, style: Style, details: Details | None) -> list[str]:
    blocks = [_head(diagnosis, style)]
    for section in sections(diagnosis, everything=style.verbose):
        blocks += _blocks(section, diagnosis, style)
    blocks.append(queries.render(details.servers, style) if details is not None else [])
    return spaced(blocks)


def _blocks(section: Section, diagnosis: Diagnosis, style: Style) -> list[Block]:
    match section:
        case SeenFrom():
            return [_seen_from(section, diagnosis, style)]
        case Hops():
            answer = style.wrap(f"Answer: {clean(diagnosis.answered)}", rest="  ") if diagnosis.answered else []
            around = place_text.around(diagnosis)
            return [trail_text.render(diagnosis, style), answer, style.wrap(around, rest="  ") if around else []]
        case Breaks():
            return [_list(section.title, list(map(clean, section.sentences)), style)]
        case MayBe():
            return may_be_text.render(section, style)
        case RootCauses():
            return [_causes(section, style)]
        case Findings():
            return [_findings(section, style)]
        case NotSeen():
            return _not_seen(section, style)


def _verdict(diagnosis: Diagnosis | PlaceReport, style: Style) -> str:
    return style.paint(diagnosis.verdict.upper(), VERDICT_TONES[diagnosis.verdict])


def _named(diagnosis: Diagnosis, style: Style) -> str:
    return f"{_verdict(diagnosis, style)}  {clean(diagnosis.name)}"


def _head(diagnosis: Diagnosis, style: Style) -> Block:
    lines = [_named(diagnosis, style), *style.wrap(clean(diagnosis.headline))]
    if wait := waiting.sentence(diagnosis):
        lines += style.wrap(wait)
    return lines


def _seen_from(section: SeenFrom, diagnosis: Diagnosis, style: Style) -> Block:
    """Return a row for each of several places; the trail below is the first one's."""
    lines = [_title(section.title, style)]
    for place in section.places:
        lines += style.wrap(
            f"{place_text.title(place)}: {_verdict(place, style)}, {place_text.outcome_at(place)}", "  - "
        )
    if sentence := place_text.aws(diagnosis):
        lines += style.wrap(sentence, "  ")
    return lines


def _causes(section: RootCauses, style: Style) -> Block:
    shown = []
    for number, cause in enumerate(section.causes, 1):
        label = f"{number}. " if len(section.causes) > 1 else ""
        more = style.wrap(f"More: sddoctor explain {cause.finding.code}", "  ")
        shown.append([*findings.render(cause.finding, style, label, cause.heading), "", *more])
    return [_title(clean(section.title), style), *spaced(shown)]


def _findings(section: Findings, style: Style) -> Block:
    if style.verbose:
        shown = spaced([findings.render(f, style, "- ", f.summary) for f in section.findings])
    else:
        shown = [line for finding in section.findings for line in findings.line(finding, style)]
    return [_title(section.title, style), *shown]


def _not_seen(section: NotSeen, style: Style) -> list[Block]:
    """Return the gaps, then the causes that they left undecided, together under the gap that is to blame."""
    undecided = [f"without {clean(what)}: {_some(codes, style)}" for what, codes in section.undecided.items()]
    crashes = [f"{crash.code}: {clean(crash.error)}" for crash in section.crashes]
    ignored = f"{section.ignored} finding{'s' if section.ignored > 1 else ''} left out by --ignore."
    return [
        _list(section.title, [gap.text(clean) for gap in section.gaps], style),
        _list("Could not be decided", undecided, style),
        _list("Internal errors of sddoctor (please report them; the other causes were still judged)", crashes, style),
        [ignored] if section.ignored else [],
    ]


def _some(codes: list[str], style: Style) -> str:
    """Return the codes; of many only the first, unless everything is wanted."""
    if style.verbose or len(codes) <= _MOST_CODES + 1:
        return ", ".join(codes)
    return f"{', '.join(codes[:_MOST_CODES])} and {len(codes) - _MOST_CODES} more (-v lists them)"


def _list(title: str, items: list[str], style: Style) -> Block:
    return [_title(title, style), *(line for item in items for line in style.wrap(item, "  - "))] if items else []


def _title(text: str, style: Style) -> str:
    return "\n".join(style.paint(line, "strong") for line in style.wrap(text))
