"""Every promise of docs/trust.md names tests that exist."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[3]
TEXT = (ROOT / "docs" / "trust.md").read_text(encoding="utf-8")
ROWS = [line for line in TEXT.split("\n") if line.startswith("| ") and not line.startswith("| promise")]


def test_every_promise_names_a_test() -> None:
    assert len(ROWS) > 15
    assert [row for row in ROWS if not re.search(r"`tests/[\w/]+\.py::test_\w+`", row)] == []


def test_every_named_test_exists() -> None:
    named = re.findall(r"`(tests/[^`:]+)::([^`]+)`", TEXT)
    assert len(named) == TEXT.count("`tests/")
    missing = [
        f"{path}::{name}"
        for path, name in named
        if not re.search(rf"(?m)^def {re.escape(name)}\(", (ROOT / path).read_text(encoding="utf-8"))
    ]
    assert missing == []
