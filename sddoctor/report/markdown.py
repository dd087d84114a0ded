"""The report as Markdown, for a ticket or a pull request."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sddoctor.causes.model import Evidence, Fix
from sddoctor.diagnosis.model import Diagnosis
from sddoctor.report import place_text, trail_text, waiting
from sddoctor.report.fix_title import LEFT_OUT, fix_title
from sddoctor.report.roles import UNSURE
from sddoctor.report.sections import (
    Breaks,
    Findings,
    Hops,
    MayBe,
    NotSeen,
    RootCause,
    RootCauses,
    Section,
    SeenFrom,
    sections,
)
from sddoctor.report.style import HOP_MARKS, Block, spaced
from sddoctor.text.safe import clean, clean_block, is_safe_command, show

_SPECIAL = re.compile(r"([\\`*_{}\[\]|~@#>])")
_BLOCK_START = re.compile(r"^(\d{1,9}(?=[.)](?:\s|$))|(?=[-+](?:\s|$)|[-=]+$))")
_AUTOLINK = re.compile(r"(?<=:)(?=//)|(?<=\bwww)(?=\.)")


def escape(text: str) -> str:
    """Return ``text`` so that Markdown and HTML show it as it is: no markup, no link, no mention."""
    plain = clean(text, limit=2000).replace("&", "&amp;").replace("<", "&lt;")
    return _AUTOLINK.sub(r"\\", _BLOCK_START.sub(r"\1\\", _SPECIAL.sub(r"\\\1", plain)))


def code(text: str) -> str:
    """Return ``text`` as a code span, with a fence that is longer than any run of backticks in it."""
    plain = clean(text) or " "
    fence = "`" * (_longest_backticks(plain) + 1)
    pad = " " if plain.startswith("`") or plain.endswith("`") else ""
    return f"{fence}{pad}{plain}{pad}{fence}"


def render(diagnoses: Sequence[Diagnosis]) -> str:
    """Return the document: one chapter for each name."""
    return "\n".join("\n".join(_chapter(d)) + "\n" for d in diagnoses)


def _chapter(diagnosis: Diagnosis) -> list[str]:
    blocks = [
        [f"## {diagnosis.verdict.upper()}: {code(diagnosis.name)}"],
        [f"**{escape(diagnosis.headline)}**"],
        [f"Observed at {diagnosis.at:%Y-%m-%d %H:%M:%S} UTC by `sddoctor check`."],
        [waiting.sentence(diagnosis) or ""],
    ]
    for section in sections(diagnosis):
        blocks += _blocks(section, diagnosis)
    return spaced(blocks)


def _blocks(section: Section, diagnosis: Diagnosis) -> list[Block]:
    match section:
        case SeenFrom():
            return [_seen_from(section), [escape(place_text.aws(diagnosis))]]
        case Hops():
            answer = f"Answer: {escape(diagnosis.answered)}" if diagnosis.answered else ""
            return [_hops(diagnosis), [answer], [escape(place_text.around(diagnosis))]]
        case Breaks():
            return _list(section.title, [f"- {escape(text)}" for text in section.sentences])
        case MayBe():
            return _may_be(section)
        case RootCauses():
            at = [f"At {code(section.place)}:" if section.place else ""]
            return [at, *(spaced(_cause(cause)) for cause in section.causes)]
        case Findings():
            items = [f"- {escape(f.summary)} ({code(f.code)})" for f in section.findings]
            return _list(section.title, items)
        case NotSeen():
            return _not_seen(section)


def _seen_from(section: SeenFrom) -> Block:
    rows = [
        f"| {escape(place_text.title(p))} | {p.verdict} | {escape(place_text.outcome_at(p))} |" for p in section.places
    ]
    return ["| seen from | verdict | |", "|---|---|---|", *rows]


def _hops(diagnosis: Diagnosis) -> Block:
    rows = []
    for name, text, status in trail_text.owner_rows(diagnosis) if diagnosis.hops else ():
        rows.append(f"| {HOP_MARKS[status][0] if name == 'alias' else ''} | {name} | | {escape(text)} |")
    for hop in diagnosis.hops:
        addresses = ", ".join(code(a) for a in hop.addresses).replace("|", "\\|")
        rows.append(f"| {HOP_MARKS[hop.status][0]} | {hop.hop} | {addresses} | {escape(trail_text.summary_of(hop))} |")
    return ["| | hop | addresses | |", "|---|---|---|---|", *rows] if rows else []


def _cause(cause: RootCause) -> list[Block]:
    finding = cause.finding
    unsure = f", {UNSURE[finding.certainty]}" if finding.certainty in UNSURE else ""
    return [
        [f"### {escape(cause.heading)}"],
        [f"Cause: {code(finding.code)}, hop {finding.hop}{unsure}"],
        [escape(finding.detail)],
        [_evidence(e) for e in finding.evidence],
        *(_fix(fix, number) for number, fix in enumerate(finding.fixes)),
        [f"More: {code(f'sddoctor explain {finding.code}')}"],
    ]


def _may_be(section: MayBe) -> list[Block]:
    items = []
    for one in section.possible:
        causes = ", ".join(f"{escape(title)} ({code(cause)})" for cause, title in one.causes)
        tell = code(one.tell) if one.is_command and is_safe_command(one.tell) else escape(one.tell)
        items.append(f"- {causes}. {'To tell:' if one.fits else 'Not decided; it takes'} {tell}")
    steps = [
        [
            escape(step.title),
            *(["", *_block("\n".join(step.commands))] if all(map(is_safe_command, step.commands)) else []),
        ]
        for step in section.steps
    ]
    return [*_list(section.title, items), [f"### {section.steps_title}" if steps else ""], *steps]


def _not_seen(section: NotSeen) -> list[Block]:
    undecided = [f"- without {escape(what)}: {', '.join(map(code, c))}" for what, c in section.undecided.items()]
    return [
        *_list(section.title, [f"- {gap.text(escape)}" for gap in section.gaps]),
        *_list("Could not be decided", undecided),
        *_list("Internal errors of sddoctor", [f"- {code(c.code)}: {escape(c.error)}" for c in section.crashes]),
        [f"Findings left out by `--ignore`: {section.ignored}." if section.ignored else ""],
    ]


def _list(title: str, items: Block) -> list[Block]:
    return [[f"### {title}"], items] if items else []


def _evidence(evidence: Evidence) -> str:
    expected = "" if evidence.expected is None else f" (expected: {code(show(evidence.expected))})"
    at = f", at {code(place)}" if (place := place_text.at(evidence)) else ""
    return f"- {code(evidence.source)} {escape(evidence.subject)}{at}: {code(show(evidence.observed))}{expected}"


def _fix(fix: Fix, number: int) -> list[str]:
    titled = fix_title(fix, number)
    lines = [f"**{titled.label}** ({fix.where}): {escape(titled.title)}"]
    if not all(map(is_safe_command, fix.commands)):
        lines += ["", LEFT_OUT]
    elif fix.commands:
        lines += ["", *_block("\n".join(fix.commands), "powershell" if fix.where == "windows" else "sh")]
    if fix.config:
        lines += ["", *_block(fix.config)]
    if fix.file and fix.content is not None and not fix.commands:
        lines += ["", f"Content of {code(fix.file)}:", "", *_block(fix.content)]
    if fix.changes:
        lines += ["", f"Changes: {escape(fix.changes)}"]
    if fix.verified_by:
        lines += ["", f"Verify: {escape(fix.verified_by)}"]
    return lines


def _block(text: str, language: str = "") -> list[str]:
    lines = clean_block(text)
    fence = "`" * max(3, _longest_backticks(text) + 1)
    return [fence + language, *lines, fence]


def _longest_backticks(text: str) -> int:
    return max((len(run) for run in re.findall(r"`+", text)), default=0)
