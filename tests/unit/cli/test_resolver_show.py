"""``resolver show`` says of every recorded host what its expect.yaml states."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from sddoctor.cli.resolver import resolver
from tests.host_roots import ROOTS, names


def run(*args: str) -> Result:
    return CliRunner().invoke(resolver, ["show", *args], standalone_mode=False)


@pytest.mark.parametrize(("directory", "expect"), names())
def test_json_and_text_of_a_recorded_host(directory: Path, expect: dict[str, Any]) -> None:
    done = run(expect["name"], "--root", str(directory), "-o", "json")
    assert (done.exception, done.return_value) == (None, 0)
    data = json.loads(done.output)
    assert data["schema"] == "sddoctor.resolver/1"
    choice = data["choice"]
    assert choice["asks"] == expect["asks"]
    decided = expect["decided_by"]
    assert {k: choice["decided_by"][k] for k in ("kind", "source", "matched")} == {
        k: decided[k] for k in ("kind", "source", "matched")
    }
    assert choice["stub"] == expect["stub"]
    assert choice["bypass_asks"] == expect["bypass_asks"]
    text = run(expect["name"], "--root", str(directory)).output
    for server in expect["asks"]:
        assert server["address"] in text.replace("\n", " ")
    assert decided["source"] in " ".join(text.split())


def test_the_winner_is_marked_and_what_is_not_used_has_a_reason() -> None:
    text = run("dev-api.example.internal", "--root", str(ROOTS / "macos14-resolver-file-and-vpn")).output
    marked = [line for line in text.splitlines() if line.startswith(("  > ", "  ▶ "))]
    assert len(marked) == 1
    assert "example.internal: 10.10.0.2" in marked[0]
    assert "not used: only look-ups bound to this interface use it" in " ".join(text.split())
    assert "tunnel by utun4 from 10.99.0.10" in text


def test_a_dropped_line_is_shown_with_its_reason() -> None:
    text = run("dev-api.example.internal", "--root", str(ROOTS / "debian12-glibc-crlf-resolv-conf")).output
    assert "carriage return" in text
    assert "\r" not in text


def test_hosts_file_and_nsswitch(tmp_path: Path) -> None:
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc/hosts").write_text("10.10.9.9 Dev-API.example.internal\n")
    (tmp_path / "etc/nsswitch.conf").write_text("hosts: files [!UNAVAIL=return] dns\n")
    (tmp_path / "etc/resolv.conf").write_text("nameserver 192.168.1.1\n")
    text = run("dev-api.example.internal", "--root", str(tmp_path)).output
    assert "The hosts file answers: line 1 of /etc/hosts" in " ".join(text.split())
    assert "files [!UNAVAIL=return] dns" in text
    assert "line 1 says 10.10.9.9" in text


def test_escape_sequences_of_a_file_do_not_reach_the_terminal(tmp_path: Path) -> None:
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc/resolv.conf").write_text("nameserver \x1b[31mevil\nnameserver 192.168.1.1\n")
    assert "\x1b" not in run("dev-api.example.internal", "--root", str(tmp_path)).output


def test_what_decides_was_not_seen_is_3(tmp_path: Path) -> None:
    (tmp_path / "etc/resolv.conf").mkdir(parents=True)
    done = run("dev-api.example.internal", "--root", str(tmp_path))
    assert done.return_value == 3
    assert "could not be seen" in done.output
    done = run("dev-api.example.internal", "--root", str(tmp_path), "-o", "json")
    assert json.loads(done.output)["choice"] is None
    assert any("/etc/resolv.conf" in g["what"] for g in json.loads(done.output)["gaps"])


@pytest.mark.parametrize("name", ["", "a b", "10.10.0.2", "http://x/"])
def test_a_bad_name_is_one_sentence(name: str) -> None:
    error = run(name, "--root", str(ROOTS)).exception
    assert type(error).__name__ == "UsageError"
