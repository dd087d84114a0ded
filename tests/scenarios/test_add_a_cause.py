"""The four steps of CONTRIBUTING.md: a cause is added to a copy of the project, and the project's tests accept it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CODE = "only-one-task"
RULE = '''"""One task alone: while it is replaced nobody may serve."""

from __future__ import annotations

from sddoctor.causes.model import Evidence, Finding, cause
from sddoctor.trail.trail import Trail


@cause(
    "only-one-task",
    hop="ecs",
    kind="risk",
    severity="info",
    certainty="certain",
    title="The service has one task only",
)
def only_one_task(trail: Trail) -> Finding | None:
    """The attached services desire one task together.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeServices.html
    """
    if trail.ecs.desired != 1:
        return None
    return Finding(
        summary=f"{trail.name} is served by one task.",
        detail="If it ends, nobody serves until the next one runs.",
        evidence=(Evidence("ecs:DescribeServices services[].desiredCount", trail.name, 1),),
        fixes=(),
    )
'''
PAGE = """# The service has one task only

`only-one-task` · hop `ecs` · risk · info · certain

## What it is

## How to recognise it by hand

## How it comes about

## What it is mistaken for

## How to fix it

## How to see that it is gone

## Sources

- https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeServices.html
"""
HOLDS = """base: article
title: One task serves
namespaces: {ns-exampleinternal01: {services: {srv-devapi0000000001: {}}}}
clusters:
  dev:
    services:
      dev-api-service:
        desired: 1
        tasks: [{id: 0f4a1c5be0d34e7fa1b2c3d4e5f60701, started_ago: 86400, address: 10.10.211.50}]
expect: {verdict: healthy, also: [only-one-task, dig-bypasses-split-dns]}
"""
LOOK_ALIKE = """base: article
title: Two tasks serve
expect: {verdict: healthy, also: [dig-bypasses-split-dns]}
"""


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for name in ("sddoctor", "tests", "docs"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_a_cause_that_was_added_as_described_is_accepted(copy: Path) -> None:
    (copy / "sddoctor/causes/ecs/single.py").write_text(RULE, encoding="utf-8")
    registry = copy / "sddoctor/causes/registry.py"
    text = registry.read_text(encoding="utf-8")
    text = text.replace(
        "from sddoctor.causes.ecs.start",
        "from sddoctor.causes.ecs.single import only_one_task\nfrom sddoctor.causes.ecs.start",
        1,
    )
    registry.write_text(text.replace("    # ecs\n", "    # ecs\n    only_one_task,\n", 1), encoding="utf-8")
    (copy / f"docs/causes/{CODE}.md").write_text(PAGE, encoding="utf-8")
    worlds = copy / "sddoctor/lab/worlds"
    (worlds / f"{CODE}.yaml").write_text(HOLDS, encoding="utf-8")
    (worlds / f"{CODE}-two.yaml").write_text(LOOK_ALIKE, encoding="utf-8")

    done = _pytest(
        copy, "tests/unit/causes/test_pages.py", "tests/scenarios/test_worlds.py", "-k", f"{CODE} or registry"
    )
    assert done.returncode == 0, done.stdout
    assert f"test_world[{CODE}] PASSED" in done.stdout
    assert f"test_world[{CODE}-two] PASSED" in done.stdout
    assert f"test_a_cause_has_its_page[{CODE}] PASSED" in done.stdout


def test_a_cause_without_page_and_worlds_is_not(copy: Path) -> None:
    (copy / "docs/causes/service-scaled-to-zero.md").unlink()
    (copy / "sddoctor/lab/worlds/service-scaled-to-zero.yaml").unlink()
    done = _pytest(copy, "tests/unit/causes/test_pages.py", "-k", "service-scaled-to-zero")
    assert done.returncode == 1, done.stdout


def _pytest(directory: Path, *args: str) -> subprocess.CompletedProcess[str]:
    env = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST_")} | {"PYTHONPATH": str(directory)}
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-v", "-p", "no:cacheprovider", *args],
        cwd=directory, env=env, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
