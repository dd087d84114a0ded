"""The base of all parts of a world."""

from __future__ import annotations

from msgspec import Struct


class Part(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A part of a world. Unknown keys are errors: a misspelled fault would make a healthy world."""
