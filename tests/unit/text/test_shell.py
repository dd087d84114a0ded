"""Commands to paste: a text from outside is one word, or the command is not shown."""

import shlex

import pytest

from sddoctor.text.safe import is_safe_command
from sddoctor.text.shell import aws, command, powershell, variable


@pytest.mark.parametrize("text", ["a b", "'", '"', "$(x)", "`x`", "a;b", "\\", "*", "~", "!!", "", "é", "a=b", "{a,b}"])
def test_a_text_is_one_word(text: str) -> None:
    assert shlex.split(command("echo", text)) == ["echo", text]
    assert shlex.split(aws("ecs", "update-service", service=text)) == [
        "aws",
        "ecs",
        "update-service",
        "--service",
        text,
    ]


@pytest.mark.parametrize(
    "text", ["a\nb", "a\u200bb", "a\x1bb", "a\u202eb", "a\u00a0b", "a\tb", "a\0b", "a\u3164b", "a\ufe0fb"]
)
def test_a_word_that_is_not_what_it_looks_like_is_not_shown(text: str) -> None:
    """Without its hidden characters it would name another thing, and the command would change that one."""
    assert not is_safe_command(command("echo", text))


def test_a_value_is_no_option() -> None:
    said = aws(
        "servicediscovery", "deregister-instance", service_id="srv-1", instance_id="--endpoint-url=http://x.invalid"
    )
    assert shlex.split(said)[-1] == "--instance-id=--endpoint-url=http://x.invalid"


@pytest.mark.parametrize("text", ["file:///etc/passwd", "fileb:///etc/passwd", "http://x.invalid", "https://x.invalid"])
def test_a_value_is_never_read_as_a_file(text: str) -> None:
    assert not is_safe_command(aws("servicediscovery", "deregister-instance", instance_id=text))
    assert not is_safe_command(aws("ecs", "describe-services", services=("a", text)))


def test_variables_stay_variables() -> None:
    assert aws("route53", "get-hosted-zone", id=variable("zone")) == 'aws route53 get-hosted-zone --id "$zone"'


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (("Resolve-DnsName", "-Name", "a.b-c", "-Type", "A"), "Resolve-DnsName -Name a.b-c -Type A"),
        (("Resolve-DnsName", "$(calc)"), "Resolve-DnsName '$(calc)'"),
        (("x", "it's; y"), "x 'it''s; y'"),
        (("x", "a\u2019;y"), "x 'a\u2019\u2019;y'"),
        (("x", "fd00::53"), "x 'fd00::53'"),
        (("x", ""), "x ''"),
    ],
)
def test_powershell_takes_a_word_for_what_it_is(words: tuple[str, ...], line: str) -> None:
    assert powershell(*words) == line


def test_a_hidden_character_makes_a_powershell_command_that_is_not_shown() -> None:
    assert not is_safe_command(powershell("x", "a\u200bb"))
