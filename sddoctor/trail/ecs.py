"""Which ECS services register under the name, and what their tasks are doing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import cached_property

from sddoctor.case.case import Case
from sddoctor.case.ecs import (
    ContainerDefinition,
    Deployment,
    EcsService,
    ServiceConnect,
    ServiceTasks,
    Task,
    TaskDefinition,
)
from sddoctor.case.seen import AbsentFactError, Fact, Seen, UnseenFactError
from sddoctor.trail.cloudmap import CloudMapTrail
from sddoctor.trail.thresholds import START_GRACE


def primary_deployment(service: EcsService) -> Deployment | None:
    """Return the deployment that the service is on its way to, or has reached."""
    return next((d for d in service.deployments if d.status == "PRIMARY"), None)


class EcsTrail:
    """The ECS side of one case."""

    def __init__(self, case: Case, cloudmap: CloudMapTrail) -> None:
        self._case = case
        self._cloudmap = cloudmap
        self.facts = case.aws.ecs

    def age(self, when: datetime | None) -> float | None:
        """Return the seconds from ``when`` to the observation, or ``None`` when there is no such time."""
        return None if when is None else max(0.0, (self._case.at - when).total_seconds())

    @cached_property
    def seen_services(self) -> tuple[EcsService, ...]:
        """Every ECS service that was described, each once. What was not seen is simply not in it."""
        found: dict[str, EcsService] = {}
        for fact in (self.facts.services, self.facts.siblings, *(w.services for w in self.facts.walks)):
            for service in fact.seen_or(()):
                found.setdefault(service.arn, service)
        return tuple(found.values())

    @cached_property
    def attached(self) -> tuple[EcsService, ...]:
        """The ECS services that register in the name's Cloud Map service.

        ECS names the registry by ARN; the ``srv-`` ids are compared. Empty only when every cluster was read: as
        long as one was not, "nobody" is not known and this raises.
        https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceRegistry.html
        """
        service_id = self._cloudmap.service.id
        found = tuple(s for s in self.seen_services if any(r.service_id == service_id for r in s.all_registries))
        if not found:
            self.require_full_walk()
        return found

    def require_full_walk(self) -> None:
        """Raise unless every ECS service of every cluster was read."""
        self.facts.clusters.value  # noqa: B018 - raises when unseen
        for walk in self.facts.walks:
            walk.services.value  # noqa: B018 - raises when unseen

    @cached_property
    def active(self) -> tuple[EcsService, ...]:
        """The attached services that are not deleted."""
        return tuple(s for s in self.attached if s.status == "ACTIVE")

    @property
    def main(self) -> EcsService:
        """The attached service; the one that wants most tasks when there are several."""
        if not self.attached:
            raise AbsentFactError("an ECS service that registers under this name")
        return max(self.attached, key=lambda s: (s.status == "ACTIVE", s.desired, s.running))

    def _tasks_of(self, service: EcsService) -> ServiceTasks | None:
        return next((t for t in self.facts.tasks if t.service_arn == service.arn), None)

    def _read(self, service: EcsService, part: str) -> tuple[Task, ...]:
        tasks = self._tasks_of(service)
        if tasks is None:
            # Nothing was listed for it: the reason is with the service itself.
            if part == "running" and service.running == 0 and service.pending == 0:
                return ()
            self.facts.services.value  # noqa: B018 - raises when unseen
            return ()
        fact: Fact[tuple[Task, ...]] = tasks.running if part == "running" else tasks.stopped
        return fact.value

    @cached_property
    def tasks(self) -> tuple[Task, ...]:
        """The tasks of the attached services that ECS wants to run, in whatever state."""
        return tuple(t for s in self.attached for t in self._read(s, "running") if self._registers_here(s, t))

    def _registers_here(self, service: EcsService, task: Task) -> bool:
        """Tell whether the task may be for this name: a task set of an external controller may register elsewhere.

        https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_TaskSet.html
        """
        own = next((s.registries for s in service.task_sets if s.id == task.started_by), None)
        here = self._cloudmap.service.id
        return own is None or any(r.service_id == here for r in (*service.registries, *own))

    @cached_property
    def stopped(self) -> tuple[Task, ...]:
        """The tasks of the attached services that stopped lately (kept about an hour)."""
        return tuple(t for s in self.attached for t in self._read(s, "stopped"))

    @cached_property
    def running(self) -> tuple[Task, ...]:
        """The tasks that run and are not being stopped."""
        return tuple(t for t in self.tasks if t.runs)

    @cached_property
    def leaving(self) -> tuple[Task, ...]:
        """Tasks that are being stopped and have not ended."""
        attached = {s.arn for s in self.attached}
        listed = (t for s in self.facts.tasks if s.service_arn in attached for t in s.stopped.seen_or(()))
        by_arn = {t.arn: t for t in (*self.tasks, *self._registered_seen(), *listed)}
        return tuple(t for t in by_arn.values() if t.desired_status == "STOPPED" and t.last_status != "STOPPED")

    def ended(self, service: EcsService) -> tuple[Task, ...]:
        """Return the tasks of a service that ended lately or are being stopped; none where that was not seen."""
        listed = [t for s in self.facts.tasks if s.service_arn == service.arn for t in s.stopped.seen_or(())]
        known = {t.arn for t in listed}
        group = f"service:{service.name}"
        try:
            return (*listed, *(t for t in self.leaving if t.group == group and t.arn not in known))
        except UnseenFactError:
            return tuple(listed)

    def _registered_seen(self) -> Iterable[Task]:
        return (r.task.value for r in self.facts.registered if isinstance(r.task, Seen))

    def task_of(self, instance_id: str) -> Fact[Task]:
        """Return the look at the task behind an instance.

        Raises :class:`AbsentFactError` when the instance is not shaped like a task's.
        """
        if (observation := self._registered_by_id.get(instance_id)) is not None:
            return observation
        if (task := self._tasks_by_id.get(instance_id)) is not None:
            return Seen(task, "ecs:DescribeTasks")
        raise AbsentFactError(f"a task with the id {instance_id}")

    @cached_property
    def _registered_by_id(self) -> dict[str, Fact[Task]]:
        return {r.instance_id: r.task for r in reversed(self.facts.registered)}

    @cached_property
    def _tasks_by_id(self) -> dict[str, Task]:
        return {task.id: task for task in reversed(self.tasks)}

    def definition(self, arn: str) -> TaskDefinition:
        """Return the task definition. Raises when it was not seen."""
        for observation in self.facts.task_definitions:
            if observation.arn == arn:
                return observation.definition.value
        raise AbsentFactError(f"the task definition {arn}")

    def seen_definition(self, arn: str) -> TaskDefinition | None:
        """Return the task definition, or ``None`` when it was not seen."""
        return next((d.definition.seen_or(None) for d in self.facts.task_definitions if d.arn == arn), None)

    def container_definition(self, task: Task, container: str) -> ContainerDefinition | None:
        """Return the definition of a container of the task, or ``None``."""
        return next((c for c in self.definition(task.task_definition).containers if c.name == container), None)

    def has_check(self, task: Task) -> bool:
        """Tell whether an essential container of the task has a health check: only those count.

        https://docs.aws.amazon.com/AmazonECS/latest/developerguide/healthcheck.html
        """
        containers = self.definition(task.task_definition).containers
        return any(c.essential and c.health_check for c in containers)

    @cached_property
    def service_connects(self) -> tuple[ServiceConnect, ...]:
        """Service Connect of every deployment of an ECS service that was described, where one is configured."""
        deployments = (d for s in self.seen_services for d in s.deployments)
        return tuple(d.service_connect for d in deployments if d.service_connect is not None)

    @property
    def desired(self) -> int:
        """How many tasks the attached services want."""
        return sum(s.desired for s in self.active)

    def young_deployment(self, service: EcsService) -> Deployment | None:
        """Return the deployment that is in progress and younger than the start grace, if there is one."""
        for deployment in service.deployments:
            age = self.age(deployment.created_at)
            state = deployment.rollout_state
            in_progress = state == "IN_PROGRESS" or (len(service.deployments) > 1 and state != "FAILED")
            if deployment.status == "PRIMARY" and in_progress and age is not None and age < START_GRACE:
                return deployment
        return None
