"""Which container of a task is the one behind the name."""

from __future__ import annotations

from sddoctor.case.ecs import ContainerDefinition, Registry, Task, TaskDefinition
from sddoctor.case.seen import FactError
from sddoctor.trail.cloudmap import CloudMapTrail
from sddoctor.trail.ecs import EcsTrail


def serving_container(
    cloudmap: CloudMapTrail, ecs: EcsTrail, task: Task, definition: TaskDefinition
) -> ContainerDefinition | None:
    """Return the container that clients of the name reach, or ``None`` when that cannot be told.

    It is the one that the registry names, else the one that offers the registered port, else the only one that
    offers a TCP port.
    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceRegistry.html
    """
    containers = definition.containers
    registries = _registries(cloudmap, ecs, task)
    named = {r.container_name for r in registries if r.container_name}
    if named:
        return next((c for c in containers if c.name in named), None)
    if len(containers) == 1:
        return containers[0]
    registered = _registered_ports(cloudmap, task, registries)
    by_port = [c for c in containers if registered & {p for b in c.ports for p in (b.container_port, b.host_port)}]
    offering = by_port or [c for c in containers if any(p.protocol == "tcp" for p in c.ports)]
    return offering[0] if len(offering) == 1 else None


def _registries(cloudmap: CloudMapTrail, ecs: EcsTrail, task: Task) -> list[Registry]:
    service_id = cloudmap.service.id
    return [
        r
        for s in ecs.attached
        if task.group in ("", f"service:{s.name}")
        for r in s.all_registries
        if r.service_id == service_id
    ]


def _registered_ports(cloudmap: CloudMapTrail, task: Task, registries: list[Registry]) -> set[int | None]:
    found: set[int | None] = {p for r in registries for p in (r.container_port, r.port) if p}
    try:
        instance = cloudmap.instance(task.id)
    except FactError:
        instance = None
    port = instance.get("AWS_INSTANCE_PORT") if instance else None
    if port and port.isdecimal():
        found.add(int(port))
    return found
