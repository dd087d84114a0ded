"""What a report does to whoever reads it: the characters that act, the lines that lie, the markup that is not its own."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from html.parser import HTMLParser

from markdown_it import MarkdownIt

from tests.hostile.poison import TRAP

#: What Unicode tells renderers not to show, beside controls (Cc), formats (Cf), surrogates and private characters.
INVISIBLE = frozenset("\u034f\u115f\u1160\u3164\uffa0\ufe0f\U000e0100")
FORGED = re.compile(rf"\s*(touch {TRAP}$|HEALTHY  all|# title$|fence$)")


def acts(shown: str) -> list[str]:
    """Return the characters that act, or that nobody sees."""
    return [
        c for c in shown
        if c != "\n" and (unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp") or c in INVISIBLE)
    ]  # fmt: skip


def forged(shown: str) -> list[str]:
    """Return the lines that hostile text has made."""
    return [line for line in shown.split("\n") if FORGED.match(line)]


class Tags(HTMLParser):
    """The tags of a document, the names and values of their attributes, and how many scripts it has."""

    def __init__(self, document: str) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.attributes: set[str] = set()
        self.values: set[str] = set()
        self.scripts = 0
        self.feed(document)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.values |= {value for _, value in attrs if value}
        self.scripts += tag == "script"


def tags_of_markdown(document: str) -> Tags:
    """Return the tags of a Markdown document as GitHub shows it."""
    return Tags(_reader().render(document))


@cache
def _reader() -> MarkdownIt:
    reader = MarkdownIt("gfm-like", {"html": True})
    assert reader.linkify is not None
    reader.linkify.set({"fuzzy_link": False, "fuzzy_email": False})  # it guesses more links than GitHub does
    return reader
