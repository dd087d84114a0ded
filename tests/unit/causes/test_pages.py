"""Code, pages and precedence say the same of every cause."""

from __future__ import annotations

from pathlib import Path

import pytest

from sddoctor.causes.model import Cause
from sddoctor.causes.registry import CAUSES

PAGES = Path(__file__).parents[3] / "docs" / "causes"
SECTIONS = (
    "## What it is",
    "## How to recognise it by hand",
    "## How it comes about",
    "## What it is mistaken for",
    "## How to fix it",
    "## How to see that it is gone",
    "## Sources",
)


@pytest.mark.parametrize("cause", CAUSES, ids=lambda c: c.code)
def test_a_cause_has_its_page(cause: Cause) -> None:
    page = (PAGES / f"{cause.code}.md").read_text(encoding="utf-8")
    lines = page.split("\n")
    assert lines[0] == f"# {cause.title}"
    assert lines[2] == f"`{cause.code}` · hop `{cause.hop}` · {cause.kind} · {cause.severity} · {cause.certainty}"
    places = [page.index(f"\n{s}\n") for s in SECTIONS]
    assert places == sorted(places)
    assert "https://" in page[places[-1] :]


def test_every_page_names_a_cause_of_the_registry() -> None:
    assert {p.stem for p in PAGES.glob("*.md")} == {c.code for c in CAUSES}
