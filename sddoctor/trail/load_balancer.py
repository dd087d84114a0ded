"""Tasks that ECS stopped because of a load balancer's health check, and what the load balancer says of its targets."""

from __future__ import annotations

import re
from datetime import datetime

from msgspec import Struct

from sddoctor.case.ecs import EcsService, Task
from sddoctor.trail.setbacks import Setback, setbacks
from sddoctor.trail.shortage import LATELY
from sddoctor.trail.trail import Trail

FAMILY = "load-balancer-check"
#: Replacements within this time, in seconds, are one series.
SERIES = 3600
#: Tasks of one series: one alone may have been unlucky.
FEWEST = 2
#: What an event calls unhealthy: a task, or a container instance with its port.
#: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-unhealthy-event-messages.html
_SUBJECT = re.compile(
    r"\(task (?P<task>[0-9a-f-]{8,36})\)|\(instance (?P<instance>[^)\s]+)\)(?: \(port (?P<port>\d+)\))?"
)
_GROUP = re.compile(r"target-group (?P<arn>arn:[^\s)]+)")
_REASON = re.compile(r"due to \(reason (?P<reason>.*)\)\s*$")


class Kill(Struct, frozen=True):
    """One task that failed a load balancer's check: what is known of it, and ECS's words.

    ``subject`` is the task's id, or the container instance and port by which the load balancer knows it.
    """

    at: datetime
    subject: str
    text: str
    source: str
    task: Task | None = None
    reason: str = ""
    target_group: str | None = None

    @property
    def is_of_host(self) -> bool:
        """Whether only a container instance and a port are known, not the task behind them."""
        return ":" in self.subject


def kills(trail: Trail, service: EcsService) -> tuple[Kill, ...]:
    """Return the tasks that failed the check within an hour, newest first, each once.

    A task that ended for another reason is left out, whatever the load balancer said of it: it failed the check because
    it was ending.
    """
    series: dict[str, Kill] = {}
    others = {s.subject for s in setbacks(trail.ecs, service) if s.task is not None and not _is_of_check(s)}
    for setback in setbacks(trail.ecs, service):
        if not _is_of_check(setback) or (trail.ecs.age(setback.at) or 0) > SERIES:
            continue
        kill = _kill(setback)
        if kill.subject in others:
            continue
        known = series.get(kill.subject)
        series[kill.subject] = kill if known is None else _both(known, kill)
    by_task = tuple(k for k in series.values() if not k.is_of_host)
    by_host = tuple(k for k in series.values() if k.is_of_host)  # the same tasks by another name
    return by_host if len(by_host) > len(by_task) else by_task


def replaces_tasks(trail: Trail, service: EcsService) -> tuple[Kill, ...]:
    """Return the series of tasks that the check has stopped, newest first; nothing unless it goes on to this day."""
    if not service.all_load_balancers:
        return ()
    found = kills(trail, service)
    newest = max((k.at for k in found), default=None)
    is_over = newest is None or (trail.ecs.age(newest) or 0) > LATELY
    return () if is_over or len(found) < FEWEST else found


def _is_of_check(setback: Setback) -> bool:
    return setback.family is not None and setback.family.name == FAMILY


def _kill(setback: Setback) -> Kill:
    group, reason = _GROUP.search(setback.text), _REASON.search(setback.text)
    return Kill(
        setback.at,
        setback.task.id if setback.task is not None else _subject(setback),
        setback.text,
        setback.source,
        setback.task,
        reason["reason"].rstrip(". ") if reason else "",
        group["arn"] if group else None,
    )


def _subject(setback: Setback) -> str:
    found = _SUBJECT.search(setback.text)
    if found is None:
        return setback.text
    return found["task"] or f"{found['instance']}:{found['port'] or ''}"


def _both(one: Kill, other: Kill) -> Kill:
    """Join what a stopped task and an event say of the same task: when, in its own words, and why."""
    told = next((k for k in (one, other) if k.task is not None), one)
    why = next((k for k in (one, other) if k.reason), told)
    return Kill(
        one.at, one.subject, told.text, told.source, told.task, why.reason, one.target_group or other.target_group
    )
