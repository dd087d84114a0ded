"""The report in one to three lines, for a chat."""

from __future__ import annotations

from collections.abc import Sequence

from sddoctor.diagnosis.model import Diagnosis
from sddoctor.report import waiting
from sddoctor.report.look import VERDICT_TONES, Look
from sddoctor.report.roles import with_role
from sddoctor.report.safe import clean, is_safe_command


def render(diagnoses: Sequence[Diagnosis], look: Look) -> str:
    """Return verdict, name and headline, and the first command that helps. Lines are not wrapped: a chat does."""
    return "".join(f"{line}\n" for d in diagnoses for line in _lines(d, look))


def _lines(diagnosis: Diagnosis, look: Look) -> list[str]:
    verdict = look.paint(diagnosis.verdict.upper(), VERDICT_TONES[diagnosis.verdict])
    lines = [f"{verdict} {clean(diagnosis.name)}: {clean(diagnosis.headline)}"]
    if wait := waiting.sentence(diagnosis):
        lines.append(wait)
    if not waiting.passes_by_itself(diagnosis) and (command := _first_command(diagnosis)):
        lines.append(f"Fix: {command}")
    return lines


def _first_command(diagnosis: Diagnosis) -> str | None:
    roots = with_role(diagnosis, "root-cause")
    commands = (c for finding in roots for fix in finding.fixes for c in fix.commands)
    return next((c for c in commands if "\n" not in c and is_safe_command(c)), None)
