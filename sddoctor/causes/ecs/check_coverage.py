"""Health checks that say nothing about the program behind the name: none at all, or only on a sidecar."""

from __future__ import annotations

from collections.abc import Iterator

from sddoctor.case.ecs import ContainerDefinition, Task, TaskDefinition
from sddoctor.causes.ecs.check_fixes import deploy, fragment, wget_check
from sddoctor.causes.model import Evidence, Finding, Fix, cause
from sddoctor.text.words import listed
from sddoctor.trail.serving import serving_container
from sddoctor.trail.trail import Trail, optional


@cause(
    "no-container-health-check",
    hop="ecs",
    kind="risk",
    severity="info",
    title="No container in the task definition has a health check",
)
def no_container_health_check(trail: Trail) -> Finding | None:
    """No container of a running task has a check, so its health stays UNKNOWN; the name has its record all the same.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/healthcheck.html
    """
    for task, definition in _running_revisions(trail):
        if task.health == "UNKNOWN" and not _checked(definition) and _has_record(trail):
            return _unchecked(trail, task, definition)
    return None


def _running_revisions(trail: Trail) -> Iterator[tuple[Task, TaskDefinition]]:
    """Yield each revision of which tasks run, with one of them."""
    first: dict[str, Task] = {}
    for task in trail.ecs.running:
        first.setdefault(task.task_definition, task)
    for arn, task in first.items():
        yield task, trail.ecs.definition(arn)


def _checked(definition: TaskDefinition) -> list[ContainerDefinition]:
    """Return the containers that have a check; ``NONE`` is none."""
    return [c for c in definition.containers if c.health_check and c.health_check.command[:1] != ("NONE",)]


def _has_record(trail: Trail) -> bool:
    """Tell whether the name is published at all: a name without a record has another reason than UNKNOWN health."""
    if not trail.cloudmap.instances:
        return False
    records = optional(lambda: trail.cloudmap.records)
    if records is not None:
        return bool(records)
    answered = optional(lambda: trail.answers.vpc_addresses)
    return answered is None or bool(answered)


def _unchecked(trail: Trail, task: Task, definition: TaskDefinition) -> Finding:
    service = trail.ecs.main
    serving = serving_container(trail.cloudmap, trail.ecs, task, definition) or (definition.containers or (None,))[0]
    port = next((p.container_port for p in serving.ports), None) if serving else None
    revision = f"{definition.family}:{definition.revision}"
    return Finding(
        summary=(
            f"No container of {revision} has a health check, so ECS never knows whether a task of {service.name} "
            "serves, and puts it into DNS as soon as it runs."
        ),
        detail=(
            "ECS looks only at checks in the task definition: one in the image does not count, and neither does a load "
            "balancer's. The health of these tasks stays UNKNOWN for ever. That is no reason for a name to disappear; "
            "it means that tasks are answered before they are ready."
        ),
        evidence=(
            Evidence("ecs:DescribeTaskDefinition containerDefinitions[].healthCheck", revision, "none", "a check"),
            Evidence("ecs:DescribeTasks tasks[].healthStatus", task.id, task.health, "HEALTHY"),
        ),
        fixes=(
            Fix(
                f"Add a check to the definition of container {serving.name if serving else '<container>'}, with a tool "
                "that the image has",
                "terraform",
                config=fragment(healthCheck=wget_check(port)),
            ),
            *deploy(service),
        ),
    )


@cause(
    "health-check-only-on-sidecar",
    hop="ecs",
    kind="risk",
    severity="warning",
    title="The health check sits on a sidecar, not on the serving container",
)
def health_check_only_on_sidecar(trail: Trail) -> Finding | None:
    """The serving container has no check, and another container has one.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/healthcheck.html
    """
    for task, definition in _running_revisions(trail):
        checked = _checked(definition)
        serving = serving_container(trail.cloudmap, trail.ecs, task, definition) if checked else None
        if serving is not None and serving not in checked:
            return _sidecar(trail, task, definition, serving, checked)
    return None


def _sidecar(
    trail: Trail,
    task: Task,
    definition: TaskDefinition,
    serving: ContainerDefinition,
    checked: list[ContainerDefinition],
) -> Finding:
    service = trail.ecs.main
    names = listed(c.name for c in checked)
    counts = any(c.essential for c in checked)
    effect = (
        f"Task health follows {names}, so a task can be HEALTHY while {serving.name} is not looked at."
        if counts
        else f"{names} is not essential, so its check does not count either and task health stays UNKNOWN."
    )
    port = next((p.container_port for p in serving.ports if p.protocol == "tcp"), None)
    state = {c.name: c.health for c in task.containers}
    return Finding(
        summary=(
            f"In {definition.family}:{definition.revision} the health check sits on {names}, not on {serving.name}, "
            f"which serves {trail.name}: nobody checks the program that clients reach."
        ),
        detail=f"Only essential containers that have a check decide the health of a task. {effect}",
        evidence=(
            Evidence("ecs:DescribeTaskDefinition containerDefinitions[].healthCheck", serving.name, "none", "a check"),
            *(
                Evidence(
                    "ecs:DescribeTaskDefinition containerDefinitions[].healthCheck",
                    c.name,
                    f"a check, essential {str(c.essential).lower()}",
                )
                for c in checked
            ),
            Evidence(
                "ecs:DescribeTasks tasks[].healthStatus",
                task.id,
                f"{task.health}; {serving.name} {state.get(serving.name, 'UNKNOWN')}",
            ),
        ),
        fixes=(
            Fix(
                f"Add the check to container {serving.name} and keep it essential",
                "terraform",
                config=fragment(essential=True, healthCheck=wget_check(port)),
                verified_by=f"containers[].healthStatus of {serving.name} is HEALTHY.",
            ),
            *deploy(service),
        ),
    )
