"""A deployment is in progress."""

from __future__ import annotations

from msgspec import Struct

from sddoctor.case.ecs import EcsService, Task
from sddoctor.causes.commands import read_only
from sddoctor.causes.model import Evidence, Finding, Fix, cause
from sddoctor.text.shell import aws
from sddoctor.text.words import age, count, in_order, listed
from sddoctor.trail.ecs import primary_deployment
from sddoctor.trail.failing_checks import stopped_by_check
from sddoctor.trail.thresholds import START_GRACE
from sddoctor.trail.trail import Trail, optional

#: Strategies and controllers under which both sides stay for a bake time of any length.
#: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/blue-green-deployment-implementation.html
_SIDE_BY_SIDE = ("BLUE_GREEN", "LINEAR", "CANARY")


class Side(Struct, frozen=True):
    """A deployment or task set of a service with its tasks that run. ``external_id`` is a task set's."""

    id: str
    status: str
    task_definition: str
    age: float | None
    tasks: tuple[Task, ...]
    external_id: str | None = None


@cause(
    "deployment-in-progress",
    hop="ecs",
    at=("tasks", "registry", "records", "vpc-answer"),
    symptoms=("missing", "foreign", "not-serving"),
    kind="transient",
    severity="info",
    title="A deployment is in progress",
)
def deployment_in_progress(trail: Trail) -> Finding | None:
    """Two sides exist, or a rollout is in progress, and it is young, moves on, or is of the blue/green kind.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Deployment.html
    """
    for service in trail.ecs.active:
        sides = _sides(trail, service)
        if _runs(service, sides) and _is_live(trail, service, sides) and not _fails_its_check(trail, sides):
            return _finding(trail, service, sides)
    return None


def _sides(trail: Trail, service: EcsService) -> list[Side]:
    """Return the sides of the service: its deployments, or the task sets that register under the name."""
    running = [t for t in trail.ecs.running if t.group in ("", f"service:{service.name}")]
    here = trail.cloudmap.service.id
    sets = [s for s in service.task_sets if any(r.service_id == here for r in (s.registries or service.registries))]
    known = {d.id for d in service.deployments} | {s.id for s in sets}
    found = [
        Side(
            d.id, d.status, d.task_definition, trail.ecs.age(d.created_at), _of(running, d.id, d.task_definition, known)
        )
        for d in service.deployments
        if d.status != "INACTIVE"
    ]
    found += [
        Side(
            s.id,
            s.status,
            s.task_definition,
            trail.ecs.age(s.created_at),
            _of(running, s.id, s.task_definition, known),
            s.external_id,
        )
        for s in sets
    ]
    return found


def _of(tasks: list[Task], side: str, definition: str, known: set[str]) -> tuple[Task, ...]:
    """Return the tasks of a side: those that it started, or of its revision where ECS does not say who did."""
    return tuple(
        t for t in tasks if t.started_by == side or (t.started_by not in known and t.task_definition == definition)
    )


def _runs(service: EcsService, sides: list[Side]) -> bool:
    newest = primary_deployment(service)
    return len(sides) > 1 or (newest is not None and newest.rollout_state == "IN_PROGRESS")


def _primary(sides: list[Side]) -> Side | None:
    return next((s for s in sides if s.status == "PRIMARY"), None)


def _is_live(trail: Trail, service: EcsService, sides: list[Side]) -> bool:
    """Tell whether the deployment is young, has recently started a task, or keeps both sides on purpose."""
    if any(s.age is not None and s.age < START_GRACE for s in sides):
        return True
    newest = [t for s in sides if s.status == "PRIMARY" for t in s.tasks]
    if any((trail.ecs.age(t.started_at) or START_GRACE) < START_GRACE for t in newest):
        return True
    side_by_side = service.controller != "ECS" or service.strategy in _SIDE_BY_SIDE
    return side_by_side and sum(bool(s.tasks) for s in sides) > 1


def _fails_its_check(trail: Trail, sides: list[Side]) -> bool:
    """Tell whether tasks of the new side are stopped by their health check: then that is the reason."""
    primary = _primary(sides)
    if primary is None or primary.age is None:
        return False
    stopped = optional(lambda: stopped_by_check(trail)) or ()
    return any(
        t.started_by == primary.id or (t.task_definition == primary.task_definition and _since(trail, t, primary.age))
        for t in stopped
    )


def _since(trail: Trail, task: Task, seconds: float) -> bool:
    created = trail.ecs.age(task.created_at)
    return created is not None and created <= seconds


def _finding(trail: Trail, service: EcsService, sides: list[Side]) -> Finding:
    where = f"{service.cluster_name}/{service.name}"
    newest = min((s.age for s in sides if s.age is not None), default=None)
    began = f", begun {age(newest)} ago" if newest is not None else ""
    both = _both_answered(trail, sides)
    mixed = f" {trail.name} now returns tasks of {listed(_label(s) for s in both)}." if len(both) > 1 else ""
    return Finding(
        summary=f"A deployment of {where} is running{began}, so what is seen now will change.{mixed}",
        detail=(
            "Old and new tasks exist side by side, instances come and go, and health follows with delay, so ECS, Cloud "
            "Map and DNS may differ until it ends. It does not explain a name that stays away afterwards. In a "
            "blue/green deployment both sides stay registered for the whole bake time; the weights of a load balancer "
            "do not influence Cloud Map."
        ),
        evidence=_evidence(trail, service, sides, both),
        fixes=_fixes(trail, service, both),
        severity="warning" if len(both) > 1 else None,
        addresses=_moving(trail, sides),
    )


def _label(side: Side) -> str:
    revision = side.task_definition.rsplit("/", 1)[-1]
    return f"{revision} ({side.external_id or side.status})"


def _both_answered(trail: Trail, sides: list[Side]) -> list[Side]:
    """Return the sides of which tasks are registered and answered, if that is more than one."""
    answered = optional(lambda: trail.client_answer.addresses) or frozenset()
    found = [
        s
        for s in sides
        if any(
            trail.cloudmap.instance(t.id) is not None and answered & set(trail.promise.addresses_of(t)) for t in s.tasks
        )
    ]
    return found if len(found) > 1 else []


def _moving(trail: Trail, sides: list[Side]) -> tuple[str, ...]:
    """Return the addresses that come and go by the deployment: of young tasks, and of those that leave."""
    primary = _primary(sides)
    young = [
        t for t in (primary.tasks if primary else ()) if (trail.ecs.age(t.started_at) or START_GRACE) < START_GRACE
    ]
    tasks = (*trail.promise.starting, *young, *trail.ecs.leaving)
    return in_order(a for t in tasks for a in trail.promise.addresses_of(t))


def _evidence(trail: Trail, service: EcsService, sides: list[Side], both: list[Side]) -> tuple[Evidence, ...]:
    kind = "taskSets" if service.task_sets else "deployments"
    found = [
        Evidence(
            f"ecs:DescribeServices services[].{kind}[]",
            s.id,
            f"{s.status}, created {age(s.age)} ago, {s.task_definition.rsplit('/', 1)[-1]}, "
            f"{count(len(s.tasks), 'task')} running",
        )
        for s in sides
    ]
    state = next((d.rollout_state for d in service.deployments if d.status == "PRIMARY" and d.rollout_state), None)
    if state:
        found.append(
            Evidence("ecs:DescribeServices services[].deployments[].rolloutState", service.name, state, "COMPLETED")
        )
    found += [
        Evidence(
            "servicediscovery:ListInstances",
            _label(s),
            in_order(a for t in s.tasks for a in trail.promise.addresses_of(t))[:9],
        )
        for s in both
    ]
    return tuple(found)


def _fixes(trail: Trail, service: EcsService, both: list[Side]) -> tuple[Fix, ...]:
    fixes = [
        Fix(
            "Wait until the deployment has ended",
            "aws",
            commands=(aws("ecs", "wait", "services-stable", cluster=service.cluster_name, services=service.name),),
            changes="Nothing: it waits until the deployment has ended.",
            verified_by="deployments[] has one entry with rolloutState COMPLETED, and all answers are of one revision.",
        )
    ]
    if len(both) < 2 or (service.controller == "ECS" and service.strategy not in _SIDE_BY_SIDE):
        return tuple(fixes)
    fixes.append(
        Fix(
            "Shorten the wait before the old tasks end, or give each colour a Cloud Map service of its own",
            "aws",
        )
    )
    external = next((s.external_id for s in both if s.external_id and s.status == "PRIMARY"), None)
    if external is not None:
        select = aws(
            "servicediscovery",
            "discover-instances",
            namespace_name=trail.cloudmap.namespace.name,
            service_name=trail.cloudmap.service.name,
            query_parameters=f"ECS_TASK_SET_EXTERNAL_ID={external}",
        )
        fixes.append(read_only("Let clients select by attribute instead of by DNS", select, "app"))
    return tuple(fixes)
