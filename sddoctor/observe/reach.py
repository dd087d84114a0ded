"""Opens TCP connections to tasks whose health is in doubt, to tell a broken health check from a broken program.

Tried are tasks that ECS calls UNHEALTHY, or whose agent is disconnected (and with the latter two others to compare with), and
returned addresses in doubt, only on ports that a registration or task definition names, and only where the VPC is
reachable. Nothing is sent.
"""

from __future__ import annotations

import errno
import socket
from collections.abc import Iterator, Sequence
from functools import partial

from sddoctor.case.case import AwsFacts
from sddoctor.case.ecs import Task
from sddoctor.case.reach import Connection
from sddoctor.case.seen import Fact, NotAttempted, Seen, Unreachable
from sddoctor.observe.budget import MORE_TIME, TIME_OVER, Budget
from sddoctor.observe.dns.network import Network, NoRoute, Silence
from sddoctor.observe.dns.query import NO_ROUTE
from sddoctor.observe.doubtful import DoubtfulAddresses, containers_of
from sddoctor.observe.work import run_all
from sddoctor.resolution.endpoints import check_ports, endpoints, mapped_ports

#: Seconds to wait for a task to accept a connection.
CONNECT_TIMEOUT = 1.0
#: The most connections of an observation, and the most tasks of a kind that are tried.
_MOST, _TASKS = 24, 3
_NEEDS = "a way to the task"


def connections(
    aws: AwsFacts,
    network: Network,
    budget: Budget,
    *,
    in_reach: bool,
    returned: frozenset[str] = frozenset(),
    witnesses: bool = False,
) -> tuple[Connection, ...]:
    """Connect to the tasks whose health is in doubt. Where there is none, this returns at once.

    ``returned`` are the addresses that servers and programs got for the name. ``in_reach`` says whether the observed host is this machine and is known to reach the VPC.
    ``witnesses``: try two tasks of any health as well, to tell a silent resolver from an unreachable VPC.
    """
    doubtful = DoubtfulAddresses(aws, returned).endpoints()
    targets = list(dict.fromkeys([*_targets(aws), *doubtful, *(_any_task(aws) if witnesses else ())]))[:_MOST]
    if not in_reach:
        return tuple(Connection(a, p, _not_tried(a, p)) for a, p in targets)
    return connect(targets, network, budget)


def connect(targets: Sequence[tuple[str, int]], network: Network, budget: Budget) -> tuple[Connection, ...]:
    """Connect to each address and port, all at the same time."""
    tries = run_all([partial(_connect, network, a, p, min(CONNECT_TIMEOUT, budget.remaining())) for a, p in targets])
    return tuple(Connection(a, p, fact) for (a, p), fact in zip(targets, tries, strict=True))


def _not_tried(address: str, port: int) -> NotAttempted:
    why, needs = "the VPC is not reached from here", "a look from a place that reaches the VPC"
    return NotAttempted(_what(address, port), why, needs)


def _no_time(what: str) -> NotAttempted:
    return NotAttempted(what, TIME_OVER, MORE_TIME)


def _what(address: str, port: int) -> str:
    return f"a TCP connection to {address}:{port}"


def _targets(aws: AwsFacts) -> Iterator[tuple[str, int]]:
    running = [t for s in aws.ecs.tasks for t in s.running.seen_or(()) if t.runs]
    without_agent = {h.arn for h in aws.ecs.container_instances.seen_or(()) if not h.agent_connected}
    lost = [t for t in running if t.connectivity == "DISCONNECTED" or t.container_instance in without_agent]
    unhealthy = [t for t in running if t.health == "UNHEALTHY" and t not in lost]
    for task in unhealthy[:_TASKS]:
        for definition in containers_of(aws, task.task_definition):
            if definition.essential and definition.health_check:
                ports = dict.fromkeys((*check_ports(definition), *mapped_ports(definition)))
                yield from endpoints(task, definition, tuple(ports), _registered(aws, task))
    others = [t for t in running if t not in lost and t not in unhealthy] if lost else []
    for task in (*lost[:_TASKS], *others[:2]):
        for definition in containers_of(aws, task.task_definition):
            yield from endpoints(task, definition, mapped_ports(definition), _registered(aws, task))


def _any_task(aws: AwsFacts) -> Iterator[tuple[str, int]]:
    running = [t for s in aws.ecs.tasks for t in s.running.seen_or(()) if t.runs]
    for task in running[:2]:
        for definition in containers_of(aws, task.task_definition):
            yield from endpoints(task, definition, mapped_ports(definition), _registered(aws, task))


def _registered(aws: AwsFacts, task: Task) -> tuple[str, ...]:
    instances = [i for v in aws.cloudmap.views for i in v.instances.seen_or(()) if i.id == task.id]
    return instances[0].addresses if instances else ()


def _connect(network: Network, address: str, port: int, timeout: float) -> Fact[bool]:
    """Open a connection and close it at once."""
    what, source = _what(address, port), f"tcp connect {address}:{port}"
    destination = network.connection(address, port)
    if timeout <= 0:
        return _no_time(what)
    if isinstance(destination, Silence):
        return Unreachable(what, "no answer", _NEEDS, "silence")
    if isinstance(destination, NoRoute):
        return Unreachable(what, destination.why, _NEEDS, None if destination.broken else "no-route")
    try:
        with socket.create_connection(destination, timeout=timeout):
            return Seen(True, source)
    except ConnectionRefusedError:
        return Seen(False, source)
    except TimeoutError:
        if timeout < CONNECT_TIMEOUT:
            return _no_time(what)
        return Unreachable(what, f"no answer within {timeout:g} s", _NEEDS, "silence")
    except OSError as error:
        why = errno.errorcode.get(error.errno or 0, type(error).__name__)
        return Unreachable(what, f"{error.strerror or why}", _NEEDS, "no-route" if error.errno in NO_ROUTE else None)
