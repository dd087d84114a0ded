"""What is seen of failing container health checks; shared by the causes that find out why one fails."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from msgspec import Struct

from sddoctor.case.ecs import Container, ContainerDefinition, Event, HealthCheck, Task
from sddoctor.case.seen import Gap, UnseenFactError
from sddoctor.resolution.endpoints import check_ports, endpoints
from sddoctor.trail.setbacks import FAILED_CHECKS
from sddoctor.trail.thresholds import START_GRACE
from sddoctor.trail.trail import Trail, optional

#: How ECS words it in an event of the service.
#: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-unhealthy-event-messages.html
EVENT = "failed container health checks"
#: Older failures, in seconds, say nothing about the present.
_LATELY = 2 * START_GRACE


class Failing(Struct, frozen=True):
    """A container whose check fails, with its definition where that was seen."""

    task: Task
    container: Container
    definition: ContainerDefinition | None

    @property
    def check(self) -> HealthCheck | None:
        """The check, where the definition was seen."""
        return self.definition.health_check if self.definition else None


class FailingChecks(Struct, frozen=True):
    """Tasks whose check fails now, tasks that it stopped recently, the events about it, and the containers."""

    unhealthy: tuple[Task, ...]
    stopped: tuple[Task, ...]
    events: tuple[Event, ...]
    failing: tuple[Failing, ...]


def failing_checks(trail: Trail) -> FailingChecks | None:
    """Return what is seen of failing checks, or ``None`` when none fails.

    Failures are over, and count no more, once as many tasks serve as are desired.
    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/healthcheck.html
    """
    unhealthy = unhealthy_tasks(trail)
    few = _too_few_serve(trail)
    events = _events(trail) if few else ()
    if not unhealthy and not few:
        return None
    # Unhealthy tasks, or an event, are proof without the tasks that were stopped.
    stopped = (optional(lambda: stopped_by_check(trail)) or ()) if unhealthy or events else stopped_by_check(trail)
    if not unhealthy and not stopped and not events:
        return None
    failing = failing_containers(trail, (*unhealthy, *stopped))
    return FailingChecks(unhealthy, stopped, events, failing)


def unhealthy_tasks(trail: Trail) -> tuple[Task, ...]:
    """Return the tasks that ECS wants to run, calls UNHEALTHY for an essential container, and is in contact with.

    Tasks that wait for an unhealthy container before they run are among them.
    """
    return tuple(
        t
        for t in trail.ecs.tasks
        if t.desired_status == "RUNNING"
        and t.health == "UNHEALTHY"
        and t.connectivity != "DISCONNECTED"
        and not _only_others_fail(trail, t)
    )


def _only_others_fail(trail: Trail, task: Task) -> bool:
    """Tell whether the containers that fail are known, and none of them counts."""
    bad = [c for c in task.containers if c.health == "UNHEALTHY"]
    return bool(bad) and all((d := _definition(trail, task, c.name)) is not None and not d.essential for c in bad)


def stopped_by_check(trail: Trail) -> tuple[Task, ...]:
    """Return tasks that were recently stopped, or are being stopped, because of their health check."""
    return tuple(
        t
        for t in trail.ecs.stopped
        if t.stopped_reason.startswith(FAILED_CHECKS)
        and (age := trail.ecs.age(t.stopped_at or t.stopping_at)) is not None
        and age < _LATELY
        and not _before_deployment(trail, t.group, t.created_at)
    )


def _events(trail: Trail) -> tuple[Event, ...]:
    return tuple(
        e
        for s in trail.ecs.active
        for e in s.events
        if EVENT in e.message
        and (trail.ecs.age(e.at) or 0) < _LATELY
        and not _before_deployment(trail, f"service:{s.name}", e.at)
    )


def _before_deployment(trail: Trail, group: str, at: datetime | None) -> bool:
    """Tell whether something happened before a deployment that has just begun, and so says nothing about its tasks."""
    for service in trail.ecs.active:
        deployment = trail.ecs.young_deployment(service) if group == f"service:{service.name}" else None
        if deployment is not None and deployment.created_at is not None and at is not None:
            return at < deployment.created_at
    return False


def _too_few_serve(trail: Trail) -> bool:
    return sum(_serves(trail, t) for t in trail.ecs.running) < trail.ecs.desired


def _serves(trail: Trail, task: Task) -> bool:
    """Tell whether the task is healthy, or has no check that could say so."""
    if task.health == "UNKNOWN":
        return not optional(lambda: trail.ecs.has_check(task))
    return task.health == "HEALTHY"


def failing_containers(trail: Trail, tasks: tuple[Task, ...]) -> tuple[Failing, ...]:
    """Return the essential containers whose check fails, with their definitions where those were seen."""
    found: dict[str, Failing] = {}
    for task in tasks:
        for container in task.containers:
            definition = _definition(trail, task, container.name)
            if definition is not None and (not definition.essential or definition.health_check is None):
                continue
            if container.health == "UNHEALTHY":
                found.setdefault(container.name, Failing(task, container, definition))
    return tuple(found.values())


def _definition(trail: Trail, task: Task, container: str) -> ContainerDefinition | None:
    return optional(lambda: trail.ecs.container_definition(task, container))


def answering(trail: Trail, failing: Failing) -> str | None:
    """Return ``ADDRESS:PORT`` of an unhealthy task where the port that the check uses accepts connections.

    ``None`` when all of them refuse. Raises when that was not seen: then either the check or the program may be at fault.
    """
    unseen = UnseenFactError(
        Gap("a TCP connection to an unhealthy task", "none runs at this moment", "a look while one runs")
    )
    refused = False
    for address, port in _tries(trail, failing):
        try:
            if trail.reach.accepts(address, port):
                return f"{address}:{port}"
            refused = True
        except UnseenFactError as gap:
            unseen = gap
    if not refused:
        raise unseen
    return None


def _tries(trail: Trail, failing: Failing) -> Iterator[tuple[str, int]]:
    definition = failing.definition
    for task in trail.ecs.running:
        if definition is None or task.health != "UNHEALTHY" or task.task_definition != failing.task.task_definition:
            continue
        yield from endpoints(task, definition, check_ports(definition), registered_addresses(trail, task))


def registered_addresses(trail: Trail, task: Task) -> tuple[str, ...]:
    """Return the addresses by which the task is registered; none when that was not seen."""
    return optional(lambda: trail.promise.addresses_of(task)) or ()
