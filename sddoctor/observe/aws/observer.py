"""The AWS side of one name: every read begins at once, and the facts are assembled as they come."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from msgspec import structs

from sddoctor.case.case import AwsFacts
from sddoctor.case.cloudmap import CloudMapFacts, Instance, NamespaceView, Operation
from sddoctor.case.dns import Server, VpcResolver
from sddoctor.case.ecs import EcsFacts
from sddoctor.case.name import label_count
from sddoctor.case.route53 import AliasStep
from sddoctor.case.seen import NOT_NEEDED, Fact, NotAttempted, Seen, Unreachable
from sddoctor.case.vpc import VpcDnsSetup, VpcFacts
from sddoctor.observe.aws import client_vpc
from sddoctor.observe.aws.client_vpc import ClientChoice
from sddoctor.observe.aws.cloudmap import ViewObserver
from sddoctor.observe.aws.cloudmap_lists import SD, guess, services_elsewhere
from sddoctor.observe.aws.ecs import EcsObserver
from sddoctor.observe.aws.identity import SHORT_WAIT
from sddoctor.observe.aws.options import AwsOptions
from sddoctor.observe.aws.owner import OwnerObserver
from sddoctor.observe.aws.shared import Reads
from sddoctor.observe.aws.vpcs import matching
from sddoctor.observe.budget import Budget
from sddoctor.observe.work import begin, guarded

T = TypeVar("T")

#: Resolvers of associated VPCs that are queried when the client is in none of them.
MOST_RESOLVERS = 3


class AwsObserver:
    """Observes AWS for one name. Everything begins in the constructor; the methods wait, no longer than the budget."""

    def __init__(self, name: str, options: AwsOptions, reads: Reads, *, first: bool = True) -> None:
        if first:
            begin()
        self._name = name
        self._options = options
        self._reads = reads
        self._calls = reads.calls
        pending = reads.calls.pending
        self._discovered = pending(partial(reads.discovered, name), "the instances")
        self._identity = reads.identity
        self._namespaces = reads.namespaces()
        self._vpcs = reads.vpcs()
        label = guess(name).service
        self._ecs = EcsObserver(reads, label, options.cluster, options.service, self._discovered)
        self._views = pending(self._start_views, "the namespaces")
        self._creations = pending(self._failed_creations, "the namespaces whose creation failed")
        self._owner = OwnerObserver(name, reads, self._discovered, self._views, self._vpc_id)
        self._choice = ClientChoice(name, options, reads, self._views, self._owner.zones)
        self._client = pending(self._choice.choose, client_vpc.WHAT)
        self._client_dns = pending(self._dns_of_client, "the DNS of the client's VPC")
        self._endpoints = pending(partial(self._for_outsider, reads.endpoints), "the inbound endpoints")
        self._vpns = pending(partial(self._for_outsider, reads.client_vpns), "the Client VPN endpoints")
        self._owner.follow(self._of_target)

    def _discovered_ids(self) -> Fact[tuple[str, ...]]:
        """Return what was discovered. It is waited for briefly only: the lists, which decide, were read."""
        what = f"the instances of {self._name} by DiscoverInstances"
        wait = Budget(min(SHORT_WAIT, self._calls.budget.remaining()))
        fact = self._discovered.fact_within(wait, _no_discovery(what))
        return fact.map(lambda seen: tuple(sorted(i.id for i in seen)))

    def _start_views(self) -> Fact[tuple[ViewObserver, ...]]:
        return self._namespaces.fact().map(
            lambda seen: tuple(ViewObserver(self._name, n, self._reads) for n in matching(seen, self._name))
        )

    def _of_target(self, target: str) -> AwsObserver:
        return AwsObserver(target, self._options, self._reads, first=False)

    def _vpc_id(self) -> str | None:
        client = self._client.fact().seen_or(None)
        return client.vpc_id if client is not None else None

    def _failed_creations(self) -> Fact[tuple[Operation, ...]]:
        """Read which namespaces could not be created, where the name is in none."""
        views = self._views.fact()
        if not isinstance(views, Seen) or views.value or "." not in self._name:
            return NOT_NEEDED
        return self._reads.failed_creations()

    def _dns_of_client(self) -> Fact[VpcDnsSetup]:
        client = self._client.fact()
        if not isinstance(client, Seen):
            return client
        if self._choice.is_guess(client.value):
            return NotAttempted("the DNS of the client's VPC", client_vpc.AMBIGUOUS, client_vpc.NEEDS)
        inside = client.value.how in ("option", "host")
        return self._reads.vpc_dns(client.value.vpc_id, inside=inside)

    def _for_outsider(self, read: Callable[[], Fact[T]]) -> Fact[T]:
        """Read a path into the VPC, for a client that is not in it."""
        if self._options.client_vpc is None:
            client = self._client.fact().seen_or(None)
            if client is None or client.how in ("zone", "nameserver"):
                return read()
        return NOT_NEEDED

    def zone_names(self) -> tuple[str, ...]:
        """Return the names of the namespaces and private zones that the name ends in, the longest first."""
        namespaces = [v.namespace.name for v in self._views.fact().seen_or(())]
        zones = [z.name for z in self._owner.zones.fact().seen_or(()) if z.private]
        return tuple(sorted(dict.fromkeys((*namespaces, *zones)), key=label_count, reverse=True))

    def resolvers(self) -> Fact[tuple[VpcResolver, ...]]:
        """Return the servers that should resolve the name: those the user named, else "VPC+2" of the VPCs that matter.

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
            zones = [[v.vpc_id for v in f.value.vpcs] for f in self._choice.zones() if isinstance(f, Seen)]
            if not self._choice.is_guess(client.value):
                zones = [z for z in zones if client.value.vpc_id in z]
            wanted += [vpc_id for z in zones for vpc_id in z]
        known = {v.id: v for v in vpcs.value}
        found = [VpcResolver(Server(known[i].resolver), i, "vpc+2") for i in dict.fromkeys(wanted) if i in known]
        if not found:
            why = f"{client.value.vpc_id} is not in this account and region"
            return NotAttempted(what, why, "--nameserver")
        endpoints = self._endpoints.fact().seen_or(()) if client.value.how == "zone" else ()
        inbound = [
            VpcResolver(Server(a), e.vpc_id, "endpoint") for e in endpoints if e.vpc_id in wanted for a in e.addresses
        ]
        return Seen((*found[:MOST_RESOLVERS], *inbound[:2]), "ec2:DescribeVpcs")

    def facts(self, answered: tuple[AliasStep, ...] = ()) -> AwsFacts:
        """Wait for everything, and assemble it. ``answered`` are the aliases that answers for the name show."""
        views = self._views.fact().seen_or(())
        ecs = self._ecs_facts(views)
        namespaces = self._namespaces.fact()
        cloudmap = CloudMapFacts(
            namespaces=namespaces,
            views=self._seen_views(views, ecs),
            discovered=self._discovered_ids(),
            creations=self._creations.fact(),
            elsewhere=()
            if views or not isinstance(namespaces, Seen) or self._owner.answering()
            else services_elsewhere(self._calls, self._name, namespaces.value, self._identity.account()),
        )
        facts = AwsFacts(
            region=self._reads.region(),
            identity=self._identity.fact(),
            ecs=ecs,
            cloudmap=cloudmap,
            vpc=self._vpc_facts(views),
        )
        return self._owner.completed(facts, answered)

    def explain(self, facts: AwsFacts, answered: frozenset[str], given: frozenset[str] = frozenset()) -> AwsFacts:
        """Read more where the facts do not explain the addresses that were ``answered``, or ``given`` to programs here.

        An address that no instance has may be that of a stopped task. Where nothing was answered and a rule forwards names,
        it should perhaps forward to an inbound endpoint.
        """
        known = {a for v in facts.cloudmap.views for i in v.instances.seen_or(()) for a in i.addresses}
        if unexplained := (answered | given) - known:
            facts = structs.replace(facts, ecs=self._ecs.with_stopped(facts.ecs, unexplained))
        forwards = any(r.type == "FORWARD" for k in facts.vpc.looks for r in k.rules.seen_or(()))
        if not answered & known and forwards and facts.vpc.endpoints == NOT_NEEDED:
            endpoints = self._reads.endpoints()
            facts = structs.replace(facts, vpc=structs.replace(facts.vpc, endpoints=endpoints))
        return facts

    @staticmethod
    def _with_service(views: tuple[ViewObserver, ...]) -> list[ViewObserver]:
        """Return the views that have the service, and of these those that publish it in DNS if any does."""
        found = [(v, s) for v in views if (s := v.service.fact().seen_or(None)) is not None]
        in_dns = [v for v, s in found if s.type != "HTTP" and v.namespace.type != "HTTP"]
        return in_dns or [v for v, _ in found]

    def _ecs_facts(self, views: tuple[ViewObserver, ...]) -> EcsFacts:
        relevant = self._with_service(views)
        if not relevant:
            nothing = NotAttempted("the instances", "no namespace of this name was seen")
            wanted = isinstance(self._namespaces.fact(), Seen) and not self._owner.answering()
            return self._ecs.facts(frozenset(), nothing, wanted=wanted)
        ids = frozenset(s.id for v in relevant if (s := v.service.fact().seen_or(None)))
        owners = {
            i.id: v.namespace.account or "another account"
            for v in relevant
            if v.namespace.owner != "SELF"
            for i in v.instances.fact().seen_or(())
        }
        return self._ecs.facts(ids, _instances_of(relevant), wanted=True, owners=owners)

    def _seen_views(self, views: tuple[ViewObserver, ...], ecs: EcsFacts) -> tuple[NamespaceView, ...]:
        """Read failed operations only when a task is not registered: they say why."""
        relevant = self._with_service(views)
        instances = _instances_of(relevant)
        tasks = [t for st in ecs.tasks for t in st.running.seen_or(())]
        registered = {i.id for i in instances.seen_or(())}
        if isinstance(instances, Seen) and all(t.id in registered for t in tasks):
            not_needed = NotAttempted("the failed operations", "every task is registered")
            return tuple(v.view(not_needed if v in relevant else NOT_NEEDED) for v in views)
        return tuple(v.view(v.operations() if v in relevant else NOT_NEEDED) for v in views)

    def _vpc_facts(self, views: tuple[ViewObserver, ...]) -> VpcFacts:
        dns = self._client_dns.fact()
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
            looks=(dns.value,) if isinstance(dns, Seen) else (),
            endpoints=endpoints,
            security_groups=guarded(partial(reader.security_groups, endpoints), "the security groups"),
            client_vpns=self._vpns.fact(),
            interfaces=guarded(
                partial(self._reads.holders, tuple(dict.fromkeys(unexplained))),
                "the owners of the addresses",
            ),
        )


def _no_discovery(what: str) -> Unreachable:
    """Say that DiscoverInstances has not answered. It goes to a host of its own, whose name begins with ``data-``.

    https://docs.aws.amazon.com/cloud-map/latest/api/API_DiscoverInstances.html
    """
    needs = "a path to the host data-servicediscovery of the region"
    return Unreachable(what, f"{SD}:DiscoverInstances did not answer in time", needs)


def _instances_of(views: list[ViewObserver]) -> Fact[tuple[Instance, ...]]:
    """Join the instances that were seen in several namespaces; if none were, return why those of the first were not."""
    facts = [v.instances.fact() for v in views]
    seen = [f for f in facts if isinstance(f, Seen)]
    if not seen:
        return facts[0] if facts else NotAttempted("the instances", "no service of this name was seen")
    return Seen(tuple(i for f in seen for i in f.value), seen[0].source, seen[0].at)
