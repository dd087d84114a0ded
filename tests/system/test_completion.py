"""Completion in the shells that are not on every machine."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from sddoctor.cli import known_names

pytestmark = pytest.mark.system
BIN = Path(sys.executable).parent

#: Only an interactive zsh has a command line to complete, so what is offered is taken where it would be handed over.
ZSH = """
compdef() {{ : }}
eval "$(sddoctor completion zsh)"
compadd() {{ print -rl -- $completions }}
_describe() {{ print -rl -- ${{completions_with_descriptions%%:*}} }}
words=({line}); CURRENT=$#words
_sddoctor_completion
"""


def shell(program: str, script: str, cache: Path) -> str:
    env = {
        **os.environ,
        "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
        "XDG_CACHE_HOME": str(cache),
        "HOME": str(cache),
    }
    done = subprocess.run([program, "-c", script], env=env, capture_output=True, text=True, timeout=60, check=True)
    return done.stdout


def test_fish(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    known_names.remember(["dev-api.example.internal", "api.prod.internal"])

    def offered(line: str) -> list[str]:
        text = shell("fish", f"sddoctor completion fish | source; complete -C '{line}'", tmp_path)
        return [row.split("\t")[0] for row in text.splitlines()]

    assert offered("sddoctor exp") == ["explain"]
    assert offered("sddoctor check dev") == ["dev-api.example.internal"]
    assert offered("sddoctor explain nxd") == ["nxdomain-hijacked"]


def test_zsh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    known_names.remember(["dev-api.example.internal", "api.prod.internal"])

    def offered(line: str) -> list[str]:
        return shell("zsh", ZSH.format(line=line), tmp_path).split()

    assert offered("sddoctor exp") == ["explain"]
    assert offered("sddoctor check dev") == ["dev-api.example.internal"]
    assert offered("sddoctor explain nxd") == ["nxdomain-hijacked"]
