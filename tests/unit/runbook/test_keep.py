"""What was written by hand survives, and a file that is something else is never touched."""

from __future__ import annotations

import pytest

from sddoctor.runbook.keep import KeepError, head, merged, section

NAME = "api.example.internal"


def made(owner: str = "fill in", fact: str = "1", date: str = "2026-11-24") -> str:
    line = f"Filled in by `sddoctor runbook` from what was seen on {date} (UTC)."
    return f"{head(NAME)}\n\n{line}\n\n{section('owner', owner)}\n\nfact {fact}\n"


def test_kept_sections_survive_and_the_rest_is_new() -> None:
    text = merged(made("team blue\n\n* `code`  \n", "1"), made(fact="2"), NAME)
    assert text == made("team blue\n\n* `code`  \n", "2")


def test_the_same_facts_change_nothing_not_even_the_date() -> None:
    old = made("team blue", date="2025-01-01")
    assert merged(old, made(), NAME) == old


def test_the_date_moves_with_the_facts() -> None:
    assert "2026-11-24" in merged(made(date="2025-01-01"), made(fact="2"), NAME)


def test_sections_of_ones_own_go_to_the_end_and_stay_there() -> None:
    old = made() + "\n" + section("dashboards", "https://example.com") + "\n"
    text = merged(old, made(fact="2"), NAME)
    assert text.endswith(section("dashboards", "https://example.com") + "\n")
    assert merged(text, made(fact="2"), NAME) == text


def test_an_emptied_section_stays_empty() -> None:
    old = made().replace(section("owner", "fill in"), "<!-- keep:owner -->\n<!-- /keep:owner -->")
    assert "<!-- keep:owner -->\n<!-- /keep:owner -->" in merged(old, made(fact="2"), NAME)


def test_line_ends_stay_as_they_are() -> None:
    old = made("team blue").replace("\n", "\r\n")
    text = merged(old, made(fact="2"), NAME)
    assert text == made("team blue", "2").replace("\n", "\r\n")


def test_what_is_kept_is_no_pattern() -> None:
    content = r"\1 \g<0> $& <!-- note --> <!-- keep:x"
    assert content in merged(made(content), made(fact="2"), NAME)


@pytest.mark.parametrize(
    ("old", "said"),
    [
        ("# My notes\n", "not a runbook"),
        ("", "not a runbook"),
        (made().replace(NAME, "other.example.internal"), "the runbook of other.example.internal"),
        (made().replace("<!-- /keep:owner -->", ""), "'owner' has no end"),
        (made().replace("<!-- keep:owner -->", ""), "has not begun"),
        (made() + section("owner", "again"), "a second time"),
        (made().replace("fill in", "<!-- keep:inner -->"), "'owner' has no end before line"),
    ],
)
def test_a_damaged_or_foreign_file_is_refused(old: str, said: str) -> None:
    with pytest.raises(KeepError, match=said):
        merged(old, made(), NAME)
