"""Fixes are executed: the commands of a report, pasted into a shell with the real aws CLI, take the cause away.

The lab's account is written to as a user would; the next check no longer names the cause. Which world shows which fix is
``EXECUTED``, and ``test_worlds.py`` finds a fix of any world that it lacks.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import sddoctor.lab
from sddoctor.lab.runner import Lab
from sddoctor.lab.world import load
from tests.aws_cli import calls_in, refusal
from tests.in_process import Said, judge_in
from tests.scenarios.pasting import EXECUTED, changes, changing_fixes, name_afterwards, operations, paste, shape

WORLDS = Path(sddoctor.lab.__file__).parent / "worlds"
PAGES = Path(__file__).parents[2] / "docs" / "causes"
#: Worlds besides those of ``EXECUTED`` in which the same operations are called with other values.
ALSO = (
    "dns-firewall-blocks-override",
    "service-scaled-to-zero-task-set",
    "zone-not-associated-shared-vpc",
    "stale-instance-deleted-service",
    "service-connect-client-too-old-lookalike-outsider",
)
#: Fixes whose effect the lab cannot show, and why. They are executed all the same.
WITHOUT_EFFECT = {
    "load-balancer-check-replaces-tasks: ecs update-service": "counts for tasks that start from now on",
    "negative-answer-cached: servicediscovery update-private-dns-namespace": "shortens the next gap; this one only passes",
    "negative-answer-cached: ecs update-service": "avoids the next gap; this one only passes",
    "stopping-task-still-answered: servicediscovery update-service": "shortens the next stop; this one only passes",
    "service-connect-only: ecs update-service": "shows inside new tasks of the member alone, where no check is made",
    "tasks-not-starting: ecs put-account-setting-default": "only hosts that are started afterwards have more interfaces",
}
#: Fixes that the lab refuses, why, and by which word.
REFUSED = {
    "zone-not-associated: route53 create-vpc-association-authorization, route53 associate-vpc-with-hosted-zone": (
        "the first command is for the other account, and a lab has one caller",
        "AccessDenied",
    ),
}
_LOUD = ("root-cause", "consequence")


@pytest.mark.slow
@pytest.mark.parametrize("stem", sorted({*EXECUTED.values(), *ALSO}))
def test_the_fixes_take_the_causes_away(stem: str) -> None:
    """Every fix of every finding: the first ones of all findings together, then the second ones in the world as it was."""
    world, executed, number = load(WORLDS / f"{stem}.yaml"), set(), 0
    while True:
        with Lab(world) as lab:
            due = _due(judge_in(lab).report, number)
            if not due:
                break
            for finding, commands in due:
                _execute(lab, finding, commands)
            said: dict[str, Said] = {}
            for finding, commands in due:
                name = name_afterwards(world.name, commands)
                said[name] = said.get(name) or judge_in(lab, name=name)
                _is_gone(finding, commands, said[name])
        executed |= {shape(finding["code"], commands) for finding, commands in due}
        number += 1
    assert executed, "nothing was executed"
    assert {s for s, w in EXECUTED.items() if w == stem} <= executed


def _due(report: dict[str, Any], number: int) -> list[tuple[dict[str, Any], list[str]]]:
    """Return the findings with a fix of that number; those that replace tasks last, so that others find their tasks."""
    found = [(f, fixes[number]) for f in report["findings"] if len(fixes := changing_fixes(f)) > number]
    return sorted(found, key=lambda due: any(o.startswith("ecs ") for o in operations(due[1])))


def _execute(lab: Lab, finding: dict[str, Any], commands: list[str]) -> None:
    if "file://" in commands[0]:
        _write_file(lab, finding)
    done = paste(lab, commands)
    refused = REFUSED.get(shape(finding["code"], commands))
    if refused is not None:
        assert done.returncode != 0
        assert refused[1] in done.stderr
    else:
        assert done.returncode == 0, f"{commands}\n{done.stderr}"


def _write_file(lab: Lab, finding: dict[str, Any]) -> None:
    """Do what the fix before asks for: write the task definition to a file, and give its containers a check by hand."""
    (write,) = (f["commands"] for f in finding["fixes"] if f.get("commands") and " > " in f["commands"][0])
    done = paste(lab, write)
    assert done.returncode == 0, done.stderr
    file = lab.root / write[0].rpartition(" > ")[2]
    definition = json.loads(file.read_text())
    for container in definition["containerDefinitions"]:
        container["healthCheck"] = {"command": ["CMD", "/app", "--ready"]}
    file.write_text(json.dumps(definition))


def _is_gone(finding: dict[str, Any], commands: list[str], after: Said) -> None:
    """A cause that acted no longer does; anything else is not even advice any more."""
    code = finding["code"]
    left = next((f["role"] for f in after.report["findings"] if f["code"] == code), None)
    gone = left not in _LOUD if finding["role"] in _LOUD else left is None
    if {shape(code, commands)} & {*WITHOUT_EFFECT, *REFUSED}:
        assert not gone, f"{code} is gone: this is no exception"
    else:
        assert gone, f"{code} is still {left}: {commands}\n{after.in_words()}"


def test_exceptions_are_fixes_that_are_executed() -> None:
    assert {*WITHOUT_EFFECT, *REFUSED} <= set(EXECUTED)


def _lines(page: Path) -> Iterator[str]:
    """Yield the lines of shell on a page, continued ones as one, also where a quotation goes on."""
    line = ""
    for part in page.read_text(encoding="utf-8").replace("\\\n", " ").split("\n"):
        if part.startswith("    "):
            line += part.strip()
            if not (line.startswith(("aws ", "PARENT_ZONE")) and line.replace('"$', "").count("'") % 2):
                yield line
                line = ""


@pytest.mark.parametrize("page", sorted(PAGES.glob("*.md")), ids=lambda p: p.stem)
def test_pages_have_commands_that_the_cli_takes(page: Path) -> None:
    calls = [call for line in _lines(page) for call in calls_in(line)]
    assert not [(c, why) for c in calls if not any("file://" in w for w in c) and (why := refusal(c))]


@pytest.mark.parametrize("what", EXECUTED)
def test_pages_show_the_commands_of_the_fixes(what: str) -> None:
    code, _, called = what.partition(": ")
    on_page = operations(_lines(PAGES / f"{code}.md"))
    assert {o for o in called.split(", ") if changes([f"aws {o}"])} <= set(on_page)


def test_the_cli_refuses_what_it_does_not_know() -> None:
    assert not refusal(["ecs", "update-service", "--service", "a", "--desired-count", "1"])
    assert "unknown" in refusal(["ecs", "update-service", "--service", "a", "--desired", "x", "--nonsense"]).lower()
    assert "required" in refusal(["ecs", "update-service"])
