"""What a reader of another program's output says of what it does not understand."""

from __future__ import annotations

import re

from sddoctor.case.seen import Unreachable
from sddoctor.formats.host.addresses import read_full_address

#: What programs print in the place of what they leave out.
_CUTS = ("...", "\u2026")
_WORD = re.compile(r"[^\s,;()\[\]{}<>\"'|]+")


def not_understood(what: str, output_of: str | None = None) -> Unreachable:
    """Return the gap of output that has content, none of which was recognised."""
    needs = f"the complete, untranslated output of {output_of or what}"
    return Unreachable(what, "its output is not understood", needs, "malformed")


def is_cut(text: str) -> bool:
    """Tell whether a program shortened what it printed."""
    return any(mark in text for mark in _CUTS)


def ends_within_a_line(text: str) -> bool:
    """Tell whether the last line of an output has no end, as all lines of the programs have: the rest of it was cut off."""
    return bool(text) and not text.endswith("\n")


def has_address(text: str) -> bool:
    """Tell whether a word of the text is an IP address or a range, or the beginning of one that was cut."""
    words = [word.partition("/")[0] for word in _WORD.findall(text)]
    return is_cut(text) or any(read_full_address(word) or read_full_address(word.strip(".:")) for word in words)


def may_name(text: str, name: str) -> bool:
    """Tell whether a word of the text is the name or a domain above it, or the beginning of one that was cut."""
    labels = name.split(".")
    above = [".".join(labels[n:]) for n in range(len(labels))]
    for word in _WORD.findall(text.lower()):
        bare = word.strip(".~*\u2026")
        if bare in above or (bare and is_cut(word) and any(domain.startswith(bare) for domain in above)):
            return True
    return False
