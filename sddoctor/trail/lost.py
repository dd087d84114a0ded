"""Tasks whose agent is out of contact: which they are, and which of them are proven dead."""

from __future__ import annotations

from functools import cached_property

from sddoctor.case.case import Case
from sddoctor.case.ecs import ContainerInstance, Task
from sddoctor.case.seen import FactError
from sddoctor.resolution.endpoints import endpoints, mapped_ports
from sddoctor.trail.cloudmap import CloudMapTrail
from sddoctor.trail.ecs import EcsTrail
from sddoctor.trail.reach import ReachTrail
from sddoctor.trail.serving import serving_container


class LostTrail:
    """The tasks of one case whose health and state in ECS are out of date.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Task.html
    """

    def __init__(self, case: Case, cloudmap: CloudMapTrail, ecs: EcsTrail, reach: ReachTrail) -> None:
        self._case = case
        self._cloudmap = cloudmap
        self._ecs = ecs
        self._reach = reach

    def host(self, task: Task) -> ContainerInstance | None:
        """Return the container instance of the task, where it has one that was seen."""
        hosts = self._ecs.facts.container_instances.seen_or(())
        return next((h for h in hosts if task.container_instance and h.arn == task.container_instance), None)

    def host_is_lost(self, task: Task) -> bool:
        """Tell whether the agent of the task's host is known to be out of contact."""
        host = self.host(task)
        return host is not None and not host.agent_connected

    @cached_property
    def tasks(self) -> tuple[Task, ...]:
        """The running tasks whose agent is out of contact."""
        return tuple(t for t in self._ecs.running if t.connectivity == "DISCONNECTED" or self.host_is_lost(t))

    @cached_property
    def dead(self) -> tuple[Task, ...]:
        """Those of them that accept no connection on the ports of their serving container.

        If other tasks of the service accept none either, the path to them is filtered and that proves nothing.
        """
        if not self.tasks:
            return ()
        others = [e for t in self._ecs.running if t not in self.tasks for e in self.endpoints(t)]
        silent = [self._reach.silent(a, p) for a, p in others]
        if any(silent) and not any(self._accepts(a, p) for a, p in others):
            return ()
        return tuple(
            t for t in self.tasks if (ends := self.endpoints(t)) and all(self._reach.silent(a, p) for a, p in ends)
        )

    def endpoints(self, task: Task) -> tuple[tuple[str, int], ...]:
        """Return where the serving container of the task is to be reached, as far as that is known."""
        try:
            definition = self._ecs.definition(task.task_definition)
            serving = serving_container(self._cloudmap, self._ecs, task, definition)
            instance = None if task.addresses else self._cloudmap.instance(task.id)
        except FactError:
            return ()
        if serving is None:
            return ()
        return endpoints(task, serving, mapped_ports(serving), instance.addresses if instance else ())

    def _accepts(self, address: str, port: int) -> bool:
        try:
            return self._reach.accepts(address, port)
        except FactError:
            return False
