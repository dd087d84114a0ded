"""Where the page of a cause is."""

from __future__ import annotations


def page_of(code: str) -> str:
    """Return the path of the page of a cause in the repository."""
    return f"docs/causes/{code}.md"
