"""The report in one to three lines, for a chat."""

from __future__ import annotations

from collections.abc import Sequence

from sddoctor.causes.model import Fix
from sddoctor.diagnosis.model import Diagnosis
from sddoctor.report import waiting
from sddoctor.report.roles import with_role
from sddoctor.report.style import VERDICT_TONES, Style
from sddoctor.text.safe import clean, is_safe_command


def render(diagnoses: Sequence[Diagnosis], style: Style) -> str:
    """Return verdict and headline, then the first fix, or what to run next: its title, and its commands alone on a line.

    The title comes first because it may set a condition. Lines are not wrapped: a chat does that.
    """
    return "".join(f"{line}\n" for d in diagnoses for line in _lines(d, style))


def _lines(diagnosis: Diagnosis, style: Style) -> list[str]:
    verdict = style.paint(diagnosis.verdict.upper(), VERDICT_TONES[diagnosis.verdict])
    sentences = filter(None, (clean(diagnosis.headline), waiting.sentence(diagnosis)))
    lines = [f"{verdict} {_subject(diagnosis)}{' '.join(sentences)}"]
    if not waiting.passes_by_itself(diagnosis) and (fix := _first_fix(diagnosis)):
        lines.append(f"Fix: {clean(fix.title)}")
        lines += _in_one_line(fix.commands, "; " if fix.where == "windows" else " && ")
    elif step := next(iter(diagnosis.next_steps), None):
        lines.append(f"Next: {clean(step.title)}")
        lines += _in_one_line(step.commands, "; ")
    return lines


def _subject(diagnosis: Diagnosis) -> str:
    """Return the name, unless the headline begins with it."""
    return "" if diagnosis.headline.startswith(f"{diagnosis.name} ") else f"{clean(diagnosis.name)}: "


def _first_fix(diagnosis: Diagnosis) -> Fix | None:
    return next((fix for finding in with_role(diagnosis, "root-cause") for fix in finding.fixes), None)


def _in_one_line(commands: Sequence[str], joint: str) -> list[str]:
    """Return all commands, since a part of them repairs or shows nothing, or none."""
    if not commands or not all("\n" not in c and is_safe_command(c) for c in commands):
        return []
    return [joint.join(commands)]
