"""What was seen of a name while it was watched: states, each with the time for which it was seen.

A saved recording is this, as JSON. It only grows: fields with a default are not in recordings of before.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct, structs

from sddoctor.case.case import Case
from sddoctor.case.cloudmap import Attribute, Instance, InstanceHealth
from sddoctor.case.ecs import Container, EcsService, Task
from sddoctor.case.seen import Fact, NotAttempted

SCHEMA = "sddoctor.watch/1"
#: The look-up of a program on this host, beside the servers that are asked by ourselves.
LOOK_UP = "look-up"
_NOT_KEPT = NotAttempted("a detail", "the recording does not hold it")
Time = Annotated[datetime, Meta(tz=True)]


class TaskState(Struct, frozen=True):
    """A task of an attached service: what decides about it, and what is shown. Times are ECS's own (UTC)."""

    id: str
    addresses: tuple[str, ...]
    last_status: str
    desired_status: str
    health: str
    started_at: Time | None = None
    stopping_at: Time | None = None
    arn: str = ""
    cluster: str = ""
    group: str = ""
    task_definition: str = ""
    container_instance: str | None = None
    connectivity: str | None = None
    created_at: Time | None = None
    stopped_at: Time | None = None
    stop_code: str | None = None
    stopped_reason: str = ""
    containers: tuple[Container, ...] = ()

    @classmethod
    def of(cls, task: Task) -> TaskState:
        """Return the state of a task."""
        return cls(id=task.id, **{f: getattr(task, f) for f in _OF_TASKS})

    def task(self) -> Task:
        """Return the task, as far as it is kept."""
        return Task(**{f: getattr(self, f) for f in _OF_TASKS})

    @property
    def serves(self) -> bool:
        """Whether the task runs, is not being stopped, and does not fail its health check."""
        return self.last_status == self.desired_status == "RUNNING" and self.health != "UNHEALTHY"


_OF_TASKS = tuple(f for f in TaskState.__struct_fields__ if f in Task.__struct_fields__)


class InstanceState(Struct, frozen=True):
    """An instance of the Cloud Map service. ``health`` is ``None`` where Cloud Map lists none for it."""

    id: str
    addresses: tuple[str, ...]
    health: str | None = None
    attributes: tuple[Attribute, ...] = ()

    @classmethod
    def of(cls, instance: Instance, health: str | None) -> InstanceState:
        """Return the state of an instance."""
        return cls(instance.id, instance.addresses, health, instance.attributes)

    def instance(self) -> Instance:
        """Return the instance."""
        return Instance(self.id, self.attributes)


class Answered(Struct, frozen=True):
    """What one of those who answer gave: a server, or the host's own look-up. ``error`` says why there was nothing.

    ``reached`` is false for a server of which nothing came back: from elsewhere it may well answer.
    """

    who: str
    addresses: tuple[str, ...] = ()
    error: str | None = None
    reached: bool = True


class State(Struct, frozen=True):
    """Everything that was seen at one time: that of the followed ECS services and of the Cloud Map service.

    ``desired`` counts tasks. ``tasks`` are those that should run, and those that stopped lately as far as they were seen.
    """

    desired: Fact[int]
    tasks: Fact[tuple[TaskState, ...]]
    instances: Fact[tuple[InstanceState, ...]]
    answers: tuple[Answered, ...]
    services: Fact[tuple[EcsService, ...]] = _NOT_KEPT
    health: Fact[tuple[InstanceHealth, ...]] = _NOT_KEPT

    def addresses_of(self, task: TaskState) -> tuple[str, ...]:
        """Return the task's own addresses; in bridge and host mode it has none, and those that it is registered with."""
        registered = (i.addresses for i in self.instances.seen_or(()) if i.id == task.id)
        return task.addresses or next(registered, ())


class Stretch(Struct, frozen=True):
    """A state, from the first to the last of the ``times`` that it was seen one after another."""

    began: Time
    until: Time
    times: int
    state: State


class Recording(Struct, frozen=True):
    """A name that was watched. ``interval`` and ``ttl`` are in seconds; ``most`` addresses fit into one answer.

    ``first`` is everything that was observed before the first state; the states have what changed since.
    """

    name: str
    began: Time
    ended: Time
    interval: float
    ttl: int | None
    most: int
    stretches: tuple[Stretch, ...] = ()
    schema: str = SCHEMA
    first: Case | None = None

    def with_state(self, at: datetime, state: State) -> Recording:
        """Return the recording with what was seen at a later time."""
        last = self.stretches[-1] if self.stretches else None
        if last is not None and _same(last.state, state):
            kept = (*self.stretches[:-1], Stretch(last.began, at, last.times + 1, last.state))
        else:
            kept = (*self.stretches, Stretch(at, at, 1, state))
        return structs.replace(self, ended=at, stretches=kept)

    def lasting_until(self, at: datetime) -> Recording:
        """Return the recording as it is when nobody looks any more: what was seen last held until then."""
        return structs.replace(self, ended=max(at, self.ended))


def _same(one: State, other: State) -> bool:
    """Tell whether two states are the same but for the times at which their facts were read."""
    return one.answers == other.answers and _known(one) == _known(other)


def _known(state: State) -> list[tuple[object, type]]:
    facts = (getattr(state, name) for name in ("desired", "tasks", "instances", "services", "health"))
    return [(f.seen_or(None), type(f)) for f in facts]
