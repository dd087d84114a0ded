import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sddoctor.report import json_report, junit, markdown, short, text
from sddoctor.report.style import Style
from sddoctor.text.safe import LIMIT, clean, clean_block, is_safe_command, show
from tests.unit.report.diagnoses import AT, HOSTILE

ACTING = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")


@pytest.mark.parametrize(
    ("dirty", "harmless"),
    [
        ("plain words", "plain words"),
        ("a\x1b[31mred\x1b[0m", "ared"),
        ("\x1b]0;title\x07text", "text"),
        ("\x1b]8;;http://x\x1b\\link", "link"),
        ("\x9b31m", "31m"),
        ("two\r\nlines", "two lines"),
        ("tab\there", "tab here"),
        ("user\u202etxt.exe", "usertxt.exe"),
        ("\u2066iso\u2069", "iso"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("nul\x00", "nul"),
        ("half \ud800", "half \ufffd"),
        ("ünï", "ünï"),
    ],
)
def test_clean(dirty: str, harmless: str) -> None:
    assert clean(dirty) == harmless


def test_clean_bounds_the_length() -> None:
    assert len(clean("x" * 10_000)) == LIMIT
    assert clean("x" * 10_000).endswith("…")
    assert clean("x" * LIMIT) == "x" * LIMIT


@given(st.text())
def test_nothing_that_acts_survives(dirty: str) -> None:
    assert not ACTING.search(clean(dirty))
    assert "\n" not in clean(dirty)
    assert not any(ACTING.search(line.replace("\t", "")) for line in clean_block(dirty))


@pytest.mark.parametrize("command", ["aws ecs list-services", "tee f <<'E'\nx\nE", "a\tb", "echo 'ü'"])
def test_ordinary_commands_are_safe(command: str) -> None:
    assert is_safe_command(command)


@pytest.mark.parametrize("sign", ["\x1b", "\r", "\x00", "\x9b", "\u202e", "\u200b", "\u2028", "\ufeff", "\ud800"])
def test_commands_with_hidden_characters_are_not(sign: str) -> None:
    assert not is_safe_command(f"echo a{sign}b")


@pytest.mark.parametrize(
    ("value", "words"),
    [(None, "nothing"), (True, "yes"), (False, "no"), (3, "3"), (1.5, "1.5"), ((), "none"), (("a", "b"), "a, b"),
     ("", "(empty)"), ("a\nb", "a b")],
)  # fmt: skip
def test_show(value: bool | int | float | str | tuple[str, ...] | None, words: str) -> None:
    assert show(value) == words


@pytest.mark.parametrize("width", [40, 80])
@pytest.mark.parametrize("verbose", [False, True])
def test_no_hostile_text_reaches_any_report(width: int, verbose: bool) -> None:
    style = Style(width=width, fancy=True, verbose=verbose)
    reports = [
        text.render([HOSTILE], style),
        short.render([HOSTILE], style),
        markdown.render([HOSTILE]),
        junit.render([HOSTILE]),
        json_report.render([HOSTILE], AT, "1"),
    ]
    for report in reports:
        assert not ACTING.search(report)
