"""The contracts of imports really hold: each one, broken on purpose in a copy of the project, fails by name."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.structure.source import ROOT

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    ("module", "forbidden", "contract"),
    [
        ("case/name.py", "sddoctor.report", "One direction"),
        ("causes/registry.py", "sddoctor.observe.budget", "Judging and showing"),
        ("lint/rules.py", "sddoctor.causes.ecs.agent", "Causes are known by their registry"),
        ("trail/client.py", "socket", "do I/O"),
    ],
)
def test_a_forbidden_import_fails(module: str, forbidden: str, contract: str, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "sddoctor", tmp_path / "sddoctor", ignore=shutil.ignore_patterns("__pycache__", "*.yaml"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    path = tmp_path / "sddoctor" / module
    path.write_text(path.read_text(encoding="utf-8") + f"\n\ndef _forbidden() -> None:\n    import {forbidden}\n")
    command = [Path(sys.executable).with_name("lint-imports"), "--no-cache"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 1, done.stdout + done.stderr
    broken = [line for line in done.stdout.splitlines() if " BROKEN" in line]
    assert any(contract in line for line in broken), done.stdout
    name = f"sddoctor.{module.removesuffix('.py').replace('/', '.')}"
    assert f"{name} -> {forbidden}" in done.stdout
