"""The label and title of a fix: the fix itself, an alternative, or a second step."""

from __future__ import annotations

from msgspec import Struct

from sddoctor.causes.model import Fix
from sddoctor.text.safe import clean

LEFT_OUT = "(The commands are left out here: hidden characters in them could deceive.)"


class FixTitle(Struct, frozen=True):
    """``Fix``, ``Alternative`` or ``Then`` (a second step), and the title without that word."""

    label: str
    title: str


def fix_title(fix: Fix, number: int) -> FixTitle:
    """Return the title of the ``number``-th fix, from 0 on: an alternative, unless its own title says otherwise."""
    title = clean(fix.title)
    label = "Alternative" if number else "Fix"
    for word in ("Or", "Then"):
        if title.startswith(f"{word} "):
            rest = title[len(word) + 1 :]
            label = "Then" if number and word == "Then" else label
            title = rest[:1].upper() + rest[1:]
    return FixTitle(label, title)
