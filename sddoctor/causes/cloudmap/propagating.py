"""ECS calls a task healthy, and Cloud Map will follow within two minutes."""

from __future__ import annotations

from sddoctor.case.ecs import Task
from sddoctor.causes.cloudmap.evidence import health_evidence
from sddoctor.causes.model import Finding, Fix, cause
from sddoctor.text.words import age, count, in_order
from sddoctor.trail.propagation import ecs_and_cloudmap_disagree
from sddoctor.trail.thresholds import PROPAGATION_GRACE
from sddoctor.trail.trail import Trail, optional


@cause(
    "health-propagating",
    hop="cloudmap",
    at=("tasks", "registry"),
    symptoms=("missing", "not-serving"),
    kind="transient",
    severity="info",
    title="ECS says healthy, Cloud Map will follow within two minutes",
    # The deployment is the context of what is seen while it runs.
    explains=("deployment-in-progress",),
)
def health_propagating(trail: Trail) -> Finding | None:
    """ECS and Cloud Map disagree about a registered task that is younger than the propagation grace.

    https://docs.aws.amazon.com/cloud-map/latest/api/API_HealthCheckCustomConfig.html
    """
    if trail.cloudmap.service.health != "custom":
        return None
    tasks = [t for t in trail.ecs.running if ecs_and_cloudmap_disagree(trail, t) and _young(trail, t)]
    if not tasks:
        return None
    ages = [trail.ecs.age(t.started_at) or 0.0 for t in tasks]
    wait = max(1, int(PROPAGATION_GRACE - min(ages)))
    addresses = in_order(a for t in tasks for a in trail.promise.addresses_of(t))
    answered = optional(lambda: trail.client_answer.addresses)
    one = len(tasks) == 1
    return Finding(
        summary=(
            f"{count(len(tasks), 'task')} of {trail.ecs.main.name} started {age(min(ages))} ago; Cloud Map has not yet "
            f"taken over {'its' if one else 'their'} health: wait {wait} s, then ask again."
        ),
        detail=(
            "ECS reports health asynchronously and Cloud Map waits about 30 seconds before it acts. In that window the "
            "two rightly disagree. It passes by itself; another deployment would start it again."
        ),
        evidence=tuple(e for t in tasks[:3] for e in health_evidence(trail, t, "not in the map yet")),
        fixes=(Fix(f"Wait {wait} s and look again; do not force another deployment", "aws"),),
        acts=answered is None or bool(set(addresses) - answered),
        addresses=addresses,
        wait_seconds=wait,
    )


def _young(trail: Trail, task: Task) -> bool:
    seconds = trail.ecs.age(task.started_at)
    return seconds is not None and seconds < PROPAGATION_GRACE
