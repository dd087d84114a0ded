"""Which resolvers can resolve a domain: a short read for writing configurations, not for judging anything.

https://docs.aws.amazon.com/vpc/latest/userguide/AmazonDNS-concepts.html
https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-forwarding-inbound-queries.html
"""

from __future__ import annotations

from functools import partial
from typing import Any

from msgspec import Struct

from sddoctor.case.cloudmap import Namespace
from sddoctor.case.name import is_below, label_count
from sddoctor.case.seen import Absent, Fact, Gap, Seen
from sddoctor.case.vpc import InboundEndpoint, Vpc
from sddoctor.observe.aws.calls import Calls
from sddoctor.observe.aws.cloudmap_lists import list_namespaces
from sddoctor.observe.aws.identity import CallerIdentity
from sddoctor.observe.aws.resolver import ResolverReader
from sddoctor.observe.aws.session import Clients
from sddoctor.observe.aws.visible_zones import Looked, VisibleZone, ZoneSearch
from sddoctor.observe.aws.vpcs import list_vpcs
from sddoctor.observe.budget import Budget
from sddoctor.observe.work import begin
from sddoctor.text.likeness import MEANT, spelled_alike
from sddoctor.text.words import listed


class NoResolverError(Exception):
    """AWS has no such private zone or VPC; the message is one sentence."""


class NotSeenError(Exception):
    """Something that decides could not be seen."""

    def __init__(self, gap: Gap) -> None:
        super().__init__(f"{gap.what[:1].upper()}{gap.what[1:]} could not be seen: {gap.why}.")
        self.gap = gap


class ZoneResolvers(Struct, frozen=True):
    """The private zone of a domain, a VPC whose resolver can resolve it, other such VPCs, and inbound endpoints in any of them.

    ``unseen`` says what else was not seen; a configuration can be written without it.
    """

    zone: str
    zone_id: str
    vpc: Vpc
    others: tuple[Vpc, ...] = ()
    endpoints: tuple[InboundEndpoint, ...] = ()
    unseen: tuple[Gap, ...] = ()


def find(domain: str, region: str | None, profile: str | None, vpc_id: str | None, budget: Budget) -> ZoneResolvers:
    """Find the private zone that a domain is or lies in, and the VPCs that it is associated with.

    ``vpc_id`` chooses among them. Raises :class:`NoResolverError` and :class:`NotSeenError`.
    """
    begin()
    clients = Clients(region, profile, budget)
    calls = Calls(clients, budget)
    reading_vpcs = calls.pending(partial(list_vpcs, calls), "the VPCs")
    reading_endpoints = calls.pending(ResolverReader(calls).inbound_endpoints, "the inbound endpoints")
    identity = CallerIdentity(calls)
    reading_namespaces = calls.pending(partial(list_namespaces, calls, identity), "the namespaces")
    search = ZoneSearch(calls, domain, clients.wait_for_region() or "")
    vpcs = _value(reading_vpcs.fact())
    namespaces = reading_namespaces.fact()
    looked = search.look(namespaces, vpcs, vpc_id)
    where = clients.region or "this region"
    zone = _zone(domain, looked, namespaces.seen_or(()), vpcs, vpc_id, where)
    usable = tuple(v for v in vpcs if v.id in zone.vpcs)
    chosen = next((v for v in usable if v.id == vpc_id), usable[0])
    others = tuple(v for v in usable if v is not chosen)
    endpoints = reading_endpoints.fact()
    in_them = tuple(e for e in endpoints.seen_or(()) if e.vpc_id in zone.vpcs and e.takes_queries)
    seen = isinstance(endpoints, (Seen, Absent))
    gap = _of_the_owner(chosen, identity.account()) if seen else endpoints.gap()  # type: ignore[union-attr]
    gaps = (*looked.gaps, gap) if gap is not None else looked.gaps
    return ZoneResolvers(zone.name, zone.id, chosen, others, in_them, gaps)


def _of_the_owner(vpc: Vpc, caller: str | None) -> Gap | None:
    """Say that the VPC may have endpoints which are not listed: an account lists only those that it made."""
    what = f"the inbound endpoints of {vpc.id}"
    if vpc.owner == caller:
        return None
    if caller is None:
        why = f"the VPC belongs to account {vpc.owner}, and whose endpoints are listed here was not seen"
        return Gap(what, why, "sts:GetCallerIdentity")
    why = f"the VPC belongs to account {vpc.owner}, whose endpoints are not listed here"
    return Gap(what, why, f"a look from account {vpc.owner}")


def _zone(
    domain: str,
    looked: Looked,
    namespaces: tuple[Namespace, ...],
    vpcs: tuple[Vpc, ...],
    wanted: str | None,
    region: str,
) -> VisibleZone:
    """Return the longest zone that a VPC of the region can resolve, or the one that was wanted."""
    here = {v.id for v in vpcs}
    if wanted is not None:
        here &= {wanted}
    usable = [z for z in looked.over if here & z.vpcs.keys()]
    if not usable:
        raise _no_zone(domain, looked, namespaces, vpcs, wanted, region)
    longest = [z for z in usable if z.name == usable[0].name]
    itself = [z for z in longest if here & (z.vpcs.keys() - z.via_profile)]
    found = itself if wanted is not None and itself else longest
    if len(found) > 1:
        each = listed(f"{z.id} in {', '.join(sorted(here & z.vpcs.keys()))}" for z in found)
        raise NoResolverError(
            f"There are {len(found)} private zones {found[0].name}, which may have different records: {each}; "
            "give the VPC whose zone is meant with --vpc."
        )
    return found[0]


def _no_zone(
    domain: str,
    looked: Looked,
    namespaces: tuple[Namespace, ...],
    vpcs: tuple[Vpc, ...],
    wanted: str | None,
    region: str,
) -> Exception:
    if looked.gaps:
        return NotSeenError(looked.gaps[0])
    if looked.over:
        return NoResolverError(_not_here(looked.over[0], wanted, region))
    types = {n.type for n in namespaces if n.name == domain}
    if types:
        return NoResolverError(f"{domain} is no private DNS namespace, so no VPC resolver is needed for it.")
    if looked.public:
        return NoResolverError(
            f"{looked.public[0]} is a public zone, so no VPC resolver is needed for it, and no private zone has {domain}."
        )
    return NoResolverError(_nowhere(domain, looked, vpcs, wanted, region))


def _not_here(zone: VisibleZone, wanted: str | None, region: str) -> str:
    called = f"The zone {zone.name} ({zone.id})"
    if wanted is not None and wanted in zone.vpcs:
        return f"{wanted} is in {zone.vpcs[wanted]}, not among the VPCs seen in {region}: give --region."
    if wanted is not None:
        return f"{called} is not associated with {wanted}."
    if not zone.vpcs:
        return f"{called} is associated with no VPC, so no resolver can resolve it."
    places = ", ".join(f"{i} in {r}" for i, r in sorted(zone.vpcs.items()))
    return (
        f"{called} is associated with {places}, which this account does not show in {region}: "
        "give --region, or the server with --nameserver."
    )


def _nowhere(domain: str, looked: Looked, vpcs: tuple[Vpc, ...], wanted: str | None, region: str) -> str:
    if wanted is not None and all(v.id != wanted for v in vpcs):
        return f"There is no VPC {wanted} in {region}, and the account has no private zone for {domain}."
    of_vpcs = (
        f"the zones of {looked.listed[0]}" if len(looked.listed) == 1 else f"the zones of {len(looked.listed)} VPCs"
    )
    left = len(vpcs) - len(looked.listed) if wanted is None else 0
    rest = f" ({left} more VPCs were not looked at: give --vpc)" if left else ""
    alike = [n for n in looked.others if _resembles(n, domain)]
    meant = f"; did you mean {max(alike, key=lambda n: spelled_alike(n, domain))}?" if alike else "."
    return (
        f"No private zone has {domain}: neither the account's zones, nor its namespaces in {region}, "
        f"nor {of_vpcs} there{rest}{meant}"
    )


def _resembles(zone: str, domain: str) -> bool:
    """Tell whether the domain, or as much of its end as the zone has labels, is spelled nearly like the zone."""
    end = ".".join(domain.split(".")[-label_count(zone) :])
    return is_below(zone, domain) or spelled_alike(zone, end) >= MEANT


def _value(fact: Fact[Any]) -> Any:
    if isinstance(fact, Seen):
        return fact.value
    if isinstance(fact, Absent):
        raise NoResolverError(f"There is no such thing: {fact.what}.")
    raise NotSeenError(fact.gap())
