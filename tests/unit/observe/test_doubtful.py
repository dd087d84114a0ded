"""Which of the returned addresses are in doubt, and on which ports they are tried."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from sddoctor.case.case import AwsFacts, Case
from sddoctor.case.cloudmap import Attribute, Instance, InstanceHealth
from sddoctor.case.ecs import Container, PortBinding
from sddoctor.case.seen import Absent, Denied, Seen
from sddoctor.observe.doubtful import DoubtfulAddresses
from tests.unit.causes.ecs.ecs_case import case, container, definition, service, stopped, task

FIRST, SECOND = "10.10.1.1", "10.10.1.2"
UNCHECKED = tuple(task(n, health="UNKNOWN") for n in (1, 2))
PLAIN = (definition(container(health_check=None)),)


def tried(of: Case, *returned: str) -> list[tuple[str, int]]:
    return list(DoubtfulAddresses(of.aws, frozenset(returned or (FIRST, SECOND))).endpoints())


def changed(of: Case, **cloudmap: Any) -> Case:
    """Return the case with other facts of its namespace."""
    (view,) = of.aws.cloudmap.views
    return replace(of, aws=replace(of.aws, cloudmap=replace(of.aws.cloudmap, views=(replace(view, **cloudmap),))))


def without_ecs(of: Case, fact: Any) -> Case:
    ecs: Any = replace(of.aws.ecs, tasks=tuple(replace(t, running=fact, stopped=fact) for t in of.aws.ecs.tasks))
    aws: AwsFacts = replace(of.aws, ecs=ecs)
    return replace(of, aws=aws)


def test_sound_tasks_are_not_tried() -> None:
    assert tried(case()) == []


def test_tasks_for_which_no_check_vouches_are_tried() -> None:
    assert tried(case(UNCHECKED, definitions=PLAIN)) == [(FIRST, 3000), (SECOND, 3000)]


@pytest.mark.parametrize(
    "changes", [{"health": "UNHEALTHY"}, {"desired_status": "STOPPED"}, {"last_status": "DEACTIVATING"}]
)
def test_a_sick_or_stopping_task_is_tried_if_its_address_was_returned(changes: dict[str, Any]) -> None:
    it = case((task(1, **changes), task(2)))
    assert tried(it) == [(FIRST, 3000)]
    assert tried(it, SECOND) == []


def test_a_task_that_has_stopped_is_tried_as_long_as_its_address_is_returned() -> None:
    assert tried(case((task(2),), stopped=(stopped(1, 60, 30),))) == [(FIRST, 3000)]


def test_an_address_that_another_task_has_now_is_not() -> None:
    assert tried(case((task(1),), stopped=(stopped(7, 60, 30, addresses=(FIRST,)),)), FIRST) == []


def test_a_task_that_cloud_map_calls_unhealthy_is_tried() -> None:
    status = (InstanceHealth(task(1).id, "UNHEALTHY"), InstanceHealth(task(2).id, "HEALTHY"))
    assert tried(changed(case(), health=Seen(status, "test"))) == [(FIRST, 3000)]


def test_a_check_that_passes_vouches_for_a_task_whatever_its_siblings_do() -> None:
    siblings = (stopped(7, 60, 30, stopped_reason="Essential container in task exited"),)
    assert tried(case(of=service(running=1), stopped=siblings)) == []


@pytest.mark.parametrize(
    "gap", [Denied("tasks", "ecs:DescribeTasks"), Absent("the task", "ecs:DescribeTasks")], ids=["denied", "missing"]
)
def test_an_instance_whose_task_was_not_seen_is_tried_on_the_ports_of_the_service(gap: Any) -> None:
    assert tried(without_ecs(case(), gap)) == [(FIRST, 3000), (SECOND, 3000)]


def test_the_port_of_the_registration_comes_before() -> None:
    instance = Instance("by-hand", (Attribute("AWS_INSTANCE_IPV4", FIRST), Attribute("AWS_INSTANCE_PORT", "8080")))
    assert tried(changed(case(()), instances=Seen((instance,), "test"))) == [(FIRST, 8080)]


@pytest.mark.parametrize("port", ["", "0", "65536", "²", "http", "-1"])
def test_a_port_that_is_none_is_not_tried(port: str) -> None:
    instance = Instance("by-hand", (Attribute("AWS_INSTANCE_IPV4", FIRST), Attribute("AWS_INSTANCE_PORT", port)))
    assert tried(changed(case(()), instances=Seen((instance,), "test"))) == [(FIRST, 3000)]


def test_an_address_of_nobody_is_not_tried() -> None:
    assert tried(case(), "203.0.113.80") == []


def test_a_task_on_an_address_of_its_host_is_tried_on_the_bound_port() -> None:
    bound = Container("dev-api", "RUNNING", "UNHEALTHY", bindings=(PortBinding(3000, 32768),))
    of = case((task(1, health="UNHEALTHY", containers=(bound,)),))
    (tasks,) = of.aws.ecs.tasks
    bridge = replace(tasks, running=Seen((replace(tasks.running.value[0], addresses=()),), "test"))
    assert tried(replace(of, aws=replace(of.aws, ecs=replace(of.aws.ecs, tasks=(bridge,))))) == [(FIRST, 32768)]


def test_sidecars_that_may_end_are_not_tried() -> None:
    both = definition(container(), container(name="sidecar", essential=False, ports=(PortBinding(9000),)))
    assert tried(case((task(1, health="UNHEALTHY"),), definitions=(both,))) == [(FIRST, 3000)]
