import json
import os
import pty
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from sddoctor.causes.registry import CAUSES
from sddoctor.cli.main import run
from sddoctor.report import pages


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A directory that is read in place of the pages of the installation."""
    monkeypatch.setattr(pages, "_PLACES", (tmp_path / "nowhere", tmp_path))
    pages.all_pages.cache_clear()
    yield tmp_path
    pages.all_pages.cache_clear()


def test_list_has_every_cause_under_its_hop(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain"]) == 0
    listed: dict[str, tuple[str, str]] = {}
    hop = ""
    for line in capsys.readouterr().out.splitlines():
        if line and not line.startswith(" "):
            hop = line
        elif line:
            code, title = line.split(maxsplit=1)
            listed[code] = (hop, title)
    assert {c.code: (c.hop, c.title) for c in CAUSES}.items() <= listed.items()


def test_a_page_is_rendered(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", "SPLIT-dns-missing"]) == 0
    text = capsys.readouterr().out
    assert text.startswith("Nothing on this host sends the domain to the VPC resolver\n\n")
    assert "\n## " not in text
    assert "\nHow to recognise it by hand\n    dig @10.10.0.2 dev-api.example.internal " in text
    assert "\x1b" not in text


def test_headings_are_bold_where_colour_is_wanted(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", "srv-only", "--color", "always"]) == 0
    assert "\x1b[1mWhat it is\x1b[0m\n" in capsys.readouterr().out


def test_markdown_is_the_page_itself(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", "srv-only", "-o", "markdown"]) == 0
    page = Path(__file__).parents[3] / "docs" / "causes" / "srv-only.md"
    assert capsys.readouterr().out == page.read_text(encoding="utf-8")


def test_json_of_a_page_and_of_the_list(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", "srv-only", "-o", "json"]) == 0
    one = json.loads(capsys.readouterr().out)
    assert one["schema"] == "sddoctor.explain/1"
    (cause,) = one["causes"]
    assert (cause["code"], cause["hop"], cause["kind"]) == ("srv-only", "route53", "fault")
    assert cause["page"].startswith(f"# {cause['title']}\n")
    assert run(["explain", "-o", "json"]) == 0
    every = json.loads(capsys.readouterr().out)["causes"]
    assert {c.code for c in CAUSES} <= {c["code"] for c in every}
    assert all("page" not in c for c in every)


def test_words_find_the_pages_that_have_all_of_them(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", "NXDOMAIN"]) == 0
    found = [line.split()[0] for line in capsys.readouterr().out.splitlines()]
    assert set(found[:2]) == {"aaaa-nxdomain", "nxdomain-hijacked"}
    assert "negative-answer-cached" in found
    assert run(["explain", "nxdomain", "remembered"]) == 0
    fewer = [line.split()[0] for line in capsys.readouterr().out.splitlines()]
    assert fewer[0] == "negative-answer-cached"
    assert set(fewer) < set(found)
    assert all("nxdomain" in (pages.find(c) or pytest.fail(c)).text.lower() for c in found)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["splt-dns-missing"], "There is no cause 'splt-dns-missing'. Did you mean 'split-dns-missing'?"),
        (["frobnicated"], "No page of a cause has 'frobnicated'. 'sddoctor explain' lists them all."),
    ],
)
def test_what_is_not_found_is_wrong_usage(words: list[str], says: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", *words]) == 2
    assert capsys.readouterr().err.startswith(f"Error: {says}\n")


def test_missing_pages_are_one_sentence(elsewhere: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (elsewhere / "srv-only.md").write_text("half a pa", encoding="utf-8")
    assert run(["explain", "srv-only"]) == 2
    assert capsys.readouterr().err == (
        "Error: The pages of the causes are not part of this installation: install sddoctor again.\n"
    )


def test_a_long_page_goes_through_the_pager_of_a_terminal(tmp_path: Path) -> None:
    pager = tmp_path / "pager"
    pager.write_text("#!/bin/sh\necho PAGED; cat\n", encoding="utf-8")
    pager.chmod(0o755)
    main, other = pty.openpty()
    env = {**os.environ, "PAGER": str(pager), "TERM": "xterm", "LINES": "24", "COLUMNS": "80"}
    command = [sys.executable, "-m", "sddoctor", "explain", "split-dns-missing"]
    with subprocess.Popen(command, stdin=other, stdout=other, env=env) as process:
        os.close(other)
        shown = b""
        while part := _read(main):
            shown += part
        assert process.wait(120) == 0
    os.close(main)
    assert shown.startswith(b"PAGED")
    assert b"Sources" in shown


def _read(terminal: int) -> bytes:
    """Read from a terminal; Linux reports its end as an error."""
    try:
        return os.read(terminal, 65536)
    except OSError:
        return b""
