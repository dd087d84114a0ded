"""Making untrusted text harmless before it reaches a terminal or a document.

Names, descriptions and messages come from AWS, DNS and files. An escape sequence in one of them could repaint the
screen, and a bidirectional control could make a command read as another (https://trojansource.codes).
"""

from __future__ import annotations

import re

from sddoctor.causes.model import Value

LIMIT = 500

_ANSI = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]?|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?|\x1b.?", re.DOTALL)
_SPACES = re.compile(r"[\t\n\v\f\r\x85\u2028\u2029]+")
_HARMFUL_RANGES = (
    r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"  # C0 and C1 but tab, line feed and carriage return
    r"\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"  # invisible and bidirectional
    r"\U000e0000-\U000e007f"  # tags
)
_HARMFUL = re.compile(f"[{_HARMFUL_RANGES}]")
_NOT_TEXT = re.compile(r"[\ud800-\udfff\ufffe\uffff]")
_HARMFUL_IN_COMMAND = re.compile(rf"[{_HARMFUL_RANGES}\r\u2028\u2029\ud800-\udfff\ufffe\uffff]")


def clean(text: str, limit: int = LIMIT) -> str:
    """Return ``text`` as one harmless line of at most ``limit`` characters.

    Line ends become spaces; escape sequences and control characters, also the invisible and the bidirectional
    ones, are dropped.
    """
    plain = _HARMFUL.sub("", _SPACES.sub(" ", _ANSI.sub("", text)))
    plain = _NOT_TEXT.sub("\ufffd", plain).strip()
    return plain if len(plain) <= limit else plain[: limit - 1] + "…"


def clean_block(text: str) -> list[str]:
    """Return the lines of a fragment of configuration, with tabs kept and harmful characters made visible."""
    plain = _ANSI.sub("\ufffd", text.replace("\r\n", "\n"))
    return _HARMFUL_IN_COMMAND.sub("\ufffd", plain).rstrip("\n").split("\n")


def is_safe_command(command: str) -> bool:
    """Tell whether a command may be shown for pasting. One with hidden characters may not: it could deceive."""
    return _HARMFUL_IN_COMMAND.search(command) is None


def show(value: Value) -> str:
    """Return the value of an evidence as one harmless line in plain words."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return clean(value) or "(empty)"
    if isinstance(value, tuple):
        return clean(", ".join(clean(item) for item in value)) or "none"
    return str(value)
