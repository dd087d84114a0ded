"""The pages of causes: where they are, and what they say."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).parent.parent
#: In an installed package, and in a working copy of the repository.
_PLACES = (_PACKAGE / "_docs" / "causes", _PACKAGE.parent / "docs" / "causes")


def page_of(code: str) -> str:
    """Return the path of the page of a cause in the repository."""
    return f"docs/causes/{code}.md"


def read(code: str) -> str | None:
    """Return the page of a cause of the registry, in Markdown, or ``None`` if it is not there."""
    for place in _PLACES:
        page = place / f"{code}.md"
        if page.is_file():
            return page.read_text(encoding="utf-8")
    return None
