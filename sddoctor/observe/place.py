"""What is seen from one place: its host, and what the servers answer that it and the VPC have."""

from __future__ import annotations

from msgspec import structs

from sddoctor.case.case import AwsFacts, Place
from sddoctor.case.cloudmap import NamespaceView
from sddoctor.case.dns import DnsFacts, Probe, Server, VpcResolver
from sddoctor.case.host import HostFacts
from sddoctor.case.reach import Connection
from sddoctor.case.seen import Fact, NotAttempted, Seen, Unreachable
from sddoctor.observe import reach
from sddoctor.observe.aws.collect import AwsObserver
from sddoctor.observe.dns.client import DnsClient
from sddoctor.observe.dns.delegation import about_delegation
from sddoctor.observe.dns.follow_up import Suspicion
from sddoctor.observe.dns.plan import DnsObserver, merge
from sddoctor.observe.host.cloud import runs_in_aws
from sddoctor.observe.host.observer import HostObserver
from sddoctor.observe.look import Look
from sddoctor.observe.work import Pending, Work, pending
from sddoctor.resolution.choose import choose_if_seen


class PlaceObserver:
    """Looks from one place. :meth:`place` comes first; what follows adds to the place that it returned."""

    def __init__(self, look: Look, host: HostObserver, aws: AwsObserver) -> None:
        self._look, self._host, self._aws = look, host, aws
        self._client = DnsClient(look.network, look.budget, look.options.silent)
        self._dns = DnsObserver(look.name, self._client, look.options.samples)

    def place(self) -> Place:
        """Look at the host, and query the VPC's resolvers and the host's own servers, at the same time."""
        host: Pending[HostFacts] = Work(self._host_facts, "this host", self._look.budget)
        vpc = Work(self._ask_vpc, "queries to the VPC resolvers", self._look.budget)
        facts = host.fact()
        resolvers = pending(self._aws.resolvers, "the address of the VPC resolver", self._look.budget).fact()
        own = self._ask_own(facts, resolvers)
        ours = vpc.result(())
        probes = merge(ours, own)
        facts = self._with_routes(facts, resolvers, probes)
        return Place(self._look.source.label or "this host", facts, DnsFacts(resolvers, self._honest(probes, facts)))

    def with_suspicions(self, place: Place) -> Place:
        """Send further queries where the answers look odd."""
        suspicion = Suspicion(self._look.name, place, self._aws.namespace_names(), self._client)
        found = suspicion.ask(own_servers=self._look.from_here)
        return _with_probes(place, self._honest(found, place.host))

    def with_delegation(self, place: Place, views: tuple[NamespaceView, ...]) -> Place:
        """Ask where a public namespace is delegated to, if its name was denied."""
        found = about_delegation(
            self._look.name, views, place.dns.probes, self._client, own_servers=self._look.from_here
        )
        return _with_probes(place, found)

    def with_others(self, place: Place, servers: tuple[Server, ...]) -> Place:
        """Query further servers: those that AWS names and nobody has queried."""
        found = self._dns.others(servers)
        return _with_probes(place, self._honest(found, place.host))

    def _host_facts(self) -> Fact[HostFacts]:
        return Seen(self._host.facts(), "this host")

    def _ask_vpc(self) -> tuple[Probe, ...]:
        return self._dns.vpc(self._aws.resolvers(), self._aws.namespace_names())

    def _ask_own(self, facts: Fact[HostFacts], resolvers: Fact[tuple[VpcResolver, ...]]) -> tuple[Probe, ...]:
        """Query the servers that the host queries. Those of another machine's files are not in reach from here."""
        choice = choose_if_seen(self._host.name, facts).seen_or(None)
        if choice is None:
            return ()
        servers, bypass = choice.servers, (choice.bypass_servers or ())[:1]
        if not self._look.from_here:
            known = {r.server for r in resolvers.seen_or(())}
            servers, bypass = tuple(s for s in servers if s in known), ()
        # What dig would ask is asked beside the rest: it explains why dig shows something else than programs get.
        dig = Work(
            lambda: self._dns.others(tuple(s for s in bypass if s not in servers)), "what dig asks", self._look.budget
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
        servers += [s.address for s in choice.servers] if choice else []
        answers = [p.outcome.value for p in probes if isinstance(p.outcome, Seen) and p.role == "vpc"]
        servers += [a for answer in answers[:1] for a in answer.addresses[:2]]
        routes = self._host.routes(tuple(dict.fromkeys(servers)))
        return structs.replace(
            facts,
            value=structs.replace(
                facts.value, routes=routes, addresses=self._host.addresses(), in_aws=runs_in_aws(self._look.source)
            ),
        )

    def connections(self, aws: AwsFacts, place: Place) -> tuple[Connection, ...]:
        """Try the tasks whose health is in doubt, if the VPC's resolver shows that this very host reaches the VPC."""
        answered = any(
            isinstance(p.outcome, Seen) and p.role == "vpc" and not p.server.address.startswith("127.")
            for p in place.dns.probes
        )
        led = self._is_led_in(place)
        in_reach = self._look.from_here and (answered or led or self._look.network.knows_tasks)
        return reach.connections(aws, self._look.network, self._look.budget, in_reach=in_reach, witnesses=led)

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
        if self._look.from_here:
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
            and p.server not in self._look.asked.nameservers
            and p.server.address not in astray
            else p
            for p in probes
        )


def _with_probes(place: Place, found: tuple[Probe, ...]) -> Place:
    return structs.replace(place, dns=structs.replace(place.dns, probes=place.dns.probes + found))
