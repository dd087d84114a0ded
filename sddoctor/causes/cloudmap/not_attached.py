"""No ECS service registers its tasks in this Cloud Map service."""

from __future__ import annotations

from sddoctor.case.ecs import EcsService
from sddoctor.causes.cloudmap.attach import attach
from sddoctor.causes.model import Evidence, Finding, Fix, cause
from sddoctor.text.words import count, listed
from sddoctor.trail.candidates import outside_services, resembling, tasks_of
from sddoctor.trail.trail import Trail, optional


@cause(
    "service-not-attached",
    hop="cloudmap",
    at=("registry",),
    symptoms=("missing",),
    title="No ECS service registers its tasks in this Cloud Map service",
)
def service_not_attached(trail: Trail) -> Finding | None:
    """Nothing is registered, every cluster was read, and no ECS service or task set names this registry.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceRegistry.html
    """
    service, namespace = trail.cloudmap.service, trail.cloudmap.namespace
    if not service.records or not trail.cloudmap.is_empty or namespace.owner != "SELF":
        return None
    if trail.ecs.attached:
        return None  # deleted or not, it is attached: ecs-service-draining speaks of a deleted one
    candidates = resembling(trail)
    if any(s.all_registries or _cannot_register(trail, s) for s in candidates[:1]):
        return None
    if not candidates and outside_services(trail):
        return None  # there is no service to attach: the task that runs outside one is the reason
    meant = f" {candidates[0].cluster_name}/{candidates[0].name} looks like the one." if candidates else ""
    clusters = optional(lambda: trail.ecs.facts.clusters.value) or ()
    return Finding(
        summary=f"No ECS service registers its tasks as {trail.name}, so the name has no address.{meant}",
        detail=(
            f"The Cloud Map service {service.id} exists, but no ECS service points to it (seen: "
            f"{count(len(trail.ecs.seen_services), 'ECS service')} in {count(len(clusters), 'cluster')}). Tasks may run and "
            "be healthy, yet nothing registers them."
        ),
        evidence=(
            Evidence("servicediscovery:ListInstances", service.id, 0, "1 or more"),
            Evidence(
                "ecs:DescribeServices services[].serviceRegistries[].registryArn",
                listed(s.name for s in candidates) or "every ECS service",
                "none with this id",
                service.id,
            ),
        ),
        fixes=_fixes(trail, candidates),
    )


def _cannot_register(trail: Trail, service: EcsService) -> bool:
    """Tell whether ECS does no service discovery for this service: advice to attach it would be wrong."""
    definition = optional(lambda: trail.ecs.definition(service.task_definition))
    external = service.launch_type == "EXTERNAL" or any(
        t.launch_type == "EXTERNAL" for t in optional(lambda: tasks_of(trail, service)) or ()
    )
    return external or (definition is not None and definition.network_mode == "none")


def _fixes(trail: Trail, candidates: list[EcsService]) -> tuple[Fix, ...]:
    fixes = []
    for service in candidates[:1]:
        extra = _container_and_port(trail, service) if "SRV" in trail.cloudmap.published_types else ""
        fixes.append(attach(service, trail.cloudmap.service.arn, extra=extra))
    fixes.append(Fix("As code, in the aws_ecs_service", "terraform", config=_terraform()))
    return tuple(fixes)


def _terraform() -> str:
    return "service_registries {\n  registry_arn = aws_service_discovery_service.this.arn\n}"


def _container_and_port(trail: Trail, service: EcsService) -> str:
    """Return what SRV registration needs besides the ARN, when the task definition shows it."""
    definition = optional(lambda: trail.ecs.definition(service.task_definition))
    for container in definition.containers if definition else ():
        if container.ports:
            return f",containerName={container.name},containerPort={container.ports[0].container_port}"
    return ""
