"""The report in one to three lines, for a chat."""

from __future__ import annotations

from collections.abc import Sequence

from sddoctor.diagnosis.model import Diagnosis
from sddoctor.report.look import VERDICT_TONES, Look
from sddoctor.report.safe import clean, is_safe_command


def render(diagnoses: Sequence[Diagnosis], look: Look) -> str:
    """Return verdict, name and headline, and the first command that helps. Lines are not wrapped: a chat does."""
    return "".join(f"{line}\n" for d in diagnoses for line in _lines(d, look))


def _lines(diagnosis: Diagnosis, look: Look) -> list[str]:
    verdict = look.paint(diagnosis.verdict.upper(), VERDICT_TONES[diagnosis.verdict])
    lines = [f"{verdict} {clean(diagnosis.name)}: {clean(diagnosis.headline)}"]
    if diagnosis.wait_seconds is not None:
        lines.append(f"Wait {diagnosis.wait_seconds} s, then ask again.")
    elif command := _first_command(diagnosis):
        lines.append(f"Fix: {command}")
    return lines


def _first_command(diagnosis: Diagnosis) -> str | None:
    for finding in diagnosis.findings:
        if finding.role == "root-cause":
            for fix in finding.fixes:
                for command in fix.commands:
                    if "\n" not in command and is_safe_command(command):
                        return command
    return None
