"""The station ``tasks``: the tasks that serve, as many as the attached services desire."""

from __future__ import annotations

from collections.abc import Iterator

from sddoctor.case.ecs import EcsService, Task
from sddoctor.case.seen import AbsentFactError
from sddoctor.stations.before import Before
from sddoctor.stations.model import Difference, Output
from sddoctor.text.words import count, in_order, listed
from sddoctor.trail.trail import Trail, optional


def look(trail: Trail, _before: Before) -> tuple[Output, tuple[Difference, ...]]:
    """Return the addresses of tasks that serve. Raises where no ECS service registers here, or that was not seen."""
    if trail.owner.is_of_records:
        raise AbsentFactError("a task: the name is no matter of Cloud Map")
    attached = trail.ecs.attached
    if not attached:
        raise AbsentFactError("an ECS service that registers here")
    states = not_serving(trail)
    running = (*trail.promise.serving_tasks, *trail.promise.sick)
    serving = frozenset(a for t in running for a in _addresses(trail, t)) - frozenset(states)
    sick = frozenset(states)
    passing = (*trail.promise.starting, *trail.promise.leaving_tasks)
    output = Output(
        "tasks",
        _says(trail, attached),
        serving,
        sick | frozenset(a for t in passing for a in _addresses(trail, t)),
        symptom=None if serving else "missing",
        denier="zone",
        source="ecs:DescribeTasks",
    )
    return output, tuple(_differences(trail, serving, {a: states[a] for a in sick}))


def _differences(trail: Trail, serving: frozenset[str], sick: dict[str, str]) -> Iterator[Difference]:
    desired, running = trail.ecs.desired, len(trail.ecs.running)
    runs = f"{running} of {count(desired, 'task')} running"
    shortfall = trail.promise.shortfall
    if shortfall:
        yield Difference("missing", runs, f"{count(desired, 'task')} running")
    elif desired == 0 and not trail.ecs.running:
        yield Difference("missing", "no task is desired", "at least one task")
    elif not serving and not sick:
        yield Difference("missing", runs, f"{count(desired, 'task')} running", transient=True)
    if sick:
        state = listed(f"{a} {sick[a]}" for a in in_order(sick))
        of = listed(s.name for s in trail.ecs.attached)
        says = f"{listed(in_order(sick))} of {of} {'does' if len(sick) == 1 else 'do'} not serve ({_reasons(sick)})"
        yield Difference("not-serving", state, "tasks that serve", frozenset(sick), says=says)


def not_serving(trail: Trail) -> dict[str, str]:
    """Return why addresses of tasks that are there do not serve; that only a port refuses is seen at the station of ports."""
    unproven = {a: "has passed no check" for t in trail.promise.unproven for a in _addresses(trail, t)}
    wrong = trail.promise.not_serving
    sick = {a: why for a, why in wrong.items() if trail.promise.serving(a).doubt}
    return _withheld(trail) | sick | unproven


def _withheld(trail: Trail) -> dict[str, str]:
    """Return the addresses of tasks that ECS and Cloud Map call UNHEALTHY: they are kept back, even if they would serve."""
    sick = (t for t in trail.ecs.running if t.health == "UNHEALTHY")
    return {
        a: "UNHEALTHY"
        for t in sick
        if optional(lambda t=t: trail.cloudmap.health(t.id)) == "UNHEALTHY"  # type: ignore[misc]
        for a in _addresses(trail, t)
    }


def _reasons(sick: dict[str, str]) -> str:
    return listed(sorted(set(sick.values())))


def _says(trail: Trail, attached: tuple[EcsService, ...]) -> str:
    running = len(trail.ecs.running)
    states = sorted({t.health for t in trail.ecs.running})
    health = f" ({listed(states)})" if states and states != ["HEALTHY"] else ""
    of = listed(s.name for s in attached)
    if not trail.ecs.desired and not running:
        return f"ECS is to run no task of {of}"
    return f"ECS runs {running} of {count(trail.ecs.desired, 'task')} of {of}{health}"


def _addresses(trail: Trail, task: Task) -> tuple[str, ...]:
    """Return the task's addresses; none where only its registration would show them, and that was not seen."""
    return optional(lambda: trail.promise.addresses_of(task)) or ()
