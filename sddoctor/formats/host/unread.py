"""What a reader of another program's output says of what it does not understand."""

from __future__ import annotations

from sddoctor.case.seen import Unreachable

#: What programs print in the place of what they leave out.
_CUTS = ("...", "\u2026")


def not_understood(what: str, output_of: str | None = None) -> Unreachable:
    """Return the gap of output that has content, none of which was recognised."""
    return Unreachable(
        what, "its output is not understood", f"the complete, untranslated output of {output_of or what}"
    )


def is_cut(text: str) -> bool:
    """Tell whether a program shortened what it printed."""
    return any(mark in text for mark in _CUTS)
