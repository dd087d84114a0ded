"""A world in the making: plain data for the world's parser, and what those who break it have to know."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from ipaddress import IPv4Network
from typing import Any

from sddoctor.lab.world import World, parse

Data = dict[str, Any]

REGIONS = ("ap-northeast-1", "eu-central-1", "us-east-1", "us-west-2")


@dataclass
class Vpc:
    """A VPC with its stock of free addresses."""

    id: str
    cidr: str
    secondary: tuple[str, ...]
    rng: random.Random
    used: set[str] = field(default_factory=set)

    @property
    def resolver(self) -> str:
        return str(IPv4Network(self.cidr).network_address + 2)

    def address(self, *, primary: bool = False) -> str:
        """Take a free address, from any of the VPC's ranges unless ``primary``."""
        ranges = [IPv4Network(c) for c in ((self.cidr,) if primary else (self.cidr, *self.secondary))]
        while True:
            network = self.rng.choice(ranges)
            host = self.rng.randrange(16, network.num_addresses - 2)
            address = str(network.network_address + host)
            if address not in self.used:
                self.used.add(address)
                return address


@dataclass
class Sketch:
    """A world that is being drawn with random numbers of one seed; ``build`` makes it a world.

    ``asker`` says who asks: ``host-vpn`` (through a tunnel, asks the VPC resolver itself), ``host-forwarder`` (a server
    beside it forwards), ``host-public`` (a public name), ``in-vpc`` (its own VPC), ``client-vpc`` (--client-vpc).
    ``notes`` are words about the shape, for the report of a failure.
    """

    seed: int
    rng: random.Random
    data: Data = field(default_factory=dict)
    namespace: Data = field(default_factory=dict)
    service: Data = field(default_factory=dict)
    cluster: Data = field(default_factory=dict)
    ecs: Data = field(default_factory=dict)
    vpc: Vpc = field(init=False)
    client: Vpc = field(init=False)
    asker: str = ""
    mode: str = "awsvpc"
    opaque: bool = False
    notes: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The name that is asked for."""
        return str(self.data["name"])

    @property
    def full_name(self) -> str:
        """The name of the service."""
        return f"{self.service['name']}.{self.namespace['name']}"

    def hex(self, length: int) -> str:
        return "".join(self.rng.choices("0123456789abcdef", k=length))

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    def note(self, text: str) -> None:
        self.notes.append(text)

    def running(self) -> Iterator[Data]:
        """Yield the tasks of the ECS service that run and should."""
        for task in self.ecs["tasks"]:
            if task.get("last_status", "RUNNING") == "RUNNING" and task.get("desired_status", "RUNNING") == "RUNNING":
                yield task

    def build(self) -> World:
        return parse(self.data, f"of seed {self.seed}")
