"""Reads everything that may show who has some addresses, at the same time, within one time budget."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial

from sddoctor.case.cloudmap import Instance
from sddoctor.case.ecs import RegisteredTask, Task
from sddoctor.case.seen import NOT_NEEDED, Fact
from sddoctor.case.whois import ClusterTasks, NamespaceInstances, Subnet, WhoisFacts
from sddoctor.formats.aws import interfaces as shapes
from sddoctor.observe.aws.calls import Calls
from sddoctor.observe.aws.identity import CallerIdentity
from sddoctor.observe.aws.session import Clients
from sddoctor.observe.aws.vpcs import list_vpcs
from sddoctor.observe.budget import Budget
from sddoctor.observe.whois import interfaces
from sddoctor.observe.whois.registered import RegistrationReader
from sddoctor.observe.whois.tasks import ClusterReader
from sddoctor.observe.whois.zones import zones_naming
from sddoctor.observe.work import begin

#: Clients are made one after the other, in the order in which the longest chains of calls need them.
CLIENTS = ("servicediscovery", "sts", "ecs", "ec2")


def observe(
    addresses: tuple[str, ...], region: str | None, profile: str | None, timeout: float, *, zones: bool = False
) -> WhoisFacts:
    """Find the owners of ``addresses`` (each in its canonical form) within ``timeout`` seconds.

    ``zones``: read every private hosted zone of the account whole, for the records that name them.
    What was not seen when the time is over becomes a gap; nothing raises.
    """
    at = datetime.now(UTC)
    begin()
    budget = Budget(timeout)
    clients = Clients(region, profile, budget, CLIENTS)
    calls = Calls(clients, budget)
    identity = CallerIdentity(calls)
    registrations = RegistrationReader(calls, identity, frozenset(addresses))
    clusters_reader = ClusterReader(calls)

    namespaces = calls.pending(registrations.namespaces, "the namespaces")
    clusters = calls.pending(clusters_reader.clusters, "the ECS clusters")
    subnets = calls.pending(partial(_subnets, calls), "the subnets")
    held = calls.pending(partial(interfaces.read, calls, addresses, subnets), interfaces.WHAT)
    vpcs = calls.pending(partial(list_vpcs, calls), "the VPCs")
    named = calls.pending(partial(zones_naming, calls, frozenset(addresses)), "the hosted zones") if zones else None
    seen_namespaces, seen_clusters = namespaces.fact(), clusters.fact()
    return WhoisFacts(
        at=at,
        region=clients.wait_for_region(),
        identity=identity.fact(),
        interfaces=held.fact(),
        vpcs=vpcs.fact(),
        subnets=subnets.fact(),
        clusters=seen_clusters,
        namespaces=seen_namespaces,
        looked_up=_looked_up(clusters_reader, seen_clusters, seen_namespaces),
        zones=named.fact() if named is not None else NOT_NEEDED,
    )


def _subnets(calls: Calls) -> Fact[tuple[Subnet, ...]]:
    return calls.pages("ec2", "DescribeSubnets", "the subnets", "Subnets").map(
        lambda seen: tuple(shapes.subnet(s) for s in seen)
    )


def _looked_up(
    reader: ClusterReader, clusters: Fact[tuple[ClusterTasks, ...]], namespaces: Fact[tuple[NamespaceInstances, ...]]
) -> tuple[RegisteredTask, ...]:
    """Describe the tasks that instances name and no list has. ECS has forgotten most of them."""
    known = {t.id for t in _tasks(clusters)}
    wanted: dict[str, dict[str, None]] = {}
    for instance in _instances(namespaces):
        cluster = instance.get("ECS_CLUSTER_NAME")
        if cluster and instance.id not in known:
            wanted.setdefault(cluster, {})[instance.id] = None
    return reader.named({c: tuple(sorted(ids)) for c, ids in wanted.items()})


def _tasks(clusters: Fact[tuple[ClusterTasks, ...]]) -> Iterator[Task]:
    for cluster in clusters.seen_or(()):
        for fact in (cluster.running, cluster.stopped):
            yield from fact.seen_or(())


def _instances(namespaces: Fact[tuple[NamespaceInstances, ...]]) -> Iterator[Instance]:
    for namespace in namespaces.seen_or(()):
        for service in namespace.services.seen_or(()):
            yield from service.instances.seen_or(())
