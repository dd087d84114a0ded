"""A task was taken away, and its replacement is on its way."""

from __future__ import annotations

from sddoctor.case.ecs import EcsService, Task
from sddoctor.causes.commands import deployer, update
from sddoctor.causes.model import Evidence, Finding, Fix, cause
from sddoctor.text.shell import aws
from sddoctor.text.words import age, count, in_order, listed
from sddoctor.trail.replaced import Replacement, replacement
from sddoctor.trail.thresholds import START_GRACE
from sddoctor.trail.trail import Trail, optional

#: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-capacity-providers.html
_SPOT, _ON_DEMAND = "FARGATE_SPOT", "FARGATE"
#: What ended the newest one, by the families of ``trail/setbacks.py`` that take tasks away.
_ENDED_BY = {
    "spot": "a Spot interruption ended the last one",
    "stopped-by-user": "a person or a tool stopped the last one (StopTask)",
    "host-gone": "the host of the last one was stopped or terminated",
    "host-impaired": "the host of the last one became impaired",
    "retired": "AWS retired the last one",
}


@cause(
    "task-being-replaced",
    hop="ecs",
    at=("tasks", "registry"),
    symptoms=("missing", "not-serving"),
    kind="transient",
    severity="warning",
    title="A task is being replaced",
    # Why a task was taken away is why it is on its way out and still answered.
    explains=("stopping-task-still-answered", "deployment-in-progress"),
)
def task_being_replaced(trail: Trail) -> Finding | None:
    """Every missing task was taken away (Spot, StopTask, retirement, a lost host), and its successor is younger than a start takes.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Task.html
    """
    for service in trail.ecs.active:
        found = replacement(trail, service)
        if found is not None:
            return _finding(trail, found)
    return None


def _finding(trail: Trail, found: Replacement) -> Finding:
    service, newest = found.service, found.taken[0]
    family = newest.family.name if newest.family else ""
    leaving = [s.task for s in found.taken if s.task is not None and s.task.last_status != "STOPPED"]
    oldest = max((trail.ecs.age(t.created_at) or 0 for t in found.coming), default=0)
    return Finding(
        summary=(
            f"{trail.name} lacks {count(found.missing, 'task')} of {service.cluster_name}/{service.name}: "
            f"{_ENDED_BY.get(family, 'the last one was taken away')} {age(trail.ecs.age(newest.at))} ago, and {_successor(trail, found)}."
        ),
        detail=(
            "ECS starts the replacement only after the task is gone, so a service with one task has no address until it "
            "runs, and one with several has fewer. It passes by itself, and comes again with the next interruption. If it "
            f"takes longer than {START_GRACE // 60} minutes, the replacement does not start."
        ),
        evidence=_evidence(trail, found),
        fixes=(_wait(service), *_so_that_others_stay(service)),
        addresses=in_order(a for t in leaving for a in optional(lambda t=t: trail.promise.addresses_of(t)) or ()),  # type: ignore[misc]
        wait_seconds=max(1, int(START_GRACE - oldest)) if found.coming else None,
    )


def _successor(trail: Trail, found: Replacement) -> str:
    if not found.coming:
        return "its replacement is due"
    states = listed(sorted({t.last_status for t in found.coming}))
    youngest = min(trail.ecs.age(t.created_at) or 0 for t in found.coming)
    one = len(found.coming) == 1
    return f"{'its replacement is' if one else f'{len(found.coming)} replacements are'} {states}, created {age(youngest)} ago"


def _evidence(trail: Trail, found: Replacement) -> tuple[Evidence, ...]:
    counts = Evidence(
        "ecs:DescribeServices services[].runningCount", found.service.name, found.service.running, found.service.desired
    )
    taken = [Evidence(s.source, s.subject, s.text, "RUNNING") for s in found.taken[:3]]
    coming = [_state(trail, t) for t in found.coming[:3]]
    return (counts, *taken, *coming)


def _state(trail: Trail, task: Task) -> Evidence:
    state = f"{task.last_status}, created {age(trail.ecs.age(task.created_at))} ago"
    return Evidence("ecs:DescribeTasks tasks[].lastStatus", task.id, state, "RUNNING")


def _wait(service: EcsService) -> Fix:
    return Fix(
        "Wait for the replacement",
        "aws",
        commands=(aws("ecs", "wait", "services-stable", cluster=service.cluster_name, services=service.name),),
        changes="Nothing: it waits until all tasks run.",
        verified_by="runningCount equals desiredCount, and the answer has the new task's address.",
    )


def _so_that_others_stay(service: EcsService) -> tuple[Fix, ...]:
    """Return what keeps the name alive at the next interruption: two tasks, or a base of them off Fargate Spot.

    How many tasks a daemon has follows from the cluster's hosts.
    """
    fixes = []
    if service.desired == 1 and service.scheduling != "DAEMON":
        fixes.append(
            Fix(
                "So that one lost task leaves another, run two or more",
                "aws",
                commands=(update(service, desired_count=2),),
                changes=f"Sets the desired count of {service.name} to 2.",
                verified_by="runningCount equals desiredCount.",
            )
        )
    if (
        deployer(service) is None
        and set(service.capacity_providers) <= {_SPOT, _ON_DEMAND}
        and _SPOT in service.capacity_providers
    ):
        mixed = f"capacityProvider={_ON_DEMAND},base=1,weight=1 capacityProvider={_SPOT},weight=3"
        fixes.append(
            Fix(
                "Keep one task off Spot",
                "aws",
                commands=(f"{update(service, '--force-new-deployment')} --capacity-provider-strategy {mixed}",),
                changes=f"Starts a new deployment of {service.name}, with one task on {_ON_DEMAND} and others mostly on {_SPOT}.",
                verified_by=f"describe-tasks shows capacityProviderName {_ON_DEMAND} for at least one task.",
            )
        )
    return tuple(fixes)
