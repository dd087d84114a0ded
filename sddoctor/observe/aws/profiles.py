"""Reads Route 53 Profiles: zones, rules and firewall groups that a VPC gets through one.

https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/profiles.html
"""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from sddoctor.case.route53 import ZoneSummary
from sddoctor.case.seen import Fact, Seen, is_unseen
from sddoctor.case.vpc import FirewallRule, ResolverRule
from sddoctor.observe.aws.calls import Calls
from sddoctor.observe.aws.resolver import ResolverReader
from sddoctor.observe.aws.zones import read_zone

SERVICE = "route53profiles"


class ProfileResources(Struct, frozen=True):
    """What the Profiles of a VPC associate with it."""

    zones: tuple[ZoneSummary, ...] = ()
    rules: tuple[ResolverRule, ...] = ()
    firewall: tuple[FirewallRule, ...] = ()


class ProfileReader:
    """Reads Profiles."""

    def __init__(self, calls: Calls, resolver: ResolverReader) -> None:
        self._calls = calls
        self._resolver = resolver

    def of_vpc(self, vpc_id: str) -> Fact[ProfileResources]:
        """Read the resources of all Profiles of a VPC."""
        what = f"the Route 53 Profiles of {vpc_id}"
        fact = self._associations(vpc_id, what)
        if not isinstance(fact, Seen):
            return fact
        found = ProfileResources()
        for association in fact.value:
            profile = self._of_profile(association["ProfileId"], what)
            if not isinstance(profile, Seen):
                return profile
            more = profile.value
            found = ProfileResources(found.zones + more.zones, found.rules + more.rules, found.firewall + more.firewall)
        return Seen(found, fact.source, fact.at)

    def zones_of_vpc(self, vpc_id: str) -> Fact[tuple[ZoneSummary, ...]]:
        """Read the zones alone that the Profiles of a VPC associate with it."""
        what = f"the Route 53 Profiles of {vpc_id}"
        fact = self._associations(vpc_id, what)
        if not isinstance(fact, Seen):
            return fact
        found: list[ZoneSummary] = []
        for association in fact.value:
            resources = self._resources(association["ProfileId"], what)
            if not isinstance(resources, Seen):
                return resources
            for arn in (item.get("ResourceArn", "") for item in resources.value):
                if ":hostedzone/" in arn:
                    zone = self._zone(arn.rsplit("/", 1)[-1], arn, association["ProfileId"])
                    if not isinstance(zone, Seen):
                        return zone
                    found.append(zone.value)
        return Seen(tuple(found), fact.source, fact.at)

    def _associations(self, vpc_id: str, what: str) -> Fact[tuple[Any, ...]]:
        return self._calls.pages(
            SERVICE, "ListProfileAssociations", what, "ProfileAssociations", ResourceId=vpc_id, MaxResults=100
        )

    def _resources(self, profile_id: str, what: str) -> Fact[tuple[Any, ...]]:
        operation, items = "ListProfileResourceAssociations", "ProfileResourceAssociations"
        return self._calls.pages(SERVICE, operation, what, items, ProfileId=profile_id, MaxResults=100)

    def _of_profile(self, profile_id: str, what: str) -> Fact[ProfileResources]:
        fact = self._resources(profile_id, what)
        if not isinstance(fact, Seen):
            return fact
        zones: list[ZoneSummary] = []
        rules: list[tuple[str, str]] = []
        firewall: list[FirewallRule] = []
        for item in fact.value:
            arn = item.get("ResourceArn", "")
            last = arn.rsplit("/", 1)[-1]
            if ":hostedzone/" in arn:
                zone = self._zone(last, arn, profile_id)
                if not isinstance(zone, Seen):
                    return zone
                zones.append(zone.value)
            elif "resolver-rule/" in arn:
                rules.append((last, item.get("Status", "COMPLETE")))
            elif "firewall-rule-group/" in arn:
                group = self._resolver.group(last, item.get("Name") or "", _priority(item), profile_id)
                if not isinstance(group, Seen):
                    return group
                firewall += group.value
        read = self._resolver.rules_by_id(rules, what, profile_id)
        if not isinstance(read, Seen):
            return read
        return Seen(ProfileResources(tuple(zones), read.value, tuple(firewall)), fact.source, fact.at)

    def _zone(self, zone_id: str, arn: str, profile_id: str) -> Fact[Any]:
        """Read the name of a zone of a Profile: the association has only its id."""
        fact = read_zone(self._calls, zone_id)
        if isinstance(fact, Seen):
            return fact.map(lambda seen: ZoneSummary(zone_id, seen.name, "", profile_id))
        return fact if is_unseen(fact) else Seen(ZoneSummary(zone_id, "", arn, profile_id), "route53profiles")


def _priority(item: dict[str, Any]) -> int:
    """Return the priority in ``ResourceProperties``, which is JSON in text."""
    import json

    try:
        return int(json.loads(item.get("ResourceProperties") or "{}").get("priority", 0))
    except (ValueError, AttributeError, TypeError, OverflowError, RecursionError):
        return 0
