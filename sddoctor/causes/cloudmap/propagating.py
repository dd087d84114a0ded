"""ECS calls a task healthy, and Cloud Map will follow within two minutes."""

from __future__ import annotations

from sddoctor.case.ecs import Task
from sddoctor.causes.cloudmap.evidence import health_evidence
from sddoctor.causes.model import Finding, Fix, cause
from sddoctor.text.words import age, count, in_order
from sddoctor.trail.propagation import ecs_and_cloudmap_disagree
from sddoctor.trail.thresholds import PROPAGATION_GRACE, REGISTRATION_GRACE
from sddoctor.trail.trail import Trail


@cause(
    "health-propagating",
    hop="cloudmap",
    at=("tasks", "registry"),
    symptoms=("missing", "not-serving"),
    kind="transient",
    severity="info",
    title="Task health is still propagating to Cloud Map",
    # The deployment is the context of what is seen while it runs.
    explains=("deployment-in-progress",),
)
def health_propagating(trail: Trail) -> Finding | None:
    """ECS and Cloud Map disagree about a young task, or the only tasks are too young to be registered and checked.

    https://docs.aws.amazon.com/cloud-map/latest/api/API_HealthCheckCustomConfig.html
    """
    tasks = [t for t in trail.ecs.running if ecs_and_cloudmap_disagree(trail, t) and _young(trail, t)]
    if tasks and trail.cloudmap.service.health == "custom":
        wait = PROPAGATION_GRACE - min(trail.ecs.age(t.started_at) or 0.0 for t in tasks)
        them = "its" if len(tasks) == 1 else "their"
        return _finding(trail, tasks, f"Cloud Map has not yet taken over {them} health", wait)
    return _of_only_tasks(trail)


def _of_only_tasks(trail: Trail) -> Finding | None:
    """Judge tasks that have just started where the name has no address yet, and no deployment tells of them."""
    if not trail.client_fails or any(trail.ecs.young_deployment(s) for s in trail.ecs.active):
        return None
    tasks = [t for t in trail.promise.starting if t.runs]
    unregistered = [t for t in tasks if trail.cloudmap.instance(t.id) is None]
    if unregistered:
        wait = max(REGISTRATION_GRACE - (trail.ecs.age(t.started_at) or 0.0) for t in unregistered)
        return _finding(trail, unregistered, "registration follows within a minute", wait)
    if not tasks or trail.cloudmap.service.health != "custom":
        return None
    wait = max(trail.promise.shortage.first_verdict(t) - (trail.ecs.age(t.started_at) or 0.0) for t in tasks)
    them = "its" if len(tasks) == 1 else "their"
    return _finding(trail, tasks, f"{them} first health check is still to come", wait)


def _finding(trail: Trail, tasks: list[Task], what: str, wait: float) -> Finding:
    youngest = min(trail.ecs.age(t.started_at) or 0.0 for t in tasks)
    seconds = max(1, int(wait))
    addresses = in_order(a for t in tasks for a in trail.promise.addresses_of(t))
    return Finding(
        summary=(
            f"{count(len(tasks), 'task')} of {trail.ecs.main.name} started {age(youngest)} ago; {what}: wait {seconds} s, "
            "then ask again."
        ),
        detail=(
            "ECS reports health asynchronously and Cloud Map waits about 30 seconds before it acts. In that window the "
            "two rightly disagree. It passes by itself; another deployment would start it again."
        ),
        evidence=tuple(e for t in tasks[:3] for e in health_evidence(trail, t, "not in the map yet")),
        fixes=(Fix(f"Wait {seconds} s and look again; do not force another deployment", "aws"),),
        addresses=addresses,
        wait_seconds=seconds,
    )


def _young(trail: Trail, task: Task) -> bool:
    seconds = trail.ecs.age(task.started_at)
    return seconds is not None and seconds < PROPAGATION_GRACE
