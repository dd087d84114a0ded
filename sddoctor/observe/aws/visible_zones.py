"""The private hosted zones over a domain, whoever keeps them, and which VPCs of the region each of them is visible in.

https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/hosted-zones-private.html
https://docs.aws.amazon.com/Route53/latest/APIReference/API_ListHostedZonesByVPC.html
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import TypeVar

from msgspec import Struct, structs

from sddoctor.case.cloudmap import Namespace
from sddoctor.case.name import is_below, label_count
from sddoctor.case.route53 import HostedZone, ZoneSummary
from sddoctor.case.seen import Absent, Fact, Gap, Seen
from sddoctor.case.vpc import Vpc
from sddoctor.observe.aws.calls import Calls
from sddoctor.observe.aws.profiles import ProfileReader
from sddoctor.observe.aws.resolver import ResolverReader
from sddoctor.observe.aws.zone_lists import zones_over
from sddoctor.observe.aws.zones import read_zone, zones_of_vpc
from sddoctor.observe.work import Pending

T = TypeVar("T")

#: VPCs whose zones are listed: Route 53 answers five requests a second.
#: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DNSLimitations.html
MOST_VPCS = 40


class VisibleZone(Struct, frozen=True):
    """A private zone and the VPCs that it is associated with: regions by id.

    ``via_profile`` are those of them that have it through a Route 53 Profile only.
    """

    id: str
    name: str
    vpcs: dict[str, str] = {}
    via_profile: frozenset[str] = frozenset()


class Looked(Struct, frozen=True):
    """What was found, and where.

    ``others`` are the names of all private zones that were seen, over the domain or not; ``public`` those of public zones over
    it. ``listed`` are the VPCs whose zones were listed, ``gaps`` what was not seen.
    """

    over: tuple[VisibleZone, ...] = ()
    others: tuple[str, ...] = ()
    public: tuple[str, ...] = ()
    listed: tuple[str, ...] = ()
    gaps: tuple[Gap, ...] = ()


class ZoneSearch:
    """The search for the private zones over one domain; what the account itself has begins to be read at once."""

    def __init__(self, calls: Calls, domain: str, region: str) -> None:
        self._calls = calls
        self._domain = domain
        self._region = region
        self._own = calls.pending(partial(zones_over, calls, domain), f"the hosted zones over {domain}")
        self._gaps: dict[Gap, None] = {}
        self._names: set[str] = set()
        self._found: dict[str, VisibleZone] = {}

    def look(self, namespaces: Fact[tuple[Namespace, ...]], vpcs: tuple[Vpc, ...], wanted: str | None) -> Looked:
        """Look at the account's own zones and namespaces, and where these do not decide at what each VPC lists.

        ``wanted`` is the only VPC that matters.
        """
        private = [n for n in self._seen(namespaces) if n.type == "DNS_PRIVATE"]
        own = self._seen(self._own.fact())
        over = [HostedZone(str(n.hosted_zone_id), n.name) for n in private if n.hosted_zone_id]
        over = [z for z in (*own, *over) if z.private and is_below(self._domain, z.name)]
        self._names |= {n.name for n in private} | {z.name for z in over}
        self._read_own({z.id: z for z in over}.values())
        here = frozenset(v.id for v in vpcs)
        usable = {wanted} if wanted is not None else here
        listed: tuple[str, ...] = ()
        if not any(z.name == self._domain and usable & z.vpcs.keys() for z in self._found.values()):
            listed = tuple(v.id for v in vpcs if wanted in (None, v.id))[:MOST_VPCS]
            self._list_vpcs(listed)
        found = tuple(sorted(self._found.values(), key=lambda z: (-label_count(z.name), z.id)))
        public = tuple(z.name for z in own if not z.private)
        return Looked(found, tuple(sorted(self._names)), public, listed, tuple(self._gaps))

    def _read_own(self, zones: Iterable[HostedZone]) -> None:
        begun = [
            (z, self._calls.pending(partial(read_zone, self._calls, z.id), f"the hosted zone {z.id}")) for z in zones
        ]
        for zone, details in begun:
            fact = details.fact()
            if isinstance(fact, Seen):
                vpcs = {v.vpc_id: v.region for v in fact.value.vpcs}
                self._found[zone.id] = VisibleZone(zone.id, zone.name, vpcs)
            elif not isinstance(fact, Absent):
                self._found[zone.id] = VisibleZone(zone.id, zone.name)
                self._gaps[fact.gap()] = None

    def _list_vpcs(self, ids: tuple[str, ...]) -> None:
        profiles = ProfileReader(self._calls, ResolverReader(self._calls))
        pending = self._calls.pending
        direct = [pending(partial(zones_of_vpc, self._calls, i, self._region), f"the hosted zones of {i}") for i in ids]
        through = [pending(partial(profiles.zones_of_vpc, i), f"the Route 53 Profiles of {i}") for i in ids]
        for vpc_id, zones, more in zip(ids, direct, through, strict=True):
            self._add(vpc_id, zones, via_profile=False)
            self._add(vpc_id, more, via_profile=True)

    def _add(self, vpc_id: str, reading: Pending[tuple[ZoneSummary, ...]], *, via_profile: bool) -> None:
        for summary in self._seen(reading.fact()):
            self._names |= {summary.name} - {""}
            if summary.name and is_below(self._domain, summary.name):
                zone = self._found.get(summary.id) or VisibleZone(summary.id, summary.name)
                through = {vpc_id} if via_profile and vpc_id not in zone.vpcs else set()
                self._found[zone.id] = structs.replace(
                    zone, vpcs={**zone.vpcs, vpc_id: self._region}, via_profile=zone.via_profile | through
                )

    def _seen(self, fact: Fact[tuple[T, ...]]) -> tuple[T, ...]:
        if isinstance(fact, (Seen, Absent)):
            return fact.seen_or(())
        self._gaps[fact.gap()] = None
        return ()
