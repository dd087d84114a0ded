"""The ports of a lab's tasks: who accepts, who refuses, who is silent."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

import sddoctor.lab
from sddoctor.lab.named import Named
from sddoctor.lab.task_ports import TaskPorts
from sddoctor.lab.world import load, merge, parse, plain

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


def test_what_aws_runs_accepts_connections_while_it_works() -> None:
    world = merge(
        plain(WORLDS / "article.yaml"),
        {
            "load_balancers": [
                {"name": "web", "addresses": ["10.10.5.1"], "ports": [443]},
                {"name": "old", "addresses": ["10.10.5.2"], "ports": [443], "state": "failed"},
            ],
            "databases": {
                "instances": [
                    {"id": "a", "address": "10.10.7.1"},
                    {"id": "b", "address": "10.10.7.2", "status": "stopped"},
                ]
            },
            "vpc_endpoints": [
                {"id": "vpce-1", "vpc": "vpc-0a1b2c3d4e5f60718", "service": "ecs", "addresses": ["10.10.6.1"]}
            ],
        },
    )
    named = Named(parse(world))
    ports = TaskPorts(parse(world), named)
    try:
        silent = {a for a, place in ports.map.items() if place is None}
        accepting = {a for a, place in ports.map.items() if place not in (None, "127.0.0.1#1")}
        assert {"10.10.5.2:443", "10.10.7.2:5432"} <= silent
        assert {"10.10.5.1:443", "10.10.7.1:5432", "10.10.6.1:443"} <= accepting
        named.set_status(parse(world).databases.instances[1], "available")
        assert ports.map["10.10.7.2:5432"]
    finally:
        ports.close()
