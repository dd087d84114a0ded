from pathlib import Path

import pytest

from sddoctor.causes.registry import CAUSES
from sddoctor.cli.main import run
from sddoctor.report import pages


def test_list_has_every_cause_under_its_hop(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain"]) == 0
    listed: dict[str, str] = {}
    hop = ""
    for line in capsys.readouterr().out.splitlines():
        if line and not line.startswith(" "):
            hop = line
        elif line:
            listed[line.split()[0]] = hop
            assert line.split(maxsplit=1)[1] in {c.title for c in CAUSES}
    assert listed == {c.code: c.hop for c in CAUSES}


def test_page_is_printed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "srv-only.md").write_text("# Only SRV records\n\nWords.", encoding="utf-8")
    monkeypatch.setattr(pages, "_PLACES", (tmp_path / "nowhere", tmp_path))
    assert run(["explain", "SRV-only"]) == 0
    assert capsys.readouterr().out == "# Only SRV records\n\nWords.\n"


def test_missing_page_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(pages, "_PLACES", (tmp_path,))
    assert run(["explain", "srv-only"]) == 2
    assert capsys.readouterr().err == "Error: The page of 'srv-only' is not part of this installation.\n"
