"""Pseudonyms of words: of the same length, and the same for every occurrence.

Words that resemble each other (``example`` and ``exmaple``, ``api`` and ``apis``) get pseudonyms that resemble each
other just as much: one substitution of letters is used for the group. Other words become random letters.
"""

from __future__ import annotations

import hmac
import random
import string
from collections.abc import Iterable

from sddoctor.bundle.anonymous.vocabulary import LAST_LABELS, ORDINARY
from sddoctor.text.likeness import RESEMBLES, spelled_alike

#: Comparing all pairs takes quadratic time.
_MOST_COMPARED = 300
_CONSONANTS, _VOWELS = "bcdfghjklmnprstvwz", "aeiou"


class Words:
    """The pseudonym of every word, for one key. ``words`` are those expected; others may follow."""

    def __init__(self, key: bytes, words: Iterable[str]) -> None:
        self._key = key
        self._pseudonyms: dict[str, str] = {}
        known = list(dict.fromkeys(w.lower() for w in words if len(w) > 1))
        self._taken = {*known, *ORDINARY, *LAST_LABELS}
        for group in _groups(known):
            self._substitute(group) if len(group) > 1 else self._invent(group[0])

    def pseudonym(self, word: str) -> str:
        """Return the pseudonym of ``word``, with capitals at the same places. A single letter stays."""
        if len(word) < 2:
            return word
        lower = word.lower()
        made = self._pseudonyms.get(lower) or self._invent(lower)
        if word == lower:
            return made
        return "".join(m.upper() if w.isupper() else m for w, m in zip(word, made, strict=False))

    def pseudonyms(self) -> dict[str, str]:
        """Return the pseudonym of every word so far, in lower case."""
        return dict(self._pseudonyms)

    def _random(self, about: str) -> random.Random:
        return random.Random(hmac.digest(self._key, about.encode("utf-8", "replace"), "sha256"))  # noqa: S311 - keyed

    def _invent(self, word: str) -> str:
        """Return random, pronounceable letters that are not taken by another word."""
        rng = self._random(word)
        length = len(word)
        for attempt in range(200):
            made = "".join(rng.choice((_CONSONANTS, _VOWELS)[(i + attempt) % 2]) for i in range(length))
            if made not in self._taken:
                break
            length += attempt % 20 == 19  # short words run out
        self._taken.add(made)
        self._pseudonyms[word] = made
        return made

    def _substitute(self, group: list[str]) -> None:
        """Give similar words their pseudonyms by one substitution of letters."""
        rng = self._random("\n".join(group))
        for _ in range(200):
            letters = list(string.ascii_lowercase)
            rng.shuffle(letters)
            table = str.maketrans(string.ascii_lowercase, "".join(letters))
            made = [w.translate(table) for w in group]
            if not self._taken & set(made) and all(m.isascii() for m in made):
                break
        else:
            for word in group:
                self._invent(word)
            return
        self._taken.update(made)
        self._pseudonyms.update(zip(group, made, strict=True))


def _groups(words: list[str]) -> list[list[str]]:
    """Group words that are similar, directly or through others."""
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
