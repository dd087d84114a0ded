from pathlib import Path

import pytest

from sddoctor.report.page_text import render
from sddoctor.report.style import Style

PAGES = sorted((Path(__file__).parents[3] / "docs" / "causes").glob("*.md"))


@pytest.mark.parametrize("path", PAGES, ids=lambda p: p.stem)
def test_no_word_and_no_command_of_a_page_is_lost(path: Path) -> None:
    markdown = path.read_text(encoding="utf-8")
    text = render(markdown, Style(width=60))
    commands = [line for line in markdown.split("\n") if line.startswith("    ")]
    assert [line for line in commands if line not in text.split("\n")] == []
    prose = [line for line in text.split("\n") if line not in commands and "  " not in line.strip()]
    assert [line for line in prose if len(line) > 60 and " " in line.strip(" -")] == []
    bare = markdown.translate(str.maketrans("", "", "#|*-:"))
    seen = text.translate(str.maketrans("", "", "#|*-:"))
    assert bare.split() == seen.split()


def test_links_strong_words_lists_and_tables() -> None:
    markdown = "# Title\n\nSee [the page](there.md), **now**.\n\n- one\n  and more\n- two\n\n| a | bb |\n|---|---|\n| c | d |\n"
    assert render(markdown, Style()) == (
        "Title\n\n  See the page, now.\n\n  - one and more\n  - two\n\n  a  bb\n  c  d\n"
    )
