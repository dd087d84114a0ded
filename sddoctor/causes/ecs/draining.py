"""The ECS service behind the name was deleted."""

from __future__ import annotations

from sddoctor.case.ecs import EcsService, Task
from sddoctor.causes.commands import read_only
from sddoctor.causes.model import Evidence, Finding, Fix, cause
from sddoctor.text.shell import aws
from sddoctor.text.words import in_order
from sddoctor.trail.trail import Trail, optional


@cause(
    "ecs-service-draining",
    hop="ecs",
    at=("tasks", "registry"),
    symptoms=("missing", "not-serving", "foreign"),
    title="The ECS service behind the name was deleted",
    # The deletion is why its tasks are on their way out.
)
def ecs_service_draining(trail: Trail) -> Finding | None:
    """An attached service is DRAINING or INACTIVE, and its last tasks leave, or nothing is registered any more.

    Beside an active service that is attached too, only answered tasks of it that do not serve count.
    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeleteService.html
    """
    for service in trail.ecs.attached:
        if service.status not in ("DRAINING", "INACTIVE"):
            continue
        tasks = [t for t in (*trail.ecs.running, *trail.ecs.leaving) if t.group == f"service:{service.name}"]
        if trail.ecs.active:
            tasks = [t for t in tasks if not trail.promise.task_serves(t).serves and _is_answered(trail, t)]
        if tasks or (not trail.ecs.active and trail.cloudmap.is_empty):
            return _finding(trail, service, tasks)
    return None


def _is_answered(trail: Trail, task: Task) -> bool:
    answered = optional(lambda: trail.client_answer.addresses) or frozenset()
    return not answered.isdisjoint(trail.promise.addresses_of(task))


def _finding(trail: Trail, service: EcsService, tasks: list[Task]) -> Finding:
    where = f"{service.cluster_name}/{service.name}"
    has_successor = bool(trail.ecs.active)
    left = "its last task is on the way out" if len(tasks) == 1 else f"its last {len(tasks)} tasks are on the way out"
    state = left if tasks else "it has no task any more"
    return Finding(
        summary=(
            f"The ECS service {where} behind {trail.name} was deleted (status {service.status}): {state}, and it starts "
            "no others."
        ),
        detail=(
            "Another ECS service registers under the same name, so only what is left of the deleted one is the matter."
            if has_successor
            else "No other ECS service registers under this name. A service is DRAINING until its last task has ended, "
            "and INACTIVE afterwards; neither can be scaled up again. Tools that replace a service delete it first."
        ),
        evidence=(
            Evidence("ecs:DescribeServices services[].status", service.name, service.status, "ACTIVE"),
            *(
                Evidence("ecs:DescribeTasks tasks[].desiredStatus", t.id, f"{t.desired_status}, {t.last_status}")
                for t in tasks[:3]
            ),
            Evidence("servicediscovery:ListInstances", trail.cloudmap.service.id, len(trail.cloudmap.instances)),
        ),
        fixes=_fixes(service, has_successor=has_successor),
        severity="warning" if has_successor else None,
        addresses=in_order(a for t in tasks for a in trail.promise.addresses_of(t)),
    )


def _fixes(service: EcsService, *, has_successor: bool) -> tuple[Fix, ...]:
    tasks = aws("ecs", "list-tasks", cluster=service.cluster_name, service_name=service.name)
    if has_successor:
        return (read_only("Wait until the old tasks have ended", tasks),)
    block = "service_registries {\n  registry_arn = aws_service_discovery_service.this.arn\n}"
    return (
        Fix(
            "Create the ECS service again, with this registry",
            "terraform",
            config=block,
            verified_by="describe-services shows an ACTIVE service with this registry, and list-instances its tasks.",
        ),
    )
