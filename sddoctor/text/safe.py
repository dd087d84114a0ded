"""Making untrusted text harmless before it reaches a terminal or a document.

Names, descriptions and messages come from AWS, DNS and files. An escape sequence in one of them could repaint the
screen, and a bidirectional control could make a command read as another (https://trojansource.codes).
"""

from __future__ import annotations

import re
from typing import TypeAlias

#: The value of a piece of evidence.
Value: TypeAlias = str | int | float | bool | tuple[str, ...] | None

LIMIT = 500

#: At most this many times the limit is cleaned of a longer text: enough although characters are dropped.
_INPUT_FACTOR = 10

_ANSI = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]?|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?|\x1b.?", re.DOTALL)
#: A run of blanks could make what follows look like a new line of the report.
_SPACES = re.compile(r"[ \t\n\v\f\r\x85\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+")
#: Default_Ignorable_Code_Point of https://www.unicode.org/Public/UCD/latest/ucd/DerivedCoreProperties.txt, controls, and
#: interlinear annotations.
_HARMFUL_RANGES = (
    r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"  # C0 and C1 but tab, line feed and carriage return
    r"\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    r"\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
_HARMFUL = re.compile(f"[{_HARMFUL_RANGES}]")
_NOT_TEXT = re.compile(r"[\ud800-\udfff\ufffe\uffff\ue000-\uf8ff\U000f0000-\U0010ffff]")
#: Stacked accents, which would run into the lines above and below.
_STACKED = re.compile(r"([\u0300-\u036f]{2})[\u0300-\u036f]+")
_HARMFUL_IN_COMMAND = re.compile(rf"[{_HARMFUL_RANGES}\r\u2028\u2029\ud800-\udfff\ufffe\uffff]")


def clean(text: str, limit: int = LIMIT) -> str:
    """Return ``text`` as one harmless line of at most ``limit`` characters.

    Line ends and runs of blanks become one space; escape sequences and control characters, invisible and
    bidirectional ones included, are dropped.
    """
    cut = text[: limit * _INPUT_FACTOR]
    plain = _STACKED.sub(r"\1", _HARMFUL.sub("", _SPACES.sub(" ", _ANSI.sub("", cut))))
    plain = _NOT_TEXT.sub("\ufffd", plain).strip()
    return plain if len(plain) <= limit and len(cut) == len(text) else plain[: limit - 1] + "…"


def clean_block(text: str) -> list[str]:
    """Return the lines of a fragment of configuration, with tabs kept and harmful characters made visible."""
    plain = _ANSI.sub("\ufffd", text.replace("\r\n", "\n"))
    return _HARMFUL_IN_COMMAND.sub("\ufffd", plain).rstrip("\n").split("\n")


def is_safe_command(command: str) -> bool:
    """Tell whether a command may be shown for pasting. One with hidden characters may not."""
    return command.replace("\n", "").replace("\t", "").isprintable() and _HARMFUL.search(command) is None


def bounded(text: str, limit: int = 4000) -> str:
    """Return ``text`` as it is, or its beginning with an ellipsis where it is longer than ``limit`` characters."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def show(value: Value) -> str:
    """Return the value of a piece of evidence as one harmless line."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return clean(value) or "(empty)"
    if isinstance(value, tuple):
        return clean(", ".join(clean(item) for item in value)) or "none"
    return str(value)
