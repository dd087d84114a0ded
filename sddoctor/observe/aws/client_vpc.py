"""Chooses the VPC whose resolver should answer: the one named, this host's own, or one that the zone is associated with."""

from __future__ import annotations

from sddoctor.case.address import contains
from sddoctor.case.dns import Server
from sddoctor.case.name import label_count
from sddoctor.case.route53 import HostedZone, Zone, ZoneVpc
from sddoctor.case.seen import Fact, NotAttempted, Seen, is_unseen
from sddoctor.case.vpc import ClientVpc, Vpc
from sddoctor.observe.aws.cloudmap import ViewObserver
from sddoctor.observe.aws.options import AwsOptions
from sddoctor.observe.aws.shared import Reads
from sddoctor.observe.work import Pending
from sddoctor.resolution.choose import choose

WHAT = "the VPC whose resolver should answer"
NEEDS = "--client-vpc, or --nameserver"
AMBIGUOUS = "several namespaces of this name have the service, and nothing shows which one this host sees"


class ClientChoice:
    """Chooses the VPC for a name. It waits only for facts that decide.

    ``views`` are the namespaces that the name ends in, ``others`` the hosted zones beside theirs.
    """

    def __init__(
        self,
        name: str,
        options: AwsOptions,
        reads: Reads,
        views: Pending[tuple[ViewObserver, ...]],
        others: Pending[tuple[HostedZone, ...]],
    ) -> None:
        self._others = others
        self._name = name
        self._options = options
        self._reads = reads
        self._views = views

    def choose(self) -> Fact[ClientVpc]:
        """Return the VPC, and how it was chosen."""
        client = self._choose()
        if isinstance(client, Seen) and self._name.startswith("_") and self.is_guess(client.value):
            # Programs cannot look up such a name, so no answer on this host will tell which one it sees.
            return NotAttempted(WHAT, AMBIGUOUS, NEEDS)
        return client

    def is_guess(self, client: ClientVpc) -> bool:
        """Tell whether several namespaces of one name have the service, and nothing shows which one this host sees."""
        views = [v for v in self._possible_views() if v.namespace.type == "DNS_PRIVATE"]
        if client.how != "zone" or sum(v.service.fact().seen_or(None) is not None for v in views) < 2:
            return False
        ranges = [c for v in self._reads.vpcs().fact().seen_or(()) if v.id == client.vpc_id for c in v.cidrs]
        return not any(contains(c, s.address) for c in ranges for s in self._host_servers())

    def zones(self) -> list[Fact[Zone]]:
        """Return the zones that the name lies in: those of the namespaces, and private ones beside them, the longest first."""
        found = [(label_count(v.namespace.name), v.zone.fact()) for v in self._possible_views()]
        found += [(label_count(z.name), z.zone) for z in self._others.fact().seen_or(()) if z.private]
        return [fact for _, fact in sorted(found, key=lambda f: -f[0])]

    def _choose(self) -> Fact[ClientVpc]:
        if self._options.client_vpc is not None:
            return Seen(ClientVpc(self._options.client_vpc, "option"), "--client-vpc")
        vpcs = self._reads.vpcs().fact()
        if isinstance(vpcs, Seen):
            known = self._named(vpcs.value) or self._own(vpcs.value)
            if known is not None:
                return known
        return self._of_zone(vpcs, self.zones())

    def _named(self, vpcs: tuple[Vpc, ...]) -> Seen[ClientVpc] | None:
        """Return the VPC whose resolver the user named; of several with one address, one associated with the zone."""
        named = [v.id for v in vpcs if any(v.resolver == s.address for s in self._options.nameservers)]
        if len(named) > 1:
            with_zone = {v.vpc_id for f in self.zones() if isinstance(f, Seen) for v in f.value.vpcs}
            named = [i for i in named if i in with_zone]
        return Seen(ClientVpc(named[0], "nameserver"), "--nameserver") if named else None

    def _own(self, vpcs: tuple[Vpc, ...]) -> Seen[ClientVpc] | None:
        """Return the VPC that this host is in, if that is certain.

        Private ranges overlap, and a home network may have the range of a VPC: an address alone proves nothing. So the host
        must also show that it runs in EC2 or ECS, and exactly one VPC must contain its address.
        """
        if not self._options.host_is_aws():
            return None
        addresses = self._options.host_addresses()
        holding = [v for v in vpcs if any(contains(c, a) for c in v.cidrs for a in addresses)]
        return Seen(ClientVpc(holding[0].id, "host"), "addresses of this host") if len(holding) == 1 else None

    def _of_zone(self, vpcs: Fact[tuple[Vpc, ...]], zones: list[Fact[Zone]]) -> Fact[ClientVpc]:
        """Return a VPC associated with the zones; the one whose resolver this host queries where a zone was not seen, or the instances are there."""
        found = [
            (v.vpc_id, zone) for zone in zones if isinstance(zone, Seen) for v in self._candidates(zone.value, vpcs)
        ]
        shown = vpcs.seen_or(())
        named = self._named_by_host(shown)
        if (
            named is not None
            and all(named.id != vpc_id for vpc_id, _ in found)
            and (
                not found
                or any(is_unseen(z) for z in zones)
                or self._has_instances_in(named, {vpc_id for vpc_id, _ in found})
            )
        ):
            return Seen(ClientVpc(named.id, "nameserver"), "the server that this host asks")
        if not found:
            return _none(zones)
        vpc_id, zone = found[0] if len(found) == 1 else self._queried(found, shown)
        return zone.map(lambda _: ClientVpc(vpc_id, "zone"))

    def _candidates(self, zone: Zone, vpcs: Fact[tuple[Vpc, ...]]) -> list[ZoneVpc]:
        """Return the VPCs of a zone that this account has; where VPCs were not seen, those of this region, or all."""
        if isinstance(vpcs, Seen):
            here = {v.id for v in vpcs.value}
            return [v for v in zone.vpcs if v.vpc_id in here]
        return [v for v in zone.vpcs if v.region == self._reads.region()] or list(zone.vpcs)

    def _named_by_host(self, vpcs: tuple[Vpc, ...]) -> Vpc | None:
        """Return the one VPC whose resolver this host queries: the only evidence where the zone was not seen."""
        servers = [s.address for s in self._host_servers()]
        named = [v for v in vpcs if v.resolver in servers]
        return named[0] if len(named) == 1 else None

    def _has_instances_in(self, vpc: Vpc, associated: set[str]) -> bool:
        """Tell whether instances of the name are in the VPC and in none with the zone: then its resolver lacks the zone."""
        others = [c for v in self._reads.vpcs().fact().seen_or(()) if v.id in associated for c in v.cidrs]
        return any(
            any(contains(c, a) for c in vpc.cidrs) and not any(contains(c, a) for c in others)
            for view in self._possible_views()
            for a in view.addresses()
        )

    def _queried(self, found: list[tuple[str, Seen[Zone]]], vpcs: tuple[Vpc, ...]) -> tuple[str, Seen[Zone]]:
        """Return the first of several VPCs that contains a server of this host, or the first of all."""
        servers = [s.address for s in self._host_servers()]
        containing = {v.id for v in vpcs if any(contains(c, a) for c in v.cidrs for a in servers)}
        return next((f for f in found if f[0] in containing), found[0])

    def _possible_views(self) -> tuple[ViewObserver, ...]:
        """Return the views; of namespaces of the same name only those whose instances this host's lookups return."""
        views = self._views.fact().seen_or(())
        if len({v.namespace.name for v in views if v.namespace.type == "DNS_PRIVATE"}) < len(views) > 1:
            facts = self._options.host_facts()
            lookups = [r for k in (facts.lookups if facts else ()) if (r := k.outcome.seen_or(None))]
            returned = {a for r in lookups for a in r.addresses}
            views = tuple(v for v in views if not returned.isdisjoint(v.addresses())) or views
        return views

    def _host_servers(self) -> tuple[Server, ...]:
        """Return the servers that this host queries, or would query if its hosts file did not have the name."""
        facts = self._options.host_facts()
        choice = choose(self._name, facts).seen_or(None) if facts else None
        if choice is None or choice.kind != "hosts-file":
            return choice.servers if choice else ()
        entries = [
            e for e in choice.entries if e.usable and f".{self._name}".endswith(f".{e.domain}" if e.domain else "")
        ]
        most = max((len(e.domain) for e in entries), default=0)
        return tuple(s for e in entries if len(e.domain) == most for s in e.servers)


def _none(zones: list[Fact[Zone]]) -> NotAttempted:
    """Say why the zones do not lead to a VPC: none is associated with one that this account and region has."""
    for fact in zones:
        if is_unseen(fact):
            return NotAttempted(WHAT, f"the zone was not seen: {fact.gap().why}", NEEDS)  # type: ignore[union-attr]
    elsewhere = [f"{v.vpc_id} ({v.region})" for z in zones if isinstance(z, Seen) for v in z.value.vpcs]
    if elsewhere:
        why = f"the zone is associated only with {', '.join(elsewhere[:5])}, not shown to this account and region"
        return NotAttempted(WHAT, why, NEEDS)
    if not zones:
        return NotAttempted(WHAT, "no private zone of this name was found", NEEDS)
    return NotAttempted(WHAT, "no zone of this name is associated with a VPC", NEEDS)
