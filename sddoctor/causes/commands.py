"""Commands, and kinds of fixes, that several causes suggest."""

from __future__ import annotations

from sddoctor.case.dns import Server
from sddoctor.case.ecs import EcsService
from sddoctor.causes.model import Fix, Where
from sddoctor.text.shell import aws, command, write_file
from sddoctor.trail.meant_entries import domain_to_route
from sddoctor.trail.trail import Trail, optional


def dig(server: Server, name: str, rdtype: str) -> str:
    """Return the command that queries a server."""
    port = ("-p", str(server.port)) if server.port != 53 else ()
    return command("dig", *port, f"@{server.address}", name, rdtype)


def dig_soa(trail: Trail, zone: str | None = None) -> str:
    """Return the command that shows whether the VPC resolver consults the namespace's zone, or another one."""
    return dig(trail.answers.vpc_server, zone or domain_to_route(trail), "SOA")


def update(service: EcsService, *flags: str, **options: str | int) -> str:
    """Return the command that changes an ECS service."""
    return aws("ecs", "update-service", *flags, cluster=service.cluster_name, service=service.name, **options)


def redeploy(service: EcsService) -> str:
    """Return the command that starts a new deployment of the ECS service: each of its tasks is replaced."""
    return update(service, "--force-new-deployment")


def deployer(service: EcsService) -> str | None:
    """Return who deploys the service in place of ECS, ``None`` where ECS does.

    UpdateService then takes no new deployment, task definition or registry.
    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html
    """
    return {"CODE_DEPLOY": "CodeDeploy", "EXTERNAL": "an external controller"}.get(service.controller)


def may_overlap(service: EcsService) -> bool:
    """Tell whether the percentages decide how the service is deployed, and may let old and new tasks overlap.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentConfiguration.html
    """
    return deployer(service) is None and service.scheduling != "DAEMON" and service.strategy in (None, "ROLLING")


def new_tasks(title: str, service: EcsService, verified_by: str, first: tuple[str, ...] = ()) -> Fix:
    """Return the fix that replaces the tasks of an ECS service by a new deployment, after the ``first`` commands."""
    if (by := deployer(service)) is not None:
        changes = f"Replaces the tasks of {service.name}; AWS refuses --force-new-deployment for it."
        return Fix(f"{title}, by a deployment with {by}", "aws", first, changes, verified_by)
    changes = f"Starts a new deployment of {service.name}: its tasks are replaced."
    return Fix(title, "aws", commands=(*first, redeploy(service)), changes=changes, verified_by=verified_by)


def replace_later(trail: Trail) -> Fix | None:
    """Return what comes first where tasks that are stopped now would have no successors; ``None`` where they start."""
    if not optional(lambda: trail.promise.shortfall) or not trail.ecs.running:
        return None
    main = trail.ecs.main
    shown = "services[0].[desiredCount,runningCount,events[:5].message]"
    read = aws("ecs", "describe-services", cluster=main.cluster_name, services=main.name, query=shown)
    return read_only("First let tasks start again, then replace these: nothing would follow them now", read)


def overlap(service: EcsService) -> str:
    """Return the command that makes a deployment start new tasks before it stops old ones."""
    return update(service, deployment_configuration="minimumHealthyPercent=100,maximumPercent=200")


def set_records(service_id: str, records: dict[str, int]) -> str:
    """Return the command that sets the record types of a Cloud Map service, each with its TTL in seconds.

    What an update leaves out is removed, a Route 53 health check included.
    https://docs.aws.amazon.com/cloud-map/latest/api/API_UpdateService.html
    """
    types = ",".join(f"{{Type={rtype},TTL={ttl}}}" for rtype, ttl in records.items())
    return aws("servicediscovery", "update-service", id=service_id, service=f"DnsConfig={{DnsRecords=[{types}]}}")


def reference(trail: Trail) -> str:
    """Return how commands name the Cloud Map service: by id, or one of another account by ARN.

    https://docs.aws.amazon.com/cloud-map/latest/dg/sharing-namespaces.html
    """
    service = trail.cloudmap.service
    return service.id if trail.cloudmap.namespace.owner == "SELF" else service.arn


def register(service_id: str, instance_id: str, attributes: dict[str, str]) -> str:
    """Return the command that registers an instance, or replaces all attributes of one."""
    return aws(
        "servicediscovery",
        "register-instance",
        service_id=service_id,
        instance_id=instance_id,
        attributes=",".join(f"{key}={value}" for key, value in attributes.items()),
    )


def deregister(trail: Trail, instance_id: str) -> str:
    """Return the command that removes an instance of the name's Cloud Map service."""
    return aws("servicediscovery", "deregister-instance", service_id=reference(trail), instance_id=instance_id)


def set_health(trail: Trail, instance_id: str, status: str) -> str:
    """Return the command that sets the health that Cloud Map has of an instance."""
    operation = "update-instance-custom-health-status"
    return aws("servicediscovery", operation, service_id=reference(trail), instance_id=instance_id, status=status)


def associate(trail: Trail, zone_id: str, vpc_id: str) -> str:
    """Return the command that associates a private zone with a VPC of the case's region."""
    return aws("route53", "associate-vpc-with-hosted-zone", hosted_zone_id=zone_id, vpc=vpc_option(trail, vpc_id))


def disassociate(trail: Trail, zone_id: str, vpc_id: str) -> str:
    """Return the command that ends the association of a private zone with a VPC of the case's region."""
    return aws("route53", "disassociate-vpc-from-hosted-zone", hosted_zone_id=zone_id, vpc=vpc_option(trail, vpc_id))


def vpc_option(trail: Trail, vpc_id: str) -> str:
    """Return how commands of Route 53 name a VPC of the case's region."""
    return f"VPCRegion={trail.case.aws.region},VPCId={vpc_id}"


def read_only(title: str, command: str, where: Where = "aws", verified_by: str = "") -> Fix:
    """Return the fix whose command only shows something."""
    return Fix(title, where, commands=(command,), changes="Nothing: it only reads.", verified_by=verified_by)


def write(title: str, path: str, content: str, changes: str, verified_by: str) -> Fix:
    """Return the fix that writes a whole file on Linux."""
    return Fix(title, "linux", (write_file(path, content),), changes, verified_by, file=path, content=content)
