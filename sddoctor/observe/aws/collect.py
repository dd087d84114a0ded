"""The AWS observer: starts every flow, hands out what others wait for, and assembles the facts."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from msgspec import Struct, structs

from sddoctor.case.address import contains
from sddoctor.case.case import AwsFacts
from sddoctor.case.cloudmap import CloudMapFacts, Instance, NamespaceView
from sddoctor.case.dns import Server, VpcResolver
from sddoctor.case.ecs import EcsFacts
from sddoctor.case.host import HostFacts
from sddoctor.case.route53 import Zone
from sddoctor.case.seen import NOT_NEEDED, Fact, NotAttempted, Seen, Unreachable
from sddoctor.case.vpc import ClientVpc, ClientVpn, InboundEndpoint, VpcFacts, VpcLook
from sddoctor.formats.aws.errors import CREDENTIALS, NEW_SIGN_IN
from sddoctor.observe.aws.calls import Calls
from sddoctor.observe.aws.cloudmap import ViewFlow
from sddoctor.observe.aws.cloudmap_lists import SD, guess, services_elsewhere
from sddoctor.observe.aws.ecs import EcsFlow
from sddoctor.observe.aws.identity import PATIENCE
from sddoctor.observe.aws.session import Clients
from sddoctor.observe.aws.shared import Reads
from sddoctor.observe.aws.vpcs import ClientChoice, matching
from sddoctor.observe.budget import Budget
from sddoctor.observe.timing import Timing
from sddoctor.observe.work import Pending, begin, guarded
from sddoctor.resolution.choose import choose

#: Resolvers of associated VPCs that are asked, when the client is in none of them.
MOST_RESOLVERS = 3
_AMBIGUOUS = "several namespaces of this name have the service, and nothing shows which one this host sees"


class AwsOptions(Struct, frozen=True):
    """What changes where is looked. The callables tell of this host, and may take as long as looking at it does."""

    region: str | None = None
    profile: str | None = None
    nameservers: tuple[Server, ...] = ()
    client_vpc: str | None = None
    cluster: str | None = None
    service: str | None = None
    host_addresses: Callable[[], tuple[str, ...]] = tuple
    host_is_aws: Callable[[], bool] = bool
    host_facts: Callable[[], HostFacts | None] = lambda: None


class AwsObserver:
    """Observes AWS for one name. Call :meth:`start` once; the other methods wait, no longer than the budget."""

    def __init__(
        self,
        name: str,
        options: AwsOptions,
        budget: Budget,
        shared: tuple[Clients, Reads] | None = None,
    ) -> None:
        self._name = name
        self._options = options
        self._budget = budget
        if shared is None:
            clients = Clients(options.region, options.profile, budget)
            shared = clients, Reads(Calls(clients, budget), clients.wait_for_region)
        self._clients, self._reads = shared
        self._calls = self._reads.calls

    def for_name(self, name: str) -> AwsObserver:
        """Return an observer for another name that shares what this one, which was started, has read."""
        return AwsObserver(name, self._options, self._budget, (self._clients, self._reads))

    def start(self) -> None:
        """Start every flow. Nothing is waited for here."""
        begin()
        self._clients.start()
        self._discovered: Pending[tuple[Instance, ...]] = self._calls.pending(
            partial(self._reads.discovered, self._name), "the instances"
        )
        self._identity = self._reads.identity
        self._namespaces = self._reads.namespaces()
        self._vpcs = self._reads.vpcs()
        hints = (self._options.cluster, self._options.service)
        self._ecs = EcsFlow(self._reads, guess(self._name).service, hints, self._discovered)
        self._views: Pending[tuple[ViewFlow, ...]] = self._calls.pending(self._start_views, "the namespaces")
        self._client: Pending[ClientVpc] = self._calls.pending(
            self._choose_client, "the VPC whose resolver should answer"
        )
        self._look: Pending[VpcLook] = self._calls.pending(self._look_at_client, "the DNS of the client's VPC")
        self._endpoints: Pending[tuple[InboundEndpoint, ...]] = self._calls.pending(
            self._read_endpoints, "the inbound endpoints"
        )
        self._vpns: Pending[tuple[ClientVpn, ...]] = self._calls.pending(self._read_vpns, "the Client VPN endpoints")

    def _discovered_ids(self) -> Fact[tuple[str, ...]]:
        """Return what was discovered; nobody waits for it any more, because the lists have told."""
        what = f"the instances of {self._name} by DiscoverInstances"
        patience = Budget(min(PATIENCE, self._budget.remaining()))
        fact = self._discovered.fact_within(patience, _no_discovery(what))
        return fact.map(lambda seen: tuple(sorted(i.id for i in seen)))

    def _start_views(self) -> Fact[tuple[ViewFlow, ...]]:
        fact = self._namespaces.fact()
        if not isinstance(fact, Seen):
            return fact
        found = matching(fact.value, self._name)
        return Seen(tuple(ViewFlow(self._name, n, self._reads) for n in found), fact.source, fact.at)

    def _choose_client(self) -> Fact[ClientVpc]:
        options = self._options
        choice = ClientChoice(
            options.client_vpc,
            options.nameservers,
            options.host_addresses,
            options.host_is_aws,
            self._clients.wait_for_region,
            self._host_asks,
        )
        client = choice.choose(self._vpcs, self._zones)
        if isinstance(client, Seen) and self._name.startswith("_") and self._is_guess(client.value):
            # No look-up of a program shows what such a name gives, which would tell the right one later.
            return NotAttempted("the VPC whose resolver should answer", _AMBIGUOUS, "--client-vpc, or --nameserver")
        return client

    def _is_guess(self, client: ClientVpc) -> bool:
        """Tell whether several namespaces of one name have the service, and nothing shows which one this host sees."""
        views = [v for v in self._possible_views() if v.namespace.type == "DNS_PRIVATE"]
        if client.how != "zone" or sum(v.service.fact().seen_or(None) is not None for v in views) < 2:
            return False
        ranges = [c for v in self._vpcs.fact().seen_or(()) if v.id == client.vpc_id for c in v.cidrs]
        return not any(contains(c, s.address) for c in ranges for s in self._host_asks())

    def _zones(self) -> list[Fact[Zone]]:
        return [v.zone.fact() for v in self._possible_views()]

    def _possible_views(self) -> tuple[ViewFlow, ...]:
        """Return the views; of namespaces of one name only that of the one whose instances this host gets."""
        views = self._views.fact().seen_or(())
        if len({v.namespace.name for v in views if v.namespace.type == "DNS_PRIVATE"}) < len(views) > 1:
            facts = self._options.host_facts()
            got = {a for k in (facts.lookups if facts else ()) if (r := k.outcome.seen_or(None)) for a in r.addresses}
            views = tuple(v for v in views if not got.isdisjoint(v.addresses())) or views
        return views

    def _host_asks(self) -> tuple[Server, ...]:
        """Return the servers that this host asks, or would ask if its hosts file did not have the name."""
        facts = self._options.host_facts()
        choice = choose(self._name, facts).seen_or(None) if facts else None
        if choice is None or choice.kind != "hosts-file":
            return choice.asks if choice else ()
        entries = [
            e for e in choice.entries if e.usable and f".{self._name}".endswith(f".{e.domain}" if e.domain else "")
        ]
        most = max((len(e.domain) for e in entries), default=0)
        return tuple(s for e in entries if len(e.domain) == most for s in e.servers)

    def _look_at_client(self) -> Fact[VpcLook]:
        client = self._client.fact()
        if not isinstance(client, Seen):
            return client
        if self._is_guess(client.value):
            return NotAttempted("the DNS of the client's VPC", _AMBIGUOUS, "--client-vpc, or --nameserver")
        inside = client.value.how in ("option", "host")
        return self._reads.look(client.value.vpc_id, inside=inside)

    def _is_outsider(self) -> bool:
        if self._options.client_vpc is not None:
            return False
        client = self._client.fact().seen_or(None)
        return client is None or client.how in ("zone", "nameserver")

    def _read_endpoints(self) -> Fact[tuple[InboundEndpoint, ...]]:
        if not self._is_outsider():
            return NOT_NEEDED
        return self._reads.endpoints()

    def _read_vpns(self) -> Fact[tuple[ClientVpn, ...]]:
        if not self._is_outsider():
            return NOT_NEEDED
        return self._reads.client_vpns()

    def namespace_names(self) -> tuple[str, ...]:
        """Return the names of the namespaces that the name ends in, the longest first."""
        return tuple(dict.fromkeys(v.namespace.name for v in self._views.fact().seen_or(())))

    def resolvers(self) -> Fact[tuple[VpcResolver, ...]]:
        """Return the servers that should know the zone: those named, else base plus two of the VPCs that matter.

        https://docs.aws.amazon.com/vpc/latest/userguide/AmazonDNS-concepts.html
        """
        if self._options.nameservers:
            return Seen(tuple(VpcResolver(s, None, "nameserver") for s in self._options.nameservers), "--nameserver")
        what = "the address of the VPC resolver"
        client = self._client.fact()
        if not isinstance(client, Seen):
            return client
        vpcs = self._vpcs.fact()
        if not isinstance(vpcs, Seen):
            return vpcs
        wanted = [client.value.vpc_id]
        if client.value.how == "zone":
            zones = [[v.vpc_id for v in f.value.vpcs] for f in self._zones() if isinstance(f, Seen)]
            if not self._is_guess(client.value):
                zones = [z for z in zones if client.value.vpc_id in z]
            wanted += [vpc_id for z in zones for vpc_id in z]
        known = {v.id: v for v in vpcs.value}
        found = [VpcResolver(Server(known[i].resolver), i, "vpc+2") for i in dict.fromkeys(wanted) if i in known]
        if not found:
            why = f"{client.value.vpc_id} is not in this account and region"
            return NotAttempted(what, why, "--nameserver")
        endpoints = self._endpoints.fact().seen_or(()) if client.value.how == "zone" else ()
        ways_in = [
            VpcResolver(Server(a), e.vpc_id, "endpoint") for e in endpoints if e.vpc_id in wanted for a in e.addresses
        ]
        return Seen((*found[:MOST_RESOLVERS], *ways_in[:2]), "ec2:DescribeVpcs")

    def facts(self) -> AwsFacts:
        """Wait for everything, and assemble it."""
        views = self._views.fact().seen_or(())
        ecs = self._ecs_facts(views)
        namespaces = self._namespaces.fact()
        cloudmap = CloudMapFacts(
            namespaces=namespaces,
            views=self._seen_views(views, ecs),
            discovered=self._discovered_ids(),
            elsewhere=()
            if views or not isinstance(namespaces, Seen)
            else services_elsewhere(self._calls, self._name, namespaces.value, self._identity.account()),
        )
        vpc = self._vpc_facts(views)
        return AwsFacts(
            region=self._clients.wait_for_region(),
            identity=self._identity.fact(),
            ecs=ecs,
            cloudmap=cloudmap,
            vpc=vpc,
        )

    def explain(self, facts: AwsFacts, answered: frozenset[str]) -> AwsFacts:
        """Read on where the answer leaves a question.

        A task that is gone may have had an address that no instance has. Where nothing is answered and a rule forwards
        names, an inbound endpoint may be where it should lead.
        """
        known = {a for v in facts.cloudmap.views for i in v.instances.seen_or(()) for a in i.addresses}
        if unexplained := answered - known:
            facts = structs.replace(facts, ecs=self._ecs.with_stopped(facts.ecs, unexplained))
        forwards = any(r.type == "FORWARD" for k in facts.vpc.looks for r in k.rules.seen_or(()))
        if not answered & known and forwards and facts.vpc.endpoints == NOT_NEEDED:
            endpoints = self._reads.endpoints()
            facts = structs.replace(facts, vpc=structs.replace(facts.vpc, endpoints=endpoints))
        return facts

    @staticmethod
    def _having(views: tuple[ViewFlow, ...]) -> list[ViewFlow]:
        """Return the views with the service, those that publish by DNS if any does: their ECS side is read."""
        having = [(v, s) for v in views if (s := v.service.fact().seen_or(None)) is not None]
        by_dns = [v for v, s in having if s.type != "HTTP" and v.namespace.type != "HTTP"]
        return by_dns or [v for v, _ in having]

    def _ecs_facts(self, views: tuple[ViewFlow, ...]) -> EcsFacts:
        having = self._having(views)
        if not having:
            nothing = NotAttempted("the instances", "no namespace of this name was seen")
            return self._ecs.facts(frozenset(), nothing, wanted=isinstance(self._namespaces.fact(), Seen))
        ids = frozenset(s.id for v in having if (s := v.service.fact().seen_or(None)))
        owners = {
            i.id: v.namespace.account or "another account"
            for v in having
            if v.namespace.owner != "SELF"
            for i in v.instances.fact().seen_or(())
        }
        return self._ecs.facts(ids, _together([v.instances.fact() for v in having]), wanted=True, owners=owners)

    def _seen_views(self, views: tuple[ViewFlow, ...], ecs: EcsFacts) -> tuple[NamespaceView, ...]:
        """Read failed operations only when a task is not registered: they say why."""
        having = self._having(views)
        instances = _together([v.instances.fact() for v in having])
        tasks = [t for st in ecs.tasks for t in st.running.seen_or(())]
        registered = {i.id for i in instances.seen_or(())}
        if isinstance(instances, Seen) and all(t.id in registered for t in tasks):
            sound = NotAttempted("the failed operations", "every task is registered")
            return tuple(v.view(sound if v in having else NOT_NEEDED) for v in views)
        return tuple(v.view(v.operations() if v in having else NOT_NEEDED) for v in views)

    def _vpc_facts(self, views: tuple[ViewFlow, ...]) -> VpcFacts:
        look = self._look.fact()
        endpoints = self._endpoints.fact()
        unexplained = [
            a
            for v in views
            for i in v.instances.fact().seen_or(())
            if not i.from_ecs and not i.get("DeploymentId")
            for a in i.addresses
            if ":" not in a
        ]
        reader = self._reads.vpc_reader()
        return VpcFacts(
            vpcs=self._vpcs.fact(),
            client=self._client.fact(),
            looks=(look.value,) if isinstance(look, Seen) else (),
            endpoints=endpoints,
            security_groups=guarded(partial(reader.security_groups, endpoints), "the security groups"),
            client_vpns=self._vpns.fact(),
            interfaces=guarded(
                partial(reader.interfaces, tuple(dict.fromkeys(unexplained))), "the owners of the addresses"
            ),
        )

    def timings(self) -> tuple[Timing, ...]:
        """Return every call that was made, in the order in which they began."""
        return tuple(sorted(self._calls.log, key=lambda t: (t.began_ms, t.call)))

    def warnings(self) -> tuple[str, ...]:
        """Return one sentence for each thing that keeps all of AWS from being seen."""
        fact = self._namespaces.fact()
        if not isinstance(fact, Unreachable):
            return ()
        advice = {
            CREDENTIALS: "set AWS_PROFILE or sign in",
            NEW_SIGN_IN: "sign in again",
        }.get(fact.needs, fact.needs)
        return (f"Nothing was seen of AWS: {fact.why}; {advice}.",)


def _no_discovery(what: str) -> Unreachable:
    """Say that DiscoverInstances, which goes to a host whose name begins with ``data-``, has not answered.

    https://docs.aws.amazon.com/cloud-map/latest/api/API_DiscoverInstances.html
    """
    needs = "a path to the host data-servicediscovery of the region"
    return Unreachable(what, f"{SD}:DiscoverInstances did not answer in time", needs)


def _together(facts: list[Fact[tuple[Instance, ...]]]) -> Fact[tuple[Instance, ...]]:
    """Join the instances of several namespaces; where none was seen, say why of the first."""
    seen = [f for f in facts if isinstance(f, Seen)]
    if not seen:
        return facts[0] if facts else NotAttempted("the instances", "no service of this name was seen")
    return Seen(tuple(i for f in seen for i in f.value), seen[0].source, seen[0].at)
