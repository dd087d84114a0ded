"""What several names of one account and region have in common: each thing is read, and parsed, once."""

from __future__ import annotations

from collections.abc import Callable, Container, Hashable
from functools import partial
from typing import Any, cast

from sddoctor.case.cloudmap import CloudMapService, Instance, Namespace, Operation
from sddoctor.case.ecs import ContainerInstance, EcsService, Task
from sddoctor.case.route53 import HostedZone, Record, Zone
from sddoctor.case.seen import Fact, Seen, Unreachable
from sddoctor.case.vpc import ClientVpn, InboundEndpoint, NetworkInterface, Vpc, VpcDnsSetup
from sddoctor.formats.aws.errors import CREDENTIALS, NEW_SIGN_IN
from sddoctor.observe.aws.calls import Calls
from sddoctor.observe.aws.cloudmap_lists import discover, list_namespaces, list_services
from sddoctor.observe.aws.cloudmap_operations import failed_creations
from sddoctor.observe.aws.ecs_reads import SERVICES_AT_ONCE, EcsReader, short_name
from sddoctor.observe.aws.identity import CallerIdentity
from sddoctor.observe.aws.session import Clients
from sddoctor.observe.aws.vpcs import VpcReader, list_vpcs
from sddoctor.observe.aws.zones import ZoneIndex, read_records, read_zone
from sddoctor.observe.budget import Budget
from sddoctor.observe.work import Once, Pending
from sddoctor.text.likeness import likeness


class Reads:
    """The shared reads of one account and region. Safe to use from several threads."""

    def __init__(self, calls: Calls, region: Callable[[], str | None]) -> None:
        self.calls = calls
        self.region = region
        self.ecs = EcsReader(calls)
        self._begun: Once[Any] = Once()

    @property
    def clean(self) -> Container[int]:
        """The ids of objects in which no secret is left."""
        return ()

    def once(self, key: Hashable, work: Callable[[], Fact[Any]], what: str) -> Pending[Any]:
        """Begin to read a fact, or join the read that was begun before with the same key."""
        return cast("Pending[Any]", self._begun.get(key, lambda: self.calls.pending(work, what)))

    def prefetch(self, job: Callable[[], Fact[Any]], what: str) -> None:
        """Begin to read what will be needed: every call is made once, so a later read of the same joins it."""
        self.calls.pending(job, what)

    def warnings(self) -> tuple[str, ...]:
        """Return one sentence if nothing of AWS could be seen."""
        fact = self.namespaces().fact()
        if not isinstance(fact, Unreachable):
            return ()
        advice = {
            CREDENTIALS: "set AWS_PROFILE or sign in",
            NEW_SIGN_IN: "sign in again",
        }.get(fact.needs, fact.needs)
        return (f"Nothing was seen of AWS: {fact.why}; {advice}.",)

    @property
    def identity(self) -> CallerIdentity:
        """Who calls AWS."""
        return cast("CallerIdentity", self._begun.get("identity", lambda: CallerIdentity(self.calls)))

    def discovered(self, name: str) -> Fact[tuple[Instance, ...]]:
        """Return the instances by the name alone: the answer comes before any list was read."""
        return discover(self.calls, name)

    def namespaces(self) -> Pending[tuple[Namespace, ...]]:
        """All namespaces of account and region, shared ones included."""
        return self.once("namespaces", partial(list_namespaces, self.calls, self.identity), "the namespaces")

    def services(self, namespace: Namespace) -> Pending[tuple[CloudMapService, ...]]:
        """All services of a namespace."""
        work = partial(self._list_services, namespace)
        return self.once(("services", namespace.id), work, f"the services of {namespace.name}")

    def _list_services(self, namespace: Namespace) -> Fact[tuple[CloudMapService, ...]]:
        return list_services(self.calls, namespace, self.identity.account())

    def zone(self, zone_id: str) -> Pending[Zone]:
        """A hosted zone."""
        return self.once(("zone", zone_id), partial(read_zone, self.calls, zone_id), f"the hosted zone {zone_id}")

    def every_zone(self) -> Fact[tuple[HostedZone, ...]] | None:
        """All hosted zones of the account, where they were listed; ``None``: those over a name are looked for."""
        return None

    def whole_zone(self, zone_id: str) -> Fact[ZoneIndex] | None:  # noqa: ARG002 - only readers of many names have any
        """Every record of a zone, where it is read as a whole; ``None``: what lies around a name is looked for."""
        return None

    def interfaces(self, addresses: tuple[str, ...]) -> Fact[tuple[NetworkInterface, ...]]:
        """The network interfaces that have the addresses."""
        return self.vpc_reader().interfaces(addresses)

    def holders(self, addresses: tuple[str, ...]) -> Fact[tuple[NetworkInterface, ...]]:
        """The network interfaces that have the addresses, by themselves or by a prefix."""
        return self.vpc_reader().with_prefixes(self.interfaces(addresses), addresses, self.vpcs().fact().seen_or(()))

    def failed_creations(self) -> Fact[tuple[Operation, ...]]:
        """The operations that were to create a namespace and failed."""
        what = "the namespaces whose creation failed"
        return self.once("failed creations", partial(failed_creations, self.calls), what).fact()

    def records(self, zone_id: str, name: str) -> Fact[tuple[Record, ...]]:
        """The records of a zone at a name and below it."""
        return read_records(self.calls, zone_id, name)

    def vpcs(self) -> Pending[tuple[Vpc, ...]]:
        """The VPCs of the region."""
        return self.once("vpcs", partial(list_vpcs, self.calls), "the VPCs")

    def vpc_reader(self) -> VpcReader:
        """Reads of VPCs and resolvers."""
        return VpcReader(self.calls, self.region() or "")

    def vpc_dns(self, vpc_id: str, *, inside: bool) -> Fact[VpcDnsSetup]:
        """How DNS is set up in a VPC, for a client that is inside it or not."""

        def read() -> Fact[VpcDnsSetup]:
            found = self.vpc_reader().dns_of(vpc_id, self.vpcs().fact(), inside=inside)
            return Seen(found, "ec2:DescribeVpcAttribute")

        return self.once(("vpc DNS", vpc_id, inside), read, f"the DNS of {vpc_id}").fact()

    def endpoints(self) -> Fact[tuple[InboundEndpoint, ...]]:
        """The inbound endpoints of the region."""
        return self.once("endpoints", lambda: self.vpc_reader().endpoints(), "the inbound endpoints").fact()

    def client_vpns(self) -> Fact[tuple[ClientVpn, ...]]:
        """The Client VPN endpoints of the region."""
        return self.once("vpns", lambda: self.vpc_reader().client_vpns(), "the Client VPN endpoints").fact()

    def ecs_services(self, cluster: str) -> Pending[tuple[EcsService, ...]]:
        """Every ECS service of a cluster."""
        return self.once(("walk", cluster), partial(self._walk, cluster), f"the ECS services of {cluster}")

    def _walk(self, cluster: str) -> Fact[tuple[EcsService, ...]]:
        return self.ecs.walk(cluster).services

    def siblings(self, cluster: str, known: tuple[str, ...]) -> Fact[tuple[EcsService, ...]]:
        """Other services of a cluster than the ``known`` ones: at most ten, those whose names are most like theirs."""
        arns = self.ecs.service_arns(cluster)
        if not isinstance(arns, Seen):
            return arns
        names = (n for a in arns.value if (n := short_name(a)) not in known)
        alike = sorted(names, key=lambda n: (-max(likeness(k, n) for k in known), n))[:SERVICES_AT_ONCE]
        return self.ecs.services(cluster, tuple(alike)) if alike else Seen((), arns.source, arns.at)

    def loose_tasks(self, clusters: tuple[str, ...]) -> Pending[tuple[Task, ...]]:
        """The running tasks of clusters that belong to no service."""
        work = partial(self.ecs.loose_tasks, clusters)
        return self.once(("loose", clusters), work, "the tasks outside services")

    def container_instances(self, cluster: str, arns: tuple[str, ...]) -> Fact[tuple[ContainerInstance, ...]]:
        """The hosts of tasks."""
        return self.ecs.container_instances(cluster, arns)


def begin_reads(region: str | None, profile: str | None, budget: Budget) -> Reads:
    """Begin to make the clients for an account and region, and return the reads that use them."""
    clients = Clients(region, profile, budget)
    return Reads(Calls(clients, budget), clients.wait_for_region)
