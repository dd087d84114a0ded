"""Tasks that hang before they run."""

from __future__ import annotations

from sddoctor.case.ecs import EcsService, Task
from sddoctor.trail.setbacks import SCALED_AWAY
from sddoctor.trail.thresholds import START_GRACE
from sddoctor.trail.trail import Trail, optional

#: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-lifecycle-explanation.html
BEFORE_RUNNING = ("PROVISIONING", "PENDING", "ACTIVATING")


def hanging(trail: Trail, service: EcsService) -> list[Task]:
    """Return the service's tasks that should run, are older than a start takes and do not, while none failed meanwhile."""
    group = f"service:{service.name}"
    stuck = [
        t
        for t in optional(lambda: trail.ecs.tasks) or ()
        if t.group == group
        and t.last_status in BEFORE_RUNNING
        and t.desired_status == "RUNNING"
        and (trail.ecs.age(t.created_at) or 0) >= START_GRACE
    ]
    return stuck if stuck and not _stopped_meanwhile(trail, stuck) else []


def _stopped_meanwhile(trail: Trail, stuck: list[Task]) -> bool:
    """Tell whether a task stopped since the oldest of them was created, other than by being scaled away."""
    longest = max(trail.ecs.age(t.created_at) or 0 for t in stuck)
    return any(
        (stopped := trail.ecs.age(t.stopped_at or t.stopping_at)) is not None
        and stopped <= longest
        and not t.stopped_reason.startswith(SCALED_AWAY)
        for t in trail.ecs.stopped
        if t.group == stuck[0].group
    )
