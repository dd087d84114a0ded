"""Observes every name of namespaces, regions and accounts, in chunks, so that memory does not grow with them."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Generic, NamedTuple, TypeAlias, TypeVar

from msgspec import Struct, structs

from sddoctor.case.case import Asked, Case
from sddoctor.case.cloudmap import Namespace
from sddoctor.case.dns import Server
from sddoctor.case.route53 import HostedZone
from sddoctor.case.seen import Absent, Fact, Gap, Seen
from sddoctor.observe.aws.batches import BatchReads, Registered, in_chunks
from sddoctor.observe.aws.calls import Calls
from sddoctor.observe.aws.pace import Bucket, Pace
from sddoctor.observe.aws.session import Clients, Shared
from sddoctor.observe.aws.zone_batches import ZoneReads
from sddoctor.observe.budget import Budget
from sddoctor.observe.dns.network import network_of_environment
from sddoctor.observe.dns.silent import SilentServers
from sddoctor.observe.host.cached import CachedHost
from sddoctor.observe.host.source import HostSource, RunningHost, open_root
from sddoctor.observe.observer import observe_by_records, observe_in_scan
from sddoctor.observe.options import ObserveOptions
from sddoctor.observe.scan_zones import ZoneListing, ZoneName, ZoneNames
from sddoctor.observe.work import begin, stream

T = TypeVar("T")
_Buckets: TypeAlias = dict[tuple[str | None, str | None], dict[str, Bucket]]

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
    """A name that was observed, and what ``judge`` returned for its case.

    ``zone`` is the hosted zone that has it, where no namespace has.
    """

    where: Where
    namespace: str
    name: str
    result: T
    zone: str = ""


class PartMissed(Struct, frozen=True):
    """An account and region, or a namespace or zone of it, whose names could not be listed."""

    where: Where
    namespace: str | None
    gap: Gap
    zone: str = ""


class ZoneOfOthers(Struct, frozen=True):
    """A private zone that a VPC of the account sees, and whose names only its owner can list."""

    where: Where
    zone: HostedZone


class NamesListed(Struct, frozen=True):
    """The number of names that will be observed, and of services that are not in DNS and were left out."""

    where: Where
    namespace: str
    names: int
    api_only: int
    zone_id: str = ""


class TargetDone(Struct, frozen=True):
    """An account and region of which everything was observed. ``namespaces`` are the names of all that it has, and of zones."""

    where: Where
    namespaces: tuple[str, ...] = ()
    throttles: int = 0


Event: TypeAlias = NameSeen[T] | PartMissed | ZoneOfOthers | NamesListed | TargetDone


class EstateOptions(Struct, frozen=True):
    """What is observed. ``wanted`` selects names; ``share`` is the part of AWS's published rates that may be used.

    ``by_records``: only AWS is read, and a name is judged for a client in a VPC of its zone. ``zones``: names of private hosted
    zones, too.
    """

    namespaces: frozenset[str] = frozenset()
    wanted: Callable[[Where, str], bool] = lambda _where, _name: True
    api_only: bool = False
    nameservers: tuple[Server, ...] = ()
    client_vpc: str | None = None
    by_records: bool = False
    zones: bool = False
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
    buckets: _Buckets = {}
    scans = [_TargetScan(t, options, source, judge, loader, _Account.of(t, targets, buckets)) for t in targets]
    yield from stream(scans, lambda scan: scan.events(), "an account and region", TARGETS_AT_ONCE)


class _Account(NamedTuple):
    """What the regions of one account share: the regions themselves, and AWS's rates that count for all of them."""

    regions: tuple[str | None, ...]
    buckets: dict[str, Bucket]

    @classmethod
    def of(cls, target: Target, targets: Sequence[Target], buckets: _Buckets) -> _Account:
        """Return the account of a target, by its credentials."""
        who = (target.profile, target.role)
        return cls(tuple(t.region for t in targets if (t.profile, t.role) == who), buckets.setdefault(who, {}))


class _TargetScan(Generic[T]):
    """The scan of one account and region."""

    def __init__(
        self,
        target: Target,
        options: EstateOptions,
        source: HostSource,
        judge: Callable[[Case], T],
        loader: Any,
        account: _Account,
    ) -> None:
        self._target = target
        self._options = options
        self._source = source
        self._judge = judge
        self._loader = loader
        self._regions = account.regions
        self._pace = Pace(options.share, account.buckets)
        self._beside: dict[str, list[ZoneName]] = {}
        self._silent = SilentServers()
        self._network = network_of_environment()

    def events(self) -> Iterator[Event[T]]:
        """Observe everything. Clients and reads are dropped at the end."""
        begin()
        budget = Budget(_FOREVER)
        clients = Clients(
            self._target.region, self._target.profile, budget, shared=Shared(self._target.role, self._loader)
        )
        kind = ZoneReads if self._options.zones else BatchReads
        reads = kind(Calls(clients, budget, self._pace), clients.wait_for_region)
        listed = reads.namespaces().fact()
        where = Where(self._target, reads.identity.account() or "", clients.wait_for_region() or "")
        if not isinstance(listed, Seen):
            yield PartMissed(where, None, _gap(listed))
            return
        by_name: dict[str, list[Namespace]] = {}
        for namespace in sorted(listed.value, key=lambda n: (n.name.lower(), n.id)):
            by_name.setdefault(namespace.name.lower(), []).append(namespace)
        zones = ZoneNames()
        if isinstance(reads, ZoneReads):
            zones = yield from self._list_zones(where, reads, listed.value)
        for name, namespaces in by_name.items():
            if not self._options.namespaces or name in self._options.namespaces:
                found = yield from self._list_names(where, reads, name, namespaces)
                _expect_records(reads, name, listed.value, len(found))
                yield from self._observe_names(where, reads, name, namespaces, found)
        if isinstance(reads, ZoneReads):
            yield from self._observe_zones(where, reads, zones)
        yield TargetDone(where, (*by_name, *zones.zones), self._pace.throttles)

    def _list_zones(
        self, where: Where, reads: ZoneReads, namespaces: tuple[Namespace, ...]
    ) -> Generator[Event[T], None, ZoneNames]:
        """Return the names of the zones. Those that lead to others are kept, to be observed together with them."""
        options = self._options
        found = ZoneListing(reads, self._regions, options.namespaces).names(namespaces, api_only=options.api_only)
        for zone, gap in found.missed:
            yield PartMissed(where, None, gap, zone)
        for of_others in found.of_others:
            yield ZoneOfOthers(where, of_others)
        wanted: dict[str, tuple[ZoneName, ...]] = {}
        once: set[str] = set()
        for zone_id, names in found.by_zone.items():
            # A name of several zones is one name, unless it is judged for a client of each.
            chosen = [n for n in names if n.name not in once and options.wanted(where, n.name)]
            if not options.by_records:
                once |= {n.name for n in chosen if not n.is_wildcard}
            wanted[zone_id] = tuple(chosen)
            if names:
                yield NamesListed(where, names[0].zone.name, len(chosen), 0, zone_id)
        for name in (n for names in wanted.values() for n in names if n.leads_to):
            self._beside.setdefault(name.leads_to, []).append(name)
        return structs.replace(found, by_zone=wanted)

    def _observe_zones(self, where: Where, reads: ZoneReads, zones: ZoneNames) -> Iterator[Event[T]]:
        """Observe the names that were not observed together with a service that they lead to."""
        left = {id(n) for names in self._beside.values() for n in names}
        for names in zones.by_zone.values():
            # Those that lead to the same stand together.
            still = sorted((n for n in names if not n.leads_to or id(n) in left), key=lambda n: (n.leads_to, n.name))
            for chunk in (still[i : i + CHUNK] for i in range(0, len(still), CHUNK)):
                reads.prepare_addresses(a for n in chunk for a in n.addresses)
                yield from stream(chunk, partial(self._observe_zone_name, where, reads), "a name", NAMES_AT_ONCE)
                reads.forget()

    def _observe_zone_name(self, where: Where, reads: BatchReads, name: ZoneName) -> list[NameSeen[T]]:
        """Observe a name of a zone; nobody can look a wildcard up, so that one is judged by its records."""
        by_records = self._options.by_records or name.is_wildcard
        client_vpc = self._options.client_vpc or (name.vpc_id if by_records else None)
        seen = self._observe_name(where, reads, "", client_vpc, name.name, by_records=by_records)
        return [structs.replace(seen, zone=name.zone.name)]

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
            beside = [z for n in names for z in self._beside.pop(n, ())]
            yield from stream(beside, partial(self._observe_zone_name, where, reads), "a name", NAMES_AT_ONCE)
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
        self,
        where: Where,
        reads: BatchReads,
        namespace: str,
        client_vpc: str | None,
        name: str,
        *,
        by_records: bool | None = None,
    ) -> NameSeen[T]:
        by_records = self._options.by_records if by_records is None else by_records
        asked = Asked(name, self._options.nameservers, client_vpc, by_records=by_records)
        if by_records:
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
