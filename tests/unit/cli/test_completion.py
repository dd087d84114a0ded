"""What a shell is told to complete with, by the real shell where it is always there."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from sddoctor.cli import known_names
from sddoctor.cli.main import run

BIN = Path(sys.executable).parent


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "sddoctor" / "names"


def in_bash(line: str) -> list[str]:
    """Return what bash offers for a line, the cursor being at its end."""
    script = f"""
        eval "$(sddoctor completion bash)"
        COMP_WORDS=({line}); COMP_CWORD=$(( ${{#COMP_WORDS[@]}} - 1 ))
        _sddoctor_completion sddoctor
        printf '%s\\n' "${{COMPREPLY[@]}}"
    """
    env = {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(["bash", "-c", script], env=env, capture_output=True, text=True, timeout=60, check=True)
    assert done.stderr == ""
    return done.stdout.split()


@pytest.mark.slow
def test_bash_completes_commands_options_codes_and_names() -> None:
    known_names.remember(["dev-api.example.internal", "dev-db.example.internal", "api.prod.internal"])
    assert in_bash("sddoctor exp") == ["explain"]
    assert in_bash("sddoctor check --tim") == ["--timeout", "--timings"]
    assert in_bash("sddoctor explain nxd") == ["nxdomain-hijacked"]
    assert in_bash("sddoctor check --ignore srv") == ["srv-only"]
    assert in_bash("sddoctor lab run rolling-d") == ["rolling-deployment"]
    for command in ("watch", "runbook", "probe", "resolver show"):
        assert in_bash(f"sddoctor {command} api") == ["api.prod.internal"]
    assert in_bash("sddoctor check dev") == ["dev-api.example.internal", "dev-db.example.internal"]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_has_its_script(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["completion", shell]) == 0
    assert f"_SDDOCTOR_COMPLETE={shell}_complete" in capsys.readouterr().out


def test_names_are_kept_for_their_user_only(cache: Path) -> None:
    known_names.remember(["b.internal", "a.internal", "a.internal"])
    assert cache.read_text(encoding="utf-8") == "a.internal\nb.internal\n"
    assert cache.stat().st_mode & 0o777 == 0o600
    assert cache.parent.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("bad", ["$(reboot).internal", "a b.internal", "*.internal", "a\nb.internal", "-o.internal"])
def test_names_that_a_shell_could_take_for_more_are_not_offered(bad: str, cache: Path) -> None:
    known_names.remember([bad, "a.internal"])
    assert known_names.recall("") == ["a.internal"]
    cache.write_text(f"{bad}\n", encoding="utf-8")
    assert bad not in known_names.recall("")


def test_without_a_cache_nothing_is_offered_and_nothing_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert known_names.recall("") == []
    (tmp_path / "file").write_text("", encoding="utf-8")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    known_names.remember(["a.internal"])
    assert known_names.recall("") == []
