"""A Route 53 health check cannot reach the tasks."""

from __future__ import annotations

from sddoctor.case.cloudmap import Instance
from sddoctor.causes.cloudmap.attach import publish_as, registering
from sddoctor.causes.commands import set_records
from sddoctor.causes.model import Evidence, Finding, Fix, cause
from sddoctor.text.shell import aws
from sddoctor.text.words import in_order, listed
from sddoctor.trail.trail import Trail
from sddoctor.trail.vpc import is_private


@cause(
    "route53-health-check-cannot-reach",
    hop="cloudmap",
    at=("tasks", "registry"),
    symptoms=("missing", "not-serving"),
    title="A Route 53 health check cannot reach a private address",
)
def route53_health_check_cannot_reach(trail: Trail) -> Finding | None:
    """The service has a Route 53 check, the address is private, and it is UNHEALTHY though ECS does not say so.

    https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-router-firewall-rules.html
    """
    if trail.cloudmap.service.health != "route53":
        return None
    unhealthy = [i for i in trail.cloudmap.instances if i.addresses and trail.cloudmap.health(i.id) == "UNHEALTHY"]
    unhealthy_in_ecs = {t.id for t in trail.ecs.running if t.health == "UNHEALTHY"}
    unhealthy = [i for i in unhealthy if i.id not in unhealthy_in_ecs]
    private = [i for i in unhealthy if any(is_private(a) for a in i.addresses)]
    if not private:
        return _kept_out(trail, unhealthy) if unhealthy and len(unhealthy) == len(trail.cloudmap.instances) else None
    unhealthy = private
    service = trail.cloudmap.service
    addresses = in_order(a for i in unhealthy for a in i.addresses)
    return Finding(
        summary=f"Route 53 checks {listed(addresses)} from the internet, where private addresses cannot be reached.",
        detail=(
            "The checks can only fail, so healthy tasks are marked UNHEALTHY and left out, or returned only because all of "
            "them are."
        ),
        evidence=(
            Evidence(
                "servicediscovery:ListServices HealthCheckConfig", service.id, "present", "HealthCheckCustomConfig"
            ),
            *(
                Evidence("servicediscovery:GetInstancesHealthStatus", i.id, "UNHEALTHY", "as in ECS")
                for i in unhealthy[:3]
            ),
        ),
        fixes=(
            Fix(
                "Take the Route 53 check off, by leaving it out of an update",
                "aws",
                commands=(set_records(service.id, {r.type: r.ttl for r in service.records}),),
                changes="Removes the health check: every instance is then returned.",
                verified_by="get-instances-health-status no longer says UNHEALTHY.",
            ),
            *_custom_instead(trail),
        ),
        addresses=addresses,
    )


def _kept_out(trail: Trail, unhealthy: list[Instance]) -> Finding | None:
    """Public addresses that ECS calls healthy and Route 53 unhealthy: most likely something keeps its checkers out.

    https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-router-firewall-rules.html
    """
    healthy_in_ecs = {t.id for t in trail.ecs.running if t.health == "HEALTHY"}
    if any(i.id not in healthy_in_ecs for i in unhealthy):
        return None
    addresses = in_order(a for i in unhealthy for a in i.addresses)
    return Finding(
        summary=(
            f"Route 53 calls {listed(addresses)} UNHEALTHY and ECS calls the same tasks HEALTHY; probably its checkers are "
            "kept out."
        ),
        detail=(
            "The checkers of Route 53 come from the internet. A security group, a network ACL or a missing route keeps them "
            "away from a public address just as well."
        ),
        evidence=tuple(
            Evidence("servicediscovery:GetInstancesHealthStatus", i.id, "UNHEALTHY", "HEALTHY, as in ECS")
            for i in unhealthy[:4]
        ),
        fixes=(
            Fix(
                "Let the checkers in: these are their ranges",
                "aws",
                commands=(aws("route53", "get-checker-ip-ranges"),),
                changes="Nothing: it only reads; then admit these ranges in the tasks' security group.",
                verified_by="get-instances-health-status says HEALTHY.",
            ),
            *_custom_instead(trail),
        ),
        would_tell=_last_failure(trail, unhealthy[0]),
        addresses=addresses,
    )


def _last_failure(trail: Trail, instance: Instance) -> str:
    """Return the command that shows why the checkers call the instance unhealthy."""
    records = trail.cloudmap.view.records.seen_or(())
    check = next((r.health_check_id for r in records if r.set_identifier == instance.id and r.health_check_id), None)
    if check is None:
        return aws("route53", "list-health-checks")
    return aws("route53", "get-health-check-last-failure-reason", health_check_id=check)


def _custom_instead(trail: Trail) -> tuple[Fix, ...]:
    new = f"{trail.cloudmap.service.name}-checked"
    return (
        publish_as(
            "Or use a custom health check, which ECS reports to; a new Cloud Map service is needed",
            new,
            trail.cloudmap.namespace,
            registering(trail),
            verified_by="list-services shows HealthCheckCustomConfig.",
        ),
    )
