"""What was seen of a name while it was watched: states, each with the time for which it was seen.

A saved recording is this, as JSON.
"""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from sddoctor.case.seen import Fact

SCHEMA = "sddoctor.watch/1"


class TaskState(Struct, frozen=True):
    """A task of an attached service. ``started_at`` and ``stopping_at`` are ECS's own times (UTC)."""

    id: str
    addresses: tuple[str, ...]
    last_status: str
    desired_status: str
    health: str
    started_at: datetime | None = None
    stopping_at: datetime | None = None

    @property
    def serves(self) -> bool:
        """Whether the task runs, is not being stopped, and does not fail its health check."""
        return self.last_status == self.desired_status == "RUNNING" and self.health != "UNHEALTHY"


class InstanceState(Struct, frozen=True):
    """An instance of the Cloud Map service. ``health`` is ``None`` where Cloud Map lists none for it."""

    id: str
    addresses: tuple[str, ...]
    health: str | None = None


class Answered(Struct, frozen=True):
    """What one of those who answer gave: a server, or the host's own look-up. ``error`` says why there was nothing.

    ``reached`` is false for a server of which nothing came back: from elsewhere it may well answer.
    """

    who: str
    addresses: tuple[str, ...] = ()
    error: str | None = None
    reached: bool = True


class State(Struct, frozen=True):
    """Everything that was seen at one time. ``desired`` tasks of the attached services."""

    desired: Fact[int]
    tasks: Fact[tuple[TaskState, ...]]
    instances: Fact[tuple[InstanceState, ...]]
    answers: tuple[Answered, ...]


class Stretch(Struct, frozen=True):
    """A state, from the first to the last of the ``times`` that it was seen one after another."""

    began: datetime
    until: datetime
    times: int
    state: State


class Recording(Struct, frozen=True):
    """A name that was watched. ``interval`` and ``ttl`` are in seconds; ``most`` addresses fit into one answer."""

    name: str
    began: datetime
    ended: datetime
    interval: float
    ttl: int | None
    most: int
    stretches: tuple[Stretch, ...] = ()
    schema: str = SCHEMA

    def with_state(self, at: datetime, state: State) -> Recording:
        """Return the recording with what was seen at a later time."""
        last = self.stretches[-1] if self.stretches else None
        if last is not None and _same(last.state, state):
            kept = (*self.stretches[:-1], Stretch(last.began, at, last.times + 1, last.state))
        else:
            kept = (*self.stretches, Stretch(at, at, 1, state))
        return Recording(self.name, self.began, at, self.interval, self.ttl, self.most, kept)

    def lasting_until(self, at: datetime) -> Recording:
        """Return the recording as it is when nobody looks any more: what was seen last held until then."""
        return Recording(self.name, self.began, max(at, self.ended), self.interval, self.ttl, self.most, self.stretches)


def _same(one: State, other: State) -> bool:
    """Tell whether two states are the same but for the times at which their facts were read."""
    return one.answers == other.answers and all(
        (a.seen_or(None), type(a)) == (b.seen_or(None), type(b))
        for a, b in ((one.desired, other.desired), (one.tasks, other.tasks), (one.instances, other.instances))
    )
