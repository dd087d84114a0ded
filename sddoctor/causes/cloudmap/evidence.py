"""What Cloud Map has of instances, as the evidence of several causes."""

from __future__ import annotations

from sddoctor.case.ecs import Task
from sddoctor.causes.model import Evidence
from sddoctor.text.words import age
from sddoctor.trail.trail import Trail


def registered(trail: Trail, expected: int | None = None) -> Evidence:
    """Return how many instances are registered, as evidence."""
    service_id = trail.cloudmap.service.id
    return Evidence("servicediscovery:ListInstances", service_id, len(trail.cloudmap.instances), expected)


def health_evidence(trail: Trail, task: Task, unknown: str) -> tuple[Evidence, ...]:
    """Return the health that Cloud Map and ECS have of a task, ``unknown`` where Cloud Map has none, and its age."""
    started = f"{age(trail.ecs.age(task.started_at))} ago"
    return (
        Evidence(
            "servicediscovery:GetInstancesHealthStatus", task.id, trail.cloudmap.health(task.id) or unknown, task.health
        ),
        Evidence("ecs:DescribeTasks tasks[].startedAt", task.id, started),
    )
