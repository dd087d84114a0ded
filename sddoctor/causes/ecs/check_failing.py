"""The container health check fails."""

from __future__ import annotations

import re
import shlex

from msgspec import Struct

from sddoctor.case.ecs import Container, ContainerDefinition, Event, Task
from sddoctor.causes.model import Evidence, Finding, Fix, cause
from sddoctor.causes.shell import aws
from sddoctor.causes.words import count, listed
from sddoctor.trail.thresholds import START_GRACE
from sddoctor.trail.trail import Trail, optional

#: How ECS words it; the second is an event of the service.
#: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-unhealthy-event-messages.html
STOPPED_REASON = "Task failed container health checks"
EVENT = "failed container health checks"


class Failing(Struct, frozen=True):
    """A container whose check fails, with its definition where that was seen."""

    task: Task
    container: Container
    definition: ContainerDefinition | None


@cause(
    "health-check-failing",
    hop="ecs",
    kind="fault",
    severity="error",
    certainty="certain",
    title="The container health check fails",
)
def health_check_failing(trail: Trail) -> Finding | None:
    """Running tasks are UNHEALTHY, or tasks were stopped for their health check while too few serve.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/healthcheck.html
    """
    sick = sick_tasks(trail)
    stopped = stopped_by_check(trail)
    events = _events(trail)
    if not sick and not _too_few_serve(trail):
        return None
    if not sick and not stopped and not events:
        return None
    tasks = [*sick, *stopped]
    failing = failing_containers(trail, tasks)
    return Finding(
        summary=_summary(trail, sick, failing),
        detail=_detail(failing),
        evidence=_evidence(trail, sick, stopped, events, failing),
        fixes=_fixes(tasks, failing),
        addresses=tuple(a for t in sick for a in trail.promise.addresses_of(t)),
    )


def sick_tasks(trail: Trail) -> list[Task]:
    """Return the running tasks that ECS calls UNHEALTHY and whose agent is in contact."""
    return [t for t in trail.ecs.running if t.health == "UNHEALTHY" and t.connectivity != "DISCONNECTED"]


def stopped_by_check(trail: Trail) -> list[Task]:
    """Return tasks that were lately stopped because of their health check."""
    return [
        t
        for t in trail.ecs.stopped
        if t.stopped_reason.startswith(STOPPED_REASON)
        and (age := trail.ecs.age(t.stopped_at)) is not None
        and age < 2 * START_GRACE
    ]


def _events(trail: Trail) -> list[Event]:
    return [
        e
        for s in trail.ecs.active
        for e in s.events
        if EVENT in e.message and (trail.ecs.age(e.at) or 0) < 2 * START_GRACE
    ]


def _too_few_serve(trail: Trail) -> bool:
    serving = [t for t in trail.ecs.running if t.health != "UNHEALTHY" and t not in trail.promise.starting]
    return len(serving) < trail.ecs.desired


def failing_containers(trail: Trail, tasks: list[Task]) -> list[Failing]:
    """Return the essential containers whose check fails, with their definitions where those were seen."""
    found: dict[str, Failing] = {}
    for task in tasks:
        for container in task.containers:
            definition = _definition(trail, task, container.name)
            if definition is not None and (not definition.essential or definition.health_check is None):
                continue
            if container.health == "UNHEALTHY":
                found.setdefault(container.name, Failing(task, container, definition))
    return list(found.values())


def _definition(trail: Trail, task: Task, container: str) -> ContainerDefinition | None:
    return optional(lambda: trail.ecs.container_definition(task, container))


def _summary(trail: Trail, sick: list[Task], failing: list[Failing]) -> str:
    service = trail.ecs.main
    of = f" of container {listed(f.container.name for f in failing)}" if failing else ""
    who = f"{count(len(sick), 'task')} of" if sick else "the tasks of"
    return (
        f"The health check{of} fails in {who} {service.cluster_name}/{service.name}, so ECS calls "
        f"{'it' if len(sick) == 1 else 'them'} unhealthy and keeps {trail.name} from answering with "
        f"{'it' if len(sick) == 1 else 'them'}."
    )


def _detail(failing: list[Failing]) -> str:
    text = (
        "ECS takes an unhealthy task out of Cloud Map and replaces it, over and over. The program itself may well "
        "work: ECS never shows what the check printed."
    )
    definition = next((f.definition for f in failing if f.definition and f.definition.health_check), None)
    if definition is None or definition.health_check is None:
        return text
    command = " ".join(definition.health_check.command)
    text += f" The check is: {command}"
    port = re.search(r":(\d{2,5})\b", command)
    mapped = {str(p.container_port) for p in definition.ports}
    if port and mapped and port.group(1) not in mapped:
        text += f" (a hint: it asks port {port.group(1)}, and the container offers {listed(sorted(mapped))})"
    return text


def _evidence(
    trail: Trail,
    sick: list[Task],
    stopped: list[Task],
    events: list[Event],
    failing: list[Failing],
) -> tuple[Evidence, ...]:
    found = [Evidence("ecs:DescribeTasks tasks[].healthStatus", t.id, t.health, "HEALTHY") for t in sick[:3]]
    found += [
        Evidence("ecs:DescribeTasks containers[].healthStatus", f.container.name, f.container.health, "HEALTHY")
        for f in failing
    ]
    found += [
        Evidence("ecs:DescribeTasks tasks[].stoppedReason", t.id, t.stopped_reason, "RUNNING") for t in stopped[:2]
    ]
    found += [Evidence("ecs:DescribeServices services[].events[]", trail.ecs.main.name, e.message) for e in events[:1]]
    found += [
        Evidence("ecs:DescribeTaskDefinition healthCheck.command", d.name, " ".join(d.health_check.command))
        for d in (f.definition for f in failing)
        if d is not None and d.health_check is not None
    ]
    return tuple(found)


def _fixes(tasks: list[Task], failing: list[Failing]) -> tuple[Fix, ...]:
    repair = Fix(
        "Correct command, port or path of the check, or what the health endpoint reports; then deploy",
        "terraform",
        verified_by="containers[].healthStatus turns HEALTHY, and Cloud Map follows within two minutes.",
    )
    running = next((t for t in tasks if t.runs), None)
    definition = next((f.definition for f in failing if f.definition is not None), None)
    if running is None or definition is None or definition.health_check is None:
        return (repair,)
    words = definition.health_check.command
    inner = " ".join(words[1:] if words[:1] in (("CMD",), ("CMD-SHELL",)) else words)
    run_it = Fix(
        "Run the check where it runs, and see its output",
        "aws",
        commands=(
            aws(
                "ecs",
                "execute-command",
                "--interactive",
                cluster=running.cluster_name,
                task=running.id,
                container=definition.name,
                command=f"sh -c {shlex.quote(inner)}",
            ),
        ),
        changes="Nothing: it runs the check once (ECS Exec must be on).",
    )
    return (run_it, repair)
