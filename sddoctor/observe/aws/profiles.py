"""Reads Route 53 Profiles: zones, rules and firewall groups that a VPC gets through one.

https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/profiles.html
"""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from sddoctor.case.route53 import ZoneSummary
from sddoctor.case.seen import Absent, Fact, Opaque, Seen
from sddoctor.case.status import acts
from sddoctor.case.vpc import FirewallRule, ResolverRule
from sddoctor.formats.aws import resolver as shapes
from sddoctor.observe.aws.calls import Calls
from sddoctor.observe.aws.resolver import ResolverReader
from sddoctor.observe.aws.zones import read_zone

SERVICE = "route53profiles"
#: Kinds of resources that no name's answer depends on, unless it is one of AWS's own.
#: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/profile-associate-vpc-endpoints.html
_WITHOUT_EFFECT = (":vpc-endpoint/", "resolver-query-log-config/")


class ProfileResources(Struct, frozen=True):
    """What the Profiles of a VPC associate with it, and what of that may act or is of an unknown kind."""

    zones: tuple[ZoneSummary, ...] = ()
    rules: tuple[ResolverRule, ...] = ()
    firewall: tuple[FirewallRule, ...] = ()
    unread: tuple[str, ...] = ()

    def __add__(self, other: ProfileResources) -> ProfileResources:
        """Return what both bring."""
        return ProfileResources(
            self.zones + other.zones,
            self.rules + other.rules,
            self.firewall + other.firewall,
            self.unread + other.unread,
        )


class ProfileReader:
    """Reads Profiles."""

    def __init__(self, calls: Calls, resolver: ResolverReader) -> None:
        self._calls = calls
        self._resolver = resolver

    def of_vpc(self, vpc_id: str, *, zones_only: bool = False) -> Fact[ProfileResources]:
        """Read the resources of all Profiles of a VPC, or their zones alone."""
        what = f"the Route 53 Profiles of {vpc_id}"
        fact = self._calls.pages(
            SERVICE, "ListProfileAssociations", what, "ProfileAssociations", ResourceId=vpc_id, MaxResults=100
        )
        if not isinstance(fact, Seen):
            return fact
        found = ProfileResources(unread=fact.unread)
        for association in sorted(fact.value, key=shapes.profile_priority):
            if acts(association.get("Status") or "") is False:
                continue
            profile = self._of_profile(association, what, zones_only=zones_only)
            if not isinstance(profile, Seen):
                return profile
            found += profile.value
        return Seen(found, fact.source, fact.at, found.unread)

    def zones_of_vpc(self, vpc_id: str) -> Fact[tuple[ZoneSummary, ...]]:
        """Read the zones alone that the Profiles of a VPC associate with it."""
        return self.of_vpc(vpc_id, zones_only=True).map(lambda seen: seen.zones)

    def _of_profile(self, association: dict[str, Any], what: str, *, zones_only: bool) -> Fact[ProfileResources]:
        profile_id = association["ProfileId"]
        operation, items = "ListProfileResourceAssociations", "ProfileResourceAssociations"
        fact = self._calls.pages(SERVICE, operation, what, items, ProfileId=profile_id, MaxResults=100)
        if not isinstance(fact, Seen):
            return fact
        found = ProfileResources(unread=fact.unread)
        for item in fact.value:
            status = shapes.profile_status(association, item)
            if acts(status) is False or any(kind in item["ResourceArn"] for kind in _WITHOUT_EFFECT):
                continue
            if zones_only and ":hostedzone/" not in item["ResourceArn"]:
                continue
            resource = self._resource(item, status, association)
            if not isinstance(resource, Seen):
                return resource
            found += resource.value
        return Seen(found, fact.source, fact.at)

    def _resource(self, item: dict[str, Any], status: str, association: dict[str, Any]) -> Fact[ProfileResources]:
        arn, profile_id = item["ResourceArn"], association["ProfileId"]
        last = arn.rsplit("/", 1)[-1]
        if ":hostedzone/" in arn:
            return self._zone(last, profile_id).map(lambda seen: _zone_of_status(seen, status))
        if "resolver-rule/" in arn:
            read = self._resolver.rules_by_id([(last, status)], f"the Resolver rules of {profile_id}", profile_id)
            return read.then(lambda seen: Seen(ProfileResources(rules=seen, unread=_unread(read)), arn))
        if "firewall-rule-group/" in arn:
            group = self._resolver.group(shapes.profile_group(item, association.get("Status") or "unknown"))
            return group.then(lambda seen: Seen(ProfileResources(firewall=seen, unread=_unread(group)), arn))
        return Seen(ProfileResources(unread=(arn,)), arn)

    def _zone(self, zone_id: str, profile_id: str) -> Fact[ZoneSummary]:
        """Read the name of a zone of a Profile: the association has only its id."""
        fact = read_zone(self._calls, zone_id)
        if isinstance(fact, Absent):
            return Opaque(f"the hosted zone {zone_id}", "another account", "a look from the account that owns the zone")
        return fact.map(lambda seen: ZoneSummary(zone_id, seen.name, "", profile_id))


def _zone_of_status(zone: ZoneSummary, status: str) -> ProfileResources:
    """Return a zone that acts, or say that it may act."""
    if acts(status):
        return ProfileResources(zones=(zone,))
    return ProfileResources(unread=(f"{zone.name} ({zone.id}), which {zone.via_profile} brings: {status}",))


def _unread(fact: Fact[Any]) -> tuple[str, ...]:
    return fact.unread if isinstance(fact, Seen) else ()
