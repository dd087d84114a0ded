"""The report as Markdown, for a ticket or a pull request."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sddoctor.causes.model import Evidence, Fix
from sddoctor.diagnosis.model import Diagnosis, RankedFinding
from sddoctor.report import places, trail, waiting
from sddoctor.report.fix_title import LEFT_OUT, label_and_title
from sddoctor.report.look import MARKS
from sddoctor.report.roles import AFTERWARDS, UNSURE, undecided_by_gap, with_role
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
    lines = [f"## {diagnosis.verdict.upper()}: {code(diagnosis.name)}", "", f"**{escape(diagnosis.headline)}**"]
    lines += ["", f"Observed at {diagnosis.at:%Y-%m-%d %H:%M:%S} UTC by `sddoctor check`."]
    if wait := waiting.sentence(diagnosis):
        lines += ["", wait]
    if diagnosis.places:
        lines += ["", "| seen from | verdict | |", "|---|---|---|"]
        lines += [
            f"| {escape(places.title(p))} | {p.verdict} | {escape(places.outcome(p))} |" for p in diagnosis.places
        ]
        if told := places.aws(diagnosis):
            lines += ["", escape(told)]
    if diagnosis.hops:
        lines += ["", "| | hop | addresses | |", "|---|---|---|---|"]
        for hop in diagnosis.hops:
            addresses = ", ".join(code(a) for a in hop.addresses).replace("|", "\\|")
            lines.append(f"| {MARKS[hop.status][0]} | {hop.hop} | {addresses} | {escape(trail.summary_of(hop))} |")
    if diagnosis.answered:
        lines += ["", f"Answer: {escape(diagnosis.answered)}"]
    for finding in with_role(diagnosis, "root-cause"):
        lines += ["", *_finding(finding, said=finding.summary in diagnosis.headline)]
    for place, finding in places.of_their_own(diagnosis):
        lines += ["", f"At {code(place.label)}:", "", *_finding(finding, said=finding.summary in diagnosis.headline)]
    for role, title in AFTERWARDS:
        if chosen := with_role(diagnosis, role):
            lines += ["", f"### {title}", "", *(f"- {escape(f.summary)} ({code(f.code)})" for f in chosen)]
    if diagnosis.gaps:
        lines += ["", "### Not seen", ""]
        for gap in diagnosis.gaps:
            needs = f" (needs: {escape(gap.needs)})" if gap.needs and gap.needs not in gap.why else ""
            lines.append(f"- {escape(gap.what)}: {escape(gap.why)}{needs}")
    if diagnosis.verdict == "inconclusive" and (undecided := undecided_by_gap(diagnosis)):
        lines += ["", "### Could not be decided", ""]
        lines += [f"- without {escape(what)}: {', '.join(map(code, codes))}" for what, codes in undecided.items()]
    if diagnosis.crashes:
        lines += ["", "### Internal errors of sddoctor", ""]
        lines += [f"- {code(c.code)}: {escape(c.error)}" for c in diagnosis.crashes]
    if diagnosis.ignored:
        lines += ["", f"Findings left out by `--ignore`: {diagnosis.ignored}."]
    return lines


def _finding(finding: RankedFinding, *, said: bool) -> list[str]:
    heading = escape(finding.title if said else finding.summary)
    unsure = f", {UNSURE[finding.certainty]}" if finding.certainty in UNSURE else ""
    lines = [f"### {heading}", "", f"Cause: {code(finding.code)}, hop {finding.hop}{unsure}"]
    if finding.detail:
        lines += ["", escape(finding.detail)]
    if finding.evidence:
        lines += ["", *(_evidence(e) for e in finding.evidence)]
    for number, fix in enumerate(finding.fixes):
        lines += ["", *_fix(fix, number)]
    return [*lines, "", f"More: {code(f'sddoctor explain {finding.code}')}"]


def _evidence(evidence: Evidence) -> str:
    expected = "" if evidence.expected is None else f" (expected: {code(show(evidence.expected))})"
    at = f", at {code(place)}" if (place := places.at(evidence)) else ""
    return f"- {code(evidence.source)} {escape(evidence.subject)}{at}: {code(show(evidence.observed))}{expected}"


def _fix(fix: Fix, number: int) -> list[str]:
    label, title = label_and_title(fix, number)
    lines = [f"**{label}** ({fix.where}): {escape(title)}"]
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
