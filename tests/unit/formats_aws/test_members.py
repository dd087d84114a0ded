"""Every member of a response is read, or ignored for a reason, and every value of a member that is read is known."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from sddoctor.formats.aws.enums import KNOWN, unknown_values
from sddoctor.observe.aws.policy import ACTIONS
from tests.aws_members.reading import taken_members
from tests.aws_members.sample import operation_paths

TABLE = Path(__file__).parents[2] / "data" / "aws_members" / "ignored.yaml"
OPERATIONS = sorted({"sts:GetCallerIdentity", *(a for actions in ACTIONS.values() for a in actions)})
#: Enumerations of which an unknown value cannot mislead, and why.
OPEN = {
    "Region": "any region is another one",
    "VPCRegion": "any region is another one",
    "InterfaceType": "it is only shown",
    "NetworkInterfaces[].Status": "it is only shown",
    "ResourceRecordSets[].Type": "only the types that are looked for are taken",
    "ResourceRecordSets[].Failover": "whichever it is, the answer is open",
    "TargetHealth.Reason": "AWS's sentence beside it is quoted",
    "tasks[].stopCode": "AWS's sentence beside it is quoted",
    "Operation.Type": "it is only shown",
    "Operation.Status": "failed ones were asked for",
    "Operations[].Status": "failed ones were asked for",
}


@cache
def table() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(TABLE.read_text(encoding="utf-8"))
    return found


def ignored(operation: str) -> set[str]:
    """Return what the table lists for an operation."""
    return {path for paths in table()["operations"].get(operation, {}).values() for path in paths}


def is_below(path: str, above: str) -> bool:
    return path.startswith((f"{above}.", f"{above}[", f"{above}{{"))


def unread(operation: str) -> set[str]:
    """Return the members that no reader takes out, without those below another of them."""
    found = set(operation_paths(operation)) - taken_members().get(operation, frozenset())
    return {path for path in found if not any(is_below(path, other) for other in found)}


@pytest.mark.parametrize("operation", OPERATIONS)
def test_every_member_is_read_or_ignored_for_a_reason(operation: str) -> None:
    assert operation in taken_members(), "no reader of tests/aws_members/reading.py calls it"
    if ignored(operation) == {"*"}:
        return  # of a database nothing but its identifier, endpoints and status is of interest
    assert sorted(unread(operation) - ignored(operation)) == [], f"read it, or list it with a reason in {TABLE.name}"
    assert sorted(ignored(operation) - unread(operation)) == [], f"it is read now: take it out of {TABLE.name}"


def test_every_operation_that_a_reader_calls_is_in_a_policy() -> None:
    assert set(taken_members()) == set(OPERATIONS)


def test_the_table_has_a_reason_for_each_and_no_other() -> None:
    used = {reason for reasons in table()["operations"].values() for reason in reasons}
    assert used == set(table()["reasons"])
    assert set(table()["operations"]) <= set(OPERATIONS)


@pytest.mark.parametrize("operation", OPERATIONS)
def test_every_value_of_what_is_read_is_known(operation: str) -> None:
    paths, known = operation_paths(operation), KNOWN.get(operation.replace("elasticloadbalancing", "elbv2"), {})
    for path in sorted(taken_members()[operation] & set(paths)):
        values = getattr(paths[path], "enum", None)
        if values and not any(path == name or path.endswith(f".{name}") for name in OPEN):
            assert set(values) <= set(known.get(path, ())), path
    assert set(known) <= {*paths, "Status{}"}, "no such member"


def response_with(path: str, value: str) -> dict[str, Any]:
    """Return the least response that has the value at the path."""
    built: Any = value
    for step in reversed(path.split(".")):
        name = step.removesuffix("[]").removesuffix("{}")
        built = {name: [built] if step.endswith("[]") else {"x": built} if step.endswith("{}") else built}
    return dict(built)


@pytest.mark.parametrize(("operation", "path"), [(o, p) for o, paths in KNOWN.items() for p in paths])
def test_another_value_is_not_understood(operation: str, path: str) -> None:
    assert unknown_values(operation, response_with(path, "LIMPING")) == (f"{path}: LIMPING",)
    assert unknown_values(operation, response_with(path, KNOWN[operation][path][0])) == ()
    assert unknown_values(operation, {}) == ()
