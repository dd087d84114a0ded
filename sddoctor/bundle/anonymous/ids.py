"""Pseudonyms of ids: of the same form, and the same for every occurrence."""

from __future__ import annotations

import hmac
import re

_SHORTEST = 8
_HEX, _ALNUM, _UPPER = (
    "0123456789abcdef",
    "0123456789abcdefghijklmnopqrstuvwxyz",
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ",
)


class Ids:
    """The pseudonym of every id; it depends only on the key and the id."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def account(self, text: str) -> str:
        """Return the pseudonym of an account id: twelve digits."""
        return "".join(str(b % 10) for b in self._stream(text, 12)).replace("0", "7", 1)

    def number(self, text: str) -> str:
        """Return the pseudonym of a long number: as many digits."""
        return "".join(str(b % 9 + 1) for b in self._stream(text, len(text)))

    def id(self, text: str) -> str:
        """Return an id with the same prefix (``vpc-``), hyphens and kind of characters; short ones get longer."""
        uuid = re.fullmatch(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", text)
        prefix, hyphen, rest = ("", "", text) if uuid else text.rpartition("-")
        if text.startswith("Z") and not hyphen:
            prefix, rest = "Z", text[1:]
        plain = rest.replace("-", "")
        letters = _HEX if re.fullmatch(r"[0-9a-f]*", plain) else _UPPER if plain.isupper() else _ALNUM
        wide = rest if len(plain) >= _SHORTEST else rest + "0" * (_SHORTEST - len(plain))
        made = self._stream(text, len(wide))
        return (
            prefix
            + hyphen
            + "".join(c if c == "-" else letters[b % len(letters)] for c, b in zip(wide, made, strict=True))
        )

    def _stream(self, text: str, length: int) -> bytes:
        out = b""
        while len(out) < length:
            out += hmac.digest(self._key, f"{len(out)}:{text}".encode("utf-8", "replace"), "sha256")
        return out[:length]
