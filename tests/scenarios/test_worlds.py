"""Every world of the lab, through the real command as a process: what must, and what must not, be named."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import sddoctor.lab
from sddoctor.lab.runner import Lab
from sddoctor.lab.world import World, load
from tests.aws_cli import calls_in, refusal
from tests.scenarios.anonymity import check_anonymous
from tests.scenarios.pasting import EXECUTED, changing_fixes, shape, to_complete

WORLDS = sorted((Path(sddoctor.lab.__file__).parent / "worlds").glob("*.yaml"))
SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "report.schema.json").read_text())
EXIT = {"healthy": 0, "degraded": 1, "broken": 1, "inconclusive": 3}


@pytest.mark.parametrize("path", WORLDS, ids=lambda p: p.stem)
def test_world(path: Path, tmp_path: Path) -> None:
    world, saved = load(path), tmp_path / "case.json"
    with Lab(world) as lab:
        done = lab.run([*lab.check_args, "-o", "json", "--save", str(saved)])
    assert "Traceback" not in done.stderr
    assert done.stdout, done.stderr
    report = json.loads(done.stdout)
    jsonschema.validate(report, SCHEMA)
    (name,) = report["reports"]
    said = f"{name['verdict']}: {name['headline']}\n" + json.dumps(
        [(f["code"], f["role"], f["summary"]) for f in name["findings"]] + name["gaps"], indent=1
    )
    expect = world.expect
    assert name["verdict"] == expect.verdict, said
    assert name["root_causes"] == list(expect.root_causes), said
    assert {f["code"] for f in name["findings"]} == {*expect.root_causes, *expect.also}, said
    assert done.returncode == (expect.exit if expect.exit is not None else EXIT[expect.verdict]), said
    if expect.verdict == "healthy":
        assert not [f for f in name["findings"] if f["role"] != "advice"], said
    check_calls(world, lab)
    check_anonymous(saved)
    check_fixes(name["findings"])


def check_fixes(findings: list[dict[str, Any]]) -> None:
    """Commands can be pasted as they are, the CLI takes them, and what changes something is executed by a test."""
    for finding in findings:
        commands = [str(c) for fix in finding["fixes"] for c in fix.get("commands") or ()]
        assert not to_complete(commands)
        calls = [call for command in commands for call in calls_in(command)]
        assert not [(c, why) for c in calls if not any("file://" in w for w in c) and (why := refusal(c))]
        assert {shape(finding["code"], c) for c in changing_fixes(finding)} <= set(EXECUTED)


def check_calls(world: World, lab: Lab) -> None:
    """No AWS call is made twice, and none writes."""
    faults = world.faults
    if faults.throttle or faults.errors:
        return  # retries are the point there
    calls = [(c.service, c.operation, json.dumps(c.params, sort_keys=True, default=str)) for c in lab.aws_log]
    twice = {c for c in calls if calls.count(c) > 1}
    assert not twice
    writes = [c for c in calls if not c[1].startswith(("Get", "List", "Describe", "Discover"))]
    assert not writes


#: Causes of hosts that the lab cannot play, which are tested against recorded ones, and of two places at a time.
RECORDED = {"nrpt-rule-missing", "container-dns-forwarder"}


def test_there_is_a_world_for_every_cause_in_the_registry() -> None:
    from sddoctor.causes.registry import CAUSES

    named = {code for path in WORLDS for code in (*load(path).expect.root_causes, *load(path).expect.also)}
    assert {c.code for c in CAUSES} - RECORDED <= named
