"""A finding in words: what it is, what was seen, how to repair it."""

from __future__ import annotations

from sddoctor.causes.model import Evidence, Fix
from sddoctor.diagnosis.model import RankedFinding
from sddoctor.report import place_text
from sddoctor.report.fix_title import LEFT_OUT, fix_title
from sddoctor.report.roles import UNSURE
from sddoctor.report.style import Style
from sddoctor.text.safe import clean, clean_block, is_safe_command, show

_MARGIN = "  "
_PASTE = "    "


def render(finding: RankedFinding, style: Style, label: str, heading: str) -> list[str]:
    """Return the whole finding under ``heading``, before which stands ``label`` (``1. ``)."""
    lines = [style.paint(text, "strong") for text in style.wrap(clean(heading), _MARGIN + label)]
    lines += [style.paint(text, "dim") for text in style.wrap(_facts(finding), " " * len(_MARGIN + label))]
    if finding.detail:
        lines += ["", *style.wrap(clean(finding.detail, limit=2000), _MARGIN)]
    if finding.evidence:
        lines += ["", f"{_MARGIN}Evidence"]
        for evidence in finding.evidence:
            lines += style.wrap(_evidence(evidence), f"{_MARGIN}- ")
    for number, fix in enumerate(finding.fixes):
        lines += ["", *_fix(fix, style, number)]
    return lines


def line(finding: RankedFinding, style: Style) -> list[str]:
    """Return the finding in one sentence, with its code."""
    unsure = f", {finding.certainty}" if finding.certainty in UNSURE else ""
    return style.wrap(f"{clean(finding.summary)} ({finding.code}{unsure})", "  - ")


def _facts(finding: RankedFinding) -> str:
    parts = [finding.code, f"hop {finding.hop}"]
    if finding.certainty in UNSURE:
        parts.append(UNSURE[finding.certainty])
    if finding.wait_seconds is not None:
        parts.append(f"passes by itself in about {finding.wait_seconds} s")
    return f"({'; '.join(parts)})"


def _evidence(evidence: Evidence) -> str:
    source, subject = clean(evidence.source), clean(evidence.subject)
    about = f"{source}, {subject}" if subject not in source else source
    expected = "" if evidence.expected is None else f" (expected: {show(evidence.expected)})"
    at = f", at {place}" if (place := place_text.at(evidence)) else ""
    return f"{about}{at}: {show(evidence.observed)}{expected}"


def _fix(fix: Fix, style: Style, number: int) -> list[str]:
    titled = fix_title(fix, number)
    lines = [style.paint(text, "good") for text in style.wrap(f"{titled.label} ({fix.where}): {titled.title}", _MARGIN)]
    if not all(map(is_safe_command, fix.commands)):
        lines += style.wrap(LEFT_OUT, _PASTE)
    else:
        lines += [line for command in fix.commands for line in _command(command)]
    if fix.config:
        lines += ["", *(_PASTE + text for text in clean_block(fix.config)), ""]
    if fix.file and fix.content is not None and not fix.commands:
        lines += [*style.wrap(f"Content of {clean(fix.file)}:", _MARGIN), ""]
        lines += [*(_PASTE + text for text in clean_block(fix.content)), ""]
    if lines[-1] == "" and not (fix.changes or fix.verified_by):
        lines.pop()
    if fix.changes:
        lines += style.wrap(f"Changes: {clean(fix.changes)}", _MARGIN, _MARGIN + "  ")
    if fix.verified_by:
        lines += style.wrap(f"Verify: {clean(fix.verified_by)}", _MARGIN, _MARGIN + "  ")
    return [text.rstrip() for text in lines]


def _command(command: str) -> list[str]:
    """Return a command for pasting: never broken, and a here-document, whose end must stand alone, not indented."""
    lines = command.rstrip("\n").split("\n")
    margin = "" if len(lines) > 1 and "<<" in command else _PASTE
    return [margin + text for text in lines]
