"""Words of names that become others, each always the same one, of the same length.

Words that resemble each other (``example`` and ``exmaple``, ``api`` and ``apis``) get pictures that resemble each
other just as much: their letters are exchanged by one table, made for them alone. Every other word becomes letters by
chance.
"""

from __future__ import annotations

import hmac
import random
import string
from collections.abc import Iterable

from sddoctor.bundle.anonymous.vocabulary import LAST_LABELS, ORDINARY
from sddoctor.text.likeness import RESEMBLES, spelled_alike

#: Comparing each with each takes a time that grows with the square.
_MOST_COMPARED = 300
_CONSONANTS, _VOWELS = "bcdfghjklmnprstvwz", "aeiou"


class Words:
    """The picture of every word, for one key. ``words`` are all that will be asked for, as far as they are known."""

    def __init__(self, key: bytes, words: Iterable[str]) -> None:
        self._key = key
        self._pictures: dict[str, str] = {}
        known = list(dict.fromkeys(w.lower() for w in words if len(w) > 1))
        self._taken = {*known, *ORDINARY, *LAST_LABELS}
        for group in _groups(known):
            self._exchange(group) if len(group) > 1 else self._invent(group[0])

    def picture(self, word: str) -> str:
        """Return the word that stands for ``word``, with its capitals where they were. One letter stays."""
        if len(word) < 2:
            return word
        lower = word.lower()
        made = self._pictures.get(lower) or self._invent(lower)
        if word == lower:
            return made
        return "".join(m.upper() if w.isupper() else m for w, m in zip(word, made, strict=False))

    def pictured(self) -> dict[str, str]:
        """Return every word with its picture, in lower case."""
        return dict(self._pictures)

    def _random(self, about: str) -> random.Random:
        return random.Random(hmac.digest(self._key, about.encode("utf-8", "replace"), "sha256"))  # noqa: S311 - keyed

    def _invent(self, word: str) -> str:
        """Return letters by chance that can be pronounced, and are no other word here."""
        chance = self._random(word)
        length = len(word)
        for attempt in range(200):
            made = "".join(chance.choice((_CONSONANTS, _VOWELS)[(i + attempt) % 2]) for i in range(length))
            if made not in self._taken:
                break
            length += attempt % 20 == 19  # short words run out
        self._taken.add(made)
        self._pictures[word] = made
        return made

    def _exchange(self, group: list[str]) -> None:
        """Give words that are alike their pictures by one table of letters."""
        chance = self._random("\n".join(group))
        for _ in range(200):
            letters = list(string.ascii_lowercase)
            chance.shuffle(letters)
            table = str.maketrans(string.ascii_lowercase, "".join(letters))
            made = [w.translate(table) for w in group]
            if not self._taken & set(made) and all(m.isascii() for m in made):
                break
        else:
            for word in group:
                self._invent(word)
            return
        self._taken.update(made)
        self._pictures.update(zip(group, made, strict=True))


def _groups(words: list[str]) -> list[list[str]]:
    """Put words together that are alike, directly or by way of others."""
    groups: list[list[str]] = []
    for word in words:
        alike = [g for g in groups if any(_alike(word, w) for w in g)] if len(words) <= _MOST_COMPARED else []
        groups = [g for g in groups if g not in alike]
        groups.append([w for g in alike for w in g] + [word])
    return groups


def _alike(a: str, b: str) -> bool:
    if min(len(a), len(b)) < 3:
        return False
    return a in b or b in a or spelled_alike(a, b) >= RESEMBLES
