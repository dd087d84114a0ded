"""Reads for all names of hosted zones: each zone's records once, the owners of addresses in full batches."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from sddoctor.case.cloudmap import Namespace
from sddoctor.case.route53 import HostedZone
from sddoctor.case.seen import Fact, Seen
from sddoctor.case.vpc import NetworkInterface
from sddoctor.observe.aws.batches import BatchReads
from sddoctor.observe.aws.calls import Calls
from sddoctor.observe.aws.vpcs import MOST_FILTER_VALUES
from sddoctor.observe.aws.zone_lists import all_zones
from sddoctor.observe.aws.zones import ZoneIndex, index_records

#: What many names lead to is read once for all of them.
_SHARED = (
    "ec2:DescribeVpcEndpoints",
    "ecs:ListClusters",
    "elbv2:DescribeLoadBalancers",
    "elbv2:DescribeTargetGroups",
    "elbv2:DescribeTargetHealth",
    "rds:DescribeDBClusters",
    "rds:DescribeDBInstances",
    "rds:DescribeDBProxies",
    "route53:ListHostedZonesByVPC",
)


class ZoneReads(BatchReads):
    """The shared reads of a scan of hosted zones: whole zones stay until the scan of the account and region is over."""

    def __init__(self, calls: Calls, region: Callable[[], str | None]) -> None:
        super().__init__(calls, region)
        self._owners: dict[str, Fact[tuple[NetworkInterface, ...]]] = {}
        calls.keep(*_SHARED)

    def every_zone(self) -> Fact[tuple[HostedZone, ...]]:
        """All hosted zones of the account."""
        return self.once("every zone", partial(all_zones, self.calls), "the hosted zones").fact()

    def whole_zone(self, zone_id: str) -> Fact[ZoneIndex] | None:
        """Every record of a zone of the account; of another account's nothing is to be had."""
        if all(z.id != zone_id for z in self.every_zone().seen_or(())):
            return None
        return self.once(
            ("records", zone_id), partial(index_records, self.calls, zone_id), f"the records of {zone_id}"
        ).fact()

    def read_whole(self, zones: Iterable[HostedZone]) -> None:
        """Announce that all names of these zones will be observed."""
        self._whole_zones |= {z.id for z in zones}

    def expect(self, zone_id: str, names: int) -> None:
        """Read whole zones only, unless the zone is another account's."""
        if zone_id not in self._whole_zones:
            super().expect(zone_id, names)

    def forget_namespaces(self, namespaces: Iterable[Namespace]) -> None:
        """Keep the lists of services and records: names of other zones lead to them."""

    def prepare_addresses(self, addresses: Iterable[str]) -> None:
        """Read who has these addresses, two hundred at a time."""
        wanted = sorted({a for a in addresses if ":" not in a} - self._owners.keys())
        reader = self.vpc_reader()
        batches = [tuple(wanted[i : i + MOST_FILTER_VALUES]) for i in range(0, len(wanted), MOST_FILTER_VALUES)]
        begun = [(b, self.calls.pending(partial(reader.interfaces, b), "the owners of the addresses")) for b in batches]
        for batch, read in begun:
            fact = read.fact()
            if not isinstance(fact, Seen):
                self._owners.update(dict.fromkeys(batch, fact))
                continue
            found: dict[str, list[NetworkInterface]] = {a: [] for a in batch}
            for interface in fact.value:
                if interface.address in found:
                    found[interface.address].append(interface)
            self._owners.update({a: Seen(tuple(i), fact.source, fact.at) for a, i in found.items()})

    def interfaces(self, addresses: tuple[str, ...]) -> Fact[tuple[NetworkInterface, ...]]:
        """Return the owners of addresses from what was prepared, or read them."""
        facts = [self._owners.get(a) for a in addresses]
        if any(f is None for f in facts):
            return super().interfaces(addresses)
        found: list[NetworkInterface] = []
        for fact in facts:
            if not isinstance(fact, Seen):
                return fact  # type: ignore[return-value] # none is None
            found += fact.value
        return Seen(tuple(dict.fromkeys(found)), "ec2:DescribeNetworkInterfaces")
