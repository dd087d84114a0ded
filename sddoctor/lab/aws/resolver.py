"""Amazon Route 53 Resolver: rules, endpoints and DNS Firewall, reading.

https://docs.aws.amazon.com/Route53/latest/APIReference/API_Operations_Amazon_Route_53_Resolver.html
"""

from __future__ import annotations

from typing import Any

from sddoctor.lab import derive
from sddoctor.lab.aws import resolver_writes
from sddoctor.lab.aws.account import Account, Params, Wire, serves
from sddoctor.lab.aws.errors import denied, invalid
from sddoctor.lab.aws.resolver_shapes import (
    INTERNET_RESOLVER,
    SERVICE,
    endpoint_shape,
    find,
    firewall_rule_shape,
    internet_resolver_shape,
    not_found,
    rule_shape,
)
from sddoctor.lab.objects import LiveEndpoint, LiveRule

#: Imported for the operations that it registers.
WRITES = resolver_writes


def _filtered(items: list[Wire], params: Params, keys: dict[str, str]) -> list[Wire]:
    """Return the items that all filters match; ``keys`` maps a filter's name to a member."""
    for wanted in params.get("Filters", []):
        key = keys.get(wanted["Name"])
        if key is None:
            raise invalid(SERVICE, f"The filter {wanted['Name']} is not valid.")
        items = [i for i in items if str(i.get(key)) in wanted["Values"]]
    return items


def _page(account: Account, items: list[Wire], params: Params, name: str) -> Wire:
    page, token = account.page(items, params.get("NextToken"), params.get("MaxResults"))
    return {name: page, "NextToken": token}


@serves(SERVICE, "ListResolverRuleAssociations")
def list_resolver_rule_associations(account: Account, params: Params) -> Wire:
    """List the VPCs of each rule. Every VPC has the autodefined "Internet Resolver"."""
    found: list[Wire] = [
        {
            "Id": f"rslvr-autodefined-assoc-{vpc_id}-internet-resolver",
            "ResolverRuleId": INTERNET_RESOLVER,
            "Name": "System Rule Association",
            "VPCId": vpc_id,
            "Status": "COMPLETE",
            "StatusMessage": "",
        }
        for vpc_id, vpc in account.state.vpcs.items()
        if vpc.owner == account.state.account
    ]
    for rule in (r for r in account.state.rules.values() if r.listed):
        found += [
            {
                "Id": "rslvr-rrassoc-" + derive.made_up_id("rrassoc", rule.id, vpc_id),
                "ResolverRuleId": rule.id,
                "Name": rule.name,
                "VPCId": vpc_id,
                "Status": rule.status,
                "StatusMessage": "",
            }
            for vpc_id in rule.vpcs
            if account.owns_vpc(vpc_id)
        ]
    keys = {"VPCId": "VPCId", "ResolverRuleId": "ResolverRuleId", "Status": "Status", "Name": "Name"}
    page = _page(account, _filtered(found, params, keys), params, "ResolverRuleAssociations")
    return {**page, "MaxResults": params.get("MaxResults", 100)}


def _is_own(account: Account, rule: LiveRule) -> bool:
    """Tell whether a rule is this account's: not where it is for VPCs of another one alone."""
    return rule.listed and (not rule.vpcs or any(account.owns_vpc(v) for v in rule.vpcs))


@serves(SERVICE, "ListResolverRules")
def list_resolver_rules(account: Account, params: Params) -> Wire:
    """List the rules."""
    found = [internet_resolver_shape(account)] + [
        rule_shape(account, r) for r in account.state.rules.values() if _is_own(account, r)
    ]
    keys = {"TYPE": "RuleType", "RuleType": "RuleType", "DomainName": "DomainName", "Name": "Name", "Status": "Status"}
    page = _page(account, _filtered(found, params, keys), params, "ResolverRules")
    return {**page, "MaxResults": params.get("MaxResults", 100)}


@serves(SERVICE, "GetResolverRule")
def get_resolver_rule(account: Account, params: Params) -> Wire:
    """Return a rule."""
    rule_id = params["ResolverRuleId"]
    if rule_id == INTERNET_RESOLVER:
        return {"ResolverRule": internet_resolver_shape(account)}
    return {"ResolverRule": rule_shape(account, find(account.state.rules, rule_id, "Resolver rule"))}


def _endpoints(account: Account) -> dict[str, LiveEndpoint]:
    """Return the endpoints of this account, which are in VPCs of its own."""
    return {e.id: e for e in account.state.endpoints.values() if account.owns_vpc(e.vpc_id)}


@serves(SERVICE, "ListResolverEndpoints")
def list_resolver_endpoints(account: Account, params: Params) -> Wire:
    """List the endpoints, without their addresses."""
    found = [endpoint_shape(account, e) for e in _endpoints(account).values()]
    keys = {"HostVPCId": "HostVPCId", "Direction": "Direction", "Status": "Status", "Name": "Name"}
    page = _page(account, _filtered(found, params, keys), params, "ResolverEndpoints")
    return {**page, "MaxResults": params.get("MaxResults", 100)}


@serves(SERVICE, "ListResolverEndpointIpAddresses")
def list_resolver_endpoint_ip_addresses(account: Account, params: Params) -> Wire:
    """List the addresses of an endpoint."""
    endpoint = find(_endpoints(account), params["ResolverEndpointId"], "Resolver endpoint")
    found: list[Wire] = [
        {
            "IpId": "rni-" + derive.made_up_id("rni", endpoint.id, address),
            "SubnetId": derive.subnet_id(derive.subnet_range(account.state.world, address)[1]),
            "Ipv6" if ":" in address else "Ip": address,
            "Status": "ATTACHED",
            "StatusMessage": "This IP address is operational.",
        }
        for address in endpoint.addresses
    ]
    return {**_page(account, found, params, "IpAddresses"), "MaxResults": params.get("MaxResults", 100)}


@serves(SERVICE, "ListFirewallRuleGroupAssociations")
def list_firewall_rule_group_associations(account: Account, params: Params) -> Wire:
    """List the VPCs of each DNS Firewall group, by ascending priority."""
    state = account.state
    found: list[dict[str, Any]] = []
    for group in sorted(state.firewall_groups.values(), key=lambda g: g.priority):
        for vpc_id in (v for v in group.vpcs if group.listed and account.owns_vpc(v)):
            made = "rslvr-frgassoc-" + derive.made_up_id("frgassoc", group.id, vpc_id)
            found.append(
                {
                    "Id": made,
                    "Arn": state.arn(SERVICE, f"firewall-rule-group-association/{made}"),
                    "FirewallRuleGroupId": group.id,
                    "VpcId": vpc_id,
                    "Name": group.name or group.id,
                    "Priority": group.priority,
                    "MutationProtection": "DISABLED",
                    "Status": "COMPLETE",
                }
            )
    for key in ("VpcId", "FirewallRuleGroupId", "Priority", "Status"):
        if key in params:
            found = [f for f in found if f[key] == params[key]]
    return _page(account, found, params, "FirewallRuleGroupAssociations")


@serves(SERVICE, "ListFirewallRules")
def list_firewall_rules(account: Account, params: Params) -> Wire:
    """List the rules of a group, by ascending priority."""
    group = find(account.state.firewall_groups, params["FirewallRuleGroupId"], "Firewall rule group")
    found = [firewall_rule_shape(group, r) for r in sorted(group.rules, key=lambda r: r.priority)]
    for key in ("Priority", "Action"):
        if key in params:
            found = [f for f in found if f[key] == params[key]]
    return _page(account, found, params, "FirewallRules")


@serves(SERVICE, "ListFirewallDomains")
def list_firewall_domains(account: Account, params: Params) -> Wire:
    """List the domains of a list. Those of a list that AWS manages cannot be read.

    https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-dns-firewall-managed-domain-lists.html
    """
    domains = find(account.state.domain_lists, params["FirewallDomainListId"], "Firewall domain list")
    if domains.managed:
        arn = account.state.arn(SERVICE, f"firewall-domain-list/{domains.id}", "aws")
        raise denied(SERVICE, "route53resolver:ListFirewallDomains", arn, account.caller)
    written = [d if d.endswith(".") else f"{d}." for d in domains.domains]
    page, token = account.page(written, params.get("NextToken"), params.get("MaxResults"))
    return {"Domains": page, "NextToken": token}


def _vpc(account: Account, vpc_id: str) -> str:
    if vpc_id not in account.state.vpcs:
        raise not_found("VPC", vpc_id)
    return vpc_id


@serves(SERVICE, "GetFirewallConfig")
def get_firewall_config(account: Account, params: Params) -> Wire:
    """Return whether the firewall of a VPC fails open: it does not, which is the default."""
    vpc_id = _vpc(account, params["ResourceId"])
    return {
        "FirewallConfig": {
            "Id": "rslvr-fc-" + derive.made_up_id("fc", vpc_id),
            "ResourceId": vpc_id,
            "OwnerId": account.state.account,
            "FirewallFailOpen": "DISABLED",
        }
    }


@serves(SERVICE, "GetResolverConfig")
def get_resolver_config(account: Account, params: Params) -> Wire:
    """Return whether a VPC has the autodefined reverse rules."""
    vpc_id = _vpc(account, params["ResourceId"])
    return {
        "ResolverConfig": {
            "Id": "rslvr-rc-" + derive.made_up_id("rc", vpc_id),
            "ResourceId": vpc_id,
            "OwnerId": account.state.account,
            "AutodefinedReverse": "ENABLED",
        }
    }
