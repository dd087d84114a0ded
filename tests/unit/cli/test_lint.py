from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

from sddoctor.causes.registry import BY_CODE
from sddoctor.cli.main import run
from tests.unit.lint.plans import plan


def written(tmp_path: Path, **changes: object) -> Path:
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(plan({"aws_service_discovery_service.api": dict(changes)})), encoding="utf-8")
    return path


def test_a_sound_plan(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["lint", str(written(tmp_path))]) == 0
    assert capsys.readouterr().out == "No mistake found; 1 ECS service with service discovery looked at.\n"


def test_a_mistake_is_shown_and_counts_by_its_severity(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(tmp_path, health_check_custom_config=[])
    severity = BY_CODE["no-health-config"].severity
    assert run(["lint", str(path)]) == (1 if severity == "error" else 0)
    text = capsys.readouterr().out
    assert f"{severity}  aws_service_discovery_service.api  (no-health-config)\n" in text
    assert "  Write: health_check_custom_config" in text
    assert run(["lint", str(path), "--fail-on", "warning"]) == (0 if severity == "info" else 1)
    assert run(["lint", str(path), "--fail-on", "warning", "--ignore", "no-health-config"]) == 0


def test_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(["lint", str(written(tmp_path, health_check_custom_config=[])), "-o", "json"])
    found = json.loads(capsys.readouterr().out)
    assert (found["schema"], found["services"]) == ("sddoctor.lint/1", 1)
    (one,) = found["mistakes"]
    assert (one["code"], one["docs"]) == ("no-health-config", "docs/causes/no-health-config.md")


def test_standard_input(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(json.dumps(plan()).encode())))
    assert run(["lint", "-"]) == 0
    assert capsys.readouterr().out.startswith("No mistake found")


def test_names_from_the_file_are_inert(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(["lint", str(written(tmp_path, name="a\x1b[31m\u202eb\n", health_check_custom_config=[]))])
    text = capsys.readouterr().out
    assert "\x1b" not in text
    assert "\u202e" not in text


@pytest.mark.parametrize(("content", "says"), [("{", "It is not JSON"), ("{}", "There is no format_version")])
def test_another_file_is_wrong_usage(
    content: str, says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "x").write_text(content, encoding="utf-8")
    assert run(["lint", str(tmp_path / "x")]) == 2
    assert says in capsys.readouterr().err
    assert run(["lint", str(tmp_path / "nowhere")]) == 2
