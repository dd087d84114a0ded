"""A deployment in a running lab: the steps of a world's script, each at its time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime

from msgspec import structs

from sddoctor.lab import derive
from sddoctor.lab.aws.ecs_rollout import running
from sddoctor.lab.aws.service_discovery_writes import put, remove
from sddoctor.lab.ecs_tasks import Wire, build_task
from sddoctor.lab.parts.ecs import Cluster, EcsService, Task
from sddoctor.lab.state import LabState
from sddoctor.lab.world import Step


class Script:
    """Runs the steps in its own thread, until they are done or :meth:`stop` is called."""

    def __init__(self, state: LabState) -> None:
        self._state = state
        self._steps = sorted(state.world.script, key=lambda s: s.after)
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._play, name="script", daemon=True)
        #: The steps done so far, each with its time (UTC), to compare with what a watch saw.
        self.done: list[tuple[datetime, Step]] = []

    def start(self) -> None:
        """Start the clock."""
        self._thread.start()

    def stop(self) -> None:
        """Run no further step."""
        self._stopped.set()
        if self._thread.ident is not None:
            self._thread.join(5)

    def _play(self) -> None:
        began = time.monotonic()
        for step in self._steps:
            if self._stopped.wait(max(0.0, began + step.after - time.monotonic())):
                return
            self.play(step)

    def play(self, step: Step) -> None:
        """Run a step now."""
        with self._state.lock:
            _ACTIONS[step.does](self._state, step)
            _update_count(self._state, step)
            self._state.changed()
        self.done.append((datetime.now(UTC), step))


def _starts(state: LabState, step: Step) -> None:
    cluster, service = _owner(state, step)
    live = state.clusters[cluster.name]
    live.tasks[step.task] = build_task(state.world, cluster, service, _task(step), datetime.now(UTC))


def _is_healthy(state: LabState, step: Step) -> None:
    task = _live(state, step)
    task["healthStatus"] = "HEALTHY"
    for container in task.get("containers", []):
        container["healthStatus"] = "HEALTHY"


def _is_registered(state: LabState, step: Step) -> None:
    """Register the task; the instance is UNHEALTHY until the step ``answers``."""
    cluster, service = _owner(state, step)
    known = next((t for t in service.tasks if t.id == step.task), None)
    address = _address(_live(state, step))
    task = known or _task(structs.replace(step, address=address))
    services = {s.id: s for n in state.world.namespaces for s in n.services}
    task = structs.replace(task, instance_health="UNHEALTHY")
    for registry in derive.registries_of(service, task):
        if registry.service is not None:
            owner = (cluster, service, task)
            put(
                state.services[registry.service],
                derive.task_instance(state.world, services[registry.service], owner, registry),
            )


def _answers(state: LabState, step: Step) -> None:
    for service in state.services.values():
        if (instance := service.instance(step.task)) is not None:
            instance.health = "HEALTHY"


def _stops(state: LabState, step: Step) -> None:
    _live(state, step).update(desiredStatus="STOPPED", lastStatus="DEACTIVATING", stoppingAt=datetime.now(UTC))


def _is_deregistered(state: LabState, step: Step) -> None:
    for service in state.services.values():
        remove(service, step.task)


def _is_gone(state: LabState, step: Step) -> None:
    _live(state, step).update(desiredStatus="STOPPED", lastStatus="STOPPED", stoppedAt=datetime.now(UTC))


def _update_count(state: LabState, step: Step) -> None:
    """Update the service's count of running tasks."""
    cluster = state.clusters[_owner(state, step)[0].name]
    service = cluster.services[step.service]
    service["runningCount"] = sum(t["lastStatus"] == "RUNNING" for t in running(cluster, service))


_ACTIONS: dict[str, Callable[[LabState, Step], None]] = {
    "starts": _starts,
    "is-healthy": _is_healthy,
    "is-registered": _is_registered,
    "answers": _answers,
    "stops": _stops,
    "is-deregistered": _is_deregistered,
    "is-gone": _is_gone,
}


def _owner(state: LabState, step: Step) -> tuple[Cluster, EcsService]:
    return next((c, s) for c in state.world.clusters for s in c.services if s.name == step.service)


def _live(state: LabState, step: Step) -> Wire:
    return next(c.tasks[step.task] for c in state.clusters.values() if step.task in c.tasks)


def _address(task: Wire) -> str | None:
    details = [d for a in task.get("attachments", []) for d in a["details"]]
    return next((d["value"] for d in details if d["name"] == "privateIPv4Address"), None)


def _task(step: Step) -> Task:
    return Task(id=step.task, address=step.address, started_ago=0, created_ago=20, health="UNKNOWN")
