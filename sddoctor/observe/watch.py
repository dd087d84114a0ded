"""Samples a name repeatedly: its services, tasks and instances, and what each relevant server returns."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

from msgspec import Struct, structs

from sddoctor.bundle.secrets import without_secrets
from sddoctor.case.case import Case
from sddoctor.case.cloudmap import InstanceHealth, NamespaceView
from sddoctor.case.dns import Server
from sddoctor.case.ecs import EcsService
from sddoctor.case.route53 import Record
from sddoctor.case.seen import Absent, Fact, NotAttempted, Seen
from sddoctor.case.watch import HOST_LOOKUP, Answered, InstanceState, State, TaskState, ZoneState
from sddoctor.observe.aws.calls import Calls, joined
from sddoctor.observe.aws.cloudmap_lists import list_health, list_instances, service_key
from sddoctor.observe.aws.ecs_reads import EcsReader
from sddoctor.observe.aws.session import Clients
from sddoctor.observe.aws.zone_lists import records_around
from sddoctor.observe.budget import Budget
from sddoctor.observe.dns.client import QUERY_TIMEOUT
from sddoctor.observe.dns.network import network_of_environment
from sddoctor.observe.host.lookup import look_up
from sddoctor.observe.host.source import RunningHost
from sddoctor.observe.options import ObserveOptions
from sddoctor.observe.watch_answers import ServerAnswers, why_unseen
from sddoctor.observe.work import Pending, run_all
from sddoctor.resolution.choose import choose_if_seen
from sddoctor.resolution.dhcp import assigned_servers


class Followed(Struct, frozen=True):
    """What of a name is sampled. ``srv``: servers are queried for SRV, not for addresses.

    ``services`` are the ECS services that register under the name, ``None`` where they were not seen. ``of_records``: it has none,
    because it is no matter of Cloud Map, and the records of its zones are read instead.
    """

    case: Case
    view: NamespaceView | None
    services: tuple[EcsService, ...] | None
    srv: bool = False
    of_records: bool = False


class Follower:
    """Takes samples of a name that was observed before."""

    def __init__(self, followed: Followed, options: ObserveOptions) -> None:
        self._name = followed.case.name
        self._followed = followed
        self._options = options
        network = network_of_environment()
        self._servers = _servers(followed.case, hosts=network.has_host(options.root))
        types = ("SRV",) if followed.srv else _types(followed.view)
        self._answers = ServerAnswers(self._name, types, network, min(QUERY_TIMEOUT, options.timeout))
        self._clients = Clients(options.region, options.profile, Budget(options.timeout))

    def sample(self) -> tuple[datetime, State]:
        """Take a sample, of everything at the same time. Never raises for what was not seen."""
        at = datetime.now(UTC)
        budget = Budget(self._options.timeout)
        calls = Calls(self._clients, budget)
        services = calls.pending(partial(self._ecs_services, calls), "the ECS services")
        tasks = calls.pending(partial(self._tasks, calls), "the tasks")
        health = calls.pending(partial(self._health, calls), "the health of the instances")
        instances = calls.pending(partial(self._instances, calls, health), "the instances")
        jobs: list[Callable[[], Answered]] = [partial(self._answers.of, who, s) for who, s in self._servers]
        answers = tuple(run_all(jobs + self._lookups(budget)))
        zones = self._zones(calls)
        described = services.fact()
        desired = described.map(lambda seen: sum(s.desired for s in seen))
        return at, without_secrets(
            State(
                desired,
                tasks.fact(),
                instances.fact(),
                answers,
                described,
                health.fact(),
                self._followed.of_records,
                tuple(ZoneState(i, f.fact()) for i, f in zones),
            )
        )

    def _zones(self, calls: Calls) -> list[tuple[str, Pending[tuple[Record, ...]]]]:
        """Begin to read the records again that answer for the name, and for what it leads to."""
        if not self._followed.of_records:
            return []
        case = self._followed.case
        looks = [(z, self._name) for z in case.aws.zones.seen_or(())]
        looks += [(z, case.subject) for z in case.aws.target_zones.seen_or(())]
        readable = [(z, n) for z, n in looks if isinstance(z.records, Seen)]
        return [
            (z.id, calls.pending(partial(records_around, calls, z, n), f"the records of {z.name}")) for z, n in readable
        ]

    def _ecs_services(self, calls: Calls) -> Fact[tuple[EcsService, ...]]:
        if not self._followed.services:
            return self._without_services("the desired tasks")
        read, clusters = EcsReader(calls).services, _by_cluster(self._followed.services)
        fact = joined((read(cluster, names) for cluster, names in clusters.items()), "ecs:DescribeServices")
        # Events change all the time, and nothing is judged by them.
        return fact.map(lambda seen: tuple(structs.replace(s, events=()) for s in sorted(seen, key=lambda s: s.arn)))

    def _tasks(self, calls: Calls) -> Fact[tuple[TaskState, ...]]:
        if not self._followed.services:
            return self._without_services("the tasks")
        reader = EcsReader(calls)
        begun = [
            calls.pending(partial(reader.tasks_of, s.cluster, s.name, status), f"the tasks of {s.name}")
            for s in self._followed.services
            for status in ("RUNNING", "STOPPED")
        ]
        fact = joined((read.fact() for read in begun), "ecs:DescribeTasks")
        by_id = fact.map(lambda seen: {t.id: TaskState.of(t) for t in seen})
        return by_id.map(lambda states: tuple(states[i] for i in sorted(states)))

    def _without_services(self, what: str) -> Absent | NotAttempted:
        if self._followed.of_records:
            return Absent(f"{what} of a name that is not Cloud Map's", "route53:ListResourceRecordSets")
        if self._followed.services is None:
            return NotAttempted(what, "no ECS service is known for the name", "--cluster and --service")
        return Absent("an ECS service that registers here", "ecs:DescribeServices")

    def _instances(self, calls: Calls, health: Pending[tuple[InstanceHealth, ...]]) -> Fact[tuple[InstanceState, ...]]:
        key = self._service_key()
        if self._followed.of_records:
            return Absent("instances of a name that is not Cloud Map's", "route53:ListResourceRecordSets")
        if key is None:
            return NotAttempted("the instances", "no Cloud Map service is known for the name", "")
        listed = list_instances(calls, key, "the instances")
        status = {h.id: h.status for h in health.fact().seen_or(())}
        return listed.map(
            lambda seen: tuple(InstanceState.of(i, status.get(i.id)) for i in sorted(seen, key=lambda i: i.id))
        )

    def _health(self, calls: Calls) -> Fact[tuple[InstanceHealth, ...]]:
        key, what = self._service_key(), "the health of the instances"
        if key is None:
            return NotAttempted(what, "no Cloud Map service is known for the name", "")
        return list_health(calls, key, what)

    def _service_key(self) -> str | None:
        view = self._followed.view
        service = view.service.seen_or(None) if view is not None else None
        return service_key(view.namespace, service) if view is not None and service is not None else None

    def _lookups(self, budget: Budget) -> list[Callable[[], Answered]]:
        """Return the lookup on this host; there is none for SRV, and that of another host cannot be repeated."""
        if self._options.root is not None or self._followed.srv:
            return []
        return [partial(self._lookup, budget)]

    def _lookup(self, budget: Budget) -> Answered:
        found = look_up(self._name, RunningHost(budget), budget, final_dot=False).outcome
        if not isinstance(found, Seen):
            return Answered(HOST_LOOKUP, error=why_unseen(found), reached=False)
        error = found.value.error
        # Without any server, a lookup without an answer says nothing about the name.
        reached = bool(self._servers) or error != "temporary failure"
        return Answered(HOST_LOOKUP, tuple(sorted(found.value.addresses)), error, reached)


def _types(view: NamespaceView | None) -> tuple[str, ...]:
    service = view.service.seen_or(None) if view is not None else None
    published = service.record_types if service is not None else frozenset()
    return tuple(t for t in ("A", "AAAA") if t in published) or ("A",)


def _servers(case: Case, *, hosts: bool) -> list[tuple[str, Server]]:
    """Return the relevant servers with labels: those of the VPC, and those of the host if they are reachable from here."""
    place = case.places[0]
    found = {r.server: f"VPC {r.server}" for r in place.dns.resolvers.seen_or(())}
    choice = choose_if_seen(case.name, place.host).seen_or(None)
    if choice is not None and hosts:
        for server in choice.servers:
            found.setdefault(server, f"host {server}")
    if case.asked.client_vpc is not None:
        for server in assigned_servers(case.aws.vpc):
            found.setdefault(server, f"DHCP {server}")
    return [(who, server) for server, who in found.items()]


def _by_cluster(services: tuple[EcsService, ...]) -> dict[str, tuple[str, ...]]:
    clusters = dict.fromkeys(s.cluster for s in services)
    return {c: tuple(sorted(s.name for s in services if s.cluster == c)) for c in clusters}
