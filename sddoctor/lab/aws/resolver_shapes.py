"""Resources of Route 53 Resolver: found by id, and in the shape of the API."""

from __future__ import annotations

from typing import TypeVar

from sddoctor.lab.aws.account import Account, Wire
from sddoctor.lab.aws.errors import ApiError
from sddoctor.lab.objects import LiveEndpoint, LiveFirewallGroup, LiveRule
from sddoctor.lab.parts.network import FirewallRule

SERVICE = "route53resolver"
#: The autodefined rule for all other names.
INTERNET_RESOLVER = "rslvr-autodefined-rr-internet-resolver"
T = TypeVar("T")


def not_found(kind: str, name: str) -> ApiError:
    """Return the error for a resource that does not exist."""
    return ApiError("ResourceNotFoundException", f"[RSLVR-00703] {kind} with the ID {name} doesn't exist.")


def find(items: dict[str, T], name: str, kind: str) -> T:
    """Return an item by id. Raises :class:`ApiError`."""
    if name not in items:
        raise not_found(kind, name)
    return items[name]


def rule_shape(account: Account, rule: LiveRule) -> Wire:
    """Return a rule. Its status is that of the rule itself, not of its associations."""
    targets = [t.partition(":") if t.count(":") <= 1 else (t, "", "") for t in rule.targets]
    endpoints = [e.id for e in account.state.endpoints.values() if e.direction == "OUTBOUND"]
    return {
        "Id": rule.id,
        "Arn": account.state.arn(SERVICE, f"resolver-rule/{rule.id}"),
        "DomainName": None if rule.type == "DELEGATE" else f"{rule.domain}.",
        "DelegationRecord": f"{rule.domain}." if rule.type == "DELEGATE" else None,
        "Status": "COMPLETE",
        "StatusMessage": "",
        "RuleType": rule.type,
        "Name": rule.name,
        "TargetIps": [
            {("Ipv6" if ":" in address else "Ip"): address, "Port": int(port or 53), "Protocol": "Do53"}
            for address, _, port in targets
        ],
        "ResolverEndpointId": rule.endpoint or (endpoints[0] if endpoints else "rslvr-out-lab")
        if rule.type in ("FORWARD", "DELEGATE")
        else None,
        "OwnerId": account.state.account,
        "ShareStatus": "NOT_SHARED",
    }


def internet_resolver_shape(account: Account) -> Wire:
    """Return the rule that every VPC has.

    https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-rules-managing.html
    """
    return {
        "Id": INTERNET_RESOLVER,
        "Arn": account.state.arn(SERVICE, f"autodefined-rule/{INTERNET_RESOLVER}"),
        "DomainName": ".",
        "Status": "COMPLETE",
        "RuleType": "RECURSIVE",
        "Name": "Internet Resolver",
        "OwnerId": "Route 53 Resolver",
        "ShareStatus": "NOT_SHARED",
    }


def endpoint_shape(account: Account, endpoint: LiveEndpoint) -> Wire:
    """Return an endpoint."""
    return {
        "Id": endpoint.id,
        "Arn": account.state.arn(SERVICE, f"resolver-endpoint/{endpoint.id}"),
        "Name": endpoint.name,
        "SecurityGroupIds": endpoint.security_groups,
        "Direction": endpoint.direction,
        "IpAddressCount": len(endpoint.addresses),
        "HostVPCId": endpoint.vpc_id,
        "Status": endpoint.status,
        "StatusMessage": "",
        "ResolverEndpointType": "DUALSTACK" if any(":" in a for a in endpoint.addresses) else "IPV4",
        "Protocols": endpoint.protocols,
    }


def firewall_rule_shape(group: LiveFirewallGroup, rule: FirewallRule) -> Wire:
    """Return a rule of a DNS Firewall group; only a BLOCK rule has a response."""
    blocks = rule.action == "BLOCK"
    overrides = blocks and rule.block_response == "OVERRIDE"
    return {
        "FirewallRuleGroupId": group.id,
        "FirewallDomainListId": rule.list_id if rule.threat is None else None,
        "FirewallThreatProtectionId": None if rule.threat is None else rule.list_id.replace("fdl", "ftp"),
        "DnsThreatProtection": rule.threat,
        "ConfidenceThreshold": None if rule.threat is None else "LOW",
        "Name": rule.name,
        "Priority": rule.priority,
        "Action": rule.action,
        "BlockResponse": rule.block_response if blocks else None,
        "BlockOverrideDomain": rule.override_domain if overrides else None,
        "BlockOverrideDnsType": "CNAME" if overrides else None,
        "BlockOverrideTtl": 60 if overrides else None,
        "Qtype": rule.qtype,
        "FirewallDomainRedirectionAction": f"{'TRUST' if rule.trusts else 'INSPECT'}_REDIRECTION_DOMAIN",
    }
