"""Values in commands and texts: quoted, escaped, and never made up."""

from __future__ import annotations

import shlex

import pytest

from sddoctor.runbook.page import Page
from sddoctor.runbook.values import Joined, Word, command

HOSTILE = "a'b\"c $(id) `id` ; | <b>|"


def test_a_value_of_outside_is_one_word() -> None:
    line = command("aws", "x", Joined("Values=", Word("it", HOSTILE))).line
    assert line is not None
    words = shlex.split(line)
    assert words[:2] == ["aws", "x"]
    assert len(words) == 3


@pytest.mark.parametrize(
    "text", ["a\nb", "\x1b[31m", "-x", "--cli-input-json", "file:///etc/passwd", "https://e.example", "+x", "@1"]
)
def test_a_value_that_would_act_is_in_no_command(text: str) -> None:
    page = Page(links=False)
    page.run(command("aws", "ecs", "list-tasks", "--cluster", Word("the cluster", text)))
    assert page.text() == "Left out for want of the cluster: `aws ecs list-tasks`.\n"


def test_a_variable_is_quoted_as_one() -> None:
    assert command("dig", Joined("@", Word("it", "RESOLVER", variable=True))).line == 'dig "@$RESOLVER"'


def test_a_command_without_its_value_is_left_out_by_name() -> None:
    page = Page(links=False)
    page.run(
        command("aws", "ecs", "list-tasks", "--cluster", Word("the cluster", None, "not seen: *denied*")), command("ls")
    )
    assert page.text() == "```sh\nls\n```\n\nLeft out for want of the cluster: `aws ecs list-tasks`.\n"


def test_values_are_shown_inert() -> None:
    assert Word("it", "a`b").shown() == "``a`b``"
    assert Word("it", None, "not seen: <b>*x*").shown() == "*not seen: &lt;b>\\*x\\**".replace(">", "\\>")


def test_a_fence_is_longer_than_what_is_in_it() -> None:
    page = Page(links=False)
    page.run(command("echo", "```"))
    assert page.text() == "````sh\necho '```'\n````\n"
