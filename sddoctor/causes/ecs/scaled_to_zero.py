"""The ECS service is scaled to zero."""

from __future__ import annotations

from sddoctor.case.ecs import EcsService
from sddoctor.causes.commands import read_only, update
from sddoctor.causes.model import Evidence, Finding, Fix, cause
from sddoctor.text.shell import aws
from sddoctor.text.words import listed
from sddoctor.trail.trail import Trail


@cause(
    "service-scaled-to-zero", hop="ecs", at=("tasks",), symptoms=("missing",), title="The ECS service is scaled to zero"
)
def service_scaled_to_zero(trail: Trail) -> Finding | None:
    """Desired and running count of every attached service are 0, and nothing is registered.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeServices.html
    """
    services = trail.ecs.active
    if not services or any(s.desired or s.running for s in services) or not trail.cloudmap.is_empty:
        return None
    main = services[0]
    names = listed(f"{s.cluster_name}/{s.name}" for s in services)
    schedules = aws(
        "application-autoscaling",
        "describe-scheduled-actions",
        service_namespace="ecs",
        resource_id=f"service/{main.cluster_name}/{main.name}",
    )
    if all(s.scheduling == "DAEMON" for s in services):
        return _without_hosts(trail, services)
    return Finding(
        summary=f"{trail.name} has no address because the ECS service {names} is scaled to zero.",
        detail=(
            "Somebody, or a schedule, set the desired count to 0. Without a task there is no instance, no record, and "
            "rightly no answer: DNS is only the messenger."
        ),
        evidence=(
            *(
                Evidence("ecs:DescribeServices services[].desiredCount", s.name, s.desired, "1 or more")
                for s in services
            ),
            Evidence("servicediscovery:ListInstances", trail.cloudmap.service.id, 0, "1 or more"),
        ),
        fixes=(
            Fix(
                "Scale the service up",
                "aws",
                commands=(update(main, desired_count=1),),
                changes=f"Sets the desired count of {main.name} to 1 (choose the number you need); ECS starts tasks.",
                verified_by="runningCount equals desiredCount, and list-instances shows as many instances.",
            ),
            read_only("If it goes back to 0, look for the schedule that does it", schedules),
        ),
    )


def _without_hosts(trail: Trail, services: tuple[EcsService, ...]) -> Finding:
    """Say that a daemon has no host to run on: how many tasks it wants follows from the cluster's hosts.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_services.html
    """
    main = services[0]
    names = listed(f"{s.cluster_name}/{s.name}" for s in services)
    hosts = aws("ecs", "list-container-instances", cluster=main.cluster_name, status="ACTIVE")
    return Finding(
        summary=(
            f"{trail.name} has no address because the ECS service {names} is a daemon, and no container instance of the cluster "
            "is to run it."
        ),
        detail=(
            "A daemon has one task on each active container instance that fits its placement constraints, and nobody sets how "
            "many. Without a host there is no task, no instance and no record."
        ),
        evidence=(
            *(
                Evidence("ecs:DescribeServices services[].desiredCount", s.name, s.desired, "1 or more")
                for s in services
            ),
            Evidence("ecs:DescribeServices services[].schedulingStrategy", main.name, main.scheduling),
            Evidence("servicediscovery:ListInstances", trail.cloudmap.service.id, 0, "1 or more"),
        ),
        fixes=(
            read_only("See which hosts the cluster has", hosts),
            Fix("Add a host that fits the constraints of the daemon, or correct these", "terraform"),
        ),
    )
