"""How many desired tasks a service lacks, and whether that passes by itself."""

from __future__ import annotations

from functools import cached_property

from sddoctor.case.ecs import EcsService, Task
from sddoctor.case.seen import UnseenFactError
from sddoctor.trail.cloudmap import CloudMapTrail
from sddoctor.trail.ecs import EcsTrail
from sddoctor.trail.setbacks import SCALED_AWAY, Setback, setbacks, steady_at
from sddoctor.trail.thresholds import PROPAGATION_GRACE, REGISTRATION_GRACE, START_GRACE

#: Failures within this time, in seconds, are one series.
LATELY = 2 * START_GRACE


class ShortageTrail:
    """What the attached services of one case lack, and what is on its way."""

    def __init__(self, cloudmap: CloudMapTrail, ecs: EcsTrail) -> None:
        self._cloudmap = cloudmap
        self._ecs = ecs

    def missing(self, service: EcsService) -> int:
        """Count the desired tasks that do not run, in whatever state they are."""
        running = max(service.running, sum(t.runs for t in self._wanted(service)))
        return max(0, service.desired - running)

    def coming(self, service: EcsService) -> tuple[Task, ...]:
        """Return the tasks that do not run yet and are on their way for no longer than a start takes."""
        return tuple(t for t in self._wanted(service) if not t.runs and t in self.starting)

    def due(self, service: EcsService) -> int:
        """Count the missing tasks whose predecessors have just left, or whose service has just begun to be deployed."""
        left = self.missing(service) - self._on_the_way(service)
        if left <= 0 or self._ecs.young_deployment(service) is not None:
            return max(0, left)
        return min(left, len(self.just_left(service)))

    def lasting(self, service: EcsService) -> int:
        """Count the desired tasks that are missing although the start grace is over, or although none can start."""
        return max(0, self.missing(service) - self._on_the_way(service) - self.due(service))

    def _on_the_way(self, service: EcsService) -> int:
        """Count the tasks that start; where tasks may not be listed, those that ECS counts as pending."""
        return len(self.coming(service)) if self._listed is not None else service.pending

    def just_left(self, service: EcsService) -> tuple[Task, ...]:
        """Return tasks that ended, or began to, within the start grace; none where no successor comes up."""
        if self.fails_again_and_again(service) or self.blocked(service) is not None:
            return ()
        return tuple(
            t
            for t in self._ecs.ended(service)
            if not (t.last_status == "STOPPED" and t.stopped_reason.startswith(SCALED_AWAY))
            and (self._ecs.age(t.stopping_at or t.stopped_at) or 0) < START_GRACE
        )

    def blocked(self, service: EcsService) -> Setback | None:
        """Return the newest reason of late for which no task comes up, since the service last had all of them."""
        steady = steady_at(service)
        recent = (s for s in setbacks(self._ecs, service) if self.is_fresh(s) and (steady is None or s.at > steady))
        return next((s for s in recent if s.blocks), None)

    def fails_again_and_again(self, service: EcsService) -> bool:
        """Tell whether the service lacks fit tasks while one after another fails: each successor only repeats that."""
        return service.arn in self._failing

    @cached_property
    def _failing(self) -> frozenset[str]:
        return frozenset(s.arn for s in self._ecs.seen_services if self._fails(s))

    def _fails(self, service: EcsService) -> bool:
        if self._ecs.young_deployment(service) is not None:
            return False
        if sum(t.runs and self._is_fit(t) for t in self._wanted(service)) >= service.desired:
            return False
        lately = [s for s in setbacks(self._ecs, service) if not s.taken and self.is_fresh(s)]
        tasks = {s.subject for s in lately if s.task}
        events = [s for s in lately if s.task is None and s.family]
        return len(tasks) > 1 or len(events) > 1 or any(s.is_vague and s.blocks for s in events)

    def is_fresh(self, setback: Setback) -> bool:
        """Tell whether it happened so lately that it says something of the present."""
        return (self._ecs.age(setback.at) or 0) < LATELY

    def _is_fit(self, task: Task) -> bool:
        """Tell whether the task is healthy, or has no check that could say so."""
        if task.health != "UNKNOWN":
            return task.health == "HEALTHY"
        definition = self._ecs.seen_definition(task.task_definition)
        return definition is not None and not any(c.essential and c.health_check for c in definition.containers)

    def _wanted(self, service: EcsService) -> list[Task]:
        group = f"service:{service.name}"
        return [t for t in self._listed or () if t.group == group and t.desired_status == "RUNNING"]

    @cached_property
    def _listed(self) -> tuple[Task, ...] | None:
        """The tasks of the services, ``None`` where they were not seen: the numbers of the services count then."""
        try:
            return self._ecs.tasks
        except UnseenFactError:
            return None

    @cached_property
    def starting(self) -> tuple[Task, ...]:
        """Young tasks that do not run yet, or whose health has not been decided for the first time.

        A task that only replaces others which failed one after another counts as missing, not as starting.
        """
        failing = {f"service:{s.name}" for s in self._ecs.seen_services if self.fails_again_and_again(s)}
        return tuple(t for t in self._ecs.tasks if t.group not in failing and self.starts(t))

    def starts(self, task: Task) -> bool:
        """Tell whether the task is younger than a start, a registration or its first health verdict takes."""
        if task.desired_status != "RUNNING":
            return False
        if task.last_status != "RUNNING":
            age = self._ecs.age(task.created_at)
            return age is None or age < START_GRACE
        age = self._ecs.age(task.started_at)
        if age is None:
            return False
        if age < REGISTRATION_GRACE and (task.health == "UNKNOWN" or self._awaits_registration(task)):
            return True
        return age < START_GRACE and task.health == "UNKNOWN" and age < self.first_verdict(task)

    def first_verdict(self, task: Task) -> int:
        """Return how many seconds after its start the task's health is known in Cloud Map at the latest; 0 without a check."""
        definition = self._ecs.seen_definition(task.task_definition)
        if definition is None:
            return PROPAGATION_GRACE
        checks = [c.health_check for c in definition.containers if c.essential and c.health_check]
        verdict = max((c.start_period + c.retries * (c.interval + c.timeout) for c in checks), default=0)
        return verdict + PROPAGATION_GRACE if checks else 0

    def _awaits_registration(self, task: Task) -> bool:
        instances = self._cloudmap.view.instances.seen_or(None)
        return instances is not None and all(i.id != task.id for i in instances)
