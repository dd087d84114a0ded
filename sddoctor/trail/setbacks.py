"""Why tasks of a service ended or were not created, in ECS's words: stopped reasons, events, failed roll-outs.

A known text makes the sentence better. What is in no list is quoted all the same.
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-event-messages-list.html
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html
"""

from __future__ import annotations

import re
from datetime import UTC, datetime

from msgspec import Struct

from sddoctor.case.ecs import EcsService, Event, Task
from sddoctor.trail.ecs import EcsTrail, primary_deployment

#: How the reason of a task begins that ECS stopped because of its container health check.
FAILED_CHECKS = "Task failed container health checks"
#: How the reason of a task begins that ECS stopped because a deployment or scaling wanted fewer: it did not fail.
SCALED_AWAY = "Scaling activity initiated by"


class Family(Struct, frozen=True):
    """Texts that mean the same.

    ``blocks``: while it lasts no successor comes up. ``taken``: the task was taken away, and a successor follows by
    itself. ``vague``: another text of the same time says more.
    """

    name: str
    pattern: str
    blocks: bool = False
    taken: bool = False
    vague: bool = False


#: The first that matches counts. Each is searched in ``CODE: TEXT``, and each is a code or a phrase of AWS's own: a single
#: word of them says nothing.
FAMILIES = (
    Family("spot", r"^SpotInterruption\b|Your Spot Task was interrupted", taken=True),
    Family("stopped-by-user", r"^UserInitiated\b|Task stopped by user", taken=True),
    Family("host-gone", r"Host EC2 \(instance[^)]*\) (?:terminated|stopped)|Container instance deregist", taken=True),
    Family("host-impaired", r"^InfrastructureHealth\b|Host EC2 \(instance[^)]*\)", taken=True),
    Family("retired", r"^TerminationNotice\b|ECS is performing maintenance on|scheduled for retirement", taken=True),
    Family("discovery", r"service discovery instance|with service discovery|service[ -]linked role"),
    Family("container-check", r"failed container health checks"),
    Family("load-balancer-check", r"failed ELB health checks|is unhealthy in \(?(?:target-group|elb)\b"),
    Family("image", r"CannotPull\w*Error|pull image manifest has been retried", blocks=True),
    Family("secrets", r"unable to (?:pull|retrieve|fetch) secret|fetching secret data|secretsmanager:Get|ssm:GetParameters", blocks=True),
    Family("role", r"unable to assume (?:the |a )?role|AccessDenied(?:Exception)?\b|is not authorized to perform", blocks=True),
    Family("throttled", r"operations are being throttled|ThrottlingException|Rate exceeded", blocks=True),
    Family("targets", r"failed to register targets|TargetGroupNotFound|target group .{0,200}does not exist", blocks=True),
    Family("addresses", r"(?:enough|insufficient) free (?:IP )?addresses|InsufficientFreeAddresses", blocks=True),
    Family("interfaces", r"RESOURCE:ENI|network interface provisioning|NetworkInterfaceLimitExceeded", blocks=True),
    Family("quota", r"reached the limit on the number of|LimitExceeded|current vCPU limit|QuotaExceeded", blocks=True),
    Family("port", r"RESOURCE:PORTS|already using a port required", blocks=True),
    Family("room", r"RESOURCE:(?:CPU|MEMORY|GPU)|insufficient (?:CPU|memory|GPU)\b|Capacity is unavailable at this time|No Container Instances were found|UnfulfillableCapacity|InsufficientInstanceCapacity", blocks=True),
    Family("placement", r"unable to place a task|no container instance met all of its requirements", blocks=True),
    Family("volume", r"CannotCreateVolume|failed to invoke EFS utils|failed to mount", blocks=True),
    Family("initialisation", r"ResourceInitializationError", blocks=True),
    Family("memory", r"OutOfMemory"),
    Family("crash", r"^EssentialContainerExited\b|Essential container in task exited|CannotStartContainer"),
    Family("not-created", r"failed to launch a task", blocks=True),
    Family("not-started", r"^TaskFailedToStart\b", blocks=True),
    Family("rollout-failed", r"deployment failed:|ECS deployment circuit breaker|rolling back to deployment", vague=True),
    Family("no-start", r"is unable to consistently start tasks", blocks=True, vague=True),
)  # fmt: skip
_COMPILED = tuple((f, re.compile(f.pattern, re.IGNORECASE)) for f in FAMILIES)
#: Events of a service that is on its way or at rest. What is not among them may say why tasks are missing.
_ORDINARY = re.compile(
    r"has reached a steady state|has started \d+ tasks|has stopped \d+ running tasks|has begun draining connections"
    r"|registered \d+ targets|deployment completed|has stopped \d+ pending tasks",
    re.IGNORECASE,
)
_STEADY = "has reached a steady state"


class Setback(Struct, frozen=True):
    """One thing that kept a task from serving, or ended it. ``task`` is the one that ended, where that was listed."""

    at: datetime
    text: str
    source: str
    subject: str
    family: Family | None = None
    task: Task | None = None

    @property
    def is_vague(self) -> bool:
        """Whether another setback says more."""
        return self.family is not None and self.family.vague

    @property
    def blocks(self) -> bool:
        """Whether no successor comes up while this lasts."""
        return self.family is not None and self.family.blocks

    @property
    def taken(self) -> bool:
        """Whether a task was taken away that had not failed."""
        return self.family is not None and self.family.taken


def family_of(text: str, code: str = "") -> Family | None:
    """Return the family of a text; ``None`` for one that nobody has met before."""
    whole = f"{code}: {text}" if code else text
    return next((f for f, pattern in _COMPILED if pattern.search(whole)), None)


def steady_at(service: EcsService) -> datetime | None:
    """Return when the service last had all its tasks, as far as its events go back."""
    return max((e.at for e in service.events if _STEADY in e.message), default=None)


def setbacks(ecs: EcsTrail, service: EcsService) -> tuple[Setback, ...]:
    """Return what happened to the service's tasks, newest first. What was not seen is not in it."""
    events = (_of_event(service, e) for e in service.events)
    found = [*_ended(ecs, service), *(e for e in events if e is not None), *_failed_rollout(service)]
    return tuple(sorted(found, key=lambda s: s.at, reverse=True))


def _ended(ecs: EcsTrail, service: EcsService) -> list[Setback]:
    found = []
    for task in ecs.ended(service):
        at = task.stopped_at or task.stopping_at
        text = reason(task)
        if at is None or not text or task.stopped_reason.startswith(SCALED_AWAY):
            continue
        family = family_of(task.stopped_reason, task.stop_code or "")
        found.append(Setback(at, text, "ecs:DescribeTasks tasks[].stoppedReason", task.id, family, task))
    return found


def reason(task: Task) -> str:
    """Return why the task ended, with what its first failed container says."""
    said = task.stopped_reason or task.stop_code or ""
    container = next((c for c in task.containers if c.reason or c.exit_code), None)
    if container is None:
        return said
    code = f" exit code {container.exit_code}" if container.exit_code is not None else ""
    is_repeated = container.reason.partition(":")[0] in task.stopped_reason
    why = "" if is_repeated else f" {container.reason}"
    return f"{said}; container {container.name}:{code}{why}" if code or why else said


def _of_event(service: EcsService, event: Event) -> Setback | None:
    if _ORDINARY.search(event.message):
        return None
    text = without_prefix(event.message)
    return Setback(event.at, text, "ecs:DescribeServices services[].events[]", service.name, family_of(text))


def without_prefix(message: str) -> str:
    """Return an event without the name of its service, as part of a sentence."""
    return re.sub(r"^\(service [^)]*\)\s*|^service \S+\s+", "", message).rstrip(". ")


def _failed_rollout(service: EcsService) -> list[Setback]:
    primary = primary_deployment(service)
    if primary is None or primary.rollout_state != "FAILED" or not primary.rollout_reason:
        return []
    at = primary.updated_at or primary.created_at or datetime.fromtimestamp(0, UTC)
    source = "ecs:DescribeServices services[].deployments[].rolloutStateReason"
    text = primary.rollout_reason.rstrip(". ")
    return [Setback(at, text, source, primary.id, family_of("deployment failed:"))]
