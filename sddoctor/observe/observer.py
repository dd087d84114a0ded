"""Observes everything about one name: AWS, DNS and this host at the same time, within one time budget."""

from __future__ import annotations

from collections.abc import Container
from datetime import UTC, datetime
from pathlib import Path

from msgspec import Struct, structs

from sddoctor.bundle.secrets import without_secrets
from sddoctor.case.case import Asked, AwsFacts, Case, Place
from sddoctor.case.cloudmap import NamespaceView
from sddoctor.case.dns import DnsFacts, Probe, Server, VpcResolver
from sddoctor.case.host import HostFacts
from sddoctor.case.reach import Connection
from sddoctor.case.seen import Fact, NotAttempted, Seen, Unreachable
from sddoctor.observe import reach
from sddoctor.observe.aws.collect import AwsObserver, AwsOptions
from sddoctor.observe.aws.session import Clients
from sddoctor.observe.aws.shared import Reads
from sddoctor.observe.budget import Budget
from sddoctor.observe.dns.client import DnsClient
from sddoctor.observe.dns.delegation import about_delegation
from sddoctor.observe.dns.follow_up import Suspicion
from sddoctor.observe.dns.network import Network, network_of_environment
from sddoctor.observe.dns.plan import DnsObserver, merge
from sddoctor.observe.dns.silent import SilentServers
from sddoctor.observe.host.cloud import runs_in_aws
from sddoctor.observe.host.observer import HostObserver
from sddoctor.observe.host.source import HostSource, RunningHost, open_root
from sddoctor.observe.timing import Timing
from sddoctor.observe.work import Pending, Work, pending
from sddoctor.resolution.choose import choose_if_seen
from sddoctor.resolution.dhcp import handed_out
from sddoctor.resolution.search import completed


class ObserveOptions(Struct, frozen=True):
    """How to observe. ``timeout`` in seconds is for everything together; ``root`` reads another host's files.

    ``silent`` is what other names have shown of servers that answer nobody.
    """

    region: str | None = None
    profile: str | None = None
    timeout: float = 15.0
    samples: int = 8
    root: Path | None = None
    silent: SilentServers | None = None


class Observation(Struct, frozen=True):
    """A case, how long each call took, and sentences for standard error."""

    case: Case
    timings: tuple[Timing, ...] = ()
    warnings: tuple[str, ...] = ()


def observe(name: str, asked: Asked, options: ObserveOptions) -> Observation:
    """Observe a name. What is not seen when the time is over becomes a gap; nothing raises for that.

    Raises ``HostRootError`` for an unreadable root.
    """
    at = datetime.now(UTC)
    budget = Budget(options.timeout)
    source = open_root(options.root) if options.root is not None else RunningHost(budget)
    host = HostObserver(name, source, budget)
    aws = AwsObserver(name, _aws_options(asked, options, host, source), budget)
    case = _look(name, asked, options, source, host, aws, budget, at)
    whole = completed(case)
    if whole is None:
        return Observation(case, tuple(aws.timings()), tuple(aws.warnings()))
    # What was read of AWS is not read again: both looks share their calls.
    aws = aws.for_name(whole)
    case = _look(whole, asked, options, source, HostObserver(whole, source, budget), aws, budget, at)
    told = f"A search domain completes {name} to {whole}: that name is judged."
    return Observation(case, tuple(aws.timings()), (told, *aws.warnings()))


def observe_one_of_many(
    name: str, asked: Asked, options: ObserveOptions, source: HostSource, shared: tuple[Clients, Reads]
) -> Case:
    """Observe a name, with what other names of the same account and region have read already.

    The time budget is that of DNS and of this host: AWS is asked for as long as it takes.
    """
    budget = Budget(options.timeout)
    host = HostObserver(name, source, budget)
    aws_options = _aws_options(asked, options, host, source)
    aws = AwsObserver(name, aws_options, shared[1].calls.budget, shared)
    return _look(name, asked, options, source, host, aws, budget, datetime.now(UTC), shared[1].clean)


def observe_by_records(name: str, asked: Asked, shared: tuple[Clients, Reads]) -> Case:
    """Observe the AWS side of a name alone: neither a name server nor this host is asked."""
    at = datetime.now(UTC)
    aws = AwsObserver(name, AwsOptions(client_vpc=asked.client_vpc), shared[1].calls.budget, shared)
    aws.start()
    why, needs = "only AWS was asked", "a look from a host that resolves the name (--asker host)"
    nobody = DnsFacts(NotAttempted("the answer of a name server", why, needs))
    place = Place("AWS", NotAttempted("a host", why, needs), nobody)
    case = Case(name=name, asked=asked, at=at, aws=aws.facts(), places=(place,))
    return without_secrets(case, shared[1].clean)


def _look(
    name: str,
    asked: Asked,
    options: ObserveOptions,
    source: HostSource,
    host: HostObserver,
    aws: AwsObserver,
    budget: Budget,
    at: datetime,
    clean: Container[int] = (),
) -> Case:
    aws.start()
    network = network_of_environment()
    client = DnsClient(network, budget, options.silent)
    looks = _Looks(asked, options, source, host, aws, network, client)
    place = looks.place()
    facts = aws.facts()
    place = looks.with_others(place, handed_out(facts.vpc))
    place = looks.with_suspicions(name, place)
    place = looks.with_delegation(name, place, facts.cloudmap.views)
    facts = aws.explain(facts, _answered(name, place))
    place = structs.replace(place, connections=looks.connections(facts, place))
    return without_secrets(Case(name=name, asked=asked, at=at, aws=facts, places=(place,)), clean)


def _answered(name: str, place: Place) -> frozenset[str]:
    """Return every address that a VPC resolver gave for the name."""
    probes = [p for p in place.dns.probes if p.role == "vpc" and p.name == name and isinstance(p.outcome, Seen)]
    return frozenset(a for p in probes for a in p.outcome.value.addresses)


def _aws_options(asked: Asked, options: ObserveOptions, host: HostObserver, source: HostSource) -> AwsOptions:
    def host_addresses() -> tuple[str, ...]:
        return tuple(a.address for a in host.addresses().seen_or(()))

    return AwsOptions(
        region=options.region,
        profile=options.profile,
        nameservers=asked.nameservers,
        client_vpc=asked.client_vpc,
        cluster=asked.cluster,
        service=asked.service,
        host_addresses=host_addresses,
        host_facts=host.facts,
        host_is_aws=lambda: runs_in_aws(source),
    )


class _Looks:
    """The looks from this place: the host, and the servers that it and the VPC have."""

    def __init__(
        self,
        asked: Asked,
        options: ObserveOptions,
        source: HostSource,
        host: HostObserver,
        aws: AwsObserver,
        network: Network,
        client: DnsClient,
    ) -> None:
        self._asked = asked
        self._source = source
        self._network = network
        self._here = network.has_host(options.root)
        self._host, self._aws, self._client = host, aws, client
        self._dns = DnsObserver(host.name, client, options.samples)
        self._budget = client.budget

    def place(self) -> Place:
        host: Pending[HostFacts] = Work(self._host_facts, "this host", self._budget)
        vpc = Work(self._ask_vpc, "queries to the VPC resolvers", self._budget)
        facts = host.fact()
        resolvers = pending(self._aws.resolvers, "the address of the VPC resolver", self._budget).fact()
        own = self._ask_own(facts, resolvers)
        ours = vpc.result(())
        probes = merge(ours, own)
        facts = self._with_routes(facts, resolvers, probes)
        return Place(self._source.label or "this host", facts, DnsFacts(resolvers, self._honest(probes, facts)))

    def with_suspicions(self, name: str, place: Place) -> Place:
        """Ask further questions where the answers look odd."""
        suspicion = Suspicion(name, place, self._aws.namespace_names(), self._client)
        found = suspicion.ask(own_servers=self._here)
        return structs.replace(
            place, dns=structs.replace(place.dns, probes=place.dns.probes + self._honest(found, place.host))
        )

    def with_delegation(self, name: str, place: Place, views: tuple[NamespaceView, ...]) -> Place:
        """Ask where a public namespace is delegated to, if its name was denied."""
        found = about_delegation(name, views, place.dns.probes, self._client, own_servers=self._here)
        return structs.replace(place, dns=structs.replace(place.dns, probes=place.dns.probes + found))

    def with_others(self, place: Place, servers: tuple[Server, ...]) -> Place:
        """Ask further servers: those that AWS names and nobody has asked."""
        found = self._dns.others(servers)
        return structs.replace(
            place, dns=structs.replace(place.dns, probes=place.dns.probes + self._honest(found, place.host))
        )

    def _host_facts(self) -> Fact[HostFacts]:
        return Seen(self._host.facts(), "this host")

    def _ask_vpc(self) -> tuple[Probe, ...]:
        return self._dns.vpc(self._aws.resolvers(), self._aws.namespace_names())

    def _ask_own(self, facts: Fact[HostFacts], resolvers: Fact[tuple[VpcResolver, ...]]) -> tuple[Probe, ...]:
        """Ask the servers that the host asks. Those of another machine's files are not in reach from here."""
        choice = choose_if_seen(self._host.name, facts).seen_or(None)
        if choice is None:
            return ()
        servers, bypass = choice.asks, (choice.bypass_asks or ())[:1]
        if not self._here:
            known = {r.server for r in resolvers.seen_or(())}
            servers, bypass = tuple(s for s in servers if s in known), ()
        # What dig would ask is asked beside the rest: it explains why dig shows something else than programs get.
        dig = Work(
            lambda: self._dns.others(tuple(s for s in bypass if s not in servers)), "what dig asks", self._budget
        )
        own = self._dns.host(servers, self._aws.namespace_names())
        return own + dig.result(())

    def _with_routes(
        self, facts: Fact[HostFacts], resolvers: Fact[tuple[VpcResolver, ...]], probes: tuple[Probe, ...]
    ) -> Fact[HostFacts]:
        """Look up the routes to the servers, and to the first addresses of the answer."""
        if not isinstance(facts, Seen):
            return facts
        choice = choose_if_seen(self._host.name, facts).seen_or(None)
        servers = [r.server.address for r in resolvers.seen_or(())]
        servers += [s.address for s in choice.asks] if choice else []
        answers = [p.outcome.value for p in probes if isinstance(p.outcome, Seen) and p.role == "vpc"]
        servers += [a for answer in answers[:1] for a in answer.addresses[:2]]
        routes = self._host.routes(tuple(dict.fromkeys(servers)))
        return structs.replace(
            facts,
            value=structs.replace(
                facts.value, routes=routes, addresses=self._host.addresses(), in_aws=runs_in_aws(self._source)
            ),
        )

    def connections(self, aws: AwsFacts, place: Place) -> tuple[Connection, ...]:
        """Try the tasks whose health is in doubt, if the VPC's resolver shows that this very host reaches the VPC."""
        answered = any(
            isinstance(p.outcome, Seen) and p.role == "vpc" and not p.server.address.startswith("127.")
            for p in place.dns.probes
        )
        led = self._is_led_in(place)
        in_reach = self._here and (answered or led or self._network.knows_tasks)
        return reach.connections(aws, self._network, self._budget, in_reach=in_reach, witnesses=led)

    def _is_led_in(self, place: Place) -> bool:
        """Tell whether a route leads into the VPC whose resolver is silent: then other addresses are worth a try."""
        host, resolvers = place.host.seen_or(None), place.dns.resolvers.seen_or(())
        silent = {r.server.address for r in resolvers} - {
            p.server.address for p in place.dns.probes if isinstance(p.outcome, Seen)
        }
        routes = {look.destination: look.route.seen_or(None) for look in (host.routes if host else ())}
        return any((route := routes.get(a)) is not None and route.kind in ("tunnel", "gateway") for a in silent)

    def _honest(self, probes: tuple[Probe, ...], host: Fact[HostFacts]) -> tuple[Probe, ...]:
        """Keep silence from being taken for the other machine's silence: it was asked from here, not from there.

        Unless that machine's own routes show that its packets do not get to the server either. The default route of a
        host in AWS does: it leads to the router of its VPC.
        """
        if self._here:
            return probes
        seen = host.seen_or(None)
        astray = {
            look.destination
            for look in (seen.routes if seen and not seen.in_aws else ())
            if isinstance(look.route, Seen) and look.route.value.kind in ("default", "unreachable")
        }
        why = "it was asked from this machine, not from the host whose files were read, and did not answer"
        return tuple(
            structs.replace(p, outcome=NotAttempted(f"an answer of {p.server}", why, "a look from that host"))
            if isinstance(p.outcome, Unreachable)
            and p.server not in self._asked.nameservers
            and p.server.address not in astray
            else p
            for p in probes
        )
