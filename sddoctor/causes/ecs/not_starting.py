"""Fewer tasks run than are desired, for whatever reason."""

from __future__ import annotations

from sddoctor.case.ecs import EcsService, Task
from sddoctor.causes.commands import new_tasks, read_only
from sddoctor.causes.ecs.missing_reasons import REASONS, fix_of
from sddoctor.causes.model import Evidence, Finding, Fix, cause
from sddoctor.text.shell import aws
from sddoctor.text.words import age, count, listed
from sddoctor.trail.hanging import hanging
from sddoctor.trail.load_balancer import FAMILY as LOAD_BALANCER_CHECK
from sddoctor.trail.load_balancer import replaces_tasks
from sddoctor.trail.replaced import replacement
from sddoctor.trail.setbacks import Setback, setbacks, steady_at
from sddoctor.trail.thresholds import START_GRACE
from sddoctor.trail.trail import Trail, optional


@cause(
    "tasks-not-starting",
    hop="ecs",
    at=("tasks",),
    symptoms=("missing",),
    title="Fewer tasks are running than desired",
)
def tasks_not_starting(trail: Trail) -> Finding | None:
    """Fewer tasks run than are desired. The newest reason is quoted, whatever it says; it is no condition.

    It is a transient while the missing tasks are young, or their predecessors have just left.
    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-event-messages-list.html
    """
    findings = [f for s in trail.ecs.active if (f := _judge(trail, s)) is not None]
    return min(findings, key=lambda f: f.kind == "transient", default=None)


def _judge(trail: Trail, service: EcsService) -> Finding | None:
    shortage = trail.promise.shortage
    missing = shortage.missing(service)
    if not missing or trail.ecs.young_deployment(service) is not None:
        return None
    found = _reasons(trail, service)
    if _is_told_elsewhere(trail, service, missing, found):
        return None
    if not shortage.lasting(service):
        leaving = [t for t in optional(lambda: trail.ecs.leaving) or () if t.group == f"service:{service.name}"]
        if sum(trail.promise.task_serves(t).serves for t in leaving) >= missing:
            return None  # those that leave still serve: stopping-task-still-answered speaks of them
        if _only_grows(trail, service, missing, found):
            return None  # nothing is wrong: more tasks are wanted, and they are starting
        return _passing(trail, service, missing, found)
    return _lasting(trail, service, missing, found)


def _only_grows(trail: Trail, service: EcsService, missing: int, found: list[Setback]) -> bool:
    """Tell whether no task has left, others of the service serve, and all that are missing are starting."""
    coming = trail.promise.shortage.coming(service)
    group = f"service:{service.name}"
    serves = any(t.group == group for t in optional(lambda: trail.promise.serving_tasks) or ())
    return serves and not found and len(coming) >= missing


def _reasons(trail: Trail, service: EcsService) -> list[Setback]:
    """Return what happened since the service last had all tasks: the newest first, and what tells least last."""
    steady = steady_at(service)
    found = [s for s in setbacks(trail.ecs, service) if steady is None or s.at > steady]
    return sorted(found, key=lambda s: (s.is_vague, s.family is None and s.task is None))


def _is_told_elsewhere(trail: Trail, service: EcsService, missing: int, found: list[Setback]) -> bool:
    """Tell whether a more exact cause speaks of it: tasks that hang or were taken away, a check, a refused registration."""
    if len(hanging(trail, service)) >= missing or replacement(trail, service) is not None:
        return True
    family = found[0].family.name if found and found[0].family else ""
    if family == LOAD_BALANCER_CHECK and replaces_tasks(trail, service):
        return True
    return family == "discovery" or (family == "container-check" and trail.promise.shortage.is_fresh(found[0]))


def _lasting(trail: Trail, service: EcsService, missing: int, found: list[Setback]) -> Finding:
    newest = found[0] if found else None
    holder = _holder(trail, service, newest)
    return Finding(
        summary=f"{_what(trail, service, missing)}, and {_why(newest)}{_held_by(trail, holder)}.",
        detail=(
            "A task that does not run is not registered, so the name has no address for it. That fewer run than are wanted "
            f"is certain by the numbers; {_source(trail, newest)}"
        ),
        evidence=_evidence(trail, service, found, holder),
        fixes=_fixes(service, newest, holder),
    )


def _what(trail: Trail, service: EcsService, missing: int) -> str:
    where = f"{service.cluster_name}/{service.name}"
    return (
        f"{trail.name} lacks {count(missing, 'task')}: the ECS service {where} runs {service.desired - missing} of "
        f"{service.desired}"
    )


def _why(newest: Setback | None) -> str:
    if newest is None:
        return "neither a stopped task nor an event that was seen says why"
    quoted = newest.text.rstrip(". ")
    if newest.family is not None:
        return f"{REASONS[newest.family.name].clause} ({quoted})"
    return f'the newest {"stopped reason" if newest.task else "event"} is "{quoted}"'


def _source(trail: Trail, newest: Setback | None) -> str:
    if newest is not None:
        kind = "a stopped task" if newest.task else "the service's events"
        return f"the reason is what ECS said of {kind} {age(trail.ecs.age(newest.at))} ago."
    if optional(lambda: trail.ecs.stopped) is None:
        return "the tasks that stopped could not be listed, and they would say why."
    return "ECS lists stopped tasks for about an hour, and the service's last hundred events."


def _holder(trail: Trail, service: EcsService, newest: Setback | None) -> Task | None:
    """Return the leaving task that holds the room of its successor: on the host that the message names, if it names one.

    Until a task is deregistered from a load balancer it is in DEACTIVATING, and keeps memory, port and interface.
    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-lifecycle-explanation.html
    """
    if newest is None or newest.family is None or newest.family.name not in ("room", "port", "interfaces"):
        return None
    group = f"service:{service.name}"
    leaving = [t for t in optional(lambda: trail.ecs.leaving) or () if t.container_instance and t.group == group]
    named = [t for t in leaving if _last(t.container_instance) in newest.text]
    return next(iter(named or leaving), None)


def _held_by(trail: Trail, task: Task | None) -> str:
    if task is None:
        return ""
    return (
        f"; task {task.id}, in {task.last_status} for {age(trail.ecs.age(task.stopping_at))} on container instance "
        f"{_last(task.container_instance)}, still holds what its successor needs"
    )


def _last(arn: str | None) -> str:
    return (arn or "").rsplit("/", 1)[-1]


def _evidence(
    trail: Trail, service: EcsService, found: list[Setback], holder: Task | None = None
) -> tuple[Evidence, ...]:
    running = Evidence("ecs:DescribeServices services[].runningCount", service.name, service.running, service.desired)
    quoted = [Evidence(s.source, s.subject, s.text, "RUNNING" if s.task else None) for s in _of_each_source(found)]
    if holder is not None:
        state = f"{holder.last_status}, stopping for {age(trail.ecs.age(holder.stopping_at))}"
        quoted.append(Evidence("ecs:DescribeTasks tasks[].lastStatus", holder.id, state, "STOPPED"))
    return (running, *quoted)


def _of_each_source(found: list[Setback]) -> list[Setback]:
    """Return the newest of what tasks, events and roll-outs say."""
    first: dict[str, Setback] = {}
    for setback in found:
        first.setdefault(setback.source, setback)
    return list(first.values())


def _fixes(service: EcsService, newest: Setback | None, holder: Task | None) -> tuple[Fix, ...]:
    fixes = [_read(service, newest)]
    if newest is not None and newest.family is not None:
        fixes.append(fix_of(newest.family.name))
    if holder is not None:
        fixes.append(
            Fix(
                "Shorten the deregistration delay of the target group: until it is over the old task stays", "terraform"
            )
        )
    if service.running:
        return (
            *fixes,
            Fix("ECS starts the missing tasks by itself once that is repaired; leave the running ones", "aws"),
        )
    verified = 'runningCount equals desiredCount, and the newest event says "has reached a steady state".'
    return (*fixes, new_tasks("Deploy again, once that is repaired", service, verified))


def _read(service: EcsService, newest: Setback | None) -> Fix:
    if newest is not None and newest.task is not None:
        shown = "tasks[].[stopCode,stoppedReason,containers[].[name,exitCode,reason]]"
        read = aws("ecs", "describe-tasks", cluster=service.cluster_name, tasks=newest.task.id, query=shown)
        return read_only("Read why, before the stopped tasks fade (they stay about an hour)", read)
    shown = "services[0].events[:10].[createdAt,message]"
    read = aws("ecs", "describe-services", cluster=service.cluster_name, services=service.name, query=shown)
    return read_only("Read why in the service's events", read)


def _passing(trail: Trail, service: EcsService, missing: int, found: list[Setback]) -> Finding:
    coming = trail.promise.shortage.coming(service)
    left = trail.promise.shortage.just_left(service)
    newest = next((s for s in found if s.task in left), None)
    why = f", and {_why(newest)}" if newest is not None else ""
    state = f"; {_coming(trail, coming)}" if coming else f"; {_due(service)}"
    oldest = max((trail.ecs.age(t.created_at) or 0 for t in coming), default=0)
    wait = aws("ecs", "wait", "services-stable", cluster=service.cluster_name, services=service.name)
    return Finding(
        summary=f"{_what(trail, service, missing)}{why}{state}.",
        detail=(
            "A start takes a minute or two, and a service with one task has no address for that time. If it takes longer "
            f"than {START_GRACE // 60} minutes, the task does not start."
        ),
        evidence=_evidence(trail, service, [newest] if newest else []),
        fixes=(
            Fix("Wait for the successor", "aws", commands=(wait,), changes="Nothing: it waits until all tasks run."),
            *((fix_of(newest.family.name),) if newest is not None and newest.family is not None else ()),
        ),
        kind="transient",
        severity="warning",
        addresses=(),
        wait_seconds=max(1, int(START_GRACE - oldest)) if coming else None,
    )


def _due(service: EcsService) -> str:
    """Say what is known of successors of which none was seen."""
    return f"ECS counts {service.pending} as pending" if service.pending else "its successor is due"


def _coming(trail: Trail, coming: tuple[Task, ...]) -> str:
    states = listed(sorted({t.last_status for t in coming}))
    youngest = min(trail.ecs.age(t.created_at) or 0 for t in coming)
    are = "is" if len(coming) == 1 else "are"
    return f"{count(len(coming), 'task')} {are} starting ({states}, created {age(youngest)} ago)"
