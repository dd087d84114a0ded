"""What was seen of a name while it was watched: states, each with the period in which it was seen.

A saved recording is this, as JSON. Fields are only added, with a default, because older recordings lack them.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct, structs

from sddoctor.case.case import Case
from sddoctor.case.cloudmap import Attribute, Instance, InstanceHealth
from sddoctor.case.ecs import Container, EcsService, Task
from sddoctor.case.route53 import Record
from sddoctor.case.seen import Fact, NotAttempted

SCHEMA = "sddoctor.watch/1"
#: The lookup of a program on this host, beside the servers that sddoctor queries itself.
HOST_LOOKUP = "look-up"
_NOT_KEPT = NotAttempted("a detail", "the recording does not hold it")
Time = Annotated[datetime, Meta(tz=True)]


class TaskState(Struct, frozen=True):
    """A task of an attached service, as far as judgement and reports need it. Times are ECS's own (UTC)."""

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
        """Return the task, with the fields that are kept."""
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
    """The answer of one server, or of the host's own lookup. ``error`` says why there is none.

    ``reached`` is false for a server that did not reply: it may reply to clients elsewhere.
    """

    who: str
    addresses: tuple[str, ...] = ()
    error: str | None = None
    reached: bool = True


class ZoneState(Struct, frozen=True):
    """The records of a hosted zone that may answer for the name, or for what it leads to."""

    zone_id: str
    records: Fact[tuple[Record, ...]]


class State(Struct, frozen=True):
    """Everything that was seen at one time, of the followed ECS services and the Cloud Map service.

    ``desired`` counts tasks. ``tasks`` are those with desired status RUNNING, and those seen that stopped lately. ``of_records``:
    the name is no matter of ECS and Cloud Map; ``zones`` has its records.
    """

    desired: Fact[int]
    tasks: Fact[tuple[TaskState, ...]]
    instances: Fact[tuple[InstanceState, ...]]
    answers: tuple[Answered, ...]
    services: Fact[tuple[EcsService, ...]] = _NOT_KEPT
    health: Fact[tuple[InstanceHealth, ...]] = _NOT_KEPT
    of_records: bool = False
    zones: tuple[ZoneState, ...] = ()

    def addresses_of(self, task: TaskState) -> tuple[str, ...]:
        """Return the task's own addresses; in bridge and host mode, where it has none, the registered ones."""
        registered = (i.addresses for i in self.instances.seen_or(()) if i.id == task.id)
        return task.addresses or next(registered, ())


class Stretch(Struct, frozen=True):
    """A state, from the first to the last of the consecutive ``times`` that it was seen."""

    began: Time
    until: Time
    times: int
    state: State


class Recording(Struct, frozen=True):
    """A name that was watched. ``interval`` and ``ttl`` are in seconds; ``most`` addresses fit into one answer.

    ``first`` is everything that was observed before the first state; the states hold what may change.
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
        """Return the recording with the state at a later time added."""
        last = self.stretches[-1] if self.stretches else None
        if last is not None and _same(last.state, state):
            kept = (*self.stretches[:-1], Stretch(last.began, at, last.times + 1, last.state))
        else:
            kept = (*self.stretches, Stretch(at, at, 1, state))
        return structs.replace(self, ended=at, stretches=kept)

    def lasting_until(self, at: datetime) -> Recording:
        """Return the recording as ended at ``at``: the last state lasted until then."""
        return structs.replace(self, ended=max(at, self.ended))


def _same(one: State, other: State) -> bool:
    """Tell whether two states differ at most in the times at which their facts were read."""
    return one.answers == other.answers and _known(one) == _known(other) and _recorded(one) == _recorded(other)


def _recorded(state: State) -> list[tuple[str, object, type]]:
    return [(z.zone_id, z.records.seen_or(None), type(z.records)) for z in state.zones]


def _known(state: State) -> list[tuple[object, type]]:
    facts = (getattr(state, name) for name in ("desired", "tasks", "instances", "services", "health"))
    return [(f.seen_or(None), type(f)) for f in facts]
