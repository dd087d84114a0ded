"""Reads of the Route 53 Resolver: rules, DNS Firewall, inbound endpoints.

The API allows five requests a second for an account and region, so nothing is read that cannot matter.
https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DNSLimitations.html
"""

from __future__ import annotations

from typing import Any

from sddoctor.case.name import is_below
from sddoctor.case.seen import Absent, Fact, Opaque, Seen
from sddoctor.case.vpc import FirewallRule, InboundEndpoint, ResolverRule
from sddoctor.formats.aws import resolver as shapes
from sddoctor.formats.aws.network import record_name
from sddoctor.formats.aws.resolver import FirewallGroup
from sddoctor.observe.aws.calls import Calls, joined

SERVICE = "route53resolver"
#: Rules that AWS creates by itself, which forward nothing.
AUTODEFINED = "rslvr-autodefined-"
#: Up to so many rules are read one by one; more are picked from the list of all, to save requests.
FEW_RULES = 3


class ResolverReader:
    """Reads the Resolver."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    def rules(self, vpc_id: str) -> Fact[tuple[ResolverRule, ...]]:
        """Read the rules associated with a VPC, except those that AWS creates by itself."""
        what = f"the Resolver rules of {vpc_id}"
        filters = [{"Name": "VPCId", "Values": [vpc_id]}]
        fact = self._calls.pages(
            SERVICE, "ListResolverRuleAssociations", what, "ResolverRuleAssociations", Filters=filters, MaxResults=100
        )
        if not isinstance(fact, Seen):
            return fact
        created = [a for a in fact.value if not a["ResolverRuleId"].startswith(AUTODEFINED)]
        wanted = {a["ResolverRuleId"]: a.get("Status") or "unknown" for a in created}
        if len(wanted) <= FEW_RULES:
            return fact.then(lambda _: self.rules_by_id(list(wanted.items()), what))
        listed = self._calls.pages(SERVICE, "ListResolverRules", what, "ResolverRules", MaxResults=100)
        if not isinstance(listed, Seen):
            return listed
        found = tuple(shapes.rule(r, wanted.pop(r["Id"])) for r in listed.value if r["Id"] in wanted)
        rest = self.rules_by_id(list(wanted.items()), what)
        unread = (*fact.unread, *listed.unread)
        return rest.map(lambda seen: found + seen).then(lambda seen: Seen(seen, fact.source, fact.at, unread))

    def over(self, name: str) -> Fact[tuple[ResolverRule, ...]]:
        """Read the account's own and shared rules that forward a name, whether a VPC uses them or not."""
        what = f"the Resolver rules over {name}"
        listed = self._calls.pages(SERVICE, "ListResolverRules", what, "ResolverRules", MaxResults=100)
        return listed.map(
            lambda seen: tuple(
                r for d in seen if (r := shapes.rule(d)).type == "FORWARD" and r.domain and is_below(name, r.domain)
            )
        )

    def rules_by_id(
        self, wanted: list[tuple[str, str]], what: str, via_profile: str | None = None
    ) -> Fact[tuple[ResolverRule, ...]]:
        """Read rules by id, each with the status of its association."""
        calls = [(i, s, self._calls.start(SERVICE, "GetResolverRule", what, ResolverRuleId=i)) for i, s in wanted]
        found = []
        unread: dict[str, None] = {}
        for rule_id, status, call in calls:
            fact = call.fact()
            if isinstance(fact, Seen):
                found.append(shapes.rule(fact.value["ResolverRule"], status, via_profile))
                unread |= dict.fromkeys(fact.unread)
            elif isinstance(fact, Absent):
                # It is associated, so it exists: it is another account's, or was deleted a moment ago.
                return Opaque(f"the Resolver rule {rule_id}", "another account", "a look from the account that owns it")
            else:
                return fact
        return Seen(tuple(found), f"{SERVICE}:ListResolverRuleAssociations", unread=tuple(unread))

    def firewall(self, vpc_id: str) -> Fact[tuple[FirewallRule, ...]]:
        """Read the DNS Firewall rules of a VPC in the order in which they act."""
        what = f"the DNS Firewall of {vpc_id}"
        fact = self._calls.pages(
            SERVICE,
            "ListFirewallRuleGroupAssociations",
            what,
            "FirewallRuleGroupAssociations",
            VpcId=vpc_id,
            MaxResults=100,
        )
        if not isinstance(fact, Seen):
            return fact
        groups = sorted((shapes.group(a) for a in fact.value), key=lambda g: g.priority)
        return fact.then(lambda _: joined((self.group(g) for g in groups), fact.source))

    def group(self, group: FirewallGroup) -> Fact[tuple[FirewallRule, ...]]:
        """Read the rules of one group, with the domains of their lists."""
        what = f"the DNS Firewall rules of {group.id}"
        fact = self._calls.pages(
            SERVICE, "ListFirewallRules", what, "FirewallRules", FirewallRuleGroupId=group.id, MaxResults=100
        )
        if isinstance(fact, Absent):
            return Opaque(what, "another account", "a look from the account that owns the group")
        return fact.map(lambda seen: tuple(self._rule(r, group) for r in sorted(seen, key=lambda r: r["Priority"])))

    def _rule(self, data: dict[str, Any], group: FirewallGroup) -> FirewallRule:
        list_id = data.get("FirewallDomainListId")
        return shapes.firewall_rule(data, group, self._domains(list_id) if list_id else None)

    def _domains(self, list_id: str) -> Fact[tuple[str, ...]]:
        """Read a domain list. AWS shows nobody the content of its own lists."""
        what = f"the domains of {list_id}"
        fact = self._calls.pages(
            SERVICE, "ListFirewallDomains", what, "Domains", FirewallDomainListId=list_id, MaxResults=5000
        )
        if isinstance(fact, Seen):
            return fact.map(lambda seen: tuple(record_name(d) for d in seen))
        if isinstance(fact, Absent):
            return Opaque(what, "AWS", "nothing: managed domain lists are not shown")
        return fact

    def inbound_endpoints(self) -> Fact[tuple[InboundEndpoint, ...]]:
        """Read the inbound endpoints of the region with their addresses."""
        what = "the inbound endpoints"
        filters = [{"Name": "Direction", "Values": ["INBOUND"]}]
        fact = self._calls.pages(
            SERVICE, "ListResolverEndpoints", what, "ResolverEndpoints", Filters=filters, MaxResults=100
        )
        if not isinstance(fact, Seen):
            return fact
        inbound = [e for e in fact.value if e.get("Direction", "INBOUND").startswith("INBOUND")]
        found = []
        unread = dict.fromkeys(fact.unread)
        for data in inbound:
            addresses = self._calls.pages(
                SERVICE,
                "ListResolverEndpointIpAddresses",
                what,
                "IpAddresses",
                ResolverEndpointId=data["Id"],
                MaxResults=100,
            )
            if not isinstance(addresses, Seen):
                return addresses
            found.append(shapes.endpoint(data, addresses.value))
            unread |= dict.fromkeys(addresses.unread)
        return Seen(tuple(found), fact.source, fact.at, tuple(unread))
