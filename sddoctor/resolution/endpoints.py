"""The addresses and ports at which a container of a task can be reached."""

from __future__ import annotations

from sddoctor.case.ecs import ContainerDefinition, Task
from sddoctor.formats import health_command


def mapped_ports(definition: ContainerDefinition) -> tuple[int, ...]:
    """Return the TCP ports of the container's port mappings, as numbered inside it."""
    return tuple(p.container_port for p in definition.ports if p.protocol == "tcp")


def check_ports(definition: ContainerDefinition) -> tuple[int, ...]:
    """Return the ports that the health check connects to; all mapped ones when its command names none."""
    check = definition.health_check
    return (health_command.ports(check.command) if check else ()) or mapped_ports(definition)


def endpoints(
    task: Task, definition: ContainerDefinition, ports: tuple[int, ...], registered: tuple[str, ...] = ()
) -> tuple[tuple[str, int], ...]:
    """Return where ``ports`` of the container can be reached from outside, as pairs of address and port.

    A task in awsvpc mode has its own addresses and ports. In bridge and host mode the port is the one that it is bound
    to, at the host's address, which only its registration in Cloud Map shows: ``registered``.
    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_NetworkBinding.html
    """
    if task.addresses:
        return tuple((a, p) for a in task.addresses for p in ports)
    container = next((c for c in task.containers if c.name == definition.name), None)
    bound = {b.container_port: b.host_port for b in container.bindings} if container else {}
    found = [bound.get(p) or p for p in ports]
    return tuple((a, p) for a in registered for p in found)
