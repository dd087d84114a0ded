"""Opens TCP connections to tasks whose health is in doubt, to tell a broken check from a broken program.

Only tasks that ECS calls UNHEALTHY, or whose agent is out of contact, are tried (and, beside the latter, two others to
compare with), only on ports that their task definition names, and only where the VPC is in reach. Nothing is sent.
"""

from __future__ import annotations

import errno
import socket
from collections.abc import Iterator
from functools import partial

from sddoctor.case.case import AwsFacts
from sddoctor.case.ecs import ContainerDefinition, Task
from sddoctor.case.reach import Connection
from sddoctor.case.seen import Fact, NotAttempted, Seen, Unreachable
from sddoctor.observe.budget import MORE_TIME, TIME_OVER, Budget
from sddoctor.observe.dns.network import Network, NoWay, Silence
from sddoctor.observe.work import run_all
from sddoctor.resolution.endpoints import check_ports, endpoints, mapped_ports

#: How long to wait for a task to accept, in seconds.
CONNECT_TIMEOUT = 1.0
#: How many connections one look makes at most, and how many tasks of a kind it tries.
_MOST, _TASKS = 12, 3


def connections(
    aws: AwsFacts, network: Network, budget: Budget, *, in_reach: bool, witnesses: bool = False
) -> tuple[Connection, ...]:
    """Try the tasks whose health is in doubt. Without such a task nothing is tried and it takes no time.

    ``in_reach`` says whether the host that is looked at is this machine, and is known to reach the VPC.
    ``witnesses``: try two tasks of any health as well, to tell a silent resolver from a VPC out of reach.
    """
    places = list(dict.fromkeys([*_targets(aws), *(_any_task(aws) if witnesses else ())]))[:_MOST]
    if not places:
        return ()
    if not in_reach:
        return tuple(Connection(a, p, _not_tried(a, p, "the VPC is not reached from here")) for a, p in places)
    tries = run_all([partial(_connect, network, a, p, min(CONNECT_TIMEOUT, budget.remaining())) for a, p in places])
    return tuple(Connection(a, p, fact) for (a, p), fact in zip(places, tries, strict=True))


def _not_tried(address: str, port: int, why: str) -> NotAttempted:
    return NotAttempted(_what(address, port), why, "a look from a place that reaches the VPC")


def _no_time(what: str) -> NotAttempted:
    return NotAttempted(what, TIME_OVER, MORE_TIME)


def _what(address: str, port: int) -> str:
    return f"a TCP connection to {address}:{port}"


def _targets(aws: AwsFacts) -> Iterator[tuple[str, int]]:
    running = [t for s in aws.ecs.tasks for t in s.running.seen_or(()) if t.runs]
    lost_hosts = {h.arn for h in aws.ecs.container_instances.seen_or(()) if not h.agent_connected}
    lost = [t for t in running if t.connectivity == "DISCONNECTED" or t.container_instance in lost_hosts]
    sick = [t for t in running if t.health == "UNHEALTHY" and t not in lost]
    for task in sick[:_TASKS]:
        for definition in _definitions(aws, task):
            if definition.essential and definition.health_check:
                ports = dict.fromkeys((*check_ports(definition), *mapped_ports(definition)))
                yield from endpoints(task, definition, tuple(ports), _registered(aws, task))
    others = [t for t in running if t not in lost and t not in sick] if lost else []
    for task in (*lost[:_TASKS], *others[:2]):
        for definition in _definitions(aws, task):
            yield from endpoints(task, definition, mapped_ports(definition), _registered(aws, task))


def _any_task(aws: AwsFacts) -> Iterator[tuple[str, int]]:
    running = [t for s in aws.ecs.tasks for t in s.running.seen_or(()) if t.runs]
    for task in running[:2]:
        for definition in _definitions(aws, task):
            yield from endpoints(task, definition, mapped_ports(definition), _registered(aws, task))


def _definitions(aws: AwsFacts, task: Task) -> tuple[ContainerDefinition, ...]:
    look = next((d for d in aws.ecs.task_definitions if d.arn == task.task_definition), None)
    definition = look.definition.seen_or(None) if look is not None else None
    return definition.containers if definition is not None else ()


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
        return Unreachable(what, "no answer", "a way to the task")
    if isinstance(destination, NoWay):
        return Unreachable(what, destination.why, "a way to the task")
    try:
        with socket.create_connection(destination, timeout=timeout):
            return Seen(True, source)
    except ConnectionRefusedError:
        return Seen(False, source)
    except TimeoutError:
        if timeout < CONNECT_TIMEOUT:
            return _no_time(what)
        return Unreachable(what, f"no answer within {timeout:g} s", "a way to the task")
    except OSError as error:
        why = errno.errorcode.get(error.errno or 0, type(error).__name__)
        return Unreachable(what, f"{error.strerror or why}", "a way to the task")
