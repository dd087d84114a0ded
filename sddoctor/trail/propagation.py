"""Whether the health that ECS reports has reached Cloud Map."""

from __future__ import annotations

from sddoctor.case.ecs import Task
from sddoctor.trail.thresholds import PROPAGATION_GRACE
from sddoctor.trail.trail import Trail


def ecs_and_cloudmap_disagree(trail: Trail, task: Task) -> bool:
    """Tell whether Cloud Map has another health of this registered task than ECS."""
    if trail.cloudmap.instance(task.id) is None:
        return False
    in_cloudmap = trail.cloudmap.health(task.id)
    if task.health == "HEALTHY":
        return in_cloudmap in ("UNHEALTHY", None)
    return task.health == "UNHEALTHY" and in_cloudmap == "HEALTHY"


def is_past_propagation(trail: Trail, task: Task) -> bool:
    """Tell whether the task runs for at least as long as propagation takes."""
    seconds = trail.ecs.age(task.started_at)
    return seconds is not None and seconds >= PROPAGATION_GRACE
