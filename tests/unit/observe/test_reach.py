"""Connections to tasks in doubt, over real sockets of the loopback interface."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from sddoctor.case.case import Case
from sddoctor.case.ecs import Container, HealthCheck, PortBinding, Task
from sddoctor.case.seen import NotAttempted, Seen, Unreachable
from sddoctor.observe import reach
from sddoctor.observe.budget import Budget
from sddoctor.observe.dns.network import VARIABLE, network_of_environment
from tests.unit.causes.ecs.ecs_case import case, container, definition, task

SICK = (task(1, health="UNHEALTHY", addresses=("127.0.0.1",)), task(2, health="UNHEALTHY", addresses=("127.0.0.2",)))


@pytest.fixture
def listening() -> Iterator[int]:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield server.getsockname()[1]


def on(port: int, tasks: tuple[Task, ...] = SICK) -> Case:
    check = HealthCheck(("CMD-SHELL", f"curl http://localhost:{port}/"))
    return case(tasks, definitions=(definition(container(health_check=check, ports=(PortBinding(port),))),))


def test_sound_tasks_are_left_alone(listening: int) -> None:
    assert (
        reach.connections(on(listening, (task(1), task(2))).aws, network_of_environment(), Budget(60), in_reach=True)
        == ()
    )


def test_a_port_accepts_and_another_address_refuses(listening: int) -> None:
    found = reach.connections(on(listening).aws, network_of_environment(), Budget(60), in_reach=True)
    assert [(c.address, c.port, c.accepted.peek()) for c in found] == [
        ("127.0.0.1", listening, True),
        ("127.0.0.2", listening, False),
    ]


def test_nothing_is_tried_where_the_vpc_is_out_of_reach(listening: int) -> None:
    found = reach.connections(on(listening).aws, network_of_environment(), Budget(60), in_reach=False)
    assert {type(c.accepted) for c in found} == {NotAttempted}


def test_in_the_lab_only_mapped_ports_are_contacted(
    listening: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    network = tmp_path / "network.json"
    mapped = {f"10.10.1.1:{listening}": f"127.0.0.1#{listening}", f"10.10.1.2:{listening}": None}
    network.write_text(json.dumps({"servers": {}, "connections": mapped}))
    monkeypatch.setenv(VARIABLE, str(network))
    tasks = tuple(task(n, health="UNHEALTHY") for n in (1, 2, 3))
    contacted = []
    connect = socket.create_connection

    def connecting(address: tuple[str, int], **options: Any) -> socket.socket:
        contacted.append(address)
        return connect(address, **options)

    monkeypatch.setattr(socket, "create_connection", connecting)
    found = reach.connections(on(listening, tasks).aws, network_of_environment(), Budget(60), in_reach=True)
    assert contacted == [("127.0.0.1", listening)]
    assert [(c.address, type(c.accepted)) for c in found] == [
        ("10.10.1.1", Seen),
        ("10.10.1.2", Unreachable),
        ("10.10.1.3", Unreachable),
    ]
    assert [c.accepted.kind for c in found[1:]] == ["silence", "no-route"]  # type: ignore[union-attr]


def test_without_time_nothing_is_waited_for(listening: int) -> None:
    found = reach.connections(on(listening).aws, network_of_environment(), Budget(0), in_reach=True)
    assert {type(c.accepted) for c in found} == {NotAttempted}


def test_many_sick_tasks_are_sampled(listening: int) -> None:
    tasks = tuple(task(n, health="UNHEALTHY", addresses=(f"127.0.1.{n}",)) for n in range(1, 50))
    assert len(reach.connections(on(listening, tasks).aws, network_of_environment(), Budget(60), in_reach=True)) <= 12


def test_a_returned_address_in_doubt_is_tried(listening: int) -> None:
    stopping = task(1, desired_status="STOPPED", addresses=("127.0.0.1",))
    closed = task(2, desired_status="STOPPED", addresses=("127.0.0.2",))
    aws = on(listening, (stopping, closed)).aws
    for returned in (("127.0.0.1", "127.0.0.2"), ()):
        found = reach.connections(
            aws, network_of_environment(), Budget(60), in_reach=True, returned=frozenset(returned)
        )
        tried = [("127.0.0.1", listening, True), ("127.0.0.2", listening, False)] if returned else []
        assert [(c.address, c.port, c.accepted.peek()) for c in found] == tried


def test_a_lost_agent_brings_others_to_compare_with(listening: int) -> None:
    lost = task(1, connectivity="DISCONNECTED", addresses=("127.0.0.2",))
    others = tuple(task(n, addresses=(f"127.0.1.{n}",)) for n in (2, 3, 4))
    found = reach.connections(on(listening, (lost, *others)).aws, network_of_environment(), Budget(60), in_reach=True)
    assert [c.address for c in found] == ["127.0.0.2", "127.0.1.2", "127.0.1.3"]


def test_in_bridge_mode_the_bound_port_of_the_host_is_tried(listening: int) -> None:
    bound = Container("dev-api", "RUNNING", "UNHEALTHY", bindings=(PortBinding(3000, listening),))
    sick = task(1, health="UNHEALTHY", containers=(bound,))
    of = on(3000, (sick,))
    bridge = replace(sick, addresses=())
    running = replace(of.aws.ecs.tasks[0], running=Seen((bridge,), "ecs"))
    aws = replace(of.aws, ecs=replace(of.aws.ecs, tasks=(running,)))
    found = reach.connections(aws, network_of_environment(), Budget(60), in_reach=False)
    assert [(c.address, c.port) for c in found] == [("10.10.1.1", listening)]
