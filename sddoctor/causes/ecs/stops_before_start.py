"""Each deployment stops the old task before the new one serves."""

from __future__ import annotations

from sddoctor.case.ecs import EcsService
from sddoctor.causes.commands import may_overlap, overlap
from sddoctor.causes.model import Evidence, Finding, Fix, cause
from sddoctor.text.words import count
from sddoctor.trail.trail import Trail


@cause(
    "deployment-stops-before-start",
    hop="ecs",
    kind="risk",
    severity="warning",
    title="Each deployment stops the old task before the new one serves",
)
def deployment_stops_before_start(trail: Trail) -> Finding | None:
    """The deployment settings allow every task to be stopped first, and leave no room for a new one before that.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentConfiguration.html
    """
    for service in trail.ecs.active:
        if service.desired < 1 or service.minimum_healthy_percent is None or service.maximum_percent is None:
            continue
        if may_overlap(service) and kept(service) == 0 and allowed(service) <= service.desired:
            return _finding(trail, service)
    return None


def kept(service: EcsService) -> int:
    """Return how many tasks a deployment keeps running: the minimum percentage of the desired ones, rounded up."""
    return -(-(service.minimum_healthy_percent or 0) * service.desired // 100)


def allowed(service: EcsService) -> int:
    """Return how many tasks a deployment may run: the maximum percentage of the desired ones, rounded down."""
    return (service.maximum_percent or 0) * service.desired // 100


def _finding(trail: Trail, service: EcsService) -> Finding:
    lowest, highest = service.minimum_healthy_percent, service.maximum_percent
    soa = trail.cloudmap.namespace.soa_ttl
    remembered = f" for up to {soa} s" if soa is not None else ""
    every = "its only task" if service.desired == 1 else f"all {service.desired} tasks"
    return Finding(
        summary=(
            f"Each deployment of {service.cluster_name}/{service.name} may stop {every} before a new one serves, and "
            f"{trail.name} has no record for that time."
        ),
        detail=(
            f"minimumHealthyPercent {lowest} keeps {count(kept(service), 'task')}, and maximumPercent {highest} allows "
            f"{allowed(service)} at a time. Every resolver that is queried meanwhile remembers that there is no such "
            f"name{remembered}, so clients stay cut off after the new task is up."
        ),
        evidence=(
            Evidence("ecs:DescribeServices deploymentConfiguration.minimumHealthyPercent", service.name, lowest, "100"),
            Evidence("ecs:DescribeServices deploymentConfiguration.maximumPercent", service.name, highest, "200"),
            Evidence("ecs:DescribeServices services[].desiredCount", service.name, service.desired),
        ),
        fixes=(
            Fix(
                "Let old and new overlap",
                "aws",
                commands=(overlap(service),),
                changes=f"Changes the deployment settings of {service.name}; running tasks stay.",
                verified_by="During the next deployment list-instances is never empty.",
            ),
            Fix(
                "As code, in the aws_ecs_service",
                "terraform",
                config="deployment_minimum_healthy_percent = 100\ndeployment_maximum_percent         = 200",
            ),
        ),
    )
