"""The runbooks for any name are those of the documents, and name only causes that exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sddoctor.report.pages import find
from sddoctor.runbook.__main__ import main
from sddoctor.runbook.generic import pages

DOCS = Path(__file__).parents[3] / "docs" / "runbooks"


def test_the_documents_are_what_is_made() -> None:
    written = {p.name: p.read_text(encoding="utf-8") for p in DOCS.glob("*")}
    assert written == pages(), "make runbooks writes them anew"


def test_they_are_written_to_a_directory(tmp_path: Path) -> None:
    main(tmp_path / "runbooks")
    assert {p.name: p.read_text(encoding="utf-8") for p in (tmp_path / "runbooks").iterdir()} == pages()


@pytest.mark.parametrize("name", pages())
def test_causes_exist_and_links_lead_somewhere(name: str) -> None:
    text = pages()[name]
    assert [code for code in re.findall(r"\[`([a-z0-9-]+)`\]", text) if find(code) is None] == []
    links = re.findall(r"\]\(([^)#]+)\)", text)
    assert links
    assert [link for link in links if not (DOCS / link).is_file()] == []


@pytest.mark.parametrize("name", [n for n in pages() if n != "index.md"])
def test_every_variable_that_is_used_is_set(name: str) -> None:
    text = pages()[name]
    used = set(re.findall(r"\$([A-Z_]+)", text))
    made = set(re.findall(r"(?m)^([A-Z_]+)=", text)) | {"CLUSTER", "ECS_SERVICE", "ADDRESS"}
    assert used - made <= {"AWS_REGION"}
    assert "read -r CLUSTER ECS_SERVICE ADDRESS" in text
