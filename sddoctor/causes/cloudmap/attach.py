"""The command that points an ECS service at a Cloud Map service."""

from __future__ import annotations

from sddoctor.case.cloudmap import Namespace
from sddoctor.case.ecs import EcsService
from sddoctor.causes.commands import deployer, update
from sddoctor.causes.model import Fix
from sddoctor.text.shell import aws, keep, variable
from sddoctor.trail.trail import Trail, optional


def attach(service: EcsService, registry_arn: str, title: str = "Attach it", extra: str = "") -> Fix:
    """Return the fix. ``extra`` is what SRV records need besides the ARN (``,containerName=...,containerPort=...``).

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceRegistry.html
    """
    if (by := deployer(service)) is not None:
        return Fix(
            f"{title}: name the registry {registry_arn}{extra} in its next task set, which {by} creates",
            "aws",
            verified_by="describe-services shows a task set with this registry, and list-instances its tasks.",
        )
    return Fix(
        title,
        "aws",
        commands=(update(service, service_registries=f"registryArn={registry_arn}{extra}"),),
        changes=f"Starts a new deployment of {service.name}, whose tasks register.",
        verified_by="list-instances has one instance for each running task, with the task id as its id.",
    )


def create_service(name: str, namespace_id: str, *record_types: str) -> str:
    """Return the command that makes a Cloud Map service as ECS needs it; without types it publishes A."""
    records = ",".join(f"{{Type={t},TTL=10}}" for t in record_types or ("A",))
    return aws(
        "servicediscovery",
        "create-service",
        name=name,
        namespace_id=namespace_id,
        dns_config=f"RoutingPolicy=MULTIVALUE,DnsRecords=[{records}]",
        health_check_custom_config="FailureThreshold=1",
    )


def create_and_attach(name: str, namespace_id: str, service: EcsService | None, *record_types: str) -> tuple[str, ...]:
    """Return the commands that make a Cloud Map service and attach the ECS service to it, if there is one to attach."""
    create = create_service(name, namespace_id, *record_types)
    if service is None or deployer(service) is not None:
        return (create,)
    container = _container(service) if "SRV" in record_types else ""
    registry = variable("REGISTRY_ARN", before="registryArn=", after=container)
    return keep("REGISTRY_ARN", create, "Service.Arn"), f"{update(service)} --service-registries {registry}"


def _container(service: EcsService) -> str:
    """Return which container and port SRV records are for, as the ECS service has it now."""
    now = next((r for r in service.all_registries if r.container_name), None)
    return f",containerName={now.container_name},containerPort={now.container_port}" if now is not None else ""


def create_namespace(name: str, vpc_id: str | None) -> tuple[str, ...]:
    """Return commands that make a namespace, public without a VPC, wait for it (about a minute), and keep its id.

    https://docs.aws.amazon.com/cloud-map/latest/api/API_GetOperation.html
    """
    if vpc_id is None:
        create = aws("servicediscovery", "create-public-dns-namespace", name=name)
    else:
        create = aws("servicediscovery", "create-private-dns-namespace", name=name, vpc=vpc_id)
    read = aws("servicediscovery", "get-operation", operation_id=variable("OPERATION_ID"))
    status = f"{read} --query Operation.Status --output text"
    return (
        keep("OPERATION_ID", create, "OperationId"),
        f'while [ "$({status})" = SUBMITTED ] || [ "$({status})" = PENDING ]; do sleep 5; done',
        keep("NAMESPACE_ID", read, "Operation.Targets.NAMESPACE"),
    )


def publish_as(
    title: str, name: str, namespace: Namespace, service: EcsService | None, *record_types: str, verified_by: str
) -> Fix:
    """Return the fix that publishes an ECS service under another name. It can have one registry only: the old one ends.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html
    """
    return Fix(
        title,
        "aws",
        commands=create_and_attach(name, namespace.id, service, *record_types),
        changes=f"Creates the Cloud Map service {name} in {namespace.name}. {_then(service)}",
        verified_by=verified_by,
    )


def _then(service: EcsService | None) -> str:
    if service is None or deployer(service) is not None:
        return "The ECS service still has to be attached to it, and clients must use the new name."
    leaves = " and no longer under the name that they have now" if service.all_registries else ""
    return (
        f"A new deployment of {service.name} starts, whose tasks register there{leaves}; clients must use the new name."
    )


def registering(trail: Trail) -> EcsService | None:
    """Return the ECS service that registers under the name now, if one is seen whose registry ECS can change."""
    return next((s for s in optional(lambda: trail.ecs.active) or () if deployer(s) is None), None)
