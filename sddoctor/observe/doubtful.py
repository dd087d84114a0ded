"""Returned addresses in doubt: something speaks against what is behind them, or nothing that was seen vouches for it.

Nothing here judges: it decides where a connection is tried. A task whose health check passes, and that Cloud Map calls
healthy as well, is left alone. That a task runs vouches for nothing: without a check its port is all that tells.
"""

from __future__ import annotations

from collections.abc import Iterator

from sddoctor.case.case import AwsFacts
from sddoctor.case.cloudmap import Instance
from sddoctor.case.ecs import ContainerDefinition, Task
from sddoctor.resolution.endpoints import check_ports, endpoints, mapped_ports

#: Records of a type that one answer shows at most, unless it is one of a weighted set.
MULTIVALUE_LIMIT = 8
#: Addresses of a larger set that are looked at.
MOST_IN_TURN = 32


class DoubtfulAddresses:
    """What AWS says about the addresses that were ``returned``."""

    def __init__(self, aws: AwsFacts, returned: frozenset[str]) -> None:
        self._aws = aws
        self._instances = [i for v in aws.cloudmap.views for i in v.instances.seen_or(())]
        self._status = {h.id: h.status for v in aws.cloudmap.views for h in v.health.seen_or(())}
        self._returned = returned | frozenset(self._in_turn(returned))
        self._behind = {a: t for t in self._tasks() for a in self._addresses(t)}

    def endpoints(self) -> Iterator[tuple[str, int]]:
        """Yield addresses in doubt with the ports that their registration and task definition name."""
        for address in sorted(self._returned):
            registered = [i for i in self._instances if address in i.addresses]
            task = self._behind.get(address)
            if task is None:
                yield from ((address, port) for i in registered for port in self._ports(i))
            elif self._is_in_doubt(task, registered):
                yield from (e for e in task_endpoints(self._aws, task, (address,)) if e[0] == address)

    def _in_turn(self, returned: frozenset[str]) -> list[str]:
        """Return what the name gives at other times, where one answer shows a part of the set: by chance it would decide.

        https://docs.aws.amazon.com/cloud-map/latest/api/API_DnsConfig.html
        """
        services = [s for v in self._aws.cloudmap.views if (s := v.service.seen_or(None)) is not None]
        every = [a for i in self._instances if self._status.get(i.id) != "UNHEALTHY" for a in i.addresses]
        is_part = any(s.routing_policy == "WEIGHTED" for s in services) or len(every) > MULTIVALUE_LIMIT
        return every[:MOST_IN_TURN] if is_part and returned.intersection(every) else []

    def _tasks(self) -> Iterator[Task]:
        """Yield every task that was seen, those that run last: an address may have had another task before."""
        ecs = self._aws.ecs
        for tasks in ecs.tasks:
            yield from tasks.stopped.seen_or(())
        yield from (t for r in ecs.registered if (t := r.task.seen_or(None)) is not None)
        yield from ecs.loose_tasks.seen_or(())
        for tasks in ecs.tasks:
            yield from tasks.running.seen_or(())

    def _addresses(self, task: Task) -> tuple[str, ...]:
        """Return the addresses of a task; one that shares those of its host has them from its registration."""
        return task.addresses or tuple(a for i in self._instances if i.id == task.id for a in i.addresses)

    def _is_in_doubt(self, task: Task, registered: list[Instance]) -> bool:
        statuses = {self._status.get(i.id) for i in registered}
        return not task.runs or task.health != "HEALTHY" or "UNHEALTHY" in statuses

    def _ports(self, instance: Instance) -> tuple[int, ...]:
        """Return the ports of an instance whose task was not seen: its own, or those of the services that register there."""
        own = instance.get("AWS_INSTANCE_PORT") or ""
        if own.isascii() and own.isdecimal() and 0 < int(own) < 65536:
            return (int(own),)
        arns = {s.task_definition for s in self._aws.ecs.services.seen_or(())}
        found = [
            p for d in self._aws.ecs.task_definitions if d.arn in arns for p in _ports(containers_of(self._aws, d.arn))
        ]
        return tuple(dict.fromkeys(found))


def containers_of(aws: AwsFacts, arn: str) -> tuple[ContainerDefinition, ...]:
    """Return the containers of a task definition; none, if it was not seen."""
    look = next((d for d in aws.ecs.task_definitions if d.arn == arn), None)
    definition = look.definition.seen_or(None) if look is not None else None
    return definition.containers if definition is not None else ()


def task_endpoints(aws: AwsFacts, task: Task, registered: tuple[str, ...]) -> Iterator[tuple[str, int]]:
    """Yield where the essential containers of a task can be reached: on the ports that they offer, or that a check uses."""
    for definition in containers_of(aws, task.task_definition):
        if definition.essential:
            yield from endpoints(task, definition, _ports((definition,)), registered)


def _ports(containers: tuple[ContainerDefinition, ...]) -> tuple[int, ...]:
    essential = [c for c in containers if c.essential]
    return tuple(dict.fromkeys(p for c in essential for p in (*mapped_ports(c), *check_ports(c))))
