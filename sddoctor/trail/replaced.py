"""Tasks that something took away, and whose successors are on their way."""

from __future__ import annotations

from msgspec import Struct

from sddoctor.case.ecs import EcsService, Task
from sddoctor.trail.setbacks import Setback, setbacks
from sddoctor.trail.trail import Trail


class Replacement(Struct, frozen=True):
    """What was taken from a service, newest first, how many tasks it lacks, and those that are starting in their place."""

    service: EcsService
    taken: tuple[Setback, ...]
    missing: int
    coming: tuple[Task, ...]


def replacement(trail: Trail, service: EcsService) -> Replacement | None:
    """Return what is being replaced; ``None`` unless every missing task was taken away lately, and its successor is due.

    The newest task that ended must be one of them: a task that failed afterwards is another reason.
    """
    shortage = trail.promise.shortage
    missing = shortage.missing(service)
    if not missing or shortage.lasting(service):
        return None
    ended = [s for s in setbacks(trail.ecs, service) if s.task is not None]
    taken = tuple(s for s in ended if s.taken and shortage.is_fresh(s))
    if not taken or ended[0] is not taken[0] or missing > len(taken):
        return None
    return Replacement(service, taken, missing, shortage.coming(service))
