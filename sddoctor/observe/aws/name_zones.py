"""Looks for the owner of a name that no Cloud Map service has: the hosted zones over it, and where their aliases lead."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from msgspec import Struct, structs

from sddoctor.case.cloudmap import Namespace
from sddoctor.case.name import label_count
from sddoctor.case.route53 import AliasStep, HostedZone, ZoneSummary
from sddoctor.case.seen import NOT_NEEDED, Fact, Seen
from sddoctor.observe.aws.shared import Reads
from sddoctor.observe.aws.targets import target_of
from sddoctor.observe.aws.vpcs import matching
from sddoctor.observe.aws.zone_lists import contents, covering, foreign, without, zones_over
from sddoctor.resolution.zones import alias_of, answering, chosen, delegation

#: An alias of an alias is followed so often, as resolvers do.
MOST_STEPS = 8


class Followed(Struct, frozen=True):
    """Where the aliases of a name lead: the steps, and the zones of the last name unless a namespace may have that."""

    steps: tuple[AliasStep, ...] = ()
    zones: Fact[tuple[HostedZone, ...]] = NOT_NEEDED
    in_namespace: bool = False


def own_zones(reads: Reads, name: str, namespaces: tuple[Namespace, ...]) -> Fact[tuple[HostedZone, ...]]:
    """Return the account's zones that the name lies in with what may answer for it, without those of namespaces."""
    taken = {n.hosted_zone_id for n in namespaces}
    listed = reads.every_zone()
    over = zones_over(reads.calls, name) if listed is None else listed.map(partial(covering, name))
    return over.map(lambda seen: contents(reads, name, without(seen, taken)))


def with_zones_of_vpc(
    reads: Reads, name: str, own: tuple[HostedZone, ...], listed: tuple[ZoneSummary, ...], taken: frozenset[str]
) -> tuple[HostedZone, ...]:
    """Add the zones that the VPC lists and the account's own list has not: those of others, and of Profiles."""
    known = {z.id: z for z in own}
    account = reads.identity.account()
    more = []
    for summary in listed:
        zone = known.get(summary.id)
        if zone is not None:
            known[summary.id] = structs.replace(
                zone, via_profile=summary.via_profile, owner=summary.owner or zone.owner
            )
        elif summary.id not in taken:
            more.append(HostedZone(summary.id, summary.name, True, summary.owner, summary.via_profile))
    unreadable = [f for z in more if (f := foreign(z, account)) is not None]
    ids = {z.id for z in unreadable}
    return (*known.values(), *unreadable, *contents(reads, name, [z for z in more if z.id not in ids]))


def follow(reads: Reads, name: str, zones: tuple[HostedZone, ...], vpc_id: Callable[[], str | None]) -> Followed:
    """Follow the aliases that the zones' records show. A record set that leads to several names ends it."""
    namespaces = reads.namespaces().fact().seen_or(())
    steps: list[AliasStep] = []
    at, found = name, zones
    while len(steps) < MOST_STEPS:
        zone = chosen(found, at, vpc_id())
        longest = max((label_count(n.name) for n in matching(namespaces, at)), default=0)
        if longest and (zone is None or longest >= label_count(zone.name)):
            return Followed(tuple(steps), in_namespace=bool(steps))
        records = zone.records.seen_or(()) if zone is not None else ()
        if zone is None or delegation(records, zone.name, at) is not None:
            break
        here = answering(records, zone.name, at)
        targets = alias_of(here)
        if len(targets) != 1 or targets[0] == at or any(s.name == targets[0] for s in steps):
            break
        kind = "alias" if any(r.alias_target for r in here) else "CNAME"
        steps.append(AliasStep(at, targets[0], kind, zone.id))  # type: ignore[arg-type]
        at = targets[0]
        reads.prefetch(partial(target_of, reads.calls, at, reads.region(), vpc_id()), f"what {at} leads to")
        fact = own_zones(reads, at, namespaces)
        found = fact.seen_or(())
        if not isinstance(fact, Seen):
            return Followed(tuple(steps), fact)
    return Followed(tuple(steps), Seen(found, "route53:ListHostedZonesByName") if steps else NOT_NEEDED)
