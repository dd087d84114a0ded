"""Which ECS service is probably meant by a name that none is attached to."""

from __future__ import annotations

from sddoctor.case.ecs import EcsService, Task
from sddoctor.text.likeness import MEANT, likeness
from sddoctor.trail.trail import Trail


def resembling(trail: Trail) -> list[EcsService]:
    """Return active ECS services whose name resembles the label, the nearest first.

    One that is rightly registered under another name, which resembles its own even more, is not meant.
    """
    label = trail.cloudmap.service.name.lower()
    names = {s.id: s.name.lower() for v in trail.cloudmap.facts.views for s in v.services.seen_or(())}

    def belongs_elsewhere(service: EcsService) -> bool:
        others = [names[r.service_id] for r in service.all_registries if r.service_id in names]
        return any(likeness(o, service.name) >= likeness(label, service.name) for o in others)

    near = [
        s
        for s in trail.ecs.seen_services
        if s.status == "ACTIVE" and likeness(label, s.name) >= MEANT and not belongs_elsewhere(s)
    ]
    hint = trail.case.asked.service
    return sorted(near, key=lambda s: (s.name == hint, likeness(label, s.name)), reverse=True)


def tasks_of(trail: Trail, service: EcsService) -> tuple[Task, ...]:
    """Return the running tasks of a candidate. Raises when they were not seen."""
    for tasks in trail.ecs.facts.tasks:
        if tasks.service_arn == service.arn:
            return tuple(t for t in tasks.running.value if t.runs)
    return ()


def is_registered(trail: Trail, task: Task) -> bool:
    """Tell whether the task has an instance, by its id or by its address."""
    return trail.cloudmap.instance(task.id) is not None or not trail.cloudmap.addresses.isdisjoint(task.addresses)


def outside_services(trail: Trail) -> list[Task]:
    """Return running tasks of no service that the name probably means. Raises when they were not looked for."""
    return [t for t in trail.ecs.facts.loose_tasks.value if t.runs and _is_loose(t) and _is_meant(trail, t)]


def _is_loose(task: Task) -> bool:
    return not task.group.startswith("service:") and not task.started_by.startswith("ecs-svc/")


def family_of(arn: str) -> str:
    """Return the family of a task definition's ARN."""
    return arn.rsplit("/", 1)[-1].split(":", 1)[0]


def _is_meant(trail: Trail, task: Task) -> bool:
    """Tell whether the family is the one that the name's ECS service uses, or one that no ECS service runs."""
    family = family_of(task.task_definition)
    of_services = {family_of(s.task_definition): s for s in trail.ecs.seen_services if s.status == "ACTIVE"}
    if family in of_services:
        return of_services[family] in resembling(trail)
    return likeness(trail.cloudmap.service.name, family) >= MEANT
