"""Causes of ECS that are named in a world or case, and not when one fact of it is another."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from sddoctor.case.case import Case
from sddoctor.case.cloudmap import Operation
from sddoctor.case.ecs import Deployment, Event
from tests.changed_cases import Change, said, tasks, view
from tests.unit.causes.ecs import ecs_case
from tests.unit.causes.ecs.ecs_case import ago

NO_ROOM = "(service api) was unable to place a task because no container instance met all of its requirements."
WANTS_ONE_MORE = ecs_case.case(of=ecs_case.service(desired=3, events=(Event(ago(60), NO_ROOM),)))


def _without_those_that_stop(case: Case) -> Case:
    running = {t.id for look in case.aws.ecs.tasks for t in look.running.value if t.desired_status == "RUNNING"}
    return view(instances=tuple(i for i in case.aws.cloudmap.views[0].instances.value if i.id in running))(case)


NOT_NAMED: dict[str, tuple[str, str | Case, tuple[Change, ...]]] = {
    "the name is not published": (
        "no-container-health-check",
        "no-container-health-check-and-split-dns-missing",
        (view(instances=()),),
    ),
    "nobody knows how long the tasks ran": (
        "health-check-start-period-too-short",
        "health-check-start-period-too-short",
        (tasks(lambda t: replace(t, started_at=None), part="stopped"),),
    ),
    "the task that stops is deregistered": (
        "stopping-task-still-answered",
        "stopping-task-still-answered",
        (_without_those_that_stop,),
    ),
}


@pytest.mark.parametrize("why", NOT_NAMED)
def test_it_is_not_named_when(why: str) -> None:
    code, world, changes = NOT_NAMED[why]
    assert said(code, world) is not None
    assert said(code, world, *changes) is None


@pytest.mark.parametrize("code", ["tasks-not-starting", "health-check-start-period-too-short"])
def test_where_all_tasks_run_nobody_needs_the_stopped_ones(code: str) -> None:
    assert said(code, "address-family-mismatch") is None


def test_a_failed_registration_keeps_no_task_from_being_placed() -> None:
    failed = view(operations=(Operation("op-1", "REGISTER_INSTANCE", "FAIL"),))
    assert said("tasks-stuck-before-running", "tasks-stuck-before-running", failed) is not None


def test_without_a_primary_deployment_no_side_is_the_one_that_fails() -> None:
    """The task sets of an external controller have no primary until it says which."""
    sides = tuple(
        Deployment(
            f"ecs-svc/{n}", "ACTIVE", "IN_PROGRESS", task_definition=ecs_case.DEFINITION, created_at=ago(100 + n)
        )
        for n in (1, 2)
    )
    of = ecs_case.case(of=ecs_case.service(deployments=sides), stopped=(ecs_case.stopped(3, 60, 30),))
    assert said("deployment-in-progress", of) is not None


def test_without_a_shell_nobody_looks_for_the_tool_in_the_container() -> None:
    found = said("health-check-tool-missing", "health-check-tool-missing-shell")
    assert found is not None
    assert "Confirm it" not in [f.title for f in found.fixes]
