"""The registry is right, and a running task is not in it: recreated, refused, or for no visible reason."""

from __future__ import annotations

from msgspec.structs import replace

from sddoctor.case.cloudmap import Operation
from sddoctor.case.ecs import Task
from sddoctor.causes.cloudmap.evidence import registered
from sddoctor.causes.commands import new_tasks, read_only, replace_later
from sddoctor.causes.model import Evidence, Finding, Fix, cause
from sddoctor.text.shell import aws
from sddoctor.text.words import age, count, in_order, listed
from sddoctor.trail.candidates import is_registered
from sddoctor.trail.thresholds import REGISTRATION_GRACE
from sddoctor.trail.trail import Trail, optional


def _unregistered(trail: Trail) -> list[Task]:
    """Return running tasks of attached services that have no instance although they run for long enough."""
    names = {f"service:{s.name}" for s in trail.ecs.active}
    return [
        t
        for t in trail.ecs.running
        if t.group in names
        and not is_registered(trail, t)
        and (seconds := trail.ecs.age(t.started_at)) is not None
        and seconds > REGISTRATION_GRACE
    ]


@cause(
    "registry-recreated",
    hop="cloudmap",
    at=("registry",),
    symptoms=("missing",),
    title="The Cloud Map service is newer than the tasks it should hold",
)
def registry_recreated(trail: Trail) -> Finding | None:
    """The Cloud Map service was made after every unregistered task had started: ECS registers only at the start.

    https://github.com/hashicorp/terraform-provider-aws/issues/46930
    """
    tasks = _unregistered(trail)
    created = trail.cloudmap.service.created_at
    if not tasks or created is None or any(t.started_at is None or t.started_at >= created for t in tasks):
        return None
    main, service = trail.ecs.main, trail.cloudmap.service
    oldest = max(trail.ecs.age(t.started_at) or 0 for t in tasks)
    return Finding(
        summary=(
            f"The Cloud Map service behind {trail.name} was made {age(trail.ecs.age(created))} ago, after "
            f"{count(len(tasks), 'running task')} of {main.name} had started, so {'it was' if len(tasks) == 1 else 'they were'} "
            "never registered in it."
        ),
        detail=(
            "It was deleted and made again, often by Terraform replacing it. The ECS service still points to it, so nothing "
            "looks changed and no deployment starts; but ECS registers a task only when it starts."
        ),
        evidence=(
            Evidence("servicediscovery:ListServices CreateDate", service.id, f"{age(trail.ecs.age(created))} ago"),
            Evidence("ecs:DescribeTasks tasks[].startedAt", listed(t.id for t in tasks), f"up to {age(oldest)} ago"),
            registered(trail, len(trail.ecs.running)),
        ),
        fixes=(
            replace_later(trail) or _new_tasks(trail),
            Fix(
                "Stop the replacement: AWS always stores 1, and an empty block is not sent",
                "terraform",
                config="health_check_custom_config {\n  failure_threshold = 1\n}",
            ),
        ),
        addresses=_addresses(trail, tasks),
    )


@cause(
    "registration-failed",
    hop="cloudmap",
    at=("registry", "tasks"),
    symptoms=("missing",),
    title="ECS tried to register the task and Cloud Map refused",
)
def registration_failed(trail: Trail) -> Finding | None:
    """A registration failed by Cloud Map's own record, a task's stop reason or an event, and the task has no instance.

    https://docs.aws.amazon.com/cloud-map/latest/api/API_GetOperation.html
    """
    wanting = _wanting(trail)
    operation = _failed_operation(trail, wanting)
    message = _ecs_message(trail, wanting)
    if operation is None and message is None:
        return None
    if operation is not None and operation.error_code == "HOSTED_ZONE_NOT_FOUND":
        return None
    reason = _reason(operation, message)
    evidence = []
    if operation is not None:
        evidence.append(Evidence("servicediscovery:GetOperation", operation.id, reason, "SUCCESS"))
    if message is not None:
        evidence.append(Evidence(message[0], trail.ecs.main.name, message[1]))
    evidence.append(registered(trail))
    return Finding(
        summary=f"ECS tried to register tasks as {trail.name}, and Cloud Map refused ({reason.rstrip('.')}).",
        detail="Without an instance there is no record. The task may run, hang in ACTIVATING, or be stopped after minutes.",
        evidence=tuple(evidence),
        fixes=_after_refusal(trail, operation, reason),
        addresses=_addresses(trail, wanting),
    )


def _reason(operation: Operation | None, message: tuple[str, str] | None) -> str:
    if operation is not None:
        return ": ".join(w for w in (operation.error_code, operation.error_message) if w) or "no reason given"
    return message[1] if message is not None else ""


def _wanting(trail: Trail) -> list[Task]:
    """Return the tasks without an instance that ECS should have registered after the Cloud Map service was made.

    Those that run without one, those that wait for their registration in ACTIVATING, and those that it cost their life.
    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-lifecycle-explanation.html
    """
    waiting = [t for t in trail.ecs.tasks if t.last_status == "ACTIVATING" and not is_registered(trail, t)]
    stopped = [t for t in optional(lambda: trail.ecs.stopped) or () if _blames(t.stopped_reason)]
    created = trail.cloudmap.service.created_at
    return [
        t
        for t in (*_unregistered(trail), *waiting, *stopped)
        if created is None or t.started_at is None or t.started_at >= created
    ]


def _failed_operation(trail: Trail, wanting: list[Task]) -> Operation | None:
    """Return the newest failed registration of such a task, or of an unknown one since the first of them was created."""
    ids = {t.id for t in wanting}
    since = min((t.created_at or t.started_at or trail.case.at for t in wanting), default=None)
    found = [
        o
        for o in optional(lambda: trail.cloudmap.view.operations.value) or ()
        if o.type == "REGISTER_INSTANCE" and o.status == "FAIL"
    ]
    found = [
        o
        for o in found
        if (o.instance_id in ids)
        or (o.instance_id is None and since is not None and o.created_at is not None and o.created_at >= since)
    ]
    return max(found, key=lambda o: o.created_at or trail.case.at, default=None)


def _ecs_message(trail: Trail, wanting: list[Task]) -> tuple[str, str] | None:
    """Return where ECS reports the refusal, and its text: a task's stop reason, or an event since the first of the tasks."""
    for task in wanting:
        if _blames(task.stopped_reason):
            return "ecs:DescribeTasks tasks[].stoppedReason", task.stopped_reason
    missing_role = not wanting and trail.cloudmap.is_empty and trail.promise.shortfall > 0
    since = min((t.created_at or t.started_at or trail.case.at for t in wanting), default=None)
    for service in trail.ecs.active:
        for event in sorted(service.events, key=lambda e: e.at, reverse=True):
            if missing_role and _STEADY in event.message:
                break  # a role that was missing before then was there afterwards
            recent = since is not None and event.at >= since
            if (recent and _blames(event.message)) or (
                missing_role and _ROLE in event.message.lower().replace("-", " ")
            ):
                return "ecs:DescribeServices services[].events[]", event.message
    return None


#: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using-service-linked-roles.html
_ROLE = "service linked role"
#: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-event-messages-list.html
_STEADY = "has reached a steady state"


def _blames(text: str) -> bool:
    words = text.lower().replace("-", " ")
    return "service discovery" in words or _ROLE in words


def _after_refusal(trail: Trail, operation: Operation | None, reason: str) -> tuple[Fix, ...]:
    fixes = []
    if operation is not None:
        read = aws("servicediscovery", "get-operation", operation_id=operation.id)
        fixes.append(read_only("See what was refused", read))
    again = _new_tasks(trail, "Then try again with new tasks")
    if "role" in reason.lower():
        role = aws("iam", "create-service-linked-role", aws_service_name="ecs.amazonaws.com")
        again = replace(
            again,
            title="Create the role of ECS, and try again with new tasks",
            commands=(role, *again.commands),
            changes=f"Creates AWSServiceRoleForECS. {again.changes}",
        )
        return (again, *fixes)
    return (*fixes, again)


@cause(
    "instance-missing",
    hop="cloudmap",
    at=("registry",),
    symptoms=("missing",),
    title="A running task of the service is not registered",
)
def instance_missing(trail: Trail) -> Finding | None:
    """The registry is right, the task runs for longer than registration takes, and no more exact reason is seen."""
    tasks = _unregistered(trail)
    created = trail.cloudmap.service.created_at
    tasks = [t for t in tasks if created is None or (t.started_at is not None and t.started_at >= created)]
    # Of tasks whose agent is out of contact agent-disconnected speaks.
    tasks = [t for t in tasks if t not in trail.lost.tasks]
    wanting = _wanting(trail) if tasks else []
    if not tasks or _failed_operation(trail, wanting) is not None or _ecs_message(trail, wanting) is not None:
        return None
    main = trail.ecs.main
    return Finding(
        summary=f"{count(len(tasks), 'running task')}{_where(trail, tasks)} of {main.cluster_name}/{main.name} "
        f"{'is' if len(tasks) == 1 else 'are'} not registered in Cloud Map, so {trail.name} does not hand "
        f"{'it' if len(tasks) == 1 else 'them'} out.",
        detail="The ECS service has the right registry and the task runs, and no reason for the missing instance can be seen.",
        evidence=(
            *(
                Evidence("ecs:DescribeTasks", t.id, f"RUNNING for {age(trail.ecs.age(t.started_at))}", "an instance")
                for t in tasks[:3]
            ),
            registered(trail, len(trail.ecs.running)),
        ),
        fixes=_replacing(trail, tasks),
        addresses=_addresses(trail, tasks),
    )


def _replacing(trail: Trail, tasks: list[Task]) -> tuple[Fix, ...]:
    """Return the fixes that replace tasks; none of them while successors do not start."""
    if (first := replace_later(trail)) is not None:
        return (first,)
    stop = tuple(
        aws("ecs", "stop-task", cluster=t.cluster_name, task=t.id, reason="not registered in Cloud Map")
        for t in tasks[:3]
    )
    replaced = Fix(
        "Replace the task; its successor registers as it starts",
        "aws",
        commands=stop,
        changes="Stops the task; ECS starts another.",
        verified_by="list-instances has an instance for each running task.",
    )
    return (replaced, _new_tasks(trail, "Or replace all tasks"))


def _where(trail: Trail, tasks: list[Task]) -> str:
    addresses = _addresses(trail, tasks)
    return f" ({listed(addresses, most=3)})" if addresses else ""


def _addresses(trail: Trail, tasks: list[Task]) -> tuple[str, ...]:
    return in_order(a for t in tasks for a in trail.promise.addresses_of(t))


def _new_tasks(trail: Trail, title: str = "Start new tasks, which register as they start") -> Fix:
    return new_tasks(title, trail.ecs.main, "list-instances has one instance for each running task.")
