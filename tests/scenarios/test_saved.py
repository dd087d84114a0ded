"""What was saved gives the same diagnosis again, elsewhere and without the world."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import sddoctor.lab
from sddoctor.lab.runner import Lab
from sddoctor.lab.world import load
from tests.in_process import command, run_in

WORLDS = Path(sddoctor.lab.__file__).parent / "worlds"
SAVED = (
    "article",
    "vpn-down",
    "split-dns-missing",
    "health-propagating",
    "stale-instance",
    "zone-not-associated",
    "namespace-not-found",
    "srv-only",
    "hosts-file-override",
    "inconclusive-cloudmap-denied",
    "healthy-linux",
    "shop",
)


def _elsewhere() -> dict[str, str]:
    """Return an environment in which nothing can be asked: neither AWS nor a name server."""
    env = {k: v for k, v in os.environ.items() if not k.startswith(("AWS_", "SDDOCTOR_"))}
    return env | {"AWS_ENDPOINT_URL": "http://127.0.0.1:1", "SDDOCTOR_NETWORK": os.devnull}


def _judge_again(saved: Path, *args: str) -> subprocess.CompletedProcess[str]:
    return command("check", "--from", str(saved), *args, env=_elsewhere())


def _judged_by_a_process(saved: Path, surroundings: dict[str, str]) -> str:
    words = [sys.executable, "-m", "sddoctor", "check", "--from", str(saved), "-o", "json"]
    env = _elsewhere() | surroundings
    return subprocess.run(words, env=env, capture_output=True, text=True, check=False).stdout


def _without_time(text: str) -> Any:
    report = json.loads(text)
    assert report.pop("generated_at").endswith("Z")
    return report


@pytest.mark.parametrize("name", SAVED)
def test_the_same_json_again(name: str, tmp_path: Path) -> None:
    saved = tmp_path / "case.json"
    with Lab(load(WORLDS / f"{name}.yaml")) as lab:
        first = run_in(lab, [*lab.check_args, "-o", "json", "--save", str(saved)])
    assert saved.exists(), first.stderr
    again = _judge_again(saved, "-o", "json")
    assert (again.returncode, again.stderr) == (first.returncode, "")
    assert _without_time(again.stdout) == _without_time(first.stdout)


def test_the_same_text_again_and_the_file_comes_back_equal(tmp_path: Path) -> None:
    saved, copy = tmp_path / "case.json", tmp_path / "copy.json"
    with Lab(load(WORLDS / "health-check-failing.yaml")) as lab:
        first = run_in(lab, [*lab.check_args, "--save", str(saved)])
    again = _judge_again(saved, "--save", str(copy))
    assert (again.returncode, again.stdout) == (1, first.stdout)
    assert copy.read_bytes() == saved.read_bytes()


def test_nothing_secret_is_saved(tmp_path: Path) -> None:
    """The article's task definition has an environment value, and the process has credentials."""
    saved, secret = tmp_path / "case.json", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
    with Lab(load(WORLDS / "article.yaml")) as lab:
        lab.env["AWS_SECRET_ACCESS_KEY"] = secret
        run_in(lab, [*lab.check_args, "--save", str(saved)])
    text = saved.read_text(encoding="utf-8")
    assert "dev-api-service" in text
    assert "never-shown" not in text
    assert "DATABASE_URL" not in text
    assert secret not in text


FROZEN = sorted((Path(__file__).parents[1] / "data" / "bundles").glob("*.v1.json"))


@pytest.mark.parametrize("saved", FROZEN, ids=lambda p: p.name)
def test_neither_time_zone_nor_hash_seed_nor_locale_changes_a_byte(saved: Path) -> None:
    surroundings = (
        {"TZ": "UTC", "PYTHONHASHSEED": "0"},
        {"TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "1", "LC_ALL": "C"},
        {"TZ": "America/St_Johns", "PYTHONHASHSEED": "4711", "PYTHONOPTIMIZE": "1"},
    )
    said = {_timeless(_judged_by_a_process(saved, env)) for env in surroundings}
    assert len(said) == 1
    assert '"root_causes"' in said.pop()


def _timeless(text: str) -> str:
    """Return the text without the line of the only time that may differ."""
    lines = [line for line in text.split("\n") if '"generated_at"' not in line]
    assert len(lines) == text.count("\n")
    return "\n".join(lines)
