"""A load balancer's health check fails, so ECS replaces one task after another."""

from __future__ import annotations

from math import ceil

from sddoctor.case.ecs import EcsService
from sddoctor.case.seen import Denied, Unreachable
from sddoctor.case.targets import TargetHealth
from sddoctor.causes.commands import read_only, update
from sddoctor.causes.model import Evidence, Finding, Fix, cause
from sddoctor.text.shell import aws
from sddoctor.text.words import age, count, in_order
from sddoctor.trail.load_balancer import Kill, replaces_tasks
from sddoctor.trail.trail import Trail, optional

#: Tasks that lived longer than this, in seconds, were not killed for a slow start.
_SLOW_START = 900
_TARGETS = "elbv2:DescribeTargetHealth TargetHealthDescriptions[].TargetHealth"
#: The least grace period that is advised, in seconds.
_LEAST_GRACE = 120


@cause(
    "load-balancer-check-replaces-tasks",
    hop="ecs",
    at=("tasks", "registry"),
    symptoms=("missing", "not-serving"),
    title="The load balancer's health check fails, so ECS keeps replacing tasks",
)
def load_balancer_check_replaces_tasks(trail: Trail) -> Finding | None:
    """The service has a load balancer, and two or more of its tasks failed that one's check within the hour, one of them lately.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-unhealthy-event-messages.html
    """
    for service in trail.ecs.active:
        found = replaces_tasks(trail, service)
        if found:
            return _finding(trail, service, found)
    return None


def _finding(trail: Trail, service: EcsService, found: tuple[Kill, ...]) -> Finding:
    newest, oldest = found[0], found[-1]
    unfit = _unfit(trail)
    why = next((k.reason for k in found if k.reason), "") or next((_says(t) for t in unfit), "")
    first, last = trail.ecs.age(oldest.at), trail.ecs.age(newest.at)
    missing, of = trail.promise.shortage.missing(service), f"{service.cluster_name}/{service.name}"
    lacks = f"{trail.name} lacks {count(missing, 'task')} of {of}: the" if missing else "The"
    series = (
        f"{len(found)} tasks{'' if missing else f' of {of}'} in the last {age(first)}, the last one {age(last)} ago"
    )
    leaving = [k.task for k in found if k.task is not None and k.task.last_status != "STOPPED"]
    return Finding(
        summary=(
            f"{lacks} load balancer's health check fails{f' ({why})' if why else ''}, and ECS has replaced {series}."
        ),
        detail=(
            "The service is also behind a load balancer. ECS stops a task that fails its check, although the container's "
            f"own check may pass and DNS needs no load balancer. So {trail.name} loses an address and gains another every few "
            "minutes, and looks healthy in between."
        ),
        evidence=(
            Evidence("ecs:DescribeServices services[].runningCount", service.name, service.running, service.desired),
            *(Evidence(k.source, k.subject, k.text) for k in found[:3]),
            *(
                Evidence(_TARGETS, t.id if t.port is None else f"{t.id}:{t.port}", f"{t.state} ({_says(t)})", "healthy")
                for t in unfit[:2]
            ),
        ),
        fixes=_fixes(service, found),
        would_tell=_stopped_unseen(trail, service),
        addresses=in_order(a for t in leaving for a in optional(lambda t=t: trail.promise.addresses_of(t)) or ()),  # type: ignore[misc]
    )


def _stopped_unseen(trail: Trail, service: EcsService) -> str | None:
    """Return how to see why tasks stopped, where that was not seen: events name the load balancer, and not every reason."""
    unseen = any(
        isinstance(t.stopped, (Denied, Unreachable)) for t in trail.ecs.facts.tasks if t.service_arn == service.arn
    )
    if not unseen:
        return None
    return aws("ecs", "list-tasks", cluster=service.cluster_name, service_name=service.name, desired_status="STOPPED")


def _unfit(trail: Trail) -> list[TargetHealth]:
    """Return the targets that the load balancer calls unhealthy now, where that was seen."""
    return [t for t in trail.ecs.facts.targets.seen_or(()) if t.state == "unhealthy"]


def _says(target: TargetHealth) -> str:
    return ": ".join(s for s in (target.reason, target.description.rstrip(". ")) if s) or "no reason given"


def _fixes(service: EcsService, found: tuple[Kill, ...]) -> tuple[Fix, ...]:
    fixes = []
    groups = [g for b in service.all_load_balancers for g in b.target_groups]
    named = next((k.target_group for k in found if k.target_group), None)
    group = named if named in groups else next(iter(groups), named)
    if group is not None:
        shown = "TargetHealthDescriptions[].[Target.Id,Target.Port,TargetHealth]"
        read = aws("elbv2", "describe-target-health", target_group_arn=group, query=shown)
        fixes.append(read_only("See what the load balancer says of the targets", read))
    if (seconds := _grace(service, found)) is not None:
        fixes.append(
            Fix(
                "If the program is only slow to start, give it time before the load balancer's check counts",
                "aws",
                commands=(update(service, health_check_grace_period_seconds=seconds),),
                changes=f"Sets the grace period of {service.name} to {seconds} s; it counts for tasks that start from now on.",
                verified_by="No event about the target group for half an hour, and runningCount stays at desiredCount.",
            )
        )
    fixes.append(
        Fix(
            "Correct port, path or matcher of the target group's health check, and let the load balancer's security group "
            "reach the tasks on that port",
            "terraform",
            verified_by="No event about the target group for half an hour, and runningCount stays at desiredCount.",
        )
    )
    return tuple(fixes)


def _grace(service: EcsService, found: tuple[Kill, ...]) -> int | None:
    """Return how long a grace period would let such tasks live, in seconds; ``None`` where they were not young, or that was not seen."""
    lives = [
        (k.at - k.task.started_at).total_seconds()
        for k in found
        if k.task is not None and k.task.started_at is not None
    ]
    if not lives or max(lives) > _SLOW_START:
        return None
    return max(_LEAST_GRACE, 60 * (1 + ceil(max(lives) / 60)), 2 * (service.grace_period_seconds or 0))
