"""The pages of causes: where they are, what they say, and which of them speak of some words.

Nothing of the causes themselves is loaded: a page begins with what the registry says of its cause, and tests keep the
two the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import NamedTuple

_PACKAGE = Path(__file__).parent.parent
#: In an installed package, and in a working copy of the repository.
_PLACES = (_PACKAGE / "_docs" / "causes", _PACKAGE.parent / "docs" / "causes")
_HOPS = ("ecs", "cloudmap", "route53", "vpc-dns", "network", "host")
_CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_HEAD = re.compile(
    r"# (?P<title>.+)\n\n`(?P<code>[a-z0-9-]+)` · hop `(?P<hop>[a-z0-9-]+)`"
    r" · (?P<kind>\w+) · (?P<severity>\w+) · (?P<certainty>\w+)\n"
)
#: How much more it means when a word stands in the code or the title than in the text.
_IN_CODE, _IN_TITLE, _MOST_IN_TEXT = 40, 20, 10


class Page(NamedTuple):
    """The page of a cause: its head, taken apart, and its whole text in Markdown."""

    code: str
    hop: str
    kind: str
    severity: str
    certainty: str
    title: str
    text: str


def page_path(code: str) -> str:
    """Return the path of the page of a cause in the repository."""
    return f"docs/causes/{code}.md"


@cache
def all_pages() -> tuple[Page, ...]:
    """Return all pages, in the order of the hops. None are there in a broken installation."""
    place = next((p for p in _PLACES if p.is_dir()), None)
    found = [_read(path) for path in sorted(place.glob("*.md"))] if place is not None else []
    return tuple(sorted((p for p in found if p is not None), key=lambda p: _HOPS.index(p.hop)))


def find(code: str) -> Page | None:
    """Return the page of a cause, or ``None``."""
    path = next((p for p in _PLACES if p.is_dir()), Path()) / f"{code}.md"
    return _read(path) if _CODE.fullmatch(code) and path.is_file() else None


def search(words: Iterable[str]) -> list[Page]:
    """Return the pages that have every one of these words, or its beginning, the most fitting first."""
    patterns = [re.compile(rf"(?<![a-z0-9]){re.escape(w.lower())}") for w in words]
    scored = [(_score(p, patterns), p) for p in all_pages()]
    return [p for score, p in sorted(scored, key=lambda s: -s[0]) if score]


def _score(page: Page, patterns: list[re.Pattern[str]]) -> int:
    title, text = page.title.lower(), page.text.lower().split("\n## sources", 1)[0]
    scores = [
        _IN_CODE * bool(p.search(page.code))
        + _IN_TITLE * bool(p.search(title))
        + min(len(p.findall(text)), _MOST_IN_TEXT)
        for p in patterns
    ]
    return sum(scores) if all(scores) else 0


def _read(path: Path) -> Page | None:
    text = path.read_text(encoding="utf-8")
    head = _HEAD.match(text)
    if head is None or head["hop"] not in _HOPS:
        return None
    return Page(**head.groupdict(), text=text if text.endswith("\n") else f"{text}\n")
