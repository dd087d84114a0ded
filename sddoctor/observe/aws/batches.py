"""Reads for many names at once: full batches and whole pages instead of calls for each name.

The observers of each name get what was read in batches without knowing the difference. What is in no batch, because only
one name needs it, is read as a check reads it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from functools import partial
from typing import Any, TypeVar

from msgspec import Struct

from sddoctor.bundle.secrets import each_without_secrets
from sddoctor.case.cloudmap import CloudMapService, Instance, Namespace
from sddoctor.case.ecs import ContainerInstance, EcsService, Task
from sddoctor.case.route53 import Record
from sddoctor.case.seen import Fact, NotAttempted, Seen
from sddoctor.observe.aws.calls import Calls
from sddoctor.observe.aws.cloudmap_lists import list_health, list_instances, service_key
from sddoctor.observe.aws.ecs_reads import SERVICES_AT_ONCE, EcsReader, short_name
from sddoctor.observe.aws.shared import Reads
from sddoctor.observe.aws.zones import ZoneIndex, index_records, pages_of, read_records
from sddoctor.observe.work import Pending

T = TypeVar("T")
S = TypeVar("S", bound=Struct)
#: A thing of a cluster: the cluster's name, and the thing's name or ARN.
Key = tuple[str, str]

#: The most that the describing operation takes at once.
#: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeTasks.html
TASKS_AT_ONCE = 100


class Registered(Struct, frozen=True):
    """A Cloud Map service in a namespace, as it was listed."""

    namespace: Namespace
    service: CloudMapService

    @property
    def name(self) -> str:
        """The name in DNS, lower case."""
        return f"{self.service.name}.{self.namespace.name}".lower()

    @property
    def key(self) -> str:
        """The id of the service in calls."""
        return service_key(self.namespace, self.service)


class _Batched(EcsReader):
    """An ECS reader that returns things from batches, if they are in them."""

    def __init__(self, calls: Calls) -> None:
        super().__init__(calls)
        self.read_services: dict[Key, Seen[EcsService | None]] = {}
        self.read_tasks: dict[Key, Seen[Task | None]] = {}
        self.read_hosts: dict[Key, Seen[ContainerInstance | None]] = {}

    def services(self, cluster: str, names: tuple[str, ...]) -> Fact[tuple[EcsService, ...]]:
        """Return services from the batches, or describe them."""
        return _picked(self.read_services, cluster, names) or super().services(cluster, names)

    def tasks(self, cluster: str, ids: tuple[str, ...], what: str) -> Fact[tuple[Task, ...]]:
        """Return tasks from the batches, or describe them."""
        return _picked(self.read_tasks, cluster, ids) or super().tasks(cluster, ids, what)

    def container_instances(self, cluster: str, arns: tuple[str, ...]) -> Fact[tuple[ContainerInstance, ...]]:
        """Return hosts from the batches, or describe them."""
        return _picked(self.read_hosts, cluster, arns) or super().container_instances(cluster, arns)

    def fill_services(self, wanted: Iterable[Key]) -> None:
        """Describe services, ten at a time."""
        describe = super().services
        _fill(self.read_services, wanted, SERVICES_AT_ONCE, describe, lambda s: s.name, self._calls)

    def fill_tasks(self, wanted: Iterable[Key]) -> None:
        """Describe tasks, a hundred at a time."""

        def describe(cluster: str, ids: tuple[str, ...]) -> Fact[tuple[Task, ...]]:
            return EcsReader.tasks(self, cluster, ids, f"the tasks of cluster {cluster}")

        _fill(self.read_tasks, wanted, TASKS_AT_ONCE, describe, lambda t: t.arn, self._calls)

    def fill_hosts(self, wanted: Iterable[Key]) -> None:
        """Describe container instances, a hundred at a time."""
        _fill(self.read_hosts, wanted, TASKS_AT_ONCE, super().container_instances, lambda c: c.arn, self._calls)

    def forget(self) -> None:
        """Drop the batches."""
        for known in (self.read_services, self.read_tasks, self.read_hosts):
            known.clear()


class BatchReads(Reads):
    """The shared reads of one account and region for many names: prepare a chunk, observe its names, and forget it."""

    def __init__(self, calls: Calls, region: Callable[[], str | None]) -> None:
        super().__init__(calls, region)
        self.ecs: _Batched = _Batched(calls)
        self._whole_zones: set[str] = set()
        self._lock = threading.Lock()
        self._clean: dict[Key, object] = {}
        self._clean_ids: frozenset[int] = frozenset()

    @property
    def clean(self) -> Container[int]:
        """The ids of the long lists that every name's case shares: secrets are looked for in them once."""
        return self._clean_ids

    def _list_services(self, namespace: Namespace) -> Fact[tuple[CloudMapService, ...]]:
        return self._cleaned(("services", namespace.id), super()._list_services(namespace))

    def _walk(self, cluster: str) -> Fact[tuple[EcsService, ...]]:
        return self._cleaned(("walk", cluster), super()._walk(cluster))

    def _cleaned(self, key: Key, fact: Fact[tuple[S, ...]]) -> Fact[tuple[S, ...]]:
        if not isinstance(fact, Seen):
            return fact
        clean = each_without_secrets(fact.value)
        with self._lock:
            self._clean[key] = clean
            self._clean_ids = frozenset(map(id, self._clean.values()))
        return Seen(clean, fact.source, fact.at, fact.unread)

    def siblings(self, cluster: str, known: tuple[str, ...]) -> Fact[tuple[EcsService, ...]]:
        """Other services of the cluster than the ``known`` ones: all of them, which are described once for all names."""
        return self.ecs_services(cluster).fact().map(lambda seen: tuple(s for s in seen if s.name not in known))

    def discovered(self, name: str) -> Fact[tuple[Instance, ...]]:
        """Not read: it is only a shortcut to the lists, which are read for all names anyway."""
        return NotAttempted(f"the instances of {name} by DiscoverInstances", "the lists of all names were read")

    def expect(self, zone_id: str, names: int) -> None:
        """Announce how many names of a zone will be observed: with more names than pages the whole zone is read."""
        if names > pages_of(self.calls, zone_id):
            self._whole_zones.add(zone_id)

    def records(self, zone_id: str, name: str) -> Fact[tuple[Record, ...]]:
        """Return the records at a name, from the whole zone if that is read."""
        if zone_id not in self._whole_zones:
            return read_records(self.calls, zone_id, name)
        index: Fact[ZoneIndex] = self.once(
            ("records", zone_id), partial(index_records, self.calls, zone_id), f"the records of {zone_id}"
        ).fact()
        return index.map(lambda seen: seen.below(name))

    def prepare(self, chunk: Sequence[Registered]) -> None:
        """Read what the observers of these names will need, in as few calls as pages and batches allow."""
        listed = [self._instances_of(r) for r in chunk]
        health = [self._health_of(r) for r in chunk]
        pairs = sorted({p for f in listed for i in f.fact().seen_or(()) if (p := _ecs_service_of(i))})
        services = self.calls.pending(partial(self._describe, pairs), "the ECS services")
        tasks = [self.calls.pending(partial(self.ecs.list_tasks, c, s), f"the tasks of {s}") for c, s in pairs]
        found = [(c, arn) for (c, _), f in zip(pairs, tasks, strict=True) for arn in f.fact().seen_or(())]
        self.ecs.fill_tasks(found)
        services.fact()
        self._prepare_definitions()
        self.ecs.fill_hosts((c, t.container_instance) for c, t in self._known_tasks() if t.container_instance)
        for read in health:
            read.fact()

    def _instances_of(self, registered: Registered) -> Pending[tuple[Instance, ...]]:
        what = f"the instances of {registered.name}"
        return self.calls.pending(partial(list_instances, self.calls, registered.key, what), what)

    def _health_of(self, registered: Registered) -> Pending[Any]:
        what = f"the health of the instances of {registered.name}"
        return self.calls.pending(partial(list_health, self.calls, registered.key, what), what)

    def _describe(self, pairs: list[Key]) -> Fact[None]:
        self.ecs.fill_services(pairs)
        return Seen(None, "ecs:DescribeServices")

    def _known_tasks(self) -> list[tuple[str, Task]]:
        return [(c, t) for (c, _), f in self.ecs.read_tasks.items() if (t := f.seen_or(None)) is not None]

    def _prepare_definitions(self) -> None:
        arns = {t.task_definition: None for _, t in self._known_tasks()}
        arns |= {s.task_definition: None for f in self.ecs.read_services.values() if (s := f.seen_or(None)) is not None}
        begun = [self.calls.pending(partial(self.ecs.definition, a), f"the task definition {a}") for a in arns if a]
        for read in begun:
            read.fact()

    def forget(self) -> None:
        """Drop what belongs to the prepared names, and keep what further names share."""
        self.calls.forget()
        self.ecs.forget()

    def forget_namespaces(self, namespaces: Iterable[Namespace]) -> None:
        """Drop the services and records of namespaces whose names have all been observed."""
        with self._lock:
            for namespace in namespaces:
                self._begun.forget(("services", namespace.id), ("records", namespace.hosted_zone_id))
                self._clean.pop(("services", namespace.id), None)
            self._clean_ids = frozenset(map(id, self._clean.values()))


def _ecs_service_of(instance: Instance) -> Key | None:
    cluster, service = instance.get("ECS_CLUSTER_NAME"), instance.get("ECS_SERVICE_NAME")
    return (short_name(cluster), service) if cluster and service else None


def _picked(known: dict[Key, Seen[T | None]], cluster: str, ids: tuple[str, ...]) -> Fact[tuple[T, ...]] | None:
    """Return these things from the batches, or ``None`` unless each of them was in one."""
    facts = [known.get((short_name(cluster), i)) for i in ids]
    if not facts or any(f is None for f in facts):
        return None
    seen = [f for f in facts if f is not None]
    unread = tuple(dict.fromkeys(u for f in seen for u in f.unread))
    return Seen(tuple(f.value for f in seen if f.value is not None), seen[0].source, seen[0].at, unread)


def _fill(
    known: dict[Key, Seen[T | None]],
    wanted: Iterable[Key],
    size: int,
    describe: Callable[[str, tuple[str, ...]], Fact[tuple[T, ...]]],
    name_of: Callable[[T], str],
    calls: Calls,
) -> None:
    """Describe things in full batches, at the same time, and keep what was found of each.

    Of a batch that was not seen nothing is kept: one thing in it may be the reason, so each is then read by itself.
    """
    by_cluster: dict[str, dict[str, None]] = {}
    for cluster, name in wanted:
        by_cluster.setdefault(cluster, {})[name] = None
    batches = [
        (c, batch)
        for c, names in sorted(by_cluster.items())
        for batch in (tuple(names)[i : i + size] for i in range(0, len(names), size))
    ]
    begun = [calls.pending(partial(describe, c, batch), f"things of cluster {c}") for c, batch in batches]
    for (cluster, batch), read in zip(batches, begun, strict=True):
        fact = read.fact()
        if not isinstance(fact, Seen):
            continue
        found = {name_of(t): t for t in fact.value}
        known.update({(cluster, name): Seen(found.get(name), fact.source, fact.at, fact.unread) for name in batch})


def in_chunks(services: Sequence[Registered], most: int, most_instances: int) -> Iterator[list[Registered]]:
    """Split services into chunks of at most ``most``, with about ``most_instances`` instances together."""
    chunk: list[Registered] = []
    instances = 0
    for registered in services:
        count = max(1, registered.service.instance_count or 0)
        if chunk and (len(chunk) >= most or instances + count > most_instances):
            yield chunk
            chunk, instances = [], 0
        chunk.append(registered)
        instances += count
    if chunk:
        yield chunk
