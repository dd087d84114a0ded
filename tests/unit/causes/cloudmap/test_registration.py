"""Which failures of a registration are held against a task, and what a health that differs proves."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec import structs

from sddoctor.case.case import Case
from sddoctor.case.cloudmap import Attribute, Instance, InstanceHealth, Operation
from sddoctor.case.ecs import Event, Task
from sddoctor.case.seen import Absent, Denied, Seen
from sddoctor.diagnosis.diagnose import diagnose
from tests.unit.causes.ecs.ecs_case import ago, case, found, service, task

THROTTLED = Operation("op-1", "REGISTER_INSTANCE", "FAIL", "THROTTLED_REQUEST", "Rate exceeded", ago(3590))


def changed(of: Case, *, service: dict[str, Any] | None = None, **view: Any) -> Case:
    """Replace fields of the view, and of its Cloud Map service."""
    facts = of.aws.cloudmap
    first = structs.replace(facts.views[0], **view)
    if service is not None:
        first = structs.replace(first, service=Seen(structs.replace(first.service.value, **service), "test"))
    cloudmap = structs.replace(facts, views=(first,))
    return structs.replace(of, aws=structs.replace(of.aws, cloudmap=cloudmap))


def unregistered(*operations: Operation, events: tuple[Event, ...] = ()) -> Case:
    """One of two tasks has no instance."""
    of = case(of=service(events=events), registered=(task(1),))
    return changed(of, operations=Seen(operations, "test"))


@pytest.mark.parametrize(
    ("operation", "code"),
    [
        (structs.replace(THROTTLED, instance_id=task(2).id), "registration-failed"),
        (THROTTLED, "registration-failed"),
        (structs.replace(THROTTLED, instance_id=task(7).id), "instance-missing"),
        (structs.replace(THROTTLED, created_at=ago(90000)), "instance-missing"),
        (structs.replace(THROTTLED, type="DEREGISTER_INSTANCE"), "instance-missing"),
    ],
    ids=["of the task", "of nobody known since then", "of another task", "of nobody known before", "of another kind"],
)
def test_a_failed_operation_counts_for_tasks_that_it_concerns(operation: Operation, code: str) -> None:
    of = unregistered(operation)
    other = {"registration-failed": "instance-missing", "instance-missing": "registration-failed"}[code]
    assert found(code, of) is not None
    assert found(other, of) is None


def test_an_old_event_about_the_role_is_no_reason_of_today() -> None:
    text = "Unable to assume the service linked role. Please verify that the ECS service linked role exists."
    assert found("registration-failed", unregistered(events=(Event(ago(3000), text),))) is not None
    assert found("registration-failed", unregistered(events=(Event(ago(90000), text),))) is None


def test_a_missing_zone_is_another_cause() -> None:
    gone = structs.replace(THROTTLED, instance_id=task(2).id, error_code="HOSTED_ZONE_NOT_FOUND")
    assert found("registration-failed", unregistered(gone)) is None


def test_a_task_older_than_the_cloud_map_service_was_never_refused() -> None:
    of = unregistered(structs.replace(THROTTLED, instance_id=task(2).id))
    of = changed(of, service={"created_at": ago(600)})
    assert found("registration-failed", of) is None
    assert found("registry-recreated", of) is not None


def test_without_a_wanted_task_an_old_failure_says_nothing() -> None:
    of = changed(case((), of=service(desired=0, running=0)), operations=Seen((THROTTLED,), "test"))
    assert found("registration-failed", of) is None
    assert diagnose(of).root_causes == ("service-scaled-to-zero",)


def differing(of_task: Task, there: str) -> Case:
    of = case((task(1), of_task))
    health = (InstanceHealth(task(1).id, "HEALTHY"), InstanceHealth(of_task.id, there))
    return changed(of, health=Seen(health, "test"))


def test_only_one_direction_of_a_lasting_difference_is_certain() -> None:
    healthy = found("health-not-propagated", differing(task(2), "UNHEALTHY"))
    sick = found("health-not-propagated", differing(task(2, health="UNHEALTHY"), "HEALTHY"))
    assert healthy is not None
    assert sick is not None
    assert (healthy.only_fits, sick.only_fits) == (False, True)


@pytest.mark.parametrize(
    "of_task",
    [task(2, health="UNKNOWN"), task(2, started_at=ago(60)), task(2, connectivity="DISCONNECTED")],
    ids=["unknown in ECS", "young", "agent out of contact"],
)
def test_what_is_no_lasting_difference(of_task: Task) -> None:
    assert found("health-not-propagated", differing(of_task, "UNHEALTHY")) is None


def checked_from_outside(address: str, health: str) -> Case:
    of = case((task(1, health=health, addresses=(address,)),))
    instance = Instance(task(1).id, (Attribute("AWS_INSTANCE_IPV4", address), Attribute("ECS_SERVICE_NAME", "api")))
    sick = Seen((InstanceHealth(task(1).id, "UNHEALTHY"),), "test")
    return changed(of, service={"health": "route53"}, health=sick, instances=Seen((instance,), "test"))


def test_a_public_address_that_checkers_call_unfit_is_likely_kept_from_them() -> None:
    private = found("route53-health-check-cannot-reach", checked_from_outside("10.10.1.1", "HEALTHY"))
    public = found("route53-health-check-cannot-reach", checked_from_outside("198.51.100.7", "HEALTHY"))
    assert private is not None
    assert public is not None
    assert (bool(private.would_tell), bool(public.would_tell)) == (False, True)
    assert "get-checker-ip-ranges" in public.fixes[0].commands[0]
    assert found("route53-health-check-cannot-reach", checked_from_outside("198.51.100.7", "UNHEALTHY")) is None
    assert found("route53-health-check-cannot-reach", checked_from_outside("198.51.100.7", "UNKNOWN")) is None


def test_a_name_that_may_be_service_connects_is_only_likely_missing() -> None:
    of = changed(case((), answered=()), service=None)
    view = structs.replace(
        of.aws.cloudmap.views[0],
        services=Seen((), "test"),
        service=Absent("a service", "test"),
        records=Seen((), "test"),
    )
    cloudmap = structs.replace(of.aws.cloudmap, views=(view,))
    denied = structs.replace(of.aws.ecs, clusters=Denied("the clusters", "ecs:ListClusters"))
    walked = structs.replace(of.aws.ecs, clusters=Seen((), "ecs:ListClusters"))
    unsure = structs.replace(of, aws=structs.replace(of.aws, cloudmap=cloudmap, ecs=denied))
    sure = structs.replace(of, aws=structs.replace(of.aws, cloudmap=cloudmap, ecs=walked))
    first, second = found("service-not-found", unsure), found("service-not-found", sure)
    assert first is not None
    assert second is not None
    assert (bool(first.would_tell), bool(second.would_tell)) == (True, False)
