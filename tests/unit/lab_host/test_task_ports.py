"""The ports of a lab's tasks: who accepts, who refuses, who is silent."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

import sddoctor.lab
from sddoctor.lab.task_ports import TaskPorts
from sddoctor.lab.world import load

WORLDS = Path(sddoctor.lab.__file__).parent / "worlds"


def _map(world: str) -> dict[str, str | None]:
    ports = TaskPorts(load(WORLDS / f"{world}.yaml"))
    ports.close()
    return ports.map


def test_a_task_accepts_on_the_ports_of_its_containers() -> None:
    ports = TaskPorts(load(WORLDS / "article.yaml"))
    try:
        place = ports.map["10.10.211.50:3000"]
        assert place is not None
        address, _, port = place.partition("#")
        with socket.create_connection((address, int(port)), timeout=60) as connection:
            assert connection.recv(1) == b""
    finally:
        ports.close()


def test_a_port_that_only_a_check_names_is_refused() -> None:
    place = _map("health-check-failing")["10.10.211.50:8080"]
    assert place is not None
    address, _, port = place.partition("#")
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((address, int(port)), timeout=60).close()


def test_a_dead_host_is_silent_and_nothing_is_reached_without_the_vpn() -> None:
    assert _map("agent-disconnected")["10.10.212.150:3000"] is None
    assert _map("vpn-down") == {}
