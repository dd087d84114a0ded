"""Observes every name of namespaces, regions and accounts, in chunks, so that memory does not grow with them."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Generic, TypeAlias, TypeVar

from msgspec import Struct

from sddoctor.case.case import Asked, Case
from sddoctor.case.cloudmap import Namespace
from sddoctor.case.dns import Server
from sddoctor.case.seen import Absent, Fact, Gap, Seen
from sddoctor.observe.aws.batches import BatchReads, Registered, in_chunks
from sddoctor.observe.aws.calls import Calls
from sddoctor.observe.aws.pace import Bucket, Pace
from sddoctor.observe.aws.session import Clients, Shared
from sddoctor.observe.budget import Budget
from sddoctor.observe.dns.network import network_of_environment
from sddoctor.observe.dns.silent import SilentServers
from sddoctor.observe.host.cached import CachedHost
from sddoctor.observe.host.source import HostSource, RunningHost, open_root
from sddoctor.observe.observer import observe_by_records, observe_in_scan
from sddoctor.observe.options import ObserveOptions
from sddoctor.observe.work import begin, stream

T = TypeVar("T")

#: Names whose AWS side is read together, and their instances.
CHUNK, CHUNK_INSTANCES = 100, 1000
#: Names of a chunk that are observed at once: most of that is waiting for answers.
NAMES_AT_ONCE = 8
#: Accounts and regions that are read at once.
TARGETS_AT_ONCE = 4
#: Seconds that a name may take, apart from calls to AWS.
SECONDS_A_NAME = 60.0
#: The budget of calls to AWS in seconds: they take as long as they take.
_FOREVER = 10.0**7


class Target(Struct, frozen=True):
    """An account and region by the credentials for it; ``None``: as boto3 finds it."""

    region: str | None = None
    profile: str | None = None
    role: str | None = None


class Where(Struct, frozen=True):
    """Where names are. ``account`` is empty when it is not known."""

    target: Target
    account: str
    region: str


class NameSeen(Struct, Generic[T], frozen=True):
    """A name that was observed, and what ``judge`` returned for its case."""

    where: Where
    namespace: str
    name: str
    result: T


class PartMissed(Struct, frozen=True):
    """An account and region, or a namespace of it, whose names could not be listed."""

    where: Where
    namespace: str | None
    gap: Gap


class NamesListed(Struct, frozen=True):
    """The number of names that will be observed, and of services that are not in DNS and were left out."""

    where: Where
    namespace: str
    names: int
    api_only: int


class TargetDone(Struct, frozen=True):
    """An account and region of which everything was observed. ``namespaces`` are the names of all that it has."""

    where: Where
    namespaces: tuple[str, ...] = ()
    throttles: int = 0


Event: TypeAlias = NameSeen[T] | PartMissed | NamesListed | TargetDone


class EstateOptions(Struct, frozen=True):
    """What is observed. ``wanted`` selects names; ``share`` is the part of AWS's published rates that may be used.

    ``by_records``: only AWS is read, and a name is judged for a client in a VPC of its zone.
    """

    namespaces: frozenset[str] = frozenset()
    wanted: Callable[[Where, str], bool] = lambda _where, _name: True
    api_only: bool = False
    nameservers: tuple[Server, ...] = ()
    client_vpc: str | None = None
    by_records: bool = False
    samples: int = 8
    root: Path | None = None
    share: float = 1.0


def observe_estate(targets: Sequence[Target], options: EstateOptions, judge: Callable[[Case], T]) -> Iterator[Event[T]]:
    """Observe every name of the targets, and yield what ``judge`` returns for each as it comes.

    Raises ``HostRootError`` for an unreadable root, and what ``judge`` raises.
    """
    from botocore.loaders import create_loader

    source = CachedHost(open_root(options.root) if options.root is not None else RunningHost())
    loader = create_loader()
    buckets: dict[tuple[str | None, str | None], dict[str, Bucket]] = {}
    scans = [
        _TargetScan(t, options, source, judge, loader, buckets.setdefault((t.profile, t.role), {})) for t in targets
    ]
    yield from stream(scans, lambda scan: scan.events(), "an account and region", TARGETS_AT_ONCE)


class _TargetScan(Generic[T]):
    """The scan of one account and region."""

    def __init__(
        self,
        target: Target,
        options: EstateOptions,
        source: HostSource,
        judge: Callable[[Case], T],
        loader: Any,
        buckets: dict[str, Bucket],
    ) -> None:
        self._target = target
        self._options = options
        self._source = source
        self._judge = judge
        self._loader = loader
        self._pace = Pace(options.share, buckets)
        self._silent = SilentServers()
        self._network = network_of_environment()

    def events(self) -> Iterator[Event[T]]:
        """Observe everything. Clients and reads are dropped at the end."""
        begin()
        budget = Budget(_FOREVER)
        clients = Clients(
            self._target.region, self._target.profile, budget, shared=Shared(self._target.role, self._loader)
        )
        reads = BatchReads(Calls(clients, budget, self._pace), clients.wait_for_region)
        listed = reads.namespaces().fact()
        where = Where(self._target, reads.identity.account() or "", clients.wait_for_region() or "")
        if not isinstance(listed, Seen):
            yield PartMissed(where, None, _gap(listed))
            return
        by_name: dict[str, list[Namespace]] = {}
        for namespace in sorted(listed.value, key=lambda n: (n.name.lower(), n.id)):
            by_name.setdefault(namespace.name.lower(), []).append(namespace)
        for name, namespaces in by_name.items():
            if not self._options.namespaces or name in self._options.namespaces:
                found = yield from self._list_names(where, reads, name, namespaces)
                _expect_records(reads, name, listed.value, len(found))
                yield from self._observe_names(where, reads, name, namespaces, found)
        yield TargetDone(where, tuple(by_name), self._pace.throttles)

    def _list_names(
        self, where: Where, reads: BatchReads, name: str, namespaces: list[Namespace]
    ) -> Generator[Event[T], None, dict[str, list[Registered]]]:
        """Return the wanted services of the namespaces of one name, by their name in DNS."""
        found: dict[str, list[Registered]] = {}
        api_only = 0
        for namespace in namespaces:
            if namespace.type == "HTTP" and not self._options.api_only:
                continue
            services = reads.services(namespace).fact()
            if not isinstance(services, Seen):
                yield PartMissed(where, name, _gap(services))
                continue
            for service in services.value:
                registered = Registered(namespace, service)
                if service.type == "HTTP" and not self._options.api_only:
                    api_only += 1
                elif self._options.wanted(where, registered.name):
                    found.setdefault(registered.name, []).append(registered)
        yield NamesListed(where, name, len(found), api_only)
        return found

    def _observe_names(
        self,
        where: Where,
        reads: BatchReads,
        namespace: str,
        namespaces: list[Namespace],
        found: dict[str, list[Registered]],
    ) -> Iterator[Event[T]]:
        in_order = [registered for _, same in sorted(found.items()) for registered in same]
        last = ""
        for chunk in in_chunks(in_order, CHUNK, CHUNK_INSTANCES):
            reads.prepare(chunk)
            names = dict.fromkeys(registered.name for registered in chunk if registered.name != last)
            last = chunk[-1].name
            observe = partial(self._observe_name, where, reads, namespace, self._client_vpc(reads, namespaces))
            yield from stream(names, lambda n: [observe(n)], "a name", NAMES_AT_ONCE)  # noqa: B023 - used up in this turn
            reads.forget()
        reads.forget_namespaces(namespaces)

    def _client_vpc(self, reads: BatchReads, namespaces: list[Namespace]) -> str | None:
        """Return the VPC of the clients: the one named, or one that the zone is associated with."""
        if self._options.client_vpc is not None or not self._options.by_records:
            return self._options.client_vpc
        here = [v.id for v in reads.vpcs().fact().seen_or(())]
        zones = [reads.zone(n.hosted_zone_id).fact().seen_or(None) for n in namespaces if n.hosted_zone_id]
        with_zone = [v.vpc_id for zone in zones if zone is not None for v in zone.vpcs]
        return next((v for v in with_zone if v in here), next(iter([*with_zone, *here]), None))

    def _observe_name(
        self, where: Where, reads: BatchReads, namespace: str, client_vpc: str | None, name: str
    ) -> NameSeen[T]:
        asked = Asked(name, self._options.nameservers, client_vpc, by_records=self._options.by_records)
        if self._options.by_records:
            return NameSeen(where, namespace, name, self._judge(observe_by_records(asked, reads)))
        options = ObserveOptions(
            region=where.region,
            timeout=SECONDS_A_NAME,
            samples=self._options.samples,
            root=self._options.root,
            silent=self._silent,
        )
        case = observe_in_scan(asked, options, self._source, self._network, reads)
        return NameSeen(where, namespace, name, self._judge(case))


def _expect_records(reads: BatchReads, name: str, namespaces: tuple[Namespace, ...], names: int) -> None:
    """Announce how many names will be observed in the zone of each namespace that ``name`` is in."""
    for namespace in namespaces:
        if namespace.hosted_zone_id and (name == namespace.name or name.endswith(f".{namespace.name}")):
            reads.expect(namespace.hosted_zone_id, names)


def _gap(fact: Fact[Any]) -> Gap:
    """Say why a list was not seen."""
    if isinstance(fact, (Seen, Absent)):
        return Gap("the names", f"{fact.source} says that there is no such thing", "")
    return fact.gap()
