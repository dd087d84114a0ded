"""Every reader of AWS's responses, let read responses that have every member."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache, partial
from typing import Any, cast

import pytest

from sddoctor.case.seen import Absent, Fact, Seen
from sddoctor.observe.aws import cloudmap_lists, resolver, targets, vpcs, zone_lists, zones
from sddoctor.observe.aws.calls import Calls
from sddoctor.observe.aws.cloudmap import ViewObserver
from sddoctor.observe.aws.ecs_reads import EcsReader
from sddoctor.observe.aws.identity import CallerIdentity
from sddoctor.observe.aws.session import Clients
from sddoctor.observe.aws.shared import Reads
from sddoctor.observe.budget import Budget
from sddoctor.observe.whois import interfaces, observer
from tests.aws_members.sample import ROUNDS, Noted, operation_of, response

#: A name that is a service in a namespace, both called as every text of a response.
_NAME = "x.x"
#: Names of what AWS runs; responses have their parts.
_OF_AWS = (
    "web-1234.eu-west-1.elb.amazonaws.com",
    "db.abc.eu-west-1.rds.amazonaws.com",
    "db.cluster-abc.eu-west-1.rds.amazonaws.com",
    "db.proxy-abc.eu-west-1.rds.amazonaws.com",
    "vpce-0a1b-xyz.ecs.eu-west-1.vpce.amazonaws.com",
    "ecs.eu-west-1.amazonaws.com",
)


class _Client:
    """A client of a service, which has a response with every member for each method."""

    def __init__(self, service: str, number: int, taken: dict[str, set[str]]) -> None:
        self._drawn = service, number, taken
        self._called: set[str] = set()

    def __getattr__(self, method: str) -> Callable[..., Any]:
        service, number, taken = self._drawn
        operation = operation_of(service, method)
        action = f"{'elasticloadbalancing' if service == 'elbv2' else service}:{operation}"
        notes = taken.setdefault(action, set())

        def call(**_: Any) -> Noted:
            answer = response(service, operation, number, notes)
            if "IsTruncated" in answer:
                answer["IsTruncated"] = operation not in self._called
            self._called.add(operation)
            return answer

        return call


class _Clients:
    region = "eu-west-1"

    def __init__(self, number: int, taken: dict[str, set[str]]) -> None:
        self._drawn = number, taken
        self._made: dict[str, _Client] = {}

    def get(self, service: str) -> _Client:
        return self._made.setdefault(service, _Client(service, *self._drawn))

    def wait_for(self, service: str) -> None:
        del service


@cache
def taken_members() -> dict[str, frozenset[str]]:
    """Return the paths that the readers take out of the response of each operation that they call (``ecs:DescribeTasks``)."""
    taken: dict[str, set[str]] = {}
    seen: dict[str, bool] = {}
    for number in range(ROUNDS):
        with pytest.MonkeyPatch.context() as patch:
            if number % 2:
                patch.setattr(resolver, "FEW_RULES", 0)  # then rules are listed, not read one by one
            calls = Calls(cast("Clients", _Clients(number, taken)), Budget(60))
            for what, fact in _read_all(calls):
                # Of the endpoints of a service only one that is available and takes its name counts.
                read = isinstance(fact, Seen) or (what == _OF_AWS[-1] and isinstance(fact, Absent))
                seen[what] = read or seen.get(what, False)
    unseen = [what for what, was in seen.items() if not was]
    assert unseen == []
    return {operation: frozenset(paths) for operation, paths in taken.items()}


def _read_all(calls: Calls) -> Iterator[tuple[str, Fact[Any]]]:
    """Yield what each reader returns. Whoever adds a call adds its reader here, or the test of the policy's actions fails."""
    yield "the caller", CallerIdentity(calls).fact()
    yield from _of_cloud_map(calls)
    yield from _of_ecs(calls)
    yield from _of_vpcs(calls)
    yield "the zone", zones.read_zone(calls, "Z1")
    yield "the zones over a name", zone_lists.zones_over(calls, "x.z")
    yield "the records of a name", zones.read_records(calls, "Z1", "x")
    yield "the first records", zones.first_records(calls, "Z1")
    yield "the records of a type", zones.records_of_type(calls, "Z1", "x", "NS")
    yield "all records", zones.index_records(calls, "Z1")
    zones.pages_of(calls, "Z1")
    yield from ((name, targets.target_of(calls, name, "eu-west-1", "vpc-1")) for name in _OF_AWS)


def _of_cloud_map(calls: Calls) -> Iterator[tuple[str, Fact[Any]]]:
    reads = Reads(calls, lambda: "eu-west-1")
    namespaces = cloudmap_lists.list_namespaces(calls, CallerIdentity(calls))
    yield "the namespaces", namespaces
    observed = ViewObserver(_NAME, namespaces.value[0], reads)
    view = observed.view(observed.operations())
    yield from (("the services", view.services), ("the instances", view.instances), ("the health", view.health))
    yield "the operations", view.operations
    yield "what is discovered", cloudmap_lists.discover(calls, _NAME)


def _of_ecs(calls: Calls) -> Iterator[tuple[str, Fact[Any]]]:
    ecs = EcsReader(calls)
    yield "the clusters", ecs.clusters()
    yield "the ECS services", ecs.walk("x").services
    yield "the tasks", ecs.tasks_of("x", "x", "RUNNING")
    yield "the tasks that instances name", ecs.known_tasks("x", ("x",))
    yield "the task definition", ecs.definition("x")
    yield "the container instances", ecs.container_instances("x", ("x",))


def _of_vpcs(calls: Calls) -> Iterator[tuple[str, Fact[Any]]]:
    reader, listed = vpcs.VpcReader(calls, "eu-west-1"), vpcs.list_vpcs(calls)
    dns = reader.dns_of("x", listed, inside=True)
    yield from ((field, getattr(dns, field)) for field in dns.__struct_fields__ if field != "vpc_id")
    endpoints = reader.endpoints()
    yield "the inbound endpoints", endpoints
    yield "the security groups", reader.security_groups(endpoints)
    yield "the Client VPN endpoints", reader.client_vpns()
    yield "the interfaces", reader.interfaces(("10.0.0.1",))
    subnets = calls.pending(partial(observer._subnets, calls), "the subnets")
    yield "whose the addresses are", interfaces.read(calls, ("10.0.0.1",), subnets)
