"""Tasks that hang, leave, or lost their agent; deployments; where a check sits."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from sddoctor.case.ecs import (
    Container,
    ContainerInstance,
    Dependency,
    Deployment,
    Event,
    PortBinding,
    Registry,
    TaskSet,
)
from sddoctor.case.seen import Fact, Seen, Unreachable
from sddoctor.diagnosis.diagnose import diagnose
from tests.unit.causes.ecs.ecs_case import DEFINITION, ago, case, container, definition, found, service, stopped, task

HOST = "arn:aws:ecs:eu-west-1:111122223333:container-instance/dev/h1"
NEXT = DEFINITION.replace(":7", ":8")


def pending(number: int, age: float = 1500, **changes: Any) -> Any:
    values = {"last_status": "PENDING", "health": "UNKNOWN", "started_at": None, "created_at": ago(age)}
    return task(number, **values | changes)


def test_tasks_that_hang_are_named_with_the_container_that_they_wait_for() -> None:
    waiting = definition(container(depends_on=(Dependency("db", "HEALTHY"),)), container(name="db", ports=()))
    hanging = pending(
        1, health="UNHEALTHY", containers=(Container("dev-api", "PENDING"), Container("db", "RUNNING", "UNHEALTHY"))
    )
    said = diagnose(case((hanging,), of=service(running=0, pending=1, desired=1), definitions=(waiting,)))
    assert (said.verdict, said.root_causes) == ("broken", ("tasks-stuck-before-running",))
    assert "dev-api waits until container db is healthy" in said.headline
    assert next(f for f in said.findings if f.code == "health-check-failing").role == "consequence"


@pytest.mark.parametrize(
    ("hanging", "ended"),
    [
        (pending(1, 300), ()),
        (pending(1), (stopped(3, 5, 400, stopped_reason="Essential container in task exited"),)),
        (pending(1, desired_status="STOPPED"), ()),
    ],
    ids=["young", "others fail", "leaves"],
)
def test_what_does_not_hang(hanging: Any, ended: Any) -> None:
    seen = case((hanging,), of=service(running=0, pending=1), stopped=ended)
    assert found("tasks-stuck-before-running", seen) is None


def test_a_task_that_was_scaled_away_does_not_hide_one_that_hangs() -> None:
    away = stopped(3, 9000, 1400, stopped_reason="Scaling activity initiated by (deployment ecs-svc/2)")
    seen = case((pending(1),), of=service(running=0, pending=1), stopped=(away,))
    assert found("tasks-stuck-before-running", seen)


def failing_start(number: int, ended: float) -> Any:
    return stopped(number, 2, ended, stop_code="TaskFailedToStart", stopped_reason="CannotPullContainerError: no")


def test_failures_before_the_service_was_steady_are_over() -> None:
    steady = service(running=1, events=(Event(ago(600), "(service api) has reached a steady state."),))
    of = case((task(1),), of=steady, stopped=(failing_start(3, 900),))
    over = found("tasks-not-starting", of)
    assert over is not None
    assert "says why" in over.summary
    again = found("tasks-not-starting", case((task(1),), of=steady, stopped=(failing_start(3, 300),)))
    assert again is not None
    assert "CannotPullContainerError: no" in again.summary


def test_an_event_is_enough_without_the_stopped_tasks() -> None:
    event = Event(ago(60), "(service api) was unable to place a task because ... RESOURCE:ENI.")
    of = service(running=1, events=(event,))
    said = diagnose(case((task(1),), of=of, stopped=Unreachable("stopped tasks", "time-out", "time")))
    assert (said.verdict, said.root_causes) == ("degraded", ("tasks-not-starting",))


ACCEPTS: Fact[bool] = Seen(True, "tcp")
SILENT: Fact[bool] = Unreachable("tcp", "no answer", "a route")
LOST = task(1, connectivity="DISCONNECTED", connectivity_at=ago(4000), container_instance=HOST)


def test_a_lost_agent_is_advice_while_nobody_tried_the_task() -> None:
    said = diagnose(case((LOST, task(2))))
    assert (said.verdict, said.root_causes) == ("healthy", ())
    assert [(f.code, f.role) for f in said.findings] == [("agent-disconnected", "advice")]


@pytest.mark.parametrize(
    ("one", "two", "acts"),
    [(SILENT, ACCEPTS, True), (ACCEPTS, ACCEPTS, False), (SILENT, SILENT, False)],
    ids=["dead", "serves", "nothing gets through"],
)
def test_a_lost_agent_acts_where_the_answered_task_is_dead(one: Fact[bool], two: Fact[bool], acts: bool) -> None:
    seen = case((LOST, task(2)), connections={("10.10.1.1", 3000): one, ("10.10.1.2", 3000): two})
    finding = found("agent-disconnected", seen)
    assert finding is not None
    assert (finding.only_fits, finding.addresses) == (not acts, ("10.10.1.1",))
    said = diagnose(seen)
    assert (said.verdict, said.root_causes) == (("degraded", ("agent-disconnected",)) if acts else ("healthy", ()))


def test_a_host_without_agent_counts_like_a_task_without() -> None:
    hosted = replace(LOST, connectivity="CONNECTED")
    seen = case((hosted, task(2)), hosts=(ContainerInstance(HOST, "ACTIVE", agent_connected=False),))
    finding = found("agent-disconnected", seen)
    assert finding is not None
    assert any("update-container-instances-state" in c for f in finding.fixes for c in f.commands)


def leaving(age: float) -> Any:
    return task(1, desired_status="STOPPED", stopping_at=ago(age))


def test_a_task_that_leaves_is_advice_first_and_a_cause_when_it_lasts() -> None:
    young = diagnose(case((leaving(20), task(2), task(3))))
    assert (young.verdict, [f.code for f in young.findings]) == ("healthy", ["stopping-task-still-answered"])
    assert young.findings[0].wait_seconds == 100
    late = diagnose(case((leaving(300), task(2), task(3))))
    assert (late.verdict, late.root_causes) == ("degraded", ("stopping-task-still-answered",))


def test_a_task_that_leaves_and_is_not_answered_any_more_is_none() -> None:
    assert found("stopping-task-still-answered", case((leaving(20), task(2)), answered=("10.10.1.2",))) is None
    assert found("stopping-task-still-answered", case((leaving(20), task(2)), registered=(task(2),))) is None


def test_a_draining_host_is_advice_while_its_task_serves() -> None:
    on_host = task(1, container_instance=HOST)
    said = diagnose(case((on_host, task(2)), hosts=(ContainerInstance(HOST, "DRAINING", agent_connected=True),)))
    assert (said.verdict, [f.code for f in said.findings]) == ("healthy", ["stopping-task-still-answered"])


def deployments(age: float, state: str = "IN_PROGRESS") -> Any:
    return (
        Deployment("ecs-svc/2", "PRIMARY", state, task_definition=NEXT, created_at=ago(age)),
        Deployment("ecs-svc/1", "ACTIVE", "COMPLETED", task_definition=DEFINITION, created_at=ago(9e4)),
    )


def new(number: int, age: float, **changes: Any) -> Any:
    return task(
        number,
        **{"started_by": "ecs-svc/2", "task_definition": NEXT, "started_at": ago(age), "created_at": ago(age + 40)}
        | changes,
    )


BOTH = (definition(), definition(arn=NEXT))


def test_a_young_deployment_is_told_and_is_a_warning_when_both_sides_answer() -> None:
    seen = case((task(1), task(2), new(3, 100)), of=service(deployments=deployments(200)), definitions=BOTH)
    finding = found("deployment-in-progress", seen)
    assert finding is not None
    assert finding.severity == "warning"
    assert "dev-api:8 (PRIMARY)" in finding.summary
    starting = pending(3, 30, started_by="ecs-svc/2", task_definition=NEXT)
    one_side = case((task(1), task(2), starting), of=service(deployments=deployments(60)), definitions=BOTH)
    finding = found("deployment-in-progress", one_side)
    assert finding is not None
    assert finding.severity is None


@pytest.mark.parametrize(
    ("of", "tasks", "ended"),
    [
        (service(), (task(1), task(2)), ()),
        (service(deployments=deployments(5000)), (task(1), task(2)), ()),
        (
            service(deployments=deployments(300)),
            (task(1), task(2)),
            (stopped(5, 150, 60, started_by="ecs-svc/2", task_definition=NEXT),),
        ),
    ],
    ids=["none", "stands still", "its check fails"],
)
def test_what_is_no_deployment_in_progress(of: Any, tasks: Any, ended: Any) -> None:
    assert found("deployment-in-progress", case(tasks, of=of, stopped=ended, definitions=BOTH)) is None


def test_a_slow_rollout_that_moves_on_is_still_a_deployment() -> None:
    seen = case((task(1), new(3, 60)), of=service(deployments=deployments(5000)), definitions=BOTH)
    assert found("deployment-in-progress", seen)


def test_both_colours_stay_for_the_bake_time() -> None:
    registries = (Registry("arn:aws:servicediscovery:eu-west-1:111122223333:service/srv-1"),)
    sets = (
        TaskSet("ecs-svc/blue", "blue", "PRIMARY", registries, DEFINITION, 1, ago(9e4)),
        TaskSet("ecs-svc/green", "green", "ACTIVE", registries, NEXT, 1, ago(5000)),
    )
    of = service(controller="EXTERNAL", deployments=(), task_sets=sets, registries=())
    blue, green = task(1, started_by="ecs-svc/blue"), new(2, 4000, started_by="ecs-svc/green")
    finding = found("deployment-in-progress", case((blue, green), of=of, definitions=BOTH))
    assert finding is not None
    assert finding.severity == "warning"
    assert "ECS_TASK_SET_EXTERNAL_ID=blue" in finding.fixes[-1].commands[0]


@pytest.mark.parametrize(
    ("desired", "lowest", "highest", "named"),
    [
        (1, 0, 100, True),
        (2, 0, 100, True),
        (1, 0, 150, True),
        (1, 50, 100, False),
        (1, 0, 200, False),
        (3, 0, 150, False),
    ],
)
def test_settings_that_stop_before_they_start(desired: int, lowest: int, highest: int, named: bool) -> None:
    of = service(desired=desired, minimum_healthy_percent=lowest, maximum_percent=highest)
    assert bool(found("deployment-stops-before-start", case(of=of))) is named


UNCHECKED = container(health_check=None)
SIDECAR = container(name="proxy", ports=(), essential=False)


def unknown(number: int) -> Any:
    return task(number, health="UNKNOWN", containers=(Container("dev-api"), Container("proxy")))


def test_no_check_at_all_is_advice() -> None:
    seen = case((unknown(1), unknown(2)), definitions=(definition(UNCHECKED),), answered=("10.10.1.1", "10.10.1.2"))
    said = diagnose(seen)
    assert (said.verdict, [(f.code, f.role) for f in said.findings]) == (
        "healthy",
        [("no-container-health-check", "advice")],
    )


def test_no_check_does_not_explain_a_name_without_a_record() -> None:
    seen = case((unknown(1), unknown(2)), definitions=(definition(UNCHECKED),), answered=())
    assert found("no-container-health-check", seen) is None


@pytest.mark.parametrize("essential", [True, False])
def test_a_check_on_a_sidecar_alone_is_told(essential: bool) -> None:
    of = definition(UNCHECKED, replace(SIDECAR, essential=essential))
    seen = case((unknown(1), unknown(2)), definitions=(of,), answered=("10.10.1.1", "10.10.1.2"))
    finding = found("health-check-only-on-sidecar", seen)
    assert finding is not None
    assert ("not essential" in finding.detail) is not essential
    assert found("no-container-health-check", seen) is None


@pytest.mark.parametrize(
    "containers",
    [
        (container(), replace(SIDECAR, health_check=None)),
        (UNCHECKED, replace(SIDECAR, health_check=None)),
        (UNCHECKED, replace(SIDECAR, ports=(PortBinding(9090),))),
    ],
    ids=["serving one has it", "none has it", "which one serves is not known"],
)
def test_what_is_no_check_on_a_sidecar_alone(containers: Any) -> None:
    seen = case((unknown(1), unknown(2)), definitions=(definition(*containers),), answered=("10.10.1.1",))
    assert found("health-check-only-on-sidecar", seen) is None


def test_the_registry_says_which_container_serves() -> None:
    registry = Registry("arn:aws:servicediscovery:eu-west-1:111122223333:service/srv-1", "dev-api", 3000)
    of = definition(UNCHECKED, replace(SIDECAR, ports=(PortBinding(9090),)))
    seen = case((unknown(1),), of=service(registries=(registry,)), definitions=(of,), answered=("10.10.1.1",))
    assert found("health-check-only-on-sidecar", seen)
