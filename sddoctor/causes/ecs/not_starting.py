"""Tasks are wanted, but they fail to start or cannot be placed."""

from __future__ import annotations

import re
from datetime import datetime

from sddoctor.case.ecs import EcsService, Event, Task
from sddoctor.causes.commands import new_tasks, read_only
from sddoctor.causes.model import Evidence, Finding, Fix, cause
from sddoctor.text.shell import aws
from sddoctor.text.words import count
from sddoctor.trail.promise import FAILED, FAILED_CHECKS
from sddoctor.trail.thresholds import REGISTRATION_GRACE
from sddoctor.trail.trail import Trail, optional

#: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-event-messages-list.html
_MESSAGES = ("was unable to place a task", "is unable to consistently start tasks successfully")


@cause(
    "tasks-not-starting",
    hop="ecs",
    at=("tasks",),
    symptoms=("missing",),
    title="Tasks are wanted, but they fail to start or cannot be placed",
)
def tasks_not_starting(trail: Trail) -> Finding | None:
    """Fewer tasks run than are desired, stopped tasks or events say why, and what runs is registered."""
    for service in trail.ecs.active:
        finding = _judge(trail, service)
        if finding is not None:
            return finding
    return None


def _judge(trail: Trail, service: EcsService) -> Finding | None:
    if service.desired < 1 or service.running >= service.desired:
        return None
    if trail.ecs.young_deployment(service) is not None:
        return None
    steady = _steady_at(service)
    events = _telling_events(service, steady)
    # An event is proof by itself: without the stopped tasks only their reasons are missing.
    stopped = (optional(lambda: trail.ecs.stopped) or ()) if events else trail.ecs.stopped
    failed = [t for t in stopped if _failed_by_itself(t, steady) and t.group == f"service:{service.name}"]
    if not failed and not events:
        return None
    if any(trail.cloudmap.instance(t.id) is None for t in trail.ecs.running if not _is_new(trail, t)):
        return None
    return _finding(trail, service, failed, events)


def _is_new(trail: Trail, task: Task) -> bool:
    """Tell whether the task is too young to be listed everywhere."""
    seconds = trail.ecs.age(task.started_at)
    return seconds is not None and seconds < REGISTRATION_GRACE


def _failed_by_itself(task: Task, steady: datetime | None) -> bool:
    """Tell whether the task failed to start or crashed, since the service was last steady."""
    reason = task.stopped_reason
    if task.stop_code not in FAILED or reason.startswith(FAILED_CHECKS) or "service discovery" in reason.lower():
        return False
    return steady is None or task.stopped_at is None or task.stopped_at > steady


def _steady_at(service: EcsService) -> datetime | None:
    return max((e.at for e in service.events if "has reached a steady state" in e.message), default=None)


def _telling_events(service: EcsService, steady: datetime | None) -> list[Event]:
    """Return the events since the service was last steady that name a failure to start, newest first."""
    return [
        e
        for e in sorted(service.events, key=lambda e: e.at, reverse=True)
        if any(m in e.message for m in _MESSAGES) and (steady is None or e.at > steady)
    ]


def _finding(trail: Trail, service: EcsService, failed: list[Task], events: list[Event]) -> Finding:
    newest = max(failed, key=lambda t: t.stopped_at or t.created_at or trail.case.at, default=None)
    reason = _reason(newest) if newest else _without_prefix(events[0].message)
    evidence = [
        Evidence("ecs:DescribeServices services[].runningCount", service.name, service.running, service.desired),
    ]
    if newest:
        evidence.append(Evidence("ecs:DescribeTasks tasks[].stoppedReason", newest.id, reason, "RUNNING"))
    evidence += [Evidence("ecs:DescribeServices services[].events[]", service.name, e.message) for e in events[:1]]
    missing = count(service.desired - service.running, "task")
    cluster = service.cluster_name
    fixes = []
    if newest:
        shown = "tasks[].[stopCode,stoppedReason,containers[].[name,exitCode,reason]]"
        read = aws("ecs", "describe-tasks", cluster=cluster, tasks=newest.id, query=shown)
        fixes.append(read_only("Read why, before the stopped tasks fade (they stay about an hour)", read))
    if any("RESOURCE:ENI" in e.message for e in events):
        fixes.append(_more_interfaces())
    fixes.append(
        new_tasks(
            "Deploy again, once image, secret, capacity or crash is repaired",
            service,
            'runningCount equals desiredCount, and the newest event says "has reached a steady state".',
        )
    )
    return Finding(
        summary=(
            f"{trail.name} lacks {missing}: the ECS service {cluster}/{service.name} cannot start "
            f"{'it' if missing.startswith('1 ') else 'them'} ({reason})."
        ),
        detail=(
            f"{count(service.desired, 'task')} wanted, {service.running} running. A task that never runs is never "
            "registered, so the name has no address for it. Registration is not the problem: every task that does "
            "run has its instance."
        ),
        evidence=tuple(evidence),
        fixes=tuple(fixes),
    )


def _without_prefix(message: str) -> str:
    """Return an event without the name of its service, as part of a sentence."""
    return re.sub(r"^\(service [^)]*\)\s*", "", message).rstrip(". ")


def _more_interfaces() -> Fix:
    """Return the fix for hosts without a free network interface.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/container-instance-eni.html
    """
    return Fix(
        "Give the hosts more network interfaces: ENI trunking (for hosts started afterwards), a larger instance type, "
        "or Fargate",
        "aws",
        commands=(aws("ecs", "put-account-setting-default", name="awsvpcTrunking", value="enabled"),),
        changes="Switches ENI trunking on for the whole account and region.",
    )


def _reason(task: Task) -> str:
    container = next((c for c in task.containers if c.reason or c.exit_code), None)
    more = ""
    if container is not None:
        code = f" exit code {container.exit_code}" if container.exit_code is not None else ""
        is_repeated = container.reason.partition(":")[0] in task.stopped_reason
        why = "" if is_repeated else f" {container.reason}"
        more = f"; container {container.name}:{code}{why}" if code or why else ""
    return f"{task.stopped_reason or task.stop_code}{more}"
