"""What a recording shows: the times of each task, and how long each client or server returned no right address."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from math import ceil

from msgspec import Struct

from sddoctor.case.watch import InstanceState, Recording, State, TaskState
from sddoctor.diagnosis.watch_phases import Phase, phases_of


class TaskStory(Struct, frozen=True):
    """A task's times. Before the first sample counts as unknown: ``None``, as does what never came.

    ``first`` and ``last`` are the times at which each ``who`` first and last returned its address.
    """

    id: str
    addresses: tuple[str, ...]
    running: datetime | None = None
    healthy: datetime | None = None
    registered: datetime | None = None
    published: datetime | None = None
    stopping: datetime | None = None
    deregistered: datetime | None = None
    first: dict[str, datetime] = {}
    last: dict[str, datetime] = {}


class Downtime(Struct, frozen=True):
    """Seconds in which ``who`` gave no address, none that serves, fewer than it should, or a dead one among others.

    ``unknown`` are those in which it was not seen what should be answered. All are exact to one interval.
    ``reached`` is false where nothing ever came back.
    """

    who: str
    no_answer: float = 0.0
    only_stale: float = 0.0
    fewer: float = 0.0
    some_dead: float = 0.0
    unknown: float = 0.0
    reached: bool = True

    @property
    def without(self) -> float:
        """Seconds without any address that serves."""
        return self.no_answer + self.only_stale


class Spread(Struct, frozen=True):
    """How long something took, in seconds, over ``count`` tasks: median, ninth decile and longest."""

    what: str
    count: int
    median: float
    p90: float
    longest: float


class Summary(Struct, frozen=True):
    """What came of watching a name for ``seconds``, in ``samples`` looks.

    ``of_records``: it is no matter of ECS and Cloud Map, so no task serves under it.
    """

    name: str
    seconds: float
    samples: int
    downtimes: tuple[Downtime, ...]
    tasks: tuple[TaskStory, ...]
    spreads: tuple[Spread, ...]
    phases: tuple[Phase, ...]
    of_records: bool = False

    @property
    def judged(self) -> tuple[Downtime, ...]:
        """Return the gaps of those that were reached: a server that never is from here says nothing of the name."""
        return tuple(g for g in self.downtimes if g.reached)


def summarise(recording: Recording) -> Summary:
    """Return what a recording shows."""
    who = tuple(dict.fromkeys(a.who for s in recording.stretches for a in s.state.answers))
    stories, phases = tuple(_stories(recording)), tuple(phases_of(recording))
    return Summary(
        recording.name,
        (recording.ended - recording.began).total_seconds(),
        sum(s.times for s in recording.stretches),
        tuple(_downtime(phases, w) for w in who),
        stories,
        tuple(_spreads(stories, who)),
        phases,
        any(s.state.of_records for s in recording.stretches),
    )


def _downtime(phases: tuple[Phase, ...], who: str) -> Downtime:
    seconds: dict[str, float] = {}
    for phase in phases:
        kind = phase.kind(who)
        seconds[kind] = seconds.get(kind, 0.0) + phase.seconds
    named = {k.replace("-", "_"): round(v, 3) for k, v in seconds.items() if k != "whole"}
    reached = any(a.reached for p in phases for a in p.state.answers if a.who == who)
    return Downtime(who, reached=reached, **named)


def _stories(recording: Recording) -> Iterator[TaskStory]:
    tasks: dict[str, TaskState] = {}
    for stretch in recording.stretches:
        tasks |= {t.id: t for t in stretch.state.tasks.seen_or(())}
    for task in sorted(tasks.values(), key=lambda t: (t.started_at is None, t.started_at, t.id)):
        yield _story(recording, task)


def _story(recording: Recording, task: TaskState) -> TaskStory:
    def since(holds: Callable[[State], bool]) -> datetime | None:
        """Return when it was seen to hold for the first time after it was seen not to."""
        before = False
        for stretch in recording.stretches:
            if holds(stretch.state):
                return stretch.began if before else None
            before = True
        return None

    instance = _instance_of(task)
    registered = any(instance(s.state) for s in recording.stretches)
    addresses = next((a for s in recording.stretches if (a := s.state.addresses_of(task))), ())
    first, last = _answers(recording, frozenset(addresses))
    return TaskStory(
        task.id,
        addresses,
        running=_inside(recording, task.started_at),
        healthy=since(lambda s: _task(s, task.id, lambda t: t.health == "HEALTHY")),
        registered=since(lambda s: instance(s) is not None),
        published=since(lambda s: (found := instance(s)) is not None and found.health == "HEALTHY"),
        stopping=_inside(recording, task.stopping_at),
        deregistered=_end(recording, lambda s: instance(s) is not None) if registered else None,
        first=first,
        last=last,
    )


def _inside(recording: Recording, at: datetime | None) -> datetime | None:
    return at if at is not None and at >= recording.began else None


def _task(state: State, task_id: str, holds: Callable[[TaskState], bool]) -> bool:
    return any(t.id == task_id and holds(t) for t in state.tasks.seen_or(()))


def _instance_of(task: TaskState) -> Callable[[State], InstanceState | None]:
    return lambda state: next((i for i in state.instances.seen_or(()) if i.id == task.id), None)


def _end(recording: Recording, holds: Callable[[State], bool]) -> datetime | None:
    """Return when it was seen for the first time that something did not hold any more."""
    held = False
    end = None
    for stretch in recording.stretches:
        if holds(stretch.state):
            held, end = True, None
        elif held and end is None:
            end = stretch.began
    return end


def _answers(recording: Recording, addresses: frozenset[str]) -> tuple[dict[str, datetime], dict[str, datetime]]:
    """Return when each ``who`` first returned one of the addresses, if not from the start, and last, if it stopped."""
    first: dict[str, datetime] = {}
    last: dict[str, datetime] = {}
    for who in dict.fromkeys(a.who for s in recording.stretches for a in s.state.answers):
        times = [
            (s.began, s.until, any(a.who == who and not addresses.isdisjoint(a.addresses) for a in s.state.answers))
            for s in recording.stretches
        ]
        given = [n for n, (_, _, has) in enumerate(times) if has]
        if given and given[0] > 0:
            first[who] = times[given[0]][0]
        if given and given[-1] < len(times) - 1:
            last[who] = times[given[-1]][1]
    return first, last


def _spreads(stories: tuple[TaskStory, ...], who: tuple[str, ...]) -> Iterator[Spread]:
    yield from _spread("RUNNING to registered", [(s.running, s.registered) for s in stories])
    yield from _spread("registered to healthy in Cloud Map", [(s.registered, s.published) for s in stories])
    for client in who:
        yield from _spread(
            f"healthy in Cloud Map to answered by {client}", [(s.published, s.first.get(client)) for s in stories]
        )
    for client in who:
        yield from _spread(
            f"stopping to last answered by {client}", [(s.stopping, s.last.get(client)) for s in stories]
        )


def _spread(what: str, pairs: list[tuple[datetime | None, datetime | None]]) -> Iterator[Spread]:
    took = sorted((b - a).total_seconds() for a, b in pairs if a is not None and b is not None)
    if took:
        yield Spread(what, len(took), _rank(took, 0.5), _rank(took, 0.9), took[-1])


def _rank(ordered: list[float], share: float) -> float:
    """Return a percentile by the nearest rank."""
    return ordered[ceil(share * len(ordered)) - 1]
