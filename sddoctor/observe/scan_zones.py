"""The names of an account's private hosted zones, for a scan: what their records are for, and where they lead."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from msgspec import Struct

from sddoctor.case.cloudmap import CloudMapService, Namespace
from sddoctor.case.name import is_below
from sddoctor.case.route53 import HostedZone, Record, Zone, ZoneSummary
from sddoctor.case.seen import Absent, Fact, Gap, Seen
from sddoctor.observe.aws.zone_batches import ZoneReads
from sddoctor.observe.aws.zones import zones_of_vpc
from sddoctor.resolution.zones import alias_of

#: Types of records that programs look up by themselves; others are for machinery, such as mail and validation.
_LOOKED_UP = frozenset({"A", "AAAA", "CNAME", "SRV"})
#: An alias of an alias is followed so often.
_MOST_STEPS = 8


class ZoneName(Struct, frozen=True):
    """A name that a private hosted zone has records for.

    ``leads_to`` is the name at the end of its aliases, ``addresses`` what its records name, ``vpc_id`` a VPC of the region
    that the zone is associated with.
    """

    name: str
    zone: HostedZone
    leads_to: str = ""
    addresses: tuple[str, ...] = ()
    vpc_id: str | None = None

    @property
    def is_wildcard(self) -> bool:
        """Whether it stands for every name below another: nobody can look it up as it is."""
        return self.name.startswith("*.")


class ZoneNames(Struct, frozen=True):
    """The names of each zone, zones of other accounts, zones and lists that were not seen, and the names of all zones."""

    by_zone: Mapping[str, tuple[ZoneName, ...]] = {}
    of_others: tuple[HostedZone, ...] = ()
    missed: tuple[tuple[str, Gap], ...] = ()
    zones: tuple[str, ...] = ()


class ZoneListing:
    """Lists the names of the private zones that belong to one region: a zone is nowhere, but its VPCs are somewhere.

    ``regions`` are all regions that are scanned with the same credentials, in order: a zone is that of the first which has a VPC
    of it, else of the first. ``only`` are the zones that are wanted, if not all are.
    """

    def __init__(self, reads: ZoneReads, regions: tuple[str | None, ...], only: Collection[str]) -> None:
        self._reads = reads
        self._region = reads.region() or ""
        self._regions = [r or self._region for r in regions]
        self._only = only
        self._missed: list[tuple[str, Gap]] = []

    def names(self, namespaces: tuple[Namespace, ...], *, api_only: bool) -> ZoneNames:
        """Read the zones whole, and return their names without those that Cloud Map has registered there."""
        listed = self._reads.every_zone()
        if not isinstance(listed, Seen):
            return ZoneNames(missed=(("", _gap(listed)),))
        private = [z for z in listed.value if z.private and (not self._only or z.name in self._only)]
        services = {n.hosted_zone_id: self._services(n) for n in namespaces if n.hosted_zone_id}
        here = [
            z for z in private if services.get(z.id, ()) is not None and self._is_here(self._reads.zone(z.id).fact())
        ]
        self._reads.read_whole(here)
        taken = {
            f"{s.name}.{n.name}".lower()
            for n in namespaces
            for s in (services.get(n.hosted_zone_id) if n.hosted_zone_id else None) or ()
            if api_only or (s.type != "HTTP" and n.type != "HTTP")
        }
        by_zone = {z.id: tuple(self._names_of(z, taken)) for z in here}
        leads = {n.name: n.leads_to for names in by_zone.values() for n in names if n.leads_to}
        return ZoneNames(
            {i: tuple(_followed(n, leads) for n in names) for i, names in by_zone.items()},
            self._of_others(listed.value),
            tuple(self._missed),
            tuple(dict.fromkeys(z.name for z in listed.value if z.private)),
        )

    def _services(self, namespace: Namespace) -> tuple[CloudMapService, ...] | None:
        """Return the services of a namespace; ``None`` where they were not seen, and its zone's records cannot be told apart."""
        return self._reads.services(namespace).fact().seen_or(None)

    def _is_here(self, details: Fact[Zone]) -> bool:
        regions = {v.region for v in details.value.vpcs} if isinstance(details, Seen) else set()
        home = next((r for r in self._regions if r in regions), self._regions[0])
        return home == self._region

    def _names_of(self, zone: HostedZone, taken: Collection[str]) -> Iterator[ZoneName]:
        index = self._reads.whole_zone(zone.id)
        if index is None or not isinstance(index, Seen):
            self._missed.append((zone.name, _gap(index) if index is not None else Gap("the records", "not listed", "")))
            return
        vpc_id = self._vpc_of(self._reads.zone(zone.id).fact())
        for name, records in sorted(index.value.own()):
            if _is_looked_up(name, records) and not _is_taken(name, zone.name, taken):
                targets = alias_of(records)
                addresses = tuple(v for r in records if r.type in ("A", "AAAA") for v in r.values)
                yield ZoneName(name, zone, targets[0] if len(targets) == 1 else "", addresses, vpc_id)

    def _vpc_of(self, details: Fact[Zone]) -> str | None:
        here = [v.id for v in self._reads.vpcs().fact().seen_or(())]
        found = [v.vpc_id for v in details.value.vpcs] if isinstance(details, Seen) else []
        return next((v for v in found if v in here), next(iter(found), None))

    def _of_others(self, own: Iterable[HostedZone]) -> tuple[HostedZone, ...]:
        """Return the zones that VPCs of this account list and others keep; those of AWS services have no names to list."""
        account, ids = self._reads.identity.account(), {z.id for z in own}
        found: dict[str, ZoneSummary] = {}
        for vpc in self._reads.vpcs().fact().seen_or(()):
            if vpc.owner and account and vpc.owner != account:
                continue  # only its owner is shown its zones
            listed = zones_of_vpc(self._reads.calls, vpc.id, self._region)
            if not isinstance(listed, (Seen, Absent)):
                self._missed.append(("", listed.gap()))
                break
            found |= {z.id: z for z in listed.seen_or(()) if z.owner.isdigit() and z.id not in ids}
        wanted = [z for z in found.values() if not self._only or z.name in self._only]
        return tuple(HostedZone(z.id, z.name, True, z.owner) for z in wanted)


def _is_looked_up(name: str, records: tuple[Record, ...]) -> bool:
    types = {r.type for r in records}
    if any(label.startswith("_") for label in name.split(".")):
        return "SRV" in types
    return bool(types & _LOOKED_UP)


def _is_taken(name: str, zone: str, taken: Collection[str]) -> bool:
    """Tell whether Cloud Map has registered the name, or an instance below it (the target of an SRV record)."""
    at = name
    while at != zone and is_below(at, zone):
        if at in taken:
            return True
        at = at.partition(".")[2]
    return False


def _followed(name: ZoneName, leads: Mapping[str, str]) -> ZoneName:
    end = name.leads_to
    for _ in range(_MOST_STEPS):
        if end not in leads:
            break
        end = leads[end]
    return name if end == name.leads_to else ZoneName(name.name, name.zone, end, name.addresses, name.vpc_id)


def _gap(fact: Fact[object]) -> Gap:
    if isinstance(fact, (Seen, Absent)):
        return Gap("the hosted zones", "AWS says that there is no such thing", "")
    return fact.gap()
