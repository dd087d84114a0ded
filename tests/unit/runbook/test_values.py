"""Values in commands and texts: quoted, escaped, and never made up."""

from __future__ import annotations

import shlex

import pytest

from sddoctor.runbook.blocks import Blocks
from sddoctor.runbook.values import Joined, Value, command

HOSTILE = "a'b\"c $(id) `id` ; | <b>|"


def test_a_value_of_outside_is_one_word() -> None:
    line = command("aws", "x", Joined("Values=", Value("it", HOSTILE))).line
    assert line is not None
    words = shlex.split(line)
    assert words[:2] == ["aws", "x"]
    assert len(words) == 3


@pytest.mark.parametrize(
    "text", ["a\nb", "\x1b[31m", "-x", "--cli-input-json", "file:///etc/passwd", "https://e.example", "+x", "@1"]
)
def test_a_value_that_would_act_is_in_no_command(text: str) -> None:
    blocks = Blocks(links=False)
    blocks.run(command("aws", "ecs", "list-tasks", "--cluster", Value("the cluster", text)))
    assert blocks.text() == "Left out for want of the cluster: `aws ecs list-tasks`.\n"


def test_a_variable_is_quoted_as_one() -> None:
    assert command("dig", Joined("@", Value("it", "RESOLVER", variable=True))).line == 'dig "@$RESOLVER"'


def test_a_command_without_its_value_is_left_out_by_name() -> None:
    blocks = Blocks(links=False)
    blocks.run(
        command("aws", "ecs", "list-tasks", "--cluster", Value("the cluster", None, "not seen: *denied*")),
        command("ls"),
    )
    assert blocks.text() == "```sh\nls\n```\n\nLeft out for want of the cluster: `aws ecs list-tasks`.\n"


def test_values_are_shown_inert() -> None:
    assert Value("it", "a`b").shown() == "``a`b``"
    assert Value("it", None, "not seen: <b>*x*").shown() == "*not seen: &lt;b>\\*x\\**".replace(">", "\\>")


def test_a_fence_is_longer_than_what_is_in_it() -> None:
    blocks = Blocks(links=False)
    blocks.run(command("echo", "```"))
    assert blocks.text() == "````sh\necho '```'\n````\n"
