"""Whether a task serves: by what ECS says, and by its port where that is in doubt."""

from __future__ import annotations

from typing import Literal, TypeAlias

from msgspec import Struct

from sddoctor.case.ecs import Task
from sddoctor.case.seen import FactError
from sddoctor.trail.cloudmap import CloudMapTrail
from sddoctor.trail.ecs import EcsTrail
from sddoctor.trail.lost import LostTrail
from sddoctor.trail.reach import Port, ReachTrail
from sddoctor.trail.setbacks import SCALED_AWAY
from sddoctor.trail.thresholds import PROPAGATION_GRACE, STOP_GRACE

State: TypeAlias = Literal["serves", "does-not-serve", "starts", "unknown"]


class Serving(Struct, frozen=True):
    """Whether an address or a task serves.

    ``why`` is a clause about it. ``port`` is what a connection showed: silence, and a port that nobody tried, prove
    nothing. ``doubt`` is what ECS or Cloud Map say against it, whether it counts as serving or not; else empty.
    """

    state: State
    why: str = ""
    port: Port = "unseen"
    doubt: str = ""

    @property
    def serves(self) -> bool:
        """Whether it serves, as far as is known."""
        return self.state == "serves"


class ServingTrail:
    """Which tasks of one case serve.

    A task serves when it runs, is not being stopped and is not UNHEALTHY. Where something speaks against it, or nothing
    vouches for it, its port decides if that was seen; else what ECS says counts.
    """

    def __init__(self, cloudmap: CloudMapTrail, ecs: EcsTrail, lost: LostTrail, reach: ReachTrail) -> None:
        self._cloudmap = cloudmap
        self._ecs = ecs
        self._lost = lost
        self._reach = reach

    def of(self, task: Task) -> Serving:
        """Return whether a task that has not ended serves."""
        doubt, counts = self._doubt(task)
        port = self.port(task)
        if not doubt:
            vouched = task.health == "HEALTHY"
            if vouched or port != "refused":
                return Serving("serves", "it runs", port, "its port refuses connections" if port == "refused" else "")
            return Serving("does-not-serve", "its port refuses connections, and no check vouches for it", port)
        match port:
            case "open":
                return Serving("serves", "its port accepts connections", port, doubt)
            case "refused":
                return Serving("does-not-serve", f"{doubt}, and its port refuses connections", port, doubt)
        if task in self._lost.dead:
            return Serving("does-not-serve", f"{doubt}, and it accepts no connection while others do", port, doubt)
        return Serving("serves", "it runs", port, doubt) if counts else Serving("does-not-serve", doubt, port, doubt)

    def _doubt(self, task: Task) -> tuple[str, bool]:
        """Return what speaks against the task, and whether it serves all the same as long as its port was not seen."""
        if task.desired_status == "STOPPED":
            young = (self._ecs.age(task.stopping_at) or 0) < STOP_GRACE
            scaled = task.stopped_reason.startswith(SCALED_AWAY) or not task.stopped_reason
            return "it is being stopped", young and (scaled or task.health != "UNHEALTHY")
        if task in self._lost.tasks:
            return "its agent is out of contact", True
        if task.health == "UNHEALTHY" and not self._only_others_fail(task):
            return "ECS calls it UNHEALTHY", False
        if self._is_unhealthy_in_cloudmap(task):
            return "Cloud Map calls it UNHEALTHY", True
        return "", True

    def _only_others_fail(self, task: Task) -> bool:
        """Tell whether the containers that fail are known, and none of them counts."""
        definition = self._ecs.seen_definition(task.task_definition)
        bad = {c.name for c in task.containers if c.health == "UNHEALTHY"}
        essential = {c.name for c in definition.containers if c.essential} if definition else bad
        return bool(bad) and not bad & essential

    def _is_unhealthy_in_cloudmap(self, task: Task) -> bool:
        age = self._ecs.age(task.started_at)
        try:
            return (age is None or age >= PROPAGATION_GRACE) and self._cloudmap.health(task.id) == "UNHEALTHY"
        except FactError:
            return False

    def port(self, task: Task) -> Port:
        """Return what connections to the ports of the task's serving container showed."""
        if not self._reach.tries:
            return "unseen"
        ends = self._registered(task) or self._lost.endpoints(task)
        seen = {self._reach.port(a, p) for a, p in ends or self._reach.tried(task.addresses)}
        if "open" in seen:  # an open port tells something only of the container that serves
            return "open" if ends else "unseen"
        return "refused" if "refused" in seen else "unseen"

    def _registered(self, task: Task) -> tuple[tuple[str, int], ...]:
        """Return the addresses of the task with the port that it is registered with, if that was tried."""
        try:
            instance = self._cloudmap.instance(task.id)
        except FactError:
            return ()
        port = instance.get("AWS_INSTANCE_PORT") if instance is not None else None
        if instance is None or not port or not port.isdecimal():
            return ()
        return tuple((a, int(port)) for a in instance.addresses if self._reach.port(a, int(port)) != "unseen")
