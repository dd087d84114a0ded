"""Looks at a name again and again: its tasks, its instances, and what everybody answers who matters."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import TypeVar

from sddoctor.case.case import Case
from sddoctor.case.cloudmap import NamespaceView
from sddoctor.case.dns import Probe, Server
from sddoctor.case.ecs import EcsService, Task
from sddoctor.case.seen import Absent, Fact, NotAttempted, Seen
from sddoctor.case.watch import Answered, InstanceState, State, TaskState
from sddoctor.formats.aws import cloudmap
from sddoctor.observe.aws.calls import Calls
from sddoctor.observe.aws.ecs_reads import EcsReader
from sddoctor.observe.aws.session import Clients
from sddoctor.observe.budget import Budget
from sddoctor.observe.dns.ask import Query, ask
from sddoctor.observe.dns.network import network_of_environment
from sddoctor.observe.host.lookup import look_up
from sddoctor.observe.host.source import RunningHost
from sddoctor.observe.observer import ObserveOptions
from sddoctor.observe.work import pending, run_all
from sddoctor.resolution.choose import choose_if_seen

T = TypeVar("T")

SD = "servicediscovery"
#: The look-up of a program on this host, beside the servers that are asked by ourselves.
LOOK_UP = "look-up"
#: A server that has not answered within this time (seconds) is silent in this sample.
_PATIENCE = 2.0


class Follower:
    """Takes samples of a name that was observed before. ``view`` and ``services`` are what the first look found."""

    def __init__(
        self, case: Case, view: NamespaceView | None, services: tuple[EcsService, ...], options: ObserveOptions
    ) -> None:
        self._name = case.name
        self._view = view
        self._services = services
        self._options = options
        self._types = _types(view)
        self._network = network_of_environment()
        self._servers = _servers(case, hosts=self._network.has_host(options.root))
        self._clients = Clients(options.region, options.profile, Budget(options.timeout))
        self._clients.start()

    def sample(self) -> tuple[datetime, State]:
        """Look once, at everything at the same time. Never raises for what was not seen."""
        at = datetime.now(UTC)
        budget = Budget(self._options.timeout)
        calls = Calls(self._clients, budget)
        desired = pending(partial(self._desired, calls), "the desired tasks", budget)
        tasks = pending(partial(self._tasks, calls), "the tasks", budget)
        instances = pending(partial(self._instances, calls), "the instances", budget)
        jobs: list[Callable[[], Answered]] = [partial(self._answer, who, s) for who, s in self._servers]
        answers = run_all(jobs + self._look_ups(budget))
        return at, State(desired.fact(), tasks.fact(), instances.fact(), tuple(answers))

    def _desired(self, calls: Calls) -> Fact[int]:
        if not self._services:
            return NotAttempted("the desired tasks", "no ECS service is known for the name", "--cluster and --service")
        total = 0
        for cluster, names in _by_cluster(self._services).items():
            fact = EcsReader(calls).services(cluster, names)
            if not isinstance(fact, Seen):
                return _passed_on(fact)
            total += sum(s.desired for s in fact.value)
        return Seen(total, "ecs:DescribeServices")

    def _tasks(self, calls: Calls) -> Fact[tuple[TaskState, ...]]:
        if not self._services:
            return NotAttempted("the tasks", "no ECS service is known for the name", "--cluster and --service")
        reader = EcsReader(calls)
        flows = [
            calls.pending(partial(reader.tasks_of, s.cluster, s.name, status), f"the tasks of {s.name}")
            for s in self._services
            for status in ("RUNNING", "STOPPED")
        ]
        found: dict[str, TaskState] = {}
        for flow in flows:
            fact = flow.fact()
            if not isinstance(fact, Seen):
                return _passed_on(fact)
            found |= {t.id: _state(t) for t in fact.value}
        return Seen(tuple(found[i] for i in sorted(found)), "ecs:DescribeTasks")

    def _instances(self, calls: Calls) -> Fact[tuple[InstanceState, ...]]:
        service = self._view.service.seen_or(None) if self._view is not None else None
        if self._view is None or service is None:
            return NotAttempted("the instances", "no Cloud Map service is known for the name", "")
        key = service.id if self._view.namespace.owner == "SELF" else service.arn
        health = calls.pending(
            lambda: calls.pages(
                SD, "GetInstancesHealthStatus", "the health of the instances", "Status", ServiceId=key, MaxResults=100
            ),
            "the health of the instances",
        )
        listed = calls.pages(SD, "ListInstances", "the instances", "Instances", ServiceId=key, MaxResults=100)
        if not isinstance(listed, Seen):
            return _passed_on(listed)
        status = dict(health.fact().seen_or(()))
        found = [cloudmap.instance(i) for i in listed.value]
        states = [InstanceState(i.id, i.addresses, status.get(i.id)) for i in found]
        return Seen(tuple(sorted(states, key=lambda s: s.id)), listed.source)

    def _look_ups(self, budget: Budget) -> list[Callable[[], Answered]]:
        """Return the look-up of this host; that of another host's files cannot be made again."""
        if self._options.root is not None:
            return []
        return [partial(self._look_up, budget)]

    def _look_up(self, budget: Budget) -> Answered:
        found = look_up(self._name, RunningHost(budget), budget, final_dot=False).outcome
        if not isinstance(found, Seen):
            return Answered(LOOK_UP, error=_unseen(found))
        return Answered(LOOK_UP, tuple(sorted(found.value.addresses)), found.value.error)

    def _answer(self, who: str, server: Server) -> Answered:
        answers = [self._ask(server, rdtype) for rdtype in self._types]
        addresses = sorted(
            {a for p in answers if (seen := p.outcome.seen_or(None)) is not None for a in seen.addresses}
        )
        reached = any(isinstance(p.outcome, Seen) for p in answers)
        return Answered(who, tuple(addresses), None if addresses else _why(answers[0]), reached)

    def _ask(self, server: Server, rdtype: str) -> Probe:
        patience = min(_PATIENCE, self._options.timeout)
        query = Query(server, self._name, rdtype)
        probe = ask(query, self._network, patience)
        answer = probe.outcome.seen_or(None)
        if answer is not None and answer.truncated:
            return ask(Query(server, self._name, rdtype, transport="tcp"), self._network, patience)
        return probe


def _types(view: NamespaceView | None) -> tuple[str, ...]:
    service = view.service.seen_or(None) if view is not None else None
    published = service.record_types if service is not None else frozenset()
    return tuple(t for t in ("A", "AAAA") if t in published) or ("A",)


def _servers(case: Case, *, hosts: bool) -> list[tuple[str, Server]]:
    """Return the servers that matter: those of the VPC, and those that the host asks, if they are in reach from here."""
    place = case.places[0]
    found = {r.server: f"VPC {r.server}" for r in place.dns.resolvers.seen_or(())}
    choice = choose_if_seen(case.name, place.host).seen_or(None)
    if choice is not None and hosts:
        for server in choice.asks:
            found.setdefault(server, f"host {server}")
    return [(who, server) for server, who in found.items()]


def _by_cluster(services: tuple[EcsService, ...]) -> dict[str, tuple[str, ...]]:
    clusters = dict.fromkeys(s.cluster for s in services)
    return {c: tuple(sorted(s.name for s in services if s.cluster == c)) for c in clusters}


def _state(task: Task) -> TaskState:
    return TaskState(
        task.id, task.addresses, task.last_status, task.desired_status, task.health, task.started_at, task.stopping_at
    )


def _why(probe: Probe) -> str:
    outcome = probe.outcome
    if isinstance(outcome, Seen):
        return outcome.value.rcode if outcome.value.rcode != "NOERROR" else "no address"
    return _unseen(outcome)


def _unseen(fact: Fact[T]) -> str:
    return "no answer" if isinstance(fact, (Seen, Absent)) else fact.gap().why


def _passed_on(fact: Fact[object]) -> Fact[T]:
    """Return what was not seen, as a fact of whatever was to be made of it."""
    return fact  # type: ignore[return-value] # only Seen has a value, and it is none
