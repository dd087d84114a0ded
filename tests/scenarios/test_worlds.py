"""Every world of the lab, judged from what a check observes in it: what its ``expect`` says is found, and nothing else.

The check itself, as a process, is in ``test_processes.py``; whether ``aws`` takes the commands of the fixes in
``test_fix_commands.py``, and whether what is saved can be made anonymous in ``test_anonymous_worlds.py``.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from sddoctor import __version__
from sddoctor.cli import status
from sddoctor.diagnosis.diagnose import diagnose
from sddoctor.lab import gallery
from sddoctor.lab.world import Expect, World
from sddoctor.report import json_report
from tests.scenarios.pasting import EXECUTED, changing_fixes, shape, to_complete
from tests.world_cases import Call, Observed, file_of, observed, world_of

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "report.schema.json").read_text())
VALID = Draft202012Validator(SCHEMA)
EXIT = {"healthy": 0, "degraded": 1, "broken": 1, "inconclusive": 3}


@pytest.mark.parametrize("name", gallery.names())
def test_world(name: str) -> None:
    world = world_of(name)
    seen = observed(name)
    diagnosis = diagnose(seen.case)
    report = json.loads(json_report.render([diagnosis], datetime.now(UTC), __version__))
    VALID.validate(report)
    (said,) = report["reports"]
    check_expected(world.expect, said, in_words(name, world, said))
    assert status.of_diagnoses([diagnosis]) == (
        EXIT[world.expect.verdict] if world.expect.exit is None else world.expect.exit
    )
    check_calls(world, seen)
    check_fixes(said["findings"])


def in_words(name: str, world: World, said: dict[str, Any]) -> str:
    """Return what was said and where the case is, for the message of a failing test."""
    findings = [(f["code"], f["role"], f["summary"]) for f in said["findings"]]
    case = f"the case is in {file_of(name, world)}"
    return f"{said['verdict']}: {said['headline']}\n{json.dumps(findings + said['gaps'], indent=1)}\n{case}"


def check_expected(expect: Expect, said: dict[str, Any], words: str) -> None:
    """The verdict, the root causes in their order and everything else that is found are those of the world."""
    assert said["verdict"] == expect.verdict, words
    assert said["root_causes"] == list(expect.root_causes), words
    assert {f["code"] for f in said["findings"]} == {*expect.root_causes, *expect.also}, words
    if expect.verdict == "healthy":
        assert not [f for f in said["findings"] if f["role"] != "advice"], words


def check_fixes(findings: list[dict[str, Any]]) -> None:
    """Commands can be pasted as they are, and what changes something is executed by a test."""
    for finding in findings:
        commands = [str(c) for fix in finding["fixes"] for c in fix.get("commands") or ()]
        assert not to_complete(commands)
        assert {shape(finding["code"], c) for c in changing_fixes(finding)} <= set(EXECUTED)


def check_calls(world: World, seen: Observed) -> None:
    """No AWS call is made twice, and none writes."""
    assert not [c for c in seen.calls if not c.operation.startswith(("Get", "List", "Describe", "Discover"))]
    if world.faults.throttle or world.faults.errors:
        return  # retries are the point there
    assert not twice(seen.calls)


def twice(calls: tuple[Call, ...]) -> set[Call]:
    """Return the calls that were made more than once."""
    return {c for c in calls if calls.count(c) > 1}
