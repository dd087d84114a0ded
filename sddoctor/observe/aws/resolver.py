"""Reads of the Route 53 Resolver: rules, DNS Firewall, inbound endpoints.

The API allows five requests a second for an account and region, so nothing is read that cannot matter.
https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DNSLimitations.html
"""

from __future__ import annotations

from typing import Any

from sddoctor.case.seen import Absent, Fact, Opaque, Seen, is_unseen
from sddoctor.case.vpc import FirewallRule, InboundEndpoint, ResolverRule
from sddoctor.formats.aws import network as shapes
from sddoctor.observe.aws.calls import Calls

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
        wanted = {a["ResolverRuleId"]: a.get("Status", "COMPLETE") for a in created}
        if len(wanted) <= FEW_RULES:
            return self.rules_by_id(list(wanted.items()), what)
        listed = self._calls.pages(SERVICE, "ListResolverRules", what, "ResolverRules", MaxResults=100)
        if not isinstance(listed, Seen):
            return listed
        found = tuple(shapes.rule(r, wanted.pop(r["Id"])) for r in listed.value if r["Id"] in wanted)
        rest = self.rules_by_id(list(wanted.items()), what)
        return Seen(found + rest.value, fact.source, fact.at) if isinstance(rest, Seen) else rest

    def rules_by_id(
        self, wanted: list[tuple[str, str]], what: str, via_profile: str | None = None
    ) -> Fact[tuple[ResolverRule, ...]]:
        """Read rules by id, each with the status of its association."""
        calls = [(s, self._calls.start(SERVICE, "GetResolverRule", what, ResolverRuleId=i)) for i, s in wanted]
        found = []
        for status, call in calls:
            fact = call.fact()
            if isinstance(fact, Seen):
                found.append(shapes.rule(fact.value["ResolverRule"], status, via_profile))
            elif is_unseen(fact):
                return fact
        return Seen(tuple(found), f"{SERVICE}:ListResolverRuleAssociations")

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
        found: list[FirewallRule] = []
        for association in sorted(fact.value, key=lambda a: a.get("Priority", 0)):
            rules = self.group(
                association["FirewallRuleGroupId"], association.get("Name") or "", association.get("Priority", 0)
            )
            if not isinstance(rules, Seen):
                return rules
            found += rules.value
        return Seen(tuple(found), fact.source, fact.at)

    def group(
        self, group_id: str, name: str, priority: int, via_profile: str | None = None
    ) -> Fact[tuple[FirewallRule, ...]]:
        """Read the rules of one group, with the domains of their lists."""
        what = f"the DNS Firewall rules of {group_id}"
        fact = self._calls.pages(
            SERVICE, "ListFirewallRules", what, "FirewallRules", FirewallRuleGroupId=group_id, MaxResults=100
        )
        if not isinstance(fact, Seen):
            return fact
        rules = sorted(fact.value, key=lambda r: r.get("Priority", 0))
        return Seen(tuple(self._rule(r, (group_id, name, priority, via_profile)) for r in rules), fact.source, fact.at)

    def _rule(self, data: dict[str, Any], group: tuple[str, str, int, str | None]) -> FirewallRule:
        group_id, name, priority, via_profile = group
        list_id = data.get("FirewallDomainListId")
        return FirewallRule(
            group_id=group_id,
            group_name=name,
            group_priority=priority,
            priority=data.get("Priority", 0),
            name=data.get("Name") or "",
            action=data.get("Action", ""),
            block_response=data.get("BlockResponse"),
            override_domain=data.get("BlockOverrideDomain"),
            qtype=data.get("Qtype"),
            domain_list_id=list_id,
            domains=self._domains(list_id) if list_id else Absent("a domain list", "route53resolver:ListFirewallRules"),
            via_profile=via_profile,
        )

    def _domains(self, list_id: str) -> Fact[tuple[str, ...]]:
        """Read a domain list. AWS shows nobody the content of its own lists."""
        what = f"the domains of {list_id}"
        fact = self._calls.pages(
            SERVICE, "ListFirewallDomains", what, "Domains", FirewallDomainListId=list_id, MaxResults=5000
        )
        if isinstance(fact, Seen):
            return fact.map(lambda seen: tuple(shapes.record_name(d) for d in seen))
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
            found.append(
                InboundEndpoint(
                    id=data["Id"],
                    vpc_id=data.get("HostVPCId", ""),
                    status=data.get("Status", ""),
                    addresses=tuple(a.get("Ip") or a["Ipv6"] for a in addresses.value if a.get("Ip") or a.get("Ipv6")),
                    security_group_ids=tuple(data.get("SecurityGroupIds") or ()),
                    protocols=tuple(data.get("Protocols") or ()),
                    name=data.get("Name") or "",
                )
            )
        return Seen(tuple(found), fact.source, fact.at)
