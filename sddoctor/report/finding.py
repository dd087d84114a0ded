"""A finding in words: what it is, what was seen, how to repair it."""

from __future__ import annotations

from sddoctor.causes.model import Evidence, Fix
from sddoctor.diagnosis.model import RankedFinding
from sddoctor.report import places
from sddoctor.report.fix_title import LEFT_OUT, label_and_title
from sddoctor.report.look import Look
from sddoctor.report.roles import UNSURE
from sddoctor.text.safe import clean, clean_block, is_safe_command, show

_MARGIN = "  "
_PASTE = "    "


def render(finding: RankedFinding, look: Look, label: str, heading: str) -> list[str]:
    """Return the whole finding under ``heading``, before which stands ``label`` (``1. ``)."""
    lines = [look.paint(text, "strong") for text in look.wrap(clean(heading), _MARGIN + label)]
    lines += [look.paint(text, "dim") for text in look.wrap(_facts(finding), " " * len(_MARGIN + label))]
    if finding.detail:
        lines += ["", *look.wrap(clean(finding.detail, limit=2000), _MARGIN)]
    if finding.evidence:
        lines += ["", f"{_MARGIN}Seen"]
        for evidence in finding.evidence:
            lines += look.wrap(_evidence(evidence), f"{_MARGIN}- ")
    for number, fix in enumerate(finding.fixes):
        lines += ["", *_fix(fix, look, number)]
    return lines


def line(finding: RankedFinding, look: Look) -> list[str]:
    """Return the finding in one sentence, with its code."""
    unsure = f", {finding.certainty}" if finding.certainty in UNSURE else ""
    return look.wrap(f"{clean(finding.summary)} ({finding.code}{unsure})", "  - ")


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
    at = f", at {place}" if (place := places.at(evidence)) else ""
    return f"{about}{at}: {show(evidence.observed)}{expected}"


def _fix(fix: Fix, look: Look, number: int) -> list[str]:
    label, title = label_and_title(fix, number)
    lines = [look.paint(text, "good") for text in look.wrap(f"{label} ({fix.where}): {title}", _MARGIN)]
    if not all(map(is_safe_command, fix.commands)):
        lines += look.wrap(LEFT_OUT, _PASTE)
    else:
        lines += [line for command in fix.commands for line in _command(command)]
    if fix.config:
        lines += ["", *(_PASTE + text for text in clean_block(fix.config)), ""]
    if fix.file and fix.content is not None and not fix.commands:
        lines += [*look.wrap(f"Content of {clean(fix.file)}:", _MARGIN), ""]
        lines += [*(_PASTE + text for text in clean_block(fix.content)), ""]
    if lines[-1] == "" and not (fix.changes or fix.verified_by):
        lines.pop()
    if fix.changes:
        lines += look.wrap(f"Changes: {clean(fix.changes)}", _MARGIN, _MARGIN + "  ")
    if fix.verified_by:
        lines += look.wrap(f"Verify: {clean(fix.verified_by)}", _MARGIN, _MARGIN + "  ")
    return [text.rstrip() for text in lines]


def _command(command: str) -> list[str]:
    """Return a command for pasting: never broken, and a here-document, whose end must stand alone, not indented."""
    lines = command.rstrip("\n").split("\n")
    margin = "" if len(lines) > 1 and "<<" in command else _PASTE
    return [margin + text for text in lines]
