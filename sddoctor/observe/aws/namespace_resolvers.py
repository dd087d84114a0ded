"""Which resolvers can resolve a namespace: a short read for writing configurations, not for judging anything.

https://docs.aws.amazon.com/vpc/latest/userguide/AmazonDNS-concepts.html
https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-forwarding-inbound-queries.html
"""

from __future__ import annotations

from functools import partial
from typing import Any

from msgspec import Struct

from sddoctor.case.cloudmap import Namespace
from sddoctor.case.route53 import Zone
from sddoctor.case.seen import Absent, Fact, Gap, Seen
from sddoctor.case.vpc import InboundEndpoint, Vpc
from sddoctor.observe.aws.calls import Calls
from sddoctor.observe.aws.cloudmap_lists import list_namespaces
from sddoctor.observe.aws.identity import CallerIdentity
from sddoctor.observe.aws.resolver import ResolverReader
from sddoctor.observe.aws.session import Clients
from sddoctor.observe.aws.vpcs import list_vpcs
from sddoctor.observe.aws.zones import read_zone
from sddoctor.observe.budget import Budget
from sddoctor.observe.work import begin


class NoResolverError(Exception):
    """AWS has no such namespace or VPC; the message is one sentence."""


class NotSeenError(Exception):
    """Something that decides could not be seen."""

    def __init__(self, gap: Gap) -> None:
        super().__init__(f"{gap.what[:1].upper()}{gap.what[1:]} could not be seen: {gap.why}.")
        self.gap = gap


class NamespaceResolvers(Struct, frozen=True):
    """The VPC whose resolver can resolve the namespace, other such VPCs, and inbound endpoints in any of them.

    ``unseen`` says why the endpoints were not seen; a configuration can be written without them.
    """

    vpc: Vpc
    others: tuple[Vpc, ...] = ()
    endpoints: tuple[InboundEndpoint, ...] = ()
    unseen: Gap | None = None


def find(
    domain: str, region: str | None, profile: str | None, vpc_id: str | None, budget: Budget
) -> NamespaceResolvers:
    """Find the VPCs that the zone of a private namespace is associated with.

    ``vpc_id`` chooses among them. Raises :class:`NoResolverError` and :class:`NotSeenError`.
    """
    begin()
    clients = Clients(region, profile, budget)
    calls = Calls(clients, budget)
    reading_vpcs = calls.pending(partial(list_vpcs, calls), "the VPCs")
    reading_endpoints = calls.pending(ResolverReader(calls).inbound_endpoints, "the inbound endpoints")
    namespaces = _value(list_namespaces(calls, CallerIdentity(calls)))
    zone = _value(read_zone(calls, _zone_id(domain, namespaces, clients.region)))
    vpcs = _associated(zone, _value(reading_vpcs.fact()), vpc_id, clients.region)
    ids = {vpc.id for vpc in vpcs}
    fact = reading_endpoints.fact()
    endpoints = tuple(e for e in fact.seen_or(()) if e.vpc_id in ids)
    unseen = fact.gap() if not isinstance(fact, (Seen, Absent)) else None
    return NamespaceResolvers(vpcs[0], vpcs[1:], endpoints, unseen)


def _zone_id(domain: str, namespaces: tuple[Namespace, ...], region: str | None) -> str:
    named = [n for n in namespaces if n.name == domain]
    private = [n for n in named if n.type == "DNS_PRIVATE" and n.hosted_zone_id]
    if private:
        return str(private[0].hosted_zone_id)
    if named:
        raise NoResolverError(f"{domain} is no private DNS namespace, so no VPC resolver is needed for it.")
    above = [n.name for n in namespaces if domain.endswith(f".{n.name}")]
    meant = f"; did you mean {max(above, key=len)}?" if above else "."
    raise NoResolverError(f"There is no namespace {domain} in {region or 'this region'}{meant}")


def _associated(zone: Zone, vpcs: tuple[Vpc, ...], wanted: str | None, region: str | None) -> tuple[Vpc, ...]:
    ids = {v.vpc_id: v.region for v in zone.vpcs}
    here = tuple(v for v in vpcs if v.id in ids)
    if wanted is not None:
        chosen = tuple(v for v in here if v.id == wanted)
        if wanted not in ids:
            raise NoResolverError(f"The zone of {zone.name} is not associated with {wanted}.")
        if not chosen:
            raise NoResolverError(f"{wanted} is in {ids[wanted]}, not among the VPCs seen in {region}: give --region.")
        return chosen + tuple(v for v in here if v.id != wanted)
    if here:
        return here
    if not ids:
        raise NoResolverError(f"The zone of {zone.name} is associated with no VPC, so no resolver knows it.")
    places = ", ".join(f"{i} in {r}" for i, r in sorted(ids.items()))
    raise NoResolverError(
        f"The zone of {zone.name} is associated with {places}, which this account does not show in {region}: "
        "give --region, or the server with --nameserver."
    )


def _value(fact: Fact[Any]) -> Any:
    if isinstance(fact, Seen):
        return fact.value
    if isinstance(fact, Absent):
        raise NoResolverError(f"There is no such thing: {fact.what}.")
    raise NotSeenError(fact.gap())
