"""Published by Service Connect, which makes no DNS record."""

from __future__ import annotations

from sddoctor.case.ecs import EcsService
from sddoctor.case.seen import AbsentFactError
from sddoctor.causes.model import Evidence, Finding, Fix, cause
from sddoctor.causes.shell import aws
from sddoctor.trail.trail import Trail, optional


@cause(
    "service-connect-only",
    hop="cloudmap",
    kind="fault",
    severity="error",
    certainty="certain",
    title="Published by Service Connect, which makes no DNS record",
)
def service_connect_only(trail: Trail) -> Finding | None:
    """An ECS deployment has the name as its Service Connect alias, has no registry, and the zone has no such record.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-connect-concepts-deploy.html
    """
    service = aliased(trail)
    if service is None or service.all_registries or _has_records(trail):
        return None
    if optional(lambda: trail.asker.addresses):
        return None
    namespace = optional(lambda: trail.cloudmap.namespace)
    return Finding(
        summary=(
            f"{trail.name} is a Service Connect name of {service.cluster_name}/{service.name}: it exists only inside tasks "
            "of the same Service Connect namespace, never in DNS."
        ),
        detail=(
            "Service Connect makes no Route 53 record. Its names work in tasks of services that joined its namespace and "
            "started after the endpoint existed; laptops, functions, stand-alone tasks and other services cannot resolve them."
        ),
        evidence=(
            Evidence("ecs:DescribeServices deployments[].serviceConnectConfiguration", service.name, trail.name),
            Evidence("ecs:DescribeServices services[].serviceRegistries", service.name, "none", "a registry"),
        ),
        fixes=_fixes(trail, service, namespace.id if namespace and namespace.type != "HTTP" else None),
    )


def aliased(trail: Trail) -> EcsService | None:
    """Return the ECS service that has the name as its Service Connect alias, ``None`` when nobody is seen to."""
    for service in trail.ecs.seen_services:
        for deployment in service.deployments:
            connect = deployment.service_connect
            if connect is None or not connect.enabled:
                continue
            for endpoint in connect.services:
                if trail.name in _names(trail, endpoint.discovery_name, endpoint.aliases, connect.namespace):
                    return service
    return None


def _names(trail: Trail, discovery_name: str, aliases: tuple[str, ...], namespace: str) -> set[str]:
    if aliases:
        return set(aliases)
    last = namespace.rsplit("/", 1)[-1]
    names = {n.id: n.name for n in trail.cloudmap.facts.namespaces.peek() or ()}
    return {f"{discovery_name}.{names.get(last, last).lower()}"}


def _has_records(trail: Trail) -> bool:
    """Tell whether the zone has a record of the name. An HTTP namespace, or none at all, has no zone."""
    try:
        return bool(trail.cloudmap.records)
    except AbsentFactError:
        return False


def _fixes(trail: Trail, service: EcsService, namespace_id: str | None) -> tuple[Fix, ...]:
    from sddoctor.causes.cloudmap.not_found import create_service

    publish: tuple[Fix, ...] = ()
    if namespace_id is not None:
        label = f"{trail.cloudmap.label.split('.', 1)[0]}-dns"
        publish = (
            Fix(
                "Publish the service by DNS as well, under a name of its own",
                "aws",
                commands=(create_service(label, namespace_id),),
                changes=f"Creates the Cloud Map service {label}; then attach {service.name} to it (service registries).",
                verified_by=f"{label}.{trail.cloudmap.namespace.name} answers once a task has registered.",
            ),
        )
    return (
        *publish,
        Fix(
            "If the client is a member whose tasks are older than the endpoint: start new tasks of the client",
            "aws",
            commands=(aws("ecs", "list-services-by-namespace", namespace=_namespace_of(service)),),
            changes="Nothing: it lists the members; then force a new deployment of the client's service.",
        ),
        Fix("Or reach it through an internal load balancer, or by DiscoverInstances", "app"),
    )


def _namespace_of(service: EcsService) -> str:
    return next((d.service_connect.namespace for d in service.deployments if d.service_connect is not None), "")
