"""The command that points an ECS service at a Cloud Map service."""

from __future__ import annotations

from sddoctor.case.ecs import EcsService
from sddoctor.causes.model import Fix
from sddoctor.causes.shell import aws
from sddoctor.trail.trail import Trail, optional


def attach(service: EcsService, registry_arn: str, title: str = "Attach it", extra: str = "") -> Fix:
    """Return the fix. ``extra`` is what SRV records need besides the ARN (``,containerName=...,containerPort=...``).

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceRegistry.html
    """
    return Fix(
        title,
        "aws",
        commands=(
            aws(
                "ecs",
                "update-service",
                cluster=service.cluster_name,
                service=service.name,
                service_registries=f"registryArn={registry_arn}{extra}",
            ),
        ),
        changes=f"Starts a new deployment of {service.name}, whose tasks register.",
        verified_by="list-instances has one instance for each running task, with the task id as its id.",
    )


def attach_new(service: EcsService, name: str, namespace_id: str) -> Fix:
    """Return the fix that attaches a Cloud Map service which has just been made, whose ARN nobody knows yet."""
    update = aws("ecs", "update-service", cluster=service.cluster_name, service=service.name)
    read = aws(
        "servicediscovery",
        "list-services",
        filters=f"Name=NAMESPACE_ID,Values={namespace_id}",
        query=f"Services[?Name=='{name}'].Arn",
        output="text",
    )
    return Fix(
        "Then point the ECS service at it",
        "aws",
        commands=(f'{update} --service-registries "registryArn=$({read})"',),
        changes=f"Starts a new deployment of {service.name}, whose tasks register in {name}.",
        verified_by="list-instances has one instance for each running task.",
    )


def attach_registering(trail: Trail, name: str) -> tuple[Fix, ...]:
    """Return :func:`attach_new` for the ECS service that registers under the name now, if one is seen."""
    services = optional(lambda: trail.ecs.active) or ()
    return tuple(attach_new(s, name, trail.cloudmap.namespace.id) for s in services[:1])
