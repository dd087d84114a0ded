"""A deployment makes no progress while the old tasks serve."""

from __future__ import annotations

from sddoctor.case.ecs import Deployment, EcsService
from sddoctor.causes.commands import read_only
from sddoctor.causes.ecs.missing_reasons import fix_of
from sddoctor.causes.model import Evidence, Finding, cause
from sddoctor.text.shell import aws
from sddoctor.text.words import age, count
from sddoctor.trail.ecs import primary_deployment
from sddoctor.trail.failing_checks import failing_checks
from sddoctor.trail.hanging import hanging
from sddoctor.trail.load_balancer import replaces_tasks
from sddoctor.trail.setbacks import Setback, setbacks
from sddoctor.trail.thresholds import START_GRACE
from sddoctor.trail.trail import Trail, optional


@cause(
    "deployment-stuck",
    hop="ecs",
    kind="risk",
    severity="warning",
    title="A deployment is stuck while old tasks keep serving",
)
def deployment_stuck(trail: Trail) -> Finding | None:
    """The newest deployment is older than a start takes and lacks tasks, and an older one still runs all that are wanted.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Deployment.html
    """
    for service in trail.ecs.active:
        newest = primary_deployment(service)
        if newest is None or trail.promise.shortage.missing(service) or hanging(trail, service):
            continue
        if replaces_tasks(trail, service) or optional(lambda: failing_checks(trail)) is not None:
            continue  # those causes speak of it
        old = [d for d in service.deployments if d.status == "ACTIVE" and d.running]
        if old and _lacks_tasks(newest) and not _moves(trail, newest):
            return _finding(trail, service, newest, sum(d.running for d in old))
    return None


def _lacks_tasks(newest: Deployment) -> bool:
    return newest.running < newest.desired and newest.rollout_state != "COMPLETED"


def _moves(trail: Trail, newest: Deployment) -> bool:
    """Tell whether it is young, or runs tasks of which one has just started; a failed one does not move."""
    if newest.rollout_state == "FAILED":
        return False
    if (trail.ecs.age(newest.created_at) or 0) < START_GRACE:
        return True
    return any(
        t.started_by == newest.id and (trail.ecs.age(t.started_at) or START_GRACE) < START_GRACE
        for t in trail.ecs.running
    )


def _finding(trail: Trail, service: EcsService, newest: Deployment, old: int) -> Finding:
    since = trail.ecs.age(newest.created_at)
    happened = [s for s in setbacks(trail.ecs, service) if newest.created_at is None or s.at >= newest.created_at]
    reason = next(iter(sorted(happened, key=lambda s: s.is_vague)), None)
    state = "failed" if newest.rollout_state == "FAILED" else "has got no further"
    has = (
        f"runs {newest.running} of its {count(newest.desired, 'task')}" if newest.running else "has had no running task"
    )
    return Finding(
        summary=(
            f"The deployment of {service.cluster_name}/{service.name} begun {age(since)} ago {state}: it {has}{_why(reason)}. "
            f"{count(old, 'old task')} still {'serves' if old == 1 else 'serve'}."
        ),
        detail=(
            "The name works, with what was deployed before. An old task that ends is replaced by a new one, so the name "
            "loses addresses the day one does."
        ),
        evidence=(
            Evidence(
                "ecs:DescribeServices services[].deployments[].runningCount", newest.id, newest.running, newest.desired
            ),
            Evidence(
                "ecs:DescribeServices services[].deployments[].rolloutState", newest.id, newest.rollout_state or ""
            ),
            *((Evidence(reason.source, reason.subject, reason.text),) if reason else ()),
        ),
        fixes=(
            *((fix_of(reason.family.name),) if reason and reason.family else ()),
            read_only(
                "Read the newest events",
                aws(
                    "ecs",
                    "describe-services",
                    cluster=service.cluster_name,
                    services=service.name,
                    query="services[0].events[:10].[createdAt,message]",
                ),
            ),
        ),
    )


def _why(reason: Setback | None) -> str:
    if reason is None:
        return ", and nothing that was seen says why"
    return f'; the newest {"stopped reason" if reason.task else "event"} is "{reason.text.rstrip(". ")}"'
