"""JSON for programs that is harmless on a terminal too: everything beyond printable ASCII is escaped."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any


def document(data: Any, default: Callable[[Any], Any] | None = None) -> str:
    """Return indented JSON with the final line end. ``default`` makes values out of what JSON has not."""
    return _harmless(json.dumps(data, indent=2, ensure_ascii=True, allow_nan=False, default=default)) + "\n"


def line(data: Any) -> str:
    """Return JSON in one line, without its end."""
    return _harmless(json.dumps(data, ensure_ascii=True, allow_nan=False))


def _harmless(text: str) -> str:
    """Escape DEL too, which ``json`` leaves as it is."""
    return text.replace("\x7f", "\\u007f")
