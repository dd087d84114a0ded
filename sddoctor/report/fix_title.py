"""The words before a fix: what it is, and how it stands to the one above it."""

from __future__ import annotations

from sddoctor.causes.model import Fix
from sddoctor.text.safe import clean

LEFT_OUT = "(The commands are left out here: hidden characters in them could deceive.)"


def label_and_title(fix: Fix, number: int) -> tuple[str, str]:
    """Return the label and the title of the ``number``-th fix, from 0 on.

    The first is the fix, the next ones are other ways (``Or``), or a second step (``Then``). A title has no such word
    twice.
    """
    title = clean(fix.title)
    label = "Or" if number else "Fix"
    for word in ("Or", "Then"):
        if title.startswith(f"{word} "):
            rest = title[len(word) + 1 :]
            label, title = (word if number else label), rest[:1].upper() + rest[1:]
    return label, title
