"""What a console of Windows puts around the output of a command."""

from __future__ import annotations

import pytest

from sddoctor.case.seen import Seen, Unreachable
from sddoctor.formats.host import nrpt
from sddoctor.formats.host.console import own_output

RULE = "Namespace : {.a.example}\nNameServers : 10.0.0.1\nDnsSecEnabled : False"
OTHER = "Namespace : {.b.example}\nNameServers : 10.0.0.2\nDnsSecEnabled : False"
COMMAND = "Get-DnsClientNrptRule"


@pytest.mark.parametrize(
    "text",
    [
        RULE,
        f"\ufeff{RULE}",
        RULE.replace("\n", "\r\r\n"),
        f"\x1b[32;1mNamespace : \x1b[0m{RULE.removeprefix('Namespace : ')}",
        f"[32;1mNamespace : [0m{RULE.removeprefix('Namespace : ')}",
        f"^[[32;1mNamespace : ^[[0m{RULE.removeprefix('Namespace : ')}",
        f"\x1b]0;PowerShell\x07{RULE}\x1b[K",
        "\0".join(RULE),
        f"PS C:\\Users\\ana> {COMMAND}\n{RULE}\n\nPS C:\\Users\\ana>",
        f"PS C:\\> get-dnsclientnrptrule | fl *\n{RULE}",
        f"[DC1]: PS C:\\> {COMMAND}\n{RULE}",
        f"PS> {COMMAND}\n{RULE}\nPS>",
        f"C:\\Users\\ana>powershell {COMMAND}\n{RULE}\nC:\\Users\\ana>",
        f"Windows PowerShell\nCopyright (C) Microsoft Corporation.\n\nPS C:\\> hostname\nPC1\nPS C:\\> {COMMAND}\n{RULE}",
        f"PS C:\\> {COMMAND}\n{RULE}\nPS C:\\> Get-DnsClientNrptPolicy\n{OTHER}",
        f"{RULE}\nPS C:\\> exit",
    ],
)  # fmt: skip
def test_the_output_is_read_whatever_is_around_it(text: str) -> None:
    found = nrpt.parse(text)
    assert isinstance(found, Seen)
    assert [(r.namespaces, r.servers) for r in found.value] == [((".a.example",), ("10.0.0.1",))]


def test_behind_a_prompt_no_output_is_no_rule() -> None:
    assert nrpt.parse(f"PS C:\\> {COMMAND}\n\nPS C:\\> Get-DnsClientNrptPolicy\n{OTHER}\n") == Seen((), COMMAND)


def test_the_output_of_another_command_says_nothing() -> None:
    assert isinstance(nrpt.parse(f"PS C:\\> Get-DnsClientNrptPolicy\n{OTHER}\n"), Unreachable)


@pytest.mark.parametrize("more", ["-Name x", "| Where-Object Comment", "| ? Comment", "| select -First 1"])
def test_what_asks_for_a_part_leaves_the_rest_open(more: str) -> None:
    found = nrpt.parse(f"PS C:\\> {COMMAND} {more}\n{RULE}\n")
    assert isinstance(found, Seen)
    assert found.unread == (f"only part of it was asked for: {COMMAND} {more}",)


def test_of_several_runs_the_last_counts_and_another_is_a_gap() -> None:
    twice = f"PS C:\\> {COMMAND}\n{RULE}\nPS C:\\> {COMMAND}\n"
    assert own_output(COMMAND, f"{twice}{RULE}\n") == (RULE, ())
    output, unread = own_output(COMMAND, f"{twice}{OTHER}")
    assert (output, len(unread)) == (OTHER, 1)
