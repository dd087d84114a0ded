"""Tasks are stuck before RUNNING, so none are registered."""

from __future__ import annotations

from sddoctor.case.ecs import Container, EcsService, Task
from sddoctor.causes.commands import read_only
from sddoctor.causes.ecs.check_fixes import fragment
from sddoctor.causes.model import Evidence, Finding, Fix, cause
from sddoctor.text.shell import aws
from sddoctor.text.words import age, count
from sddoctor.trail.hanging import hanging
from sddoctor.trail.trail import Trail, optional


@cause(
    "tasks-stuck-before-running",
    hop="ecs",
    at=("tasks",),
    symptoms=("missing",),
    title="Tasks are stuck before RUNNING, so none are registered",
    # A task that waits for a container whose check fails hangs: hanging is what people see.
    explains=("health-check-failing",),
)
def tasks_stuck_before_running(trail: Trail) -> Finding | None:
    """Tasks are older than a start takes and do not run, none failed meanwhile, and none of them is registered.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-lifecycle-explanation.html
    """
    for service in trail.ecs.active:
        if service.pending < 1:
            continue
        stuck = hanging(trail, service)
        if not stuck or _registration_failed(trail, stuck):
            continue
        if any(trail.cloudmap.instance(t.id) for t in stuck):
            continue
        return _finding(trail, service, stuck)
    return None


def _registration_failed(trail: Trail, stuck: list[Task]) -> bool:
    """Tell whether tasks wait in ACTIVATING, where ECS registers them, and a registration is known to have failed."""
    if not any(t.last_status == "ACTIVATING" for t in stuck):
        return False
    operations = trail.cloudmap.view.operations.seen_or(())
    ids = {t.id for t in stuck}
    return any(
        o.type == "REGISTER_INSTANCE" and o.status == "FAIL" and (o.instance_id is None or o.instance_id in ids)
        for o in operations
    )


def _finding(trail: Trail, service: EcsService, stuck: list[Task]) -> Finding:
    oldest = max(stuck, key=lambda t: trail.ecs.age(t.created_at) or 0)
    for_ = age(trail.ecs.age(oldest.created_at))
    where = f"{service.cluster_name}/{service.name}"
    waiting = _waits_for(trail, oldest)
    why = ""
    if waiting is not None:
        waiter, dependency = waiting
        why = (
            f": its container {waiter} waits until container {dependency.name} is healthy, and that is "
            f"{dependency.health}"
        )
    one = len(stuck) == 1
    return Finding(
        summary=(
            f"{count(len(stuck), 'task')} of {where} {'has' if one else 'have'} hung in {oldest.last_status} for {for_}"
            f"{why}, so {trail.name} has no address of {'it' if one else 'them'}."
        ),
        detail=(
            "A start takes minutes at most, and none of these tasks fails, so it only looks like a deployment that "
            "will finish soon. A task is registered at the end of its start. The usual reasons are a container that "
            "waits for another to become healthy, a slow image pull, a missing way through the network, or a "
            "registration that does not complete."
        ),
        evidence=_evidence(trail, service, stuck, waiting),
        fixes=_fixes(service, oldest, waiting),
    )


def _waits_for(trail: Trail, task: Task) -> tuple[str, Container] | None:
    """Return the container that waits for another's health and the one that is not healthy, if that is the reason."""
    definition = optional(lambda: trail.ecs.definition(task.task_definition))
    state = {c.name: c for c in task.containers}
    for container in definition.containers if definition else ():
        for needed in container.depends_on:
            found = state.get(needed.container)
            if needed.condition == "HEALTHY" and found is not None and found.health != "HEALTHY":
                return container.name, found
    return None


def _evidence(
    trail: Trail, service: EcsService, stuck: list[Task], waiting: tuple[str, Container] | None
) -> tuple[Evidence, ...]:
    found = [
        Evidence(
            "ecs:DescribeTasks tasks[].lastStatus",
            t.id,
            f"{t.last_status}, created {age(trail.ecs.age(t.created_at))} ago",
            "RUNNING",
        )
        for t in stuck[:3]
    ]
    found.append(Evidence("ecs:DescribeServices services[].pendingCount", service.name, service.pending, 0))
    if waiting is not None:
        waiter, needed = waiting
        found += [
            Evidence("ecs:DescribeTaskDefinition dependsOn[].condition", waiter, f"{needed.name}: HEALTHY"),
            Evidence("ecs:DescribeTasks containers[].healthStatus", needed.name, needed.health, "HEALTHY"),
        ]
    found.append(Evidence("servicediscovery:ListInstances", stuck[0].id, "not registered", "registered"))
    return tuple(found)


def _fixes(service: EcsService, task: Task, waiting: tuple[str, Container] | None) -> tuple[Fix, ...]:
    shown = "tasks[].containers[].[name,lastStatus,healthStatus,reason]"
    read = aws("ecs", "describe-tasks", cluster=service.cluster_name, tasks=task.id, query=shown)
    needed = waiting[1].name if waiting else "<container>"
    bound = Fix(
        "Repair the check of the container that others wait for, and bound the wait in the definition of the one that "
        "waits",
        "terraform",
        config=fragment(startTimeout=120, dependsOn=[{"containerName": needed, "condition": "HEALTHY"}]),
        changes="A task whose wait is over then fails and says so, instead of hanging.",
        verified_by="tasks[].lastStatus becomes RUNNING, and the instance appears in list-instances.",
    )
    return (read_only("See which container waits for which", read), bound)
