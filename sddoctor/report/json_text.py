"""JSON for programs that is harmless on a terminal too: everything beyond printable ASCII is escaped."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sddoctor.case.seen import Gap


def document(data: Any, default: Callable[[Any], Any] | None = None) -> str:
    """Return indented JSON with the final line end. ``default`` makes values out of what JSON has not."""
    return _harmless(json.dumps(data, indent=2, ensure_ascii=True, allow_nan=False, default=default)) + "\n"


def line(data: Any) -> str:
    """Return JSON in one line, without its end."""
    return _harmless(json.dumps(data, ensure_ascii=True, allow_nan=False))


def gap(gap: Gap) -> dict[str, str]:
    """Return a gap as every report has it; ``why`` ends with the sentence of whoever refused it, if it gave one."""
    return {"what": gap.what, "why": gap.quoted(), "needs": gap.needs}


def time(moment: datetime) -> str:
    """Return a time in UTC: ``2026-01-31T12:00:00Z``."""
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _harmless(text: str) -> str:
    """Escape DEL too, which ``json`` leaves as it is."""
    return text.replace("\x7f", "\\u007f")
