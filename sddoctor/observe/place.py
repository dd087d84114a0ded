"""Observes one place: its host, and what its own and the VPC's name servers return for the name."""

from __future__ import annotations

from msgspec import structs

from sddoctor.case.case import AwsFacts, Place
from sddoctor.case.cloudmap import NamespaceView
from sddoctor.case.dns import DnsFacts, Probe, Server, VpcResolver
from sddoctor.case.host import HostFacts, Lookup
from sddoctor.case.reach import Connection
from sddoctor.case.seen import Fact, NotAttempted, Seen, Unreachable
from sddoctor.observe import reach
from sddoctor.observe.aws.observer import AwsObserver
from sddoctor.observe.context import Context
from sddoctor.observe.dns.client import DnsClient
from sddoctor.observe.dns.delegation import query_delegation
from sddoctor.observe.dns.first_answers import FirstAnswers, path_servers
from sddoctor.observe.dns.follow_up import FollowUp
from sddoctor.observe.dns.plan import DnsObserver, merge
from sddoctor.observe.dns.query import Query
from sddoctor.observe.host.observer import HostObserver
from sddoctor.observe.work import Pending, Work, pending, run_all
from sddoctor.resolution.choose import choose_if_seen
from sddoctor.resolution.surroundings import surroundings, with_marks

#: Further look-ups where their results may vary, of one name and of each of many.
LOOKUPS, LOOKUPS_IN_SCAN = 8, 2


#: Resolvers that are queried for the name at the end of aliases.
MOST_FOR_TARGET = 2
#: The port of DNS over TLS (RFC 7858).
DNS_OVER_TLS = 853


class PlaceObserver:
    """Observes one place. :meth:`place` comes first; each ``with_...`` adds probes to the place that it is given."""

    def __init__(self, context: Context, host: HostObserver, aws: AwsObserver) -> None:
        self._context, self._host, self._aws = context, host, aws
        self._client = DnsClient(context.network, context.budget, context.options.silent)
        self._dns = DnsObserver(context.name, self._client, context.options.samples)

    def place(self) -> Place:
        """Read the host, and query the VPC's resolvers and the host's own servers, at the same time."""
        budget = self._context.budget
        settings: Pending[HostFacts] = Work(lambda: Seen(self._host.settings(), "this host"), "this host", budget)
        reading: Pending[HostFacts] = Work(lambda: Seen(self._host.facts(), "this host"), "this host", budget)
        querying = Work(self._query_vpc, "queries to the VPC resolvers", budget)
        resolvers = pending(self._aws.resolvers, "the address of the VPC resolver", budget).fact()
        own = self._query_own(settings.fact(), resolvers)
        host = reading.fact()
        probes = merge(querying.result(()), own)
        host = self._with_routes(host, resolvers, probes)
        dns = DnsFacts(resolvers, self._without_foreign_silence(probes, host))
        return Place(self._context.source.label or "this host", host, dns)

    def with_servers(self, place: Place, servers: tuple[Server, ...]) -> Place:
        """Query further servers, which only the facts of AWS name, unless they were queried already."""
        return _with_probes(place, self._without_foreign_silence(self._dns.others(servers), place.host))

    def with_follow_up(self, place: Place, views: tuple[NamespaceView, ...]) -> Place:
        """Send further queries where the answers are suspicious, and look the name up again where that could differ."""
        known = frozenset(a for v in views for i in v.instances.seen_or(()) for a in i.addresses)
        first = FirstAnswers(self._context.name, place, known)
        follow_up = FollowUp(first, place, self._aws.zone_names(), self._dns, self._client)
        times = LOOKUPS if self._context.options.silent is None else LOOKUPS_IN_SCAN
        if not self._context.from_host or not first.in_doubt:
            times = 0
        again = Work(lambda: self._host.look_up_again(times), "further look-ups", self._context.budget)
        probes = follow_up.probes(own_servers=self._context.from_host)
        place = _with_probes(place, self._without_foreign_silence(probes, place.host))
        return _with_lookups(place, again.result(()))

    def with_target(self, place: Place, target: str) -> Place:
        """Query the VPC's resolvers for the name that this one stands for: an alias record shows in no answer."""
        resolvers = place.dns.resolvers.seen_or(())[:MOST_FOR_TARGET]
        jobs = [self._client.job(Query(r.server, target, t, "vpc")) for r in resolvers for t in ("A", "AAAA")]
        return _with_probes(place, self._without_foreign_silence(tuple(run_all(jobs)), place.host))

    def with_delegation(self, place: Place, views: tuple[NamespaceView, ...]) -> Place:
        """Query the delegation of a public namespace if its name does not resolve."""
        name, probes = self._context.name, place.dns.probes
        own_servers = self._context.from_host
        return _with_probes(place, query_delegation(name, views, probes, self._client, own_servers=own_servers))

    def connections(self, aws: AwsFacts, place: Place) -> tuple[Connection, ...]:
        """Connect to the tasks whose health is in doubt, if the VPC is known to be reachable from this very host.

        And to the servers that must speak TLS, where programs get nothing.
        """
        answered = any(
            isinstance(p.outcome, Seen) and p.role == "vpc" and not p.server.address.startswith("127.")
            for p in place.dns.probes
        )
        routed = _routes_to_silent_resolver(place)
        network = self._context.network
        in_reach = self._context.from_host and (answered or routed or network.knows_tasks)
        returned = _returned(self._context.name, place)
        budget = self._context.budget
        found = reach.connections(aws, network, budget, in_reach=in_reach, returned=returned, witnesses=routed)
        encrypted = servers_over_tls(self._context.name, place) if self._context.from_host else ()
        return found + reach.connect([(s.address, DNS_OVER_TLS) for s in encrypted], network, budget)

    def _query_vpc(self) -> tuple[Probe, ...]:
        return self._dns.vpc(self._aws.resolvers(), self._aws.zone_names())

    def _query_own(self, host: Fact[HostFacts], resolvers: Fact[tuple[VpcResolver, ...]]) -> tuple[Probe, ...]:
        """Query the servers that the host queries; of those in another machine's files only the VPC's own."""
        servers = path_servers(self._host.name, host)
        choice = choose_if_seen(self._host.name, host).seen_or(None)
        bypass = (choice.bypass_servers or ())[:1] if choice is not None else ()
        if not self._context.from_host:
            known = {r.server for r in resolvers.seen_or(())}
            servers, bypass = tuple(s for s in servers if s in known), ()
        # The server that dig would query explains why dig shows something else than programs get.
        of_dig = tuple(s for s in bypass if s not in servers)
        dig = Work(lambda: self._dns.others(of_dig), "what dig asks", self._context.budget)
        return self._dns.host(servers, self._aws.zone_names()) + dig.result(())

    def _with_routes(
        self, host: Fact[HostFacts], resolvers: Fact[tuple[VpcResolver, ...]], probes: tuple[Probe, ...]
    ) -> Fact[HostFacts]:
        """Add the routes to the servers and to the first addresses of the answer, and the host's own addresses."""
        if not isinstance(host, Seen):
            return host
        choice = choose_if_seen(self._host.name, host).seen_or(None)
        destinations = [r.server.address for r in resolvers.seen_or(())]
        destinations += [s.address for s in choice.servers] if choice else []
        answers = [p.outcome.value for p in probes if isinstance(p.outcome, Seen) and p.role == "vpc"]
        destinations += [a for answer in answers[:1] for a in answer.addresses[:2]]
        routes, addresses = self._host.routes(tuple(destinations)), self._host.addresses()
        facts = with_marks(structs.replace(host.value, routes=routes, addresses=addresses))
        return structs.replace(host, value=facts)

    def _without_foreign_silence(self, probes: tuple[Probe, ...], host: Fact[HostFacts]) -> tuple[Probe, ...]:
        """Replace silence that was observed from this machine while another machine's files are read.

        It stays where that machine's own routes show that its packets do not reach the server either. The default route of
        a host in AWS does reach it: it leads to the router of its VPC.
        """
        if self._context.from_host:
            return probes
        facts = host.seen_or(None)
        unreachable = {
            r.destination
            for r in (facts.routes if facts and not surroundings(facts).in_aws else ())
            if isinstance(r.route, Seen) and r.route.value.kind in ("default", "unreachable")
        }
        why = "it was asked from this machine, not from the host whose files were read, and did not answer"
        return tuple(
            structs.replace(p, outcome=NotAttempted(f"an answer of {p.server}", why, "a look from that host"))
            if isinstance(p.outcome, Unreachable)
            and p.server not in self._context.asked.nameservers
            and p.server.address not in unreachable
            else p
            for p in probes
        )


def _routes_to_silent_resolver(place: Place) -> bool:
    """Tell whether a route leads to a resolver that is silent: then other addresses of its VPC are worth a try."""
    host, resolvers = place.host.seen_or(None), place.dns.resolvers.seen_or(())
    answering = {p.server.address for p in place.dns.probes if isinstance(p.outcome, Seen)}
    silent = {r.server.address for r in resolvers} - answering
    return any(
        r.destination in silent and isinstance(r.route, Seen) and r.route.value.kind in ("tunnel", "gateway")
        for r in (host.routes if host else ())
    )


def _returned(name: str, place: Place) -> frozenset[str]:
    """Return every address that a server or a program got for the name, those of SRV targets included."""
    host = place.host.seen_or(None)
    results = [r for k in (host.lookups if host else ()) if (r := k.outcome.seen_or(None)) is not None]
    probes = [p for p in place.dns.probes if p.name == name or p.name.endswith(f".{name}")]
    answers = [a for p in probes if (a := p.outcome.seen_or(None)) is not None]
    records = {r.data for a in answers for r in a.additional if r.type in ("A", "AAAA")}
    return frozenset(records).union(*(r.addresses for r in results), *(a.addresses for a in answers))


def servers_over_tls(name: str, place: Place) -> tuple[Server, ...]:
    """Return the servers to which systemd-resolved sends the name over TLS only, where programs get nothing. resolved.conf(5)"""
    host, choice = place.host.seen_or(None), choose_if_seen(name, place.host).seen_or(None)
    results = [r for k in host.lookups if (r := k.outcome.seen_or(None)) is not None] if host is not None else []
    return choice.tls[:3] if choice is not None and results and not any(r.addresses for r in results) else ()


def _with_lookups(place: Place, found: tuple[Lookup, ...]) -> Place:
    if not found or not isinstance(place.host, Seen):
        return place
    facts = structs.replace(place.host.value, lookups=place.host.value.lookups + found)
    return structs.replace(place, host=structs.replace(place.host, value=facts))


def _with_probes(place: Place, found: tuple[Probe, ...]) -> Place:
    return structs.replace(place, dns=structs.replace(place.dns, probes=place.dns.probes + found))
