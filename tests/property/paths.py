"""Paths of every shape, sound or broken at one or two stations, made without any server: cheap enough for thousands."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any

from msgspec.structs import replace

from sddoctor.case.case import Case
from sddoctor.case.dns import Answer, Rr, Server
from sddoctor.case.ecs import Task
from sddoctor.stations.model import Station
from tests.unit.causes.ecs.ecs_case import ago, service, task
from tests.unit.stations.path_case import HOME, SECOND, VPC, a, denial, for_client_vpc, path_case, soa, unseen_view


@dataclass
class Shape:
    """A path in the making. ``said`` is what comes out, from station to station, until a fault changes it."""

    rng: random.Random
    count: int
    by: str = ""
    client: str = "host"
    tasks: list[Task] = field(default_factory=list)
    desired: int = 0
    registered: list[Task] = field(default_factory=list)
    recorded: list[str] = field(default_factory=list)
    answers: dict[str, Answer | None] = field(default_factory=dict)

    @property
    def addresses(self) -> list[str]:
        return [x for t in self.registered for x in t.addresses]


def shape(seed: int, *, most: int = 30) -> Shape:
    """Draw a sound path."""
    rng = random.Random(seed)
    made = Shape(rng, rng.choice((1, 2, 2, 3, 5, 8, rng.randrange(1, most + 1))))
    made.count = min(made.count, most)
    made.by = rng.choice(("vpc", "vpc", "home", "home, second", "stub to vpc", "stub to home"))
    made.client = rng.choice(("host", "host", "host", "client-vpc"))
    made.tasks = [_running(n, rng) for n in range(1, made.count + 1)]
    made.desired, made.registered = made.count, list(made.tasks)
    made.recorded = made.addresses
    return made


def _running(number: int, rng: random.Random) -> Task:
    age = rng.uniform(900, 9e6)
    return task(number, started_at=ago(age), created_at=ago(age + rng.uniform(15, 60)))


def build(made: Shape, faults: dict[Station, str] | None = None, *, weighted: bool = False) -> Case:
    """Make the case: each station passes on what came out before it, but where a fault changes that."""
    faults = faults or {}
    most = 1 if weighted else 8
    passed = _said(faults.get("vpc-answer"), made.recorded, made, most)
    vpc = None if faults.get("path") else passed
    servers: dict[Server, Any] = {VPC: vpc}
    last = vpc
    if "home" in made.by:
        last = _said(faults.get("servers"), made.recorded, made, most) if "servers" in faults else passed
        servers = {HOME: last}
        if "second" in made.by:
            # libc asks the next server after a referral (tests/system/test_glibc_answers.py).
            servers[SECOND] = passed if last is not None and not last.is_referral else last
    more: dict[str, Any] = {}
    if "stub" in made.by:
        last = _said(faults.get("stub"), made.recorded, made, most) if "stub" in faults else last
        more["stub"] = last
    gets = _gets(last) if "program" not in faults else faults["program"]
    case = path_case(
        tuple(made.tasks),
        of=service(desired=made.desired, running=len(made.tasks)),
        registered=tuple(made.registered),
        answered=tuple(made.recorded),
        vpc=vpc,
        servers=servers,
        gets=gets,
        **more,
    )
    if weighted:
        (view,) = case.aws.cloudmap.views
        case = unseen_view(case, service=view.service.map(lambda s: replace(s, routing_policy="WEIGHTED")))
    return for_client_vpc(case) if made.client == "client-vpc" else case


def _said(fault: str | None, addresses: list[str], made: Shape, most: int) -> Answer | None:
    if fault == "silence":
        return None
    if fault == "foreign":
        return a("10.9.9.9")
    if fault == "referral":
        return Answer("NOERROR", authority=(Rr("internal", "NS", 60, "ns.example.com"),))
    if fault == "NODATA":
        return denial("NOERROR", soa(""))
    if fault is not None:
        return denial(fault, *((soa(""),) if fault == "NXDOMAIN" else ()))
    given = addresses if len(addresses) <= most else made.rng.sample(addresses, most)
    return a(*given) if given else denial("NXDOMAIN", soa())


def _gets(said: Answer | None) -> tuple[str, ...] | str:
    if said is None or said.is_referral or said.rcode not in ("NOERROR", "NXDOMAIN"):
        return "temporary failure"
    return said.addresses or "not found"
