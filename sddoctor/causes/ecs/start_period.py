"""The health check gives up before the program is ready."""

from __future__ import annotations

from msgspec import Struct

from sddoctor.case.ecs import ContainerDefinition, HealthCheck, Task
from sddoctor.causes.ecs.check_fixes import Json, deploy, fragment
from sddoctor.causes.model import Evidence, Finding, Fix, cause
from sddoctor.formats import health_command
from sddoctor.formats.health_command import calls_localhost_by_wget
from sddoctor.formats.image_tools import missing_tool
from sddoctor.text.shell import aws
from sddoctor.text.words import age, count, listed
from sddoctor.trail.failing_checks import EVENT, failing_checks, stopped_by_check
from sddoctor.trail.trail import Trail, optional

#: How long a task takes to stop when nothing tells it: ECS's default stopTimeout, in seconds.
#: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html
_STOP_TIME = 30
#: ECS needs a moment to act on a verdict.
_REACTION = 30
#: The longest startPeriod there is, in seconds.
_LONGEST = 300


class Revision(Struct, frozen=True):
    """Tasks of one revision that were stopped for their check before they were ever healthy."""

    arn: str
    container: ContainerDefinition
    check: HealthCheck
    tasks: tuple[Task, ...]

    @property
    def limit(self) -> int:
        """How long after its start a task may take to be healthy, in seconds."""
        return limit(self.check)


def limit(check: HealthCheck) -> int:
    """Return how long after the start a container that never succeeds is called UNHEALTHY, in seconds, at most.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HealthCheck.html
    """
    return check.start_period + check.retries * (check.interval + check.timeout)


@cause(
    "health-check-start-period-too-short",
    hop="ecs",
    at=("tasks", "registry"),
    symptoms=("not-serving", "missing"),
    title="The health check gives up before the program is ready",
    explains=("health-check-failing",),
)
def health_check_start_period_too_short(trail: Trail) -> Finding | None:
    """Several tasks of one revision were stopped by their check as early as it allows, and none was healthy before.

    That alone cannot be told from a check that never passes: it stays a possibility until a task is seen that passed
    the same check, or passed it too late.
    """
    if failing_checks(trail) is None:
        return None
    for revision in _revisions(trail):
        if _could_never_pass(revision):
            continue
        late, passed = _late(trail, revision), _passed(trail, revision)
        return _finding(trail, revision, late, passed)
    return None


def _revisions(trail: Trail) -> list[Revision]:
    by_arn: dict[str, list[Task]] = {}
    for task in stopped_by_check(trail):
        by_arn.setdefault(task.task_definition, []).append(task)
    found = []
    for arn, tasks in by_arn.items():
        never = [t for t in tasks if t.health != "HEALTHY"]
        if len(never) < 2:
            continue
        checked = [
            c
            for c in trail.ecs.definition(arn).containers
            if c.essential and c.health_check and not all(_is_healthy(t, c.name) for t in never)
        ]
        slowest = max(checked, key=lambda c: limit(c.health_check) if c.health_check else 0, default=None)
        if slowest is None or slowest.health_check is None:
            continue
        if all(_ended_early(t, limit(slowest.health_check)) for t in never):
            found.append(Revision(arn, slowest, slowest.health_check, tuple(never)))
    return found


def _is_healthy(task: Task, container: str) -> bool:
    return any(c.name == container and c.health == "HEALTHY" for c in task.containers)


def _ended_early(task: Task, allowed: int) -> bool:
    """Tell whether the task was stopped by the first verdict that its check could give."""
    ended = task.stopped_at or task.stopping_at
    if task.started_at is None or ended is None:
        return False
    stop = _STOP_TIME
    if task.stopped_at is not None and task.stopping_at is not None:
        stop = int((task.stopped_at - task.stopping_at).total_seconds())
    return (ended - task.started_at).total_seconds() <= allowed + stop + _REACTION


def _could_never_pass(revision: Revision) -> bool:
    """Tell whether tool, address or port of the check is suspect: then more time would not help."""
    command = revision.check.command
    checked_ports = health_command.ports(command)
    offered = {p.container_port for p in revision.container.ports}
    wrong_port = bool(checked_ports and offered and not set(checked_ports) & offered)
    lacking = missing_tool(command, revision.container.image)
    return wrong_port or lacking is not None or calls_localhost_by_wget(command)


def _same_check(trail: Trail, task: Task, revision: Revision) -> HealthCheck | None:
    """Return the task's check of that container if it runs the same command."""
    definition = optional(lambda: trail.ecs.container_definition(task, revision.container.name))
    check = definition.health_check if definition else None
    return check if check and check.command == revision.check.command else None


def _late(trail: Trail, revision: Revision) -> Task | None:
    """Return a task with the same check that failed it and is healthy all the same: it passed too late."""
    failed = [e.message for s in trail.ecs.active for e in s.events if EVENT in e.message]
    running = [t for t in trail.ecs.running if any(t.id in message for message in failed)]
    ended = [t for t in stopped_by_check(trail) if _ended_early(t, revision.limit)]
    return next((t for t in (*running, *ended) if t.health == "HEALTHY" and _same_check(trail, t, revision)), None)


def _passed(trail: Trail, revision: Revision) -> Task | None:
    """Return a healthy task of the same revision, or of one that gives the same check more time."""
    for task in trail.ecs.running:
        check = _same_check(trail, task, revision)
        if task.health != "HEALTHY" or check is None:
            continue
        if task.task_definition == revision.arn or limit(check) > revision.limit:
            return task
    return None


def _finding(trail: Trail, revision: Revision, late: Task | None, passed: Task | None) -> Finding:
    service = trail.ecs.main
    word = "" if late else "probably " if passed else "possibly "
    lives = [_life(t) for t in revision.tasks]
    check = revision.check
    changed: dict[str, Json] = {
        "startPeriod": _LONGEST,
        "interval": min(10, check.interval),
        "retries": max(3, check.retries),
    }
    return Finding(
        summary=(
            f"The health check of container {revision.container.name} in {service.cluster_name}/{service.name} {word}"
            f"gives up too early: {count(len(revision.tasks), 'task')} {'were' if len(lives) > 1 else 'was'} stopped "
            f"after {listed(age(s) for s in lives)} without ever having been healthy, so {trail.name} keeps losing "
            "addresses."
        ),
        detail=(
            f"The check allows {revision.limit} s: startPeriod {check.start_period} s and {check.retries} attempts of "
            f"up to {check.interval + check.timeout} s. {_why(late, passed)} startPeriod may be "
            f"{_LONGEST} s, and a success inside it counts at once, so a generous value costs nothing."
        ),
        evidence=_evidence(revision, late or passed),
        fixes=(
            Fix(
                "Give the program time",
                "terraform",
                config=fragment(healthCheck={"command": list(check.command), **changed}),
                verified_by="The new tasks stay, and their healthStatus goes from UNKNOWN to HEALTHY.",
            ),
            *deploy(service, revision.container.name, changed),
        ),
        would_tell=None if late else _would_tell(revision),
        kind=None if late or passed else "note",
    )


def _would_tell(revision: Revision) -> str:
    """Return what shows how long the tasks lived, beside which the program's log says when it was ready."""
    first = revision.tasks[0]
    shown = "tasks[].[startedAt,stoppingAt,stoppedReason]"
    return aws("ecs", "describe-tasks", cluster=first.cluster_name, tasks=first.id, query=shown)


def _why(late: Task | None, passed: Task | None) -> str:
    if late is not None:
        return f"Task {late.id} failed the check and was healthy afterwards: it only needed longer."
    if passed is not None:
        return f"The check can pass: task {passed.id} is healthy by the same command."
    return (
        "From outside this cannot be told from a check that never passes: see whether the program's log says that it "
        "is ready, and when."
    )


def _life(task: Task) -> float:
    """Return how long the task ran until ECS began to stop it, in seconds."""
    ended = task.stopping_at or task.stopped_at
    return (ended - task.started_at).total_seconds() if ended and task.started_at else 0.0


def _evidence(revision: Revision, healthy: Task | None) -> tuple[Evidence, ...]:
    found = [
        Evidence(
            "ecs:DescribeTasks tasks[].stoppedReason", t.id, f"{t.stopped_reason}, after {age(_life(t))}", "HEALTHY"
        )
        for t in revision.tasks[:3]
    ]
    check = revision.check
    found.append(
        Evidence(
            "ecs:DescribeTaskDefinition healthCheck",
            revision.container.name,
            f"startPeriod {check.start_period}, interval {check.interval}, timeout {check.timeout}, "
            f"retries {check.retries}",
        )
    )
    if healthy is not None:
        found.append(Evidence("ecs:DescribeTasks tasks[].healthStatus", healthy.id, healthy.health))
    return tuple(found)
