"""Every command calls what its policy allows, and nothing else; those without a policy call nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from msgspec.structs import replace

from sddoctor.cli.main import COMMANDS
from sddoctor.lab.runner import Lab
from sddoctor.lab.world import Faults, World
from sddoctor.observe.aws.policy import ACTIONS
from tests.in_process import run_in
from tests.matrix.cases import world as packaged

#: Needs no permission. https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
FREE = {"sts:GetCallerIdentity"}
NAME = "dev-api.example.internal"
#: Commands that ask nothing of AWS, and how each is called.
WITHOUT: dict[str, tuple[str, ...]] = {
    "explain": ("split-dns-missing",),
    "iam-policy": ("--command", "scan"),
    "probe": (NAME,),
    "lint": ("PLAN",),
    "completion": ("bash",),
    "lab": ("list",),
}
#: Worlds whose checks call much.
WORLDS = ("article", "resolver-rule-overrides", "client-vpn-without-dns")


def allowed(world: World, command: str) -> World:
    """Return the world in which nothing but the policy of a command is allowed."""
    return replace(world, faults=Faults(allow=ACTIONS[command]))


def test_every_command_has_a_policy_or_calls_nothing() -> None:
    assert {*COMMANDS} == {*ACTIONS, *WITHOUT}
    assert not {*ACTIONS} & {*WITHOUT}


@pytest.mark.parametrize("command", WITHOUT)
def test_a_command_without_a_policy_calls_nothing(command: str, tmp_path: Path) -> None:
    plan = tmp_path / "plan.json"
    plan.write_text(json.dumps({"format_version": "1.2", "planned_values": {"root_module": {}}}))
    args = [str(plan) if a == "PLAN" else a for a in WITHOUT[command]]
    with Lab(packaged("article")) as lab:
        done = run_in(lab, [command, *args])
    assert done.returncode == 0, done.stderr
    assert [c.action for c in lab.aws_log] == []


@pytest.mark.parametrize("world", WORLDS)
@pytest.mark.parametrize(
    ("command", "options"),
    [("runbook", ()), ("watch", ("--interval", "0.2", "--for", "0.5"))],
)
def test_what_a_check_may_call_is_enough(world: str, command: str, options: tuple[str, ...]) -> None:
    of_check = calls_of(packaged(world), "check", ())
    called = calls_of(packaged(world), command, options)
    assert of_check <= called <= {*ACTIONS[command]}


def calls_of(world: World, command: str, options: tuple[str, ...]) -> set[str]:
    """Return what a command calls in a world where its policy alone is allowed, and nothing of what it calls is denied."""
    with Lab(allowed(world, command)) as lab:
        done = run_in(lab, [command, *lab.check_args[1:], *options])
    assert done.returncode in (0, 1), done.stderr
    assert "is denied" not in done.stdout + done.stderr
    return {c.action for c in lab.aws_log} - FREE
