"""The mistakes in a plan or a state, as text and as JSON."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from sddoctor.causes.model import Severity
from sddoctor.lint.model import Mistake
from sddoctor.report import json_text
from sddoctor.report.pages import page_of
from sddoctor.report.style import Style, Tone
from sddoctor.text.safe import clean

_TONES: dict[Severity, Tone] = {"error": "bad", "warning": "warn", "info": "dim"}


class Judged(Struct, frozen=True):
    """A mistake with how much it weighs."""

    mistake: Mistake
    severity: Severity


def text(found: Sequence[Judged], looked_at: int, style: Style) -> str:
    """Return the mistakes for a terminal. ``looked_at`` ECS services register by service discovery."""
    services = "1 ECS service" if looked_at == 1 else f"{looked_at} ECS services"
    how_many = "no mistake" if not found else "1 mistake" if len(found) == 1 else f"{len(found)} mistakes"
    lines = style.wrap(f"{how_many[0].upper()}{how_many[1:]} found; {services} with service discovery looked at.")
    for one in found:
        mistake = one.mistake
        lines += ["", f"{style.paint(one.severity, _TONES[one.severity])}  {clean(mistake.address)}  ({mistake.code})"]
        lines += style.wrap(clean(mistake.summary), "  ")
        lines += style.wrap(f"Write: {clean(mistake.fix)}", "  ")
    if found:
        lines += ["", f"More: sddoctor explain {found[0].mistake.code}"]
    return "\n".join(lines) + "\n"


def as_json(found: Sequence[Judged], looked_at: int) -> str:
    """Return the mistakes for a program."""
    data = {
        "schema": "sddoctor.lint/1",
        "services": looked_at,
        "mistakes": [
            {
                "code": one.mistake.code,
                "severity": one.severity,
                "address": one.mistake.address,
                "summary": one.mistake.summary,
                "fix": one.mistake.fix,
                "docs": page_of(one.mistake.code),
            }
            for one in found
        ],
    }
    return json_text.document(data)
