"""Whether a task serves: by what ECS and Cloud Map say, by its port where that is in doubt, and how many are missing."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from sddoctor.case.cloudmap import InstanceHealth
from sddoctor.case.ecs import Event
from sddoctor.case.seen import Denied, Fact, Seen, Unreachable
from sddoctor.causes.registry import BY_CODE
from sddoctor.diagnosis.diagnose import diagnose
from sddoctor.trail.setbacks import family_of
from sddoctor.trail.trail import Trail
from tests.changed_cases import view
from tests.unit.causes.ecs.ecs_case import ago, case, container, definition, found, service, stopped, task

ONE = ("10.10.1.1", 3000)
OPEN: Fact[bool] = Seen(True, "tcp")
REFUSED: Fact[bool] = Seen(False, "tcp")
SILENT: Fact[bool] = Unreachable("tcp", "no answer", "a route", "silence")
SICK = task(1, health="UNHEALTHY")
NO_CHECK = definition(container(health_check=None))


def leaving(age: float, **changes: Any) -> Any:
    return task(1, desired_status="STOPPED", stopping_at=ago(age), **changes)


@pytest.mark.parametrize(
    ("one", "port", "state"),
    [
        (task(1), None, "serves"),
        (task(1), REFUSED, "serves"),
        (SICK, None, "does-not-serve"),
        (SICK, SILENT, "does-not-serve"),
        (SICK, OPEN, "serves"),
        (SICK, REFUSED, "does-not-serve"),
        (leaving(20), None, "serves"),
        (leaving(20), REFUSED, "does-not-serve"),
        (leaving(300), SILENT, "does-not-serve"),
        (leaving(300), OPEN, "serves"),
        (leaving(20, health="UNHEALTHY", stopped_reason="Task failed container health checks"), None, "does-not-serve"),
        (
            leaving(20, health="UNHEALTHY", stopped_reason="Scaling activity initiated by (deployment x)"),
            None,
            "serves",
        ),
        (task(1, health="UNKNOWN", started_at=ago(20)), REFUSED, "starts"),
    ],
)
def test_a_task_serves(one: Any, port: Fact[bool] | None, state: str) -> None:
    seen = case((one, task(2)), connections={ONE: port} if port else {}, answered=("10.10.1.1", "10.10.1.2"))
    assert Trail(seen).promise.serving("10.10.1.1").state == state


@pytest.mark.parametrize(
    ("port", "state"), [(None, "serves"), (SILENT, "serves"), (OPEN, "serves"), (REFUSED, "does-not-serve")]
)
def test_a_task_without_a_check_serves_unless_its_port_refuses(port: Fact[bool] | None, state: str) -> None:
    unchecked = task(1, health="UNKNOWN")
    seen = case((unchecked, task(2)), definitions=(NO_CHECK,), connections={ONE: port} if port else {})
    assert Trail(seen).promise.serving("10.10.1.1").state == state


@pytest.mark.parametrize(("port", "state"), [(None, "serves"), (REFUSED, "does-not-serve")])
def test_what_cloud_map_alone_calls_sick_serves_unless_its_port_refuses(port: Fact[bool] | None, state: str) -> None:
    seen = case(connections={ONE: port} if port else {})
    other = (InstanceHealth(task(1).id, "UNHEALTHY"), InstanceHealth(task(2).id, "HEALTHY"))
    assert Trail(view(health=other)(seen)).promise.serving("10.10.1.1").state == state


@pytest.mark.parametrize(
    ("tasks", "answered", "verdict"),
    [
        ((SICK, task(2)), ("10.10.1.1", "10.10.1.2"), "degraded"),
        ((SICK, task(2)), ("10.10.1.2",), "degraded"),
        ((SICK, task(2), task(3)), ("10.10.1.2", "10.10.1.3"), "healthy"),
        ((SICK, task(2, health="UNHEALTHY")), ("10.10.1.1", "10.10.1.2"), "broken"),
    ],
    ids=["answered", "withheld", "enough others", "all"],
)
def test_the_verdict_follows_what_serves(tasks: Any, answered: tuple[str, ...], verdict: str) -> None:
    assert diagnose(case(tasks, answered=answered)).verdict == verdict


def ended(number: int, seconds: float, code: str, reason: str) -> Any:
    return stopped(number, 4000, seconds, health="HEALTHY", stop_code=code, stopped_reason=reason)


PENDING = task(9, last_status="PENDING", health="UNKNOWN", started_at=None, created_at=ago(20), addresses=())
FEWER, REPLACED = "tasks-not-starting", "task-being-replaced"
KILLED = "Task failed ELB health checks in (target-group tg/api)"


@pytest.mark.parametrize(
    ("tasks", "gone", "code", "kind"),
    [
        ((task(1),), (), FEWER, None),
        ((task(1),), (ended(3, 300, "UserInitiated", "Task stopped by user"),), REPLACED, "transient"),
        ((task(1),), (ended(3, 900, "UserInitiated", "Task stopped by user"),), FEWER, None),
        (
            (task(1), PENDING),
            (ended(3, 60, "SpotInterruption", "Your Spot Task was interrupted."),),
            REPLACED,
            "transient",
        ),
        ((task(1), PENDING), (ended(3, 60, "ServiceSchedulerInitiated", KILLED),), FEWER, "transient"),
        (
            (task(1), PENDING),
            tuple(ended(n, n * 200, "ServiceSchedulerInitiated", KILLED) for n in (3, 4, 5)),
            FEWER,
            None,
        ),
        ((task(1),), (ended(3, 100, "TaskFailedToStart", "CannotPullContainerError: no"),), FEWER, None),
    ],
    ids=["no reason", "just stopped", "stopped long ago", "spot", "killed once", "killed on and on", "cannot start"],
)
def test_a_missing_task_is_a_fault_unless_its_successor_is_on_its_way(
    tasks: Any, gone: Any, code: str, kind: str | None
) -> None:
    seen = case(tasks, of=service(running=1), stopped=gone)
    finding = found(code, seen)
    assert finding is not None
    assert (finding.kind or BY_CODE[code].kind) == (kind or "fault")
    assert found(({FEWER, REPLACED} - {code}).pop(), seen) is None
    assert diagnose(seen).verdict == ("healthy" if kind else "degraded")


def test_a_text_that_nobody_has_met_is_quoted() -> None:
    event = Event(ago(3000), "(service api) could not align the moons.")
    finding = found("tasks-not-starting", case((task(1),), of=service(running=1, events=(event,))))
    assert finding is not None
    assert "could not align the moons" in finding.summary


@pytest.mark.parametrize("running", [1, 0])
def test_no_fix_stops_what_runs_while_nothing_can_follow(running: int) -> None:
    left = (task(1),)[:running]
    seen = case(
        left, of=service(running=running), stopped=(ended(3, 100, "TaskFailedToStart", "CannotPullContainerError"),)
    )
    finding = found("tasks-not-starting", seen)
    assert finding is not None
    assert any("force-new-deployment" in c for f in finding.fixes for c in f.commands) is (running == 0)


@pytest.mark.parametrize(
    ("code", "text", "family"),
    [
        ("", "failed to launch a task with (error ECS was unable to assume the role 'arn:x')", "role"),
        ("", "was unable to place a task because no container instance met all of its requirements.", "placement"),
        (
            "",
            "was unable to place a task. The closest matching (container-instance x) has insufficient memory available.",
            "room",
        ),
        ("", 'was unable to place a task. The closest matching encountered error "RESOURCE:ENI".', "interfaces"),
        ("", "was unable to place a task. It is already using a port required by your task.", "port"),
        ("", "operations are being throttled on elb. Will try again later.", "throttled"),
        ("", "failed to launch a task with (error You've reached the limit on the number of tasks)", "quota"),
        ("", "was unable to place a task. Reason: the subnet has insufficient free addresses", "addresses"),
        ("", "failed to register targets in (target-group x) with (error y)", "targets"),
        ("SpotInterruption", "Your Spot Task was interrupted.", "spot"),
        ("", "Host EC2 (instance i-0abc) terminated.", "host-gone"),
        ("TaskFailedToStart", "ResourceInitializationError: unable to pull secrets or registry auth", "secrets"),
        ("TaskFailedToStart", "CannotPullContainerError: pull access denied", "image"),
        ("EssentialContainerExited", "Essential container in task exited", "crash"),
    ],
)
def test_known_texts_have_a_family(code: str, text: str, family: str) -> None:
    known = family_of(text, code)
    assert known is not None
    assert known.name == family


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("LatticeDrained", "the lattice was drained"),
        ("LedgerImbalance", "Quota ledger out of balance."),
        ("", "waits for wave 3 of the image maintenance window"),
        ("", "the network interface team retired a spot on the roster"),
        ("", "EFS limit review by the secretsmanager guild"),
    ],
)
def test_an_unknown_text_has_none(code: str, text: str) -> None:
    assert family_of(text, code) is None


@pytest.mark.parametrize(("pending", "named"), [(0, True), (1, False)])
def test_the_numbers_alone_prove_it_where_tasks_may_not_be_listed(pending: int, named: bool) -> None:
    denied = Denied("the tasks", "ecs:ListTasks")
    seen = case((task(1),), of=service(running=1, pending=pending))
    looks = tuple(replace(x, running=denied, stopped=denied) for x in seen.aws.ecs.tasks)
    blind = replace(seen, aws=replace(seen.aws, ecs=replace(seen.aws.ecs, tasks=looks)))
    finding = found("tasks-not-starting", blind)
    assert finding is not None
    assert (finding.kind is None) is named
