"""The mistakes in a plan or a state, as text and as JSON."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from sddoctor.causes.model import Severity
from sddoctor.lint.model import Mistake
from sddoctor.report import json_text
from sddoctor.report.pages import page_path
from sddoctor.report.style import Style, Tone
from sddoctor.text.safe import clean

_TONES: dict[Severity, Tone] = {"error": "bad", "warning": "warn", "info": "dim"}


class RatedMistake(Struct, frozen=True):
    """A mistake with its severity."""

    mistake: Mistake
    severity: Severity


def text(rated: Sequence[RatedMistake], services_found: int, style: Style) -> str:
    """Return the mistakes for a terminal. ``services_found`` ECS services register by service discovery."""
    services = "1 ECS service" if services_found == 1 else f"{services_found} ECS services"
    how_many = "no mistake" if not rated else "1 mistake" if len(rated) == 1 else f"{len(rated)} mistakes"
    lines = style.wrap(f"{how_many[0].upper()}{how_many[1:]} found; {services} with service discovery looked at.")
    for entry in rated:
        mistake = entry.mistake
        lines += [
            "",
            f"{style.paint(entry.severity, _TONES[entry.severity])}  {clean(mistake.address)}  ({mistake.code})",
        ]
        lines += style.wrap(clean(mistake.summary), "  ")
        lines += style.wrap(f"Write: {clean(mistake.fix)}", "  ")
    if rated:
        lines += ["", f"More: sddoctor explain {rated[0].mistake.code}"]
    return "\n".join(lines) + "\n"


def as_json(rated: Sequence[RatedMistake], services_found: int) -> str:
    """Return the mistakes for a program."""
    data = {
        "schema": "sddoctor.lint/1",
        "services": services_found,
        "mistakes": [
            {
                "code": entry.mistake.code,
                "severity": entry.severity,
                "address": entry.mistake.address,
                "summary": entry.mistake.summary,
                "fix": entry.mistake.fix,
                "docs": page_path(entry.mistake.code),
            }
            for entry in rated
        ],
    }
    return json_text.document(data)
