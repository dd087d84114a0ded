"""What follows from a world: ids, subnets, the health of tasks, and the instances registered for them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from ipaddress import IPv4Address, IPv4Network, IPv6Network

from msgspec import Struct

from sddoctor.lab.objects import Registered
from sddoctor.lab.parts.cloudmap import Instance, Namespace, Service
from sddoctor.lab.parts.ecs import Cluster, EcsService, Registry, Task, TaskDefinition, TaskSet
from sddoctor.lab.world import World


def made_up_id(*parts: str, length: int = 17) -> str:
    """Return hexadecimal digits for a made-up id, always the same for the same parts."""
    return hashlib.sha256("/".join(parts).encode()).hexdigest()[:length]


def zone_id(namespace: Namespace) -> str | None:
    """Return the id of a namespace's zone, which Cloud Map keeps after the zone is deleted."""
    if namespace.type == "HTTP":
        return None
    return namespace.zone or "Z0" + made_up_id(namespace.id).upper()


def service_type(namespace_type: str, service: Service) -> str:
    """Return the ``Type`` of a Cloud Map service."""
    if service.type:
        return service.type
    return "HTTP" if namespace_type == "HTTP" or not service.records else "DNS_HTTP"


def task_definition(world: World, name: str | None) -> TaskDefinition | None:
    """Find a task definition by ``family`` (its latest revision) or ``family:revision``."""
    family, _, revision = (name or "").partition(":")
    found = [d for d in world.task_definitions if d.family == family and revision in ("", str(d.revision))]
    return max(found, key=lambda d: d.revision, default=None)


def has_check(definition: TaskDefinition | None) -> bool:
    """Tell whether an essential container has a health check: only those count for a task's health.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/healthcheck.html
    """
    return definition is not None and any(c.essential and c.health_check for c in definition.containers)


def task_health(world: World, service: EcsService | None, task: Task) -> str:
    """Return the health that ECS reports: UNKNOWN instead of HEALTHY without a health check."""
    definition = task_definition(world, task.task_definition or (service.task_definition if service else None))
    if task.health == "HEALTHY" and definition is not None and not has_check(definition):
        return "UNKNOWN"
    return task.health


def task_set_of(service: EcsService, task: Task) -> TaskSet | None:
    """Return the task set that a task belongs to: the one it names, else the primary one."""
    named = next((s for s in service.task_sets if s.id == task.deployment), None)
    return named or next((s for s in service.task_sets if s.status == "PRIMARY"), None)


def registries_of(service: EcsService, task: Task) -> tuple[Registry, ...]:
    """Return the registries that a task registers in."""
    task_set = task_set_of(service, task)
    return service.registries + (task_set.registries if task_set else ())


def is_registered(task: Task) -> bool:
    """Tell whether ECS has registered the task: from RUNNING until it is being stopped, unless the world differs.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-lifecycle-explanation.html
    """
    return task.last_status in ("RUNNING", "DEACTIVATING") if task.registered is None else task.registered


def availability_zone(region: str, address: str | None) -> str:
    """Return the availability zone of an address: it alternates between /24 ranges."""
    third = int(address.split(".")[2]) if address and address.count(".") == 3 else 0
    return region + "ac"[third % 2]


def subnet_range(world: World, address: str) -> tuple[str | None, str]:
    """Return the VPC of an address (``None``: no VPC) and its subnet: a /24, or the VPC's range if smaller.

    The lab's VPCs have no IPv6 range: such an address is in no VPC.
    """
    if ":" in address:
        return None, str(IPv6Network(f"{address}/64", strict=False))
    for vpc in world.vpcs:
        for cidr in (vpc.cidr, *vpc.secondary_cidrs):
            network = IPv4Network(cidr)
            if IPv4Address(address) in network:
                inside = IPv4Network(f"{address}/24", strict=False) if network.prefixlen < 24 else network
                return vpc.id, str(inside)
    return None, str(IPv4Network(f"{address}/24", strict=False))


def subnet_id(cidr: str) -> str:
    """Return the id of the subnet with that range."""
    return "subnet-" + made_up_id("subnet", cidr)


def ecs_tasks(world: World) -> Iterator[tuple[Cluster, EcsService | None, Task]]:
    """Yield every task of a world with its cluster and service."""
    for cluster in world.clusters:
        for service in cluster.services:
            for task in service.tasks:
                yield cluster, service, task
        for task in cluster.tasks:
            yield cluster, None, task


def task_address(cluster: Cluster, task: Task) -> str | None:
    """Return a task's IPv4 address: its own (awsvpc), or that of its container instance."""
    if task.address is not None:
        return task.address
    return next((i.address for i in cluster.container_instances if i.id == task.container_instance), None)


def instances_of(world: World, service: Service) -> list[Registered]:
    """Return the initial instances of a Cloud Map service: those of ECS tasks, then those registered by hand."""
    found = []
    for cluster, ecs_service, task in ecs_tasks(world):
        if ecs_service is None or not is_registered(task):
            continue
        registry = next((r for r in registries_of(ecs_service, task) if r.service == service.id), None)
        if registry is not None:
            found.append(task_instance(world, service, (cluster, ecs_service, task), registry))
    manual = [_manual_instance(service, i) for i in service.instances]
    replaced = {i.id for i in manual}
    return [i for i in found if i.id not in replaced] + manual


def task_instance(
    world: World, service: Service, owner: tuple[Cluster, EcsService, Task], registry: Registry
) -> Registered:
    """Return the instance that ECS registers for a task of a service."""
    cluster, ecs, task = owner
    definition_name = task.task_definition or ecs.task_definition
    definition = task_definition(world, definition_name)
    address = task.instance_address or task_address(cluster, task)
    port = task.instance_port
    if port is None and any(r.type == "SRV" for r in service.records):
        port = registry_port(definition, task, registry)
    task_set = task_set_of(ecs, task)
    origin = TaskOrigin(world.region, cluster.name, ecs.name, family=definition_name.split(":")[0])
    attributes = ecs_attributes(origin, address, task.ipv6, port)
    launch = task.launch_type or ecs.launch_type
    if launch == "EC2":
        instance = next((i for i in cluster.container_instances if i.id == task.container_instance), None)
        if instance and instance.ec2_instance_id:
            attributes["EC2_INSTANCE_ID"] = instance.ec2_instance_id
    if task_set and task_set.external_id:
        attributes["ECS_TASK_SET_EXTERNAL_ID"] = task_set.external_id
    checked = has_check(definition)
    if service.health == "custom" and checked:
        attributes["AWS_INIT_HEALTH_STATUS"] = "UNHEALTHY"
    health = task.instance_health or reported_health(service.health, task_health(world, ecs, task), checked)
    return Registered(task.id, address, task.ipv6, port, attributes, health, task.health_known, task.record)


def registry_port(definition: TaskDefinition | None, task: Task, registry: Registry) -> int | None:
    """Return the port of an SRV record: the host port in bridge and host mode, else the registry's."""
    name = registry.container_name
    bound = next((c.host_port for c in task.containers if c.name == name and c.host_port), None)
    if bound is not None:
        return bound
    declared = next((c for c in definition.containers if c.name == name), None) if definition else None
    if declared and declared.host_port and definition and definition.network_mode != "awsvpc":
        return declared.host_port
    return registry.container_port or registry.port


class TaskOrigin(Struct, frozen=True):
    """Where a task that ECS registers runs, and from which family of task definitions."""

    region: str
    cluster: str
    service: str
    family: str


def ecs_attributes(
    origin: TaskOrigin, ipv4: str | None, ipv6: str | None = None, port: int | None = None
) -> dict[str, str]:
    """Return the attributes that ECS writes when it registers a task.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-discovery.html
    """
    attributes = {
        "AVAILABILITY_ZONE": availability_zone(origin.region, ipv4),
        "AWS_INSTANCE_IPV4": ipv4,
        "AWS_INSTANCE_IPV6": ipv6,
        "AWS_INSTANCE_PORT": str(port) if port is not None else None,
        "ECS_CLUSTER_NAME": origin.cluster,
        "ECS_SERVICE_NAME": origin.service,
        "ECS_TASK_DEFINITION_FAMILY": origin.family,
        "REGION": origin.region,
    }
    return {key: value for key, value in attributes.items() if value is not None}


def reported_health(kind: str, health_of_task: str, checked: bool) -> str:
    """Return the health of a task's instance.

    With a container check ECS registers an instance UNHEALTHY and reports HEALTHY only when the check passes;
    without one it reports HEALTHY. In a service without a health check it is UNKNOWN.
    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-discovery.html
    """
    if kind == "none":
        return "UNKNOWN"
    if health_of_task == "UNKNOWN":
        return "UNHEALTHY" if checked else "HEALTHY"
    return health_of_task


def _manual_instance(service: Service, instance: Instance) -> Registered:
    attributes = {
        "AWS_INSTANCE_IPV4": instance.ipv4,
        "AWS_INSTANCE_IPV6": instance.ipv6,
        "AWS_INSTANCE_PORT": str(instance.port) if instance.port is not None else None,
        "ECS_CLUSTER_NAME": instance.cluster,
        "ECS_SERVICE_NAME": instance.ecs_service,
    }
    given = {key: value for key, value in attributes.items() if value is not None} | instance.attributes
    return registered(instance.id, given, service.health, instance.health, instance.record)


def registered(
    instance_id: str, attributes: dict[str, str], kind: str, health: str | None = None, record: bool = True
) -> Registered:
    """Build an instance from its attributes, as ``RegisterInstance`` does.

    Custom health starts as ``AWS_INIT_HEALTH_STATUS``, else HEALTHY.
    https://docs.aws.amazon.com/cloud-map/latest/api/API_RegisterInstance.html
    """
    port = attributes.get("AWS_INSTANCE_PORT")
    initial = "UNKNOWN" if kind == "none" else attributes.get("AWS_INIT_HEALTH_STATUS", "HEALTHY")
    return Registered(
        instance_id,
        attributes.get("AWS_INSTANCE_IPV4"),
        attributes.get("AWS_INSTANCE_IPV6"),
        int(port) if port else None,
        attributes,
        health or initial,
        True,
        record,
    )
