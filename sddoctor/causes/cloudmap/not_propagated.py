"""ECS and Cloud Map have disagreed about health for longer than propagation takes."""

from __future__ import annotations

from sddoctor.case.ecs import Task
from sddoctor.causes.cloudmap.evidence import health_evidence
from sddoctor.causes.commands import new_tasks, replace_later, set_health
from sddoctor.causes.model import Finding, Fix, cause
from sddoctor.text.shell import aws
from sddoctor.text.words import age, count, in_order
from sddoctor.trail.propagation import ecs_and_cloudmap_disagree, is_past_propagation
from sddoctor.trail.thresholds import PROPAGATION_GRACE
from sddoctor.trail.trail import Trail


@cause(
    "health-not-propagated",
    hop="cloudmap",
    at=("tasks", "registry"),
    symptoms=("missing", "not-serving"),
    title="ECS and Cloud Map have disagreed about health for minutes",
    explains=("all-instances-unhealthy",),
)
def health_not_propagated(trail: Trail) -> Finding | None:
    """A registered task's health differs for longer than propagation takes, and its agent is in contact.

    What ECS sends for a task whose health is UNKNOWN is not documented, so only HEALTHY and UNHEALTHY count.
    https://docs.aws.amazon.com/cloud-map/latest/api/API_UpdateInstanceCustomHealthStatus.html
    """
    if trail.cloudmap.service.health != "custom":
        return None
    tasks = [
        t
        for t in trail.ecs.running
        if t.connectivity != "DISCONNECTED" and ecs_and_cloudmap_disagree(trail, t) and is_past_propagation(trail, t)
    ]
    if not tasks:
        return None
    main = trail.ecs.main
    addresses = in_order(a for t in tasks for a in trail.promise.addresses_of(t))
    out = [t for t in tasks if t.health == "HEALTHY"]
    first = tasks[0]
    in_cloudmap = trail.cloudmap.health(first.id) or "nothing"
    started = min(trail.ecs.age(t.started_at) or 0 for t in tasks)
    return Finding(
        summary=(
            f"ECS says {first.health} and Cloud Map says {in_cloudmap} of {count(len(tasks), 'task')} of {main.name}, which "
            f"started {age(started)} ago; propagation takes {PROPAGATION_GRACE} s at most."
        ),
        detail=(
            "The update was lost or throttled, or the status was set by hand. DNS follows Cloud Map, so a healthy task stays "
            "out of the answer, or an unhealthy one in it."
        ),
        evidence=tuple(e for t in tasks[:3] for e in health_evidence(trail, t, "not in the map")),
        fixes=(
            replace_later(trail)
            or new_tasks("Start new tasks, which report afresh", main, "get-instances-health-status agrees with ECS."),
            Fix(
                "As a stopgap set the status by hand (it stays until ECS reports again)",
                "aws",
                commands=tuple(set_health(trail, t.id, t.health) for t in tasks[:3]),
                changes="Sets what DNS goes by.",
                verified_by="get-instances-health-status agrees with ECS.",
            ),
        ),
        would_tell=None if out else _would_tell(trail, first),  # a check may have begun to fail only now
        addresses=addresses,
    )


def _would_tell(trail: Trail, task: Task) -> str:
    """Return the second look, which shows whether they still disagree."""
    service = trail.cloudmap.service.id
    return aws("servicediscovery", "get-instances-health-status", service_id=service, instances=task.id)
