"""The running host: commands are bounded in time and size, and no shell interprets them."""

import os
import sys
from pathlib import Path

import pytest

from sddoctor.case.seen import Absent, Seen, Unreachable
from sddoctor.observe.budget import Budget
from sddoctor.observe.host.source import RunningHost

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="uses POSIX commands")


def python(code: str) -> tuple[str, ...]:
    return (sys.executable, "-c", code)


def test_output_is_read() -> None:
    assert RunningHost().run(("printf", "%s", "$HOME;ls")).value == "$HOME;ls"
    assert RunningHost().run(python("import os; print(os.environ['LC_ALL'])")).value == "C\n"


def test_complaint_stands_in_for_output() -> None:
    found = RunningHost().run(python("import sys; sys.stderr.write('no such thing'); sys.exit(3)"))
    assert found.value == "no such thing"
    assert RunningHost().run(python("import sys; sys.stderr.write('note')")).value == ""


def test_missing_command() -> None:
    assert isinstance(RunningHost().run(("no-such-command-here",)), Absent)


def test_time_is_bounded() -> None:
    found = RunningHost(Budget(0.3)).run(python("import signal; signal.pause()"))
    assert isinstance(found, Unreachable)
    spent = Budget(0)
    assert isinstance(RunningHost(spent).run(("true",)), Unreachable)


def test_output_is_bounded() -> None:
    found = RunningHost().run(python("import sys; sys.stdout.write('x' * (9 << 20))"))
    assert isinstance(found, Seen)
    assert (len(found.value), found.unread) == (8 << 20, ("what follows its first 8388608 bytes",))


def test_cmdlets_with_strange_arguments_are_not_run() -> None:
    assert isinstance(RunningHost().run(("Resolve-DnsName", "a; calc")), Unreachable)


@pytest.mark.parametrize("line", ["Get-DnsClientNrptRule | calc", "Get-DnsClientNrptRule $(calc)", "Remove-Item x"])
def test_only_known_cmdlets_and_plain_words_reach_powershell(line: str) -> None:
    assert isinstance(RunningHost().run(tuple(line.split(" "))), Unreachable)


@pytest.mark.parametrize("program", ["powershell.exe", "pwsh.exe"])
def test_cmdlets_are_asked_for_json(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str) -> None:
    fake = tmp_path / program
    fake.write_text('#!/bin/sh\nprintf "%s\\n" "$@"\n')
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    found = RunningHost().run(("Find-NetRoute", "-RemoteIPAddress", "10.0.0.2"))
    assert isinstance(found, Seen)
    assert found.source == "Find-NetRoute -RemoteIPAddress 10.0.0.2"
    *options, script = found.value.splitlines()
    assert options == ["-NoProfile", "-NonInteractive", "-Command"]
    assert script == (
        "$ErrorActionPreference = 'Stop'; try { [Console]::OutputEncoding = [Text.UTF8Encoding]::new($false) } catch { }; "
        "ConvertTo-Json -Compress -Depth 5 -InputObject @(Find-NetRoute -RemoteIPAddress 10.0.0.2 | "
        "Select-Object InterfaceAlias,InterfaceIndex,IPAddress,DestinationPrefix,NextHop)"
    )


def test_a_host_without_powershell(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    assert isinstance(RunningHost().run(("Get-DnsClientNrptRule",)), Unreachable)


def test_unreadable_files(tmp_path: Path) -> None:
    host = RunningHost()
    assert isinstance(host.read(str(tmp_path)), Unreachable)
    assert isinstance(host.read(str(tmp_path / "missing")), Absent)
    os.mkfifo(tmp_path / "pipe")
    assert isinstance(host.read(str(tmp_path / "pipe")), Unreachable)
    assert host.list(str(tmp_path)).value == ("pipe",)
    assert isinstance(host.list(str(tmp_path / "pipe")), Absent)
