"""On which side of each grace a difference falls, at the very second."""

from __future__ import annotations

import pytest

from sddoctor.case.case import Case
from sddoctor.case.cloudmap import InstanceHealth
from sddoctor.case.ecs import Event, Task
from sddoctor.case.seen import Seen
from sddoctor.trail.thresholds import PROPAGATION_GRACE, REGISTRATION_GRACE
from tests.unit.causes.cloudmap.test_registration import changed
from tests.unit.causes.ecs.ecs_case import ago, case, found, service, task

ROLE = "(service api) failed to register targets. Unable to assume the service linked role."
STEADY = "(service api) has reached a steady state."


def not_yet_healthy(age: float | None) -> Case:
    """Cloud Map calls a task unfit that ECS calls healthy and that started so long ago."""
    young = task(2, started_at=None if age is None else ago(age))
    health = (InstanceHealth(task(1).id, "HEALTHY"), InstanceHealth(young.id, "UNHEALTHY"))
    return changed(case((task(1), young), answered=("10.10.1.1",)), health=Seen(health, "test"))


@pytest.mark.parametrize(
    ("age", "code"),
    [
        (PROPAGATION_GRACE - 1, "health-propagating"),
        (PROPAGATION_GRACE, "health-not-propagated"),
        (PROPAGATION_GRACE + 1, "health-not-propagated"),
        (None, None),
    ],
)
def test_a_difference_of_health_is_either_young_or_lasting(age: float | None, code: str | None) -> None:
    of = not_yet_healthy(age)
    named = {c for c in ("health-propagating", "health-not-propagated") if found(c, of) is not None}
    assert named == ({code} if code else set())


@pytest.mark.parametrize(("age", "wait"), [(0, 120), (30, 90), (119.5, 1)])
def test_the_wait_is_what_is_left_of_the_grace(age: float, wait: int) -> None:
    finding = found("health-propagating", not_yet_healthy(age))
    assert finding is not None
    assert finding.wait_seconds == wait


def test_an_instance_that_cloud_map_has_no_health_of_yet_is_propagating() -> None:
    young = task(2, started_at=ago(10))
    of = changed(
        case((task(1), young), answered=("10.10.1.1",)),
        health=Seen((InstanceHealth(task(1).id, "HEALTHY"),), "test"),
    )
    assert found("health-propagating", of) is not None


def test_without_custom_health_nobody_tells_cloud_map() -> None:
    for health in ("none", "route53"):
        of = changed(not_yet_healthy(10), service={"health": health})
        assert found("health-propagating", of) is None
        assert found("health-not-propagated", of) is None


@pytest.mark.parametrize(
    ("age", "missing"), [(REGISTRATION_GRACE, False), (REGISTRATION_GRACE + 1, True), (None, False)]
)
def test_a_task_may_take_its_time_to_register(age: float | None, missing: bool) -> None:
    young: Task = task(2, started_at=None if age is None else ago(age))
    of = changed(case((task(1), young), registered=(task(1),)), operations=Seen((), "test"))
    assert (found("instance-missing", of) is not None) is missing


@pytest.mark.parametrize("seconds", [0, 1])
def test_a_service_made_in_the_second_of_the_start_is_not_newer(seconds: int) -> None:
    of = changed(case(registered=(task(1),)), operations=Seen((), "test"), service={"created_at": ago(3600 - seconds)})
    named = {c for c in ("registry-recreated", "instance-missing") if found(c, of) is not None}
    assert named == {"registry-recreated" if seconds else "instance-missing"}


def test_a_role_that_was_missing_before_the_service_was_steady_is_not_missing_now() -> None:
    now = service(running=0, events=(Event(ago(300), ROLE), Event(ago(9000), STEADY)))
    before = service(running=0, events=(Event(ago(300), STEADY), Event(ago(9000), ROLE)))
    assert found("registration-failed", case((), of=now)) is not None
    assert found("registration-failed", case((), of=before)) is None


def test_a_steady_service_may_still_have_a_task_that_was_refused() -> None:
    refused = "(service api) was unable to register task with service discovery."
    of = service(events=(Event(ago(300), STEADY), Event(ago(3000), refused)))
    assert found("registration-failed", case(of=of, registered=(task(1),))) is not None
