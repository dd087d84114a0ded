"""The steps of CONTRIBUTING.md, on a copy of the project: a cause is added whole, then each part of it is taken away."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]
CODE = "only-one-task"
TITLE = "The service has one task only"
RULE = "sddoctor/causes/ecs/only_one_task.py"
REGISTRY = "sddoctor/causes/registry.py"
PAGE = f"docs/causes/{CODE}.md"
WORLD = f"sddoctor/lab/worlds/{CODE}.yaml"
LOOK_ALIKE = f"sddoctor/lab/worlds/{CODE}-lookalike.yaml"
SECOND = f"sddoctor/lab/worlds/{CODE}-and-another.yaml"
#: What the author writes into the skeletons: of the rule and the page each line that says TODO, the worlds whole.
WRITTEN = {
    '    """TODO: when it holds, in one sentence, and the source that says so.': (
        '    """The attached services desire one task together.'
    ),
    "    https://TODO": "    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeServices.html",
    "    holds = False  # TODO: read what decides with .value, and what only supports it with optional(...)": (
        "    holds = trail.ecs.desired == 1"
    ),
    '        summary=f"TODO: one sentence with the real names in it, such as {trail.name}.",': (
        '        summary=f"{trail.name} is served by one task.",'
    ),
    '        detail="TODO: why it is so, and what may be in order all the same.",': (
        '        detail="If it ends, nobody serves until the next one runs.",'
    ),
    '        evidence=(Evidence("TODO: where it was seen", trail.name, "TODO: what is", "TODO: what should be"),),': (
        '        evidence=(Evidence("ecs:DescribeServices services[].desiredCount", trail.name, 1),),'
    ),
    "TODO": "See https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeServices.html",
}
WORLDS = {
    WORLD: """base: healthy-linux
title: One task serves
namespaces: {ns-exampleinternal01: {services: {srv-devapi0000000001: {}}}}
clusters:
  dev:
    services:
      dev-api-service:
        desired: 1
        tasks: [{id: 0f4a1c5be0d34e7fa1b2c3d4e5f60701, started_ago: 86400, address: 10.10.211.50}]
expect: {verdict: healthy, also: [only-one-task]}
""",
    LOOK_ALIKE: """base: healthy-linux
title: Two tasks serve
expect: {verdict: healthy}
""",
    SECOND: """base: only-one-task
title: One task serves, and a line in the hosts file keeps the host from it
host: {hosts: {dev-api.example.internal: 10.10.99.9}}
expect: {verdict: broken, root_causes: [hosts-file-override], also: [only-one-task]}
""",
}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project, to which a cause was added by the script and then written by its author."""
    copy = tmp_path_factory.mktemp("project")
    for name in ("sddoctor", "tests", "docs"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", copy)
    options = ("--hop", "ecs", "--kind", "risk", "--severity", "info", "--ceiling", "certain")
    added = _python(copy, "-m", "tests.new_cause", CODE, "--title", TITLE, *options)
    assert added.returncode == 0, added.stderr
    unwritten = _parts(copy)
    for path in (RULE, PAGE, WORLD, LOOK_ALIKE, SECOND):
        assert path in added.stdout
        assert f"{path} still says TODO: write what belongs there." in unwritten, path
    for path in (RULE, PAGE):
        text = (copy / path).read_text(encoding="utf-8")
        (copy / path).write_text("\n".join(WRITTEN.get(line, line) for line in text.split("\n")), encoding="utf-8")
    for path, text in WORLDS.items():
        (copy / path).write_text(text, encoding="utf-8")
    return copy


def test_a_cause_that_was_added_as_described_is_accepted(whole: Path) -> None:
    assert _parts(whole) == ["Nothing is missing."]
    worlds = (CODE, f"{CODE}-lookalike", f"{CODE}-and-another")
    tests = [f"tests/scenarios/test_worlds.py::test_world[{world}]" for world in worlds]
    done = _python(whole, "-m", "pytest", "-q", "-p", "no:cacheprovider", *tests)
    assert done.returncode == 0, done.stdout
    assert "3 passed" in done.stdout


def _without(line: str) -> Callable[[str], str]:
    return lambda text: text.replace(line, "", 1)


@pytest.mark.parametrize(
    ("path", "change", "sentence"),
    [
        (PAGE, None, f"{CODE} has no page: write {PAGE}, with the sections that the others have."),
        (
            PAGE,
            lambda text: text.replace(f"# {TITLE}", "# Another title", 1),
            f"{PAGE} is titled 'Another title', and the cause '{TITLE}': write the same in both.",
        ),
        (
            PAGE,
            lambda text: text.replace("· risk ·", "· fault ·", 1),
            f"The third line of {PAGE} has to repeat what the rule declares: "
            f"`{CODE}` · hop `ecs` · risk · info · certain",
        ),
        (
            PAGE,
            _without("## How to fix it\n"),
            f"{PAGE} needs these sections in this order: What it is, How to recognise it by hand, How it comes about, "
            "What it is mistaken for, How to fix it, How to see that it is gone, Sources.",
        ),
        (
            WORLD,
            None,
            f"No world shows {CODE}: write {WORLD}, in which it holds, with {CODE} among the root_causes (or also) of "
            "its expect.",
        ),
        (
            LOOK_ALIKE,
            None,
            f"{CODE} has no look-alike: write {LOOK_ALIKE}, the nearest world in which it must not be named.",
        ),
        (
            LOOK_ALIKE,
            lambda text: text.replace("healthy}", f"healthy, also: [{CODE}]}}"),
            f"{LOOK_ALIKE} is a look-alike of {CODE} and does not exclude it: take {CODE} out of its expect, where it "
            "must not be named, and mend the rule if it holds there.",
        ),
        (
            SECOND,
            None,
            f"No world shows {CODE} beside another fault: write sddoctor/lab/worlds/{CODE}-and-OTHER.yaml, with what "
            "is named where both are there.",
        ),
        (
            REGISTRY,
            _without("    only_one_task,\n"),
            f"{CODE} in {RULE} is in no registry: import it in {REGISTRY} and add it to CAUSES, at its place on the "
            "trail.",
        ),
        (
            RULE,
            None,
            f"{PAGE} is the page of no cause in CAUSES of {REGISTRY}: add the cause there, or remove the page.",
        ),
    ],
    ids=[
        "page", "title", "head", "section", "world", "look-alike", "look-alike that names it", "second fault", "registry",
        "rule",
    ],
)  # fmt: skip
def test_each_missing_part_is_told(whole: Path, path: str, change: Callable[[str], str] | None, sentence: str) -> None:
    """``change`` takes something out of the file, ``None`` the whole file away."""
    kept = {p: (whole / p).read_text(encoding="utf-8") for p in (path, REGISTRY)}
    try:
        if change is None:
            (whole / path).unlink()
        else:
            changed = change(kept[path])
            assert changed != kept[path]
            (whole / path).write_text(changed, encoding="utf-8")
        if path == RULE:  # without its rule the registry would not load
            lines = [line for line in kept[REGISTRY].splitlines(keepends=True) if "only_one_task" not in line]
            (whole / REGISTRY).write_text("".join(lines), encoding="utf-8")
        assert sentence in _parts(whole)
    finally:
        for name, text in kept.items():
            (whole / name).write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    ("code", "why"),
    [("service-scaled-to-zero", "is a cause already"), ("Only One", "is no code"), ("one", "is no code")],
)
def test_a_code_that_is_none_or_taken_is_refused(whole: Path, code: str, why: str) -> None:
    refused = _python(whole, "-m", "tests.new_cause", code, "--hop", "ecs", "--title", TITLE)
    assert refused.returncode == 2
    assert why in refused.stderr


def _parts(directory: Path) -> list[str]:
    return _python(directory, "-m", "tests.cause_parts", CODE).stdout.splitlines()


def _python(directory: Path, *args: str) -> subprocess.CompletedProcess[str]:
    env = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST_")} | {
        "PYTHONPATH": str(directory), "PYTHONDONTWRITEBYTECODE": "1",
    }  # fmt: skip
    return subprocess.run(
        [sys.executable, *args], cwd=directory, env=env, capture_output=True, text=True, timeout=300, check=False
    )
