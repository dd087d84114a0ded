"""The policy is what is called, no more and no less."""

from __future__ import annotations

import json
import re
from pathlib import Path

from click.testing import CliRunner

import sddoctor.observe.aws
from sddoctor.cli.iam_policy import iam_policy
from sddoctor.observe.aws.policy import ACTIONS, CHECK

OBSERVER = Path(sddoctor.observe.aws.__file__).parent


def _called_in_code() -> set[str]:
    text = "".join(p.read_text() for p in OBSERVER.glob("*.py") if p.name not in ("policy.py", "errors.py"))
    return set(re.findall(r'"((?:List|Get|Describe|Discover)[A-Z]\w+)"', text))


def test_the_policy_has_every_operation_that_the_code_names_and_no_other() -> None:
    assert {a.split(":")[1] for a in CHECK} == _called_in_code() - {"GetCallerIdentity"}


def test_no_action_writes() -> None:
    for actions in ACTIONS.values():
        assert all(re.fullmatch(r"[a-z0-9]+:(List|Get|Describe|Discover)\w+", a) for a in actions)


def test_json_and_terraform_have_the_same_actions() -> None:
    as_json = CliRunner().invoke(iam_policy, [], standalone_mode=False)
    as_terraform = CliRunner().invoke(iam_policy, ["-o", "terraform"], standalone_mode=False)
    document = json.loads(as_json.output)
    actions = [a for s in document["Statement"] for a in s["Action"]]
    assert sorted(actions) == sorted(CHECK)
    assert re.findall(r'"(\w+:\w+)"', as_terraform.output) == actions
    assert as_terraform.output.count("{") == as_terraform.output.count("}")
