"""What becomes of a TCP connection to a task: accepted, refused, or lost. What AWS runs accepts it."""

from __future__ import annotations

import contextlib
import re
import socketserver
import threading

from sddoctor.lab import derive
from sddoctor.lab.machines import machine_interfaces
from sddoctor.lab.named import Named
from sddoctor.lab.parts.ecs import Cluster, ContainerDefinition, EcsService, Task
from sddoctor.lab.routes import has_route
from sddoctor.lab.world import World

#: A port on which nothing listens.
_CLOSED = "127.0.0.1#1"
_ALIVE = ("RUNNING", "DEACTIVATING")


class _Accepts(socketserver.BaseRequestHandler):
    """Takes a connection and ends it: the lab's tasks send nothing."""

    def handle(self) -> None:
        with contextlib.suppress(OSError):
            self.request.shutdown(2)


class TaskPorts:
    """One listening port of 127.0.0.1 that stands for every port of every task. Close it after use."""

    def __init__(self, world: World, named: Named | None = None) -> None:
        self._world = world
        self._named = named or Named(world)
        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Accepts)
        self._server.daemon_threads = True
        self._server.block_on_close = False
        threading.Thread(target=self._server.serve_forever, args=(0.1,), daemon=True).start()

    @property
    def map(self) -> dict[str, str | None]:
        """Return ``ADDRESS:PORT`` of tasks that the world's host reaches, and the socket that stands for it."""
        place = f"127.0.0.1#{int(self._server.server_address[1])}"
        found: dict[str, str | None] = {}
        authorized = [a for c in self._world.client_vpns for a in c.authorized]
        for cluster, service, task in derive.ecs_tasks(self._world):
            address = derive.task_address(cluster, task)
            if address is None or task.last_status not in _ALIVE or not has_route(self._world, address, authorized):
                continue
            listening, named = self._ports(cluster, service, task)
            for port in sorted(listening | named):
                found[f"{address}:{port}"] = None if task.silent else place if port in listening else _CLOSED
        others = [*self._named.interfaces, *(i for _, i in machine_interfaces(self._world))]
        reached = [i for i in others if has_route(self._world, i.address, authorized)]
        found |= {f"{i.address}:{port}": place if i.open else None for i in reached for port in i.ports}
        return self._by_hand(place, authorized) | found

    def _by_hand(self, place: str, authorized: list[str]) -> dict[str, str | None]:
        """Return the ports of instances that were registered by hand: silent ones where no interface has the address."""
        ports = {c.port for d in self._world.task_definitions for c in d.containers if c.port is not None}
        services = [s for n in self._world.namespaces for s in n.services]
        return {
            f"{i.ipv4}:{port}": place if i.owned else None
            for s in services
            for i in s.instances
            if i.ipv4 is not None and has_route(self._world, i.ipv4, authorized)
            for port in ({i.port} if i.port is not None else ports)
        }

    def _ports(self, cluster: Cluster, service: EcsService | None, task: Task) -> tuple[set[int], set[int]]:
        """Return the ports on which the task listens, and all that a check of it could query."""
        name = task.task_definition or (service.task_definition if service else None)
        definition = derive.task_definition(self._world, name)
        containers = definition.containers if definition else ()
        own = task.address is not None or cluster.container_instances == ()
        offered = {p for c in containers if (p := _port(c, task, own=own)) is not None}
        named = {p for c in containers if c.health_check for p in _numbers(c.health_check.command)}
        return (offered if task.listens is None else set(task.listens)), offered | named

    def close(self) -> None:
        """Stop listening and free the port."""
        self._server.shutdown()
        self._server.server_close()


def _numbers(command: tuple[str, ...]) -> set[int]:
    """Return every number of the command that could be a port, and those of URLs without one: all are refused at worst."""
    return {80, 443} | {n for n in map(int, re.findall(r"\d+", " ".join(command))) if 0 < n < 65536}


def _port(container: ContainerDefinition, task: Task, *, own: bool) -> int | None:
    """Return the port at which a container is reached: its own, or on a shared address the host port that it is bound to."""
    if own:
        return container.port
    bound = next((c.host_port for c in task.containers if c.name == container.name), None)
    return bound or container.host_port or container.port
