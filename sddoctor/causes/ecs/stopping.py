"""DNS still returns a task that is being stopped, or whose host is draining."""

from __future__ import annotations

from sddoctor.case.ecs import Task
from sddoctor.causes.commands import set_records
from sddoctor.causes.model import Evidence, Finding, Fix, cause
from sddoctor.text.words import age, count, in_order, listed
from sddoctor.trail.thresholds import STOP_GRACE
from sddoctor.trail.trail import Trail, optional
from sddoctor.trail.zone_answers import vpc_resolver_addresses

#: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-lifecycle-explanation.html
_STILL_THERE = ("RUNNING", "DEACTIVATING", "STOPPING")


@cause(
    "stopping-task-still-answered",
    hop="ecs",
    at=("tasks", "registry"),
    symptoms=("not-serving", "foreign", "missing"),
    kind="transient",
    severity="warning",
    title="DNS still returns a task that is stopping",
    # The deployment is the context of what is seen while it runs.
    explains=("deployment-in-progress",),
)
def stopping_task_still_answered(trail: Trail) -> Finding | None:
    """A task that is being stopped, or whose host is draining, is still registered and answered.

    Normal within the stop grace. A task on a draining host that ECS does not stop yet serves: then this is advice.
    https://github.com/aws/containers-roadmap/issues/473
    """
    stopping = [t for t in trail.ecs.leaving if t.last_status in _STILL_THERE]
    draining = [t for t in trail.ecs.running if _host_drains(trail, t)]
    tasks = [t for t in (*stopping, *draining) if _is_out(trail, t)]
    if not tasks:
        return None
    return _finding(trail, tasks)


def _host_drains(trail: Trail, task: Task) -> bool:
    host = trail.lost.host(task)
    return host is not None and host.status == "DRAINING"


def _is_out(trail: Trail, task: Task) -> bool:
    """Tell whether the task is registered and the VPC's resolver answers it; registered is enough where it is silent."""
    if trail.cloudmap.instance(task.id) is None:
        return False
    answered = optional(lambda: vpc_resolver_addresses(trail))
    return answered is None or bool(answered & set(trail.promise.addresses_of(task)))


def _finding(trail: Trail, tasks: list[Task]) -> Finding:
    stopping = [t for t in tasks if t.desired_status == "STOPPED"]
    addresses = in_order(a for t in tasks for a in trail.promise.addresses_of(t))
    ages = [trail.ecs.age(t.stopping_at) or 0.0 for t in stopping]
    overdue = [s for s in ages if s >= STOP_GRACE]
    wait = int(STOP_GRACE - max(ages)) if stopping and not overdue else None
    gone = [t for t in stopping if not trail.promise.task_serves(t).serves]
    serving = [trail.promise.task_serves(t) for t in stopping]
    normal = (
        "Its port refuses connections already."
        if any(s.port == "refused" for s in serving)
        else "Its port still accepts connections."
        if serving and all(s.port == "open" for s in serving)
        else "That is longer than a stop takes: see what keeps the task from ending."
        if overdue
        else "For seconds that is normal, and it passes by itself."
        if stopping
        else "The task still serves, so the answer is right for now; its end is near."
    )
    return Finding(
        summary=f"{trail.name} still returns {_which(trail, tasks)}.",
        detail=(
            "A task stays registered until it has stopped, and clients keep an answer for its TTL, so new connections "
            f"are sent to a task that is about to close them. {normal}"
        ),
        evidence=tuple(e for t in tasks[:3] for e in _evidence(trail, t)),
        fixes=_fixes(trail),
        addresses=in_order(a for t in gone for a in trail.promise.addresses_of(t)) or addresses,
        wait_seconds=wait,
    )


def _which(trail: Trail, tasks: list[Task]) -> str:
    """Say which addresses are of tasks that stop, and which of tasks on a draining host."""

    def of(some: list[Task]) -> str:
        return listed(in_order(a for t in some for a in trail.promise.addresses_of(t)))

    stopping = [t for t in tasks if t.desired_status == "STOPPED"]
    draining = [t for t in tasks if t not in stopping]
    parts = []
    if stopping:
        longest = max(trail.ecs.age(t.stopping_at) or 0.0 for t in stopping)
        have = "has" if len(stopping) == 1 else "have"
        for_ = f"{have} been stopping for {age(longest)}" if longest else f"{have} been told to stop"
        parts.append(f"{of(stopping)}, of {count(len(stopping), 'task')} that {for_}")
    if draining:
        parts.append(f"{of(draining)}, of {count(len(draining), 'task')} on a container instance that is draining")
    return ", and ".join(parts)


def _evidence(trail: Trail, task: Task) -> list[Evidence]:
    found = [
        Evidence(
            "ecs:DescribeTasks tasks[].desiredStatus",
            task.id,
            f"{task.desired_status}, lastStatus {task.last_status}",
            "RUNNING" if task.desired_status == "STOPPED" else None,
        ),
        Evidence("servicediscovery:ListInstances", task.id, listed(trail.promise.addresses_of(task)), "no instance"),
    ]
    reason = task.stopped_reason or task.stop_code
    if reason:
        found.append(Evidence("ecs:DescribeTasks tasks[].stoppedReason", task.id, reason))
    host = trail.lost.host(task)
    if host is not None and host.status == "DRAINING":
        source = "ecs:DescribeContainerInstances containerInstances[].status"
        found.append(Evidence(source, host.arn.rsplit("/", 1)[-1], host.status, "ACTIVE"))
    return found


def _fixes(trail: Trail) -> tuple[Fix, ...]:
    service = trail.cloudmap.service
    fixes = [
        Fix(
            "On SIGTERM keep serving for the record's TTL and a margin, then stop accepting; raise stopTimeout to match",
            "app",
            verified_by="After the stop grace neither list-instances nor a fresh answer has the address.",
        )
    ]
    if any(r.ttl > 10 for r in service.records):
        fixes.append(
            Fix(
                "Shorten the record's TTL",
                "aws",
                commands=(set_records(service.id, {r.type: min(r.ttl, 10) for r in service.records}),),
                changes=f"Sets the TTL of the records of {service.name} to 10 s.",
            )
        )
    return tuple(fixes)
