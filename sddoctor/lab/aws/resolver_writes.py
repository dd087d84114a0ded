"""Amazon Route 53 Resolver, writing.

https://docs.aws.amazon.com/Route53/latest/APIReference/API_Operations_Amazon_Route_53_Resolver.html
"""

from __future__ import annotations

from ipaddress import IPv4Network

from msgspec.structs import replace

from sddoctor.lab import derive
from sddoctor.lab.aws.account import Account, Params, Wire, serves
from sddoctor.lab.aws.ecs_rollout import addresses_in_use
from sddoctor.lab.aws.errors import ApiError
from sddoctor.lab.aws.resolver_shapes import SERVICE, endpoint_shape, find, firewall_rule_shape, not_found, rule_shape
from sddoctor.lab.objects import LiveDomainList, LiveEndpoint, LiveSubnet
from sddoctor.lab.parts.network import FirewallRule
from sddoctor.lab.state import LabState


@serves(SERVICE, "DisassociateResolverRule")
def disassociate_resolver_rule(account: Account, params: Params) -> Wire:
    """Disassociate a rule from a VPC."""
    rule = find(account.state.rules, params["ResolverRuleId"], "Resolver rule")
    vpc_id = params["VPCId"]
    if vpc_id not in rule.vpcs:
        raise not_found("Resolver rule association", f"{rule.id} of {vpc_id}")
    rule.vpcs.remove(vpc_id)
    account.state.changed()
    return {
        "ResolverRuleAssociation": {
            "Id": "rslvr-rrassoc-" + derive.made_up_id("rrassoc", rule.id, vpc_id),
            "ResolverRuleId": rule.id,
            "Name": rule.name,
            "VPCId": vpc_id,
            "Status": "DELETING",
            "StatusMessage": "",
        }
    }


@serves(SERVICE, "AssociateResolverRule")
def associate_resolver_rule(account: Account, params: Params) -> Wire:
    """Associate a rule with a VPC."""
    rule = find(account.state.rules, params["ResolverRuleId"], "Resolver rule")
    vpc_id = params["VPCId"]
    if vpc_id not in rule.vpcs:
        rule.vpcs.append(vpc_id)
    account.state.changed()
    return {
        "ResolverRuleAssociation": {
            "Id": "rslvr-rrassoc-" + derive.made_up_id("rrassoc", rule.id, vpc_id),
            "ResolverRuleId": rule.id,
            "Name": params.get("Name", rule.name),
            "VPCId": vpc_id,
            "Status": "CREATING",
            "StatusMessage": "",
        }
    }


@serves(SERVICE, "UpdateResolverRule")
def update_resolver_rule(account: Account, params: Params) -> Wire:
    """Change the targets or the name of a rule."""
    rule = find(account.state.rules, params["ResolverRuleId"], "Resolver rule")
    config = params["Config"]
    if "TargetIps" in config:
        targets = [(t.get("Ip") or t.get("Ipv6", ""), t.get("Port", 53)) for t in config["TargetIps"]]
        rule.targets = [address if port == 53 else f"{address}:{port}" for address, port in targets]
    rule.name = config.get("Name", rule.name)
    account.state.changed()
    return {"ResolverRule": rule_shape(account, rule)}


@serves(SERVICE, "CreateFirewallDomainList")
def create_firewall_domain_list(account: Account, params: Params) -> Wire:
    """Create an empty domain list."""
    state = account.state
    made = LiveDomainList("rslvr-fdl-" + state.fresh_id("domain-list"), [])
    state.domain_lists[made.id] = made
    state.changed()
    return {
        "FirewallDomainList": {
            "Id": made.id,
            "Arn": state.arn(SERVICE, f"firewall-domain-list/{made.id}"),
            "Name": params["Name"],
            "DomainCount": 0,
            "Status": "COMPLETE",
            "CreatorRequestId": params.get("CreatorRequestId", "lab"),
        }
    }


@serves(SERVICE, "UpdateFirewallDomains")
def update_firewall_domains(account: Account, params: Params) -> Wire:
    """Add domains to a list, remove them, or replace them all."""
    domains = find(account.state.domain_lists, params["FirewallDomainListId"], "Firewall domain list")
    if domains.managed:
        raise ApiError("AccessDeniedException", "A domain list that AWS manages cannot be changed.")
    given = [d.lower().rstrip(".") for d in params["Domains"]]
    known = [d.lower().rstrip(".") for d in domains.domains]
    if params["Operation"] == "ADD":
        domains.domains = known + [d for d in given if d not in known]
    elif params["Operation"] == "REMOVE":
        domains.domains = [d for d in known if d not in given]
    else:
        domains.domains = given
    account.state.changed()
    return {"Id": domains.id, "Name": domains.id, "Status": "COMPLETE", "StatusMessage": ""}


@serves(SERVICE, "CreateFirewallRule")
def create_firewall_rule(account: Account, params: Params) -> Wire:
    """Add a rule to a group; two rules of one group cannot have the same priority."""
    group = find(account.state.firewall_groups, params["FirewallRuleGroupId"], "Firewall rule group")
    domains = find(account.state.domain_lists, params.get("FirewallDomainListId", ""), "Firewall domain list")
    if any(r.priority == params["Priority"] for r in group.rules):
        raise ApiError("ConflictException", f"A rule with the priority {params['Priority']} exists already.")
    if params["Action"] == "BLOCK" and "BlockResponse" not in params:
        raise ApiError("ValidationException", "BlockResponse is required for a rule that blocks.")
    rule = FirewallRule(
        name=params["Name"],
        priority=params["Priority"],
        domains=tuple(domains.domains),
        action=params["Action"],
        block_response=params.get("BlockResponse"),
        override_domain=params.get("BlockOverrideDomain"),
        qtype=params.get("Qtype"),
        list_id=domains.id,
        managed=domains.managed,
    )
    group.rules.append(rule)
    account.state.changed()
    return {"FirewallRule": firewall_rule_shape(group, rule)}


@serves(SERVICE, "UpdateFirewallRule")
def update_firewall_rule(account: Account, params: Params) -> Wire:
    """Change the priority or the action of a rule, which its domain list names."""
    group = find(account.state.firewall_groups, params["FirewallRuleGroupId"], "Firewall rule group")
    place = next((i for i, r in enumerate(group.rules) if r.list_id == params.get("FirewallDomainListId")), None)
    if place is None:
        raise not_found("Firewall rule", f"{params.get('FirewallDomainListId')} of {group.id}")
    rule = group.rules[place]
    priority = params.get("Priority", rule.priority)
    if any(r.priority == priority for r in group.rules if r is not rule):
        raise ApiError("ConflictException", f"A rule with the priority {priority} exists already.")
    redirection = params.get("FirewallDomainRedirectionAction")
    trusts = rule.trusts if redirection is None else redirection == "TRUST_REDIRECTION_DOMAIN"
    group.rules[place] = replace(rule, priority=priority, action=params.get("Action", rule.action), trusts=trusts)
    account.state.changed()
    return {"FirewallRule": firewall_rule_shape(group, group.rules[place])}


@serves(SERVICE, "CreateResolverEndpoint")
def create_resolver_endpoint(account: Account, params: Params) -> Wire:
    """Create an endpoint, operational at once."""
    state = account.state
    subnets = [find(state.subnets, a["SubnetId"], "Subnet") for a in params["IpAddresses"]]
    if len(subnets) < 2:
        raise ApiError("InvalidRequestException", "[RSLVR-00400] An endpoint needs at least two IP addresses.")
    addresses: list[str] = []
    for wanted, subnet in zip(params["IpAddresses"], subnets, strict=True):
        addresses.append(wanted.get("Ip") or _free_address(state, subnet, addresses))
    kind = {"INBOUND": "in", "OUTBOUND": "out"}.get(params["Direction"], "in")
    endpoint_id = f"rslvr-{kind}-" + state.fresh_id("endpoint")
    endpoint = LiveEndpoint(
        endpoint_id,
        subnets[0].vpc_id,
        addresses,
        params["Direction"],
        "OPERATIONAL",
        list(params["SecurityGroupIds"]),
        list(params.get("Protocols", ["Do53"])),
        params.get("Name", ""),
    )
    state.endpoints[endpoint_id] = endpoint
    state.changed()
    return {"ResolverEndpoint": endpoint_shape(account, endpoint)}


def _free_address(state: LabState, subnet: LiveSubnet, taken: list[str]) -> str:
    used = addresses_in_use(state) | set(taken)
    hosts = (str(h) for h in list(IPv4Network(subnet.cidr).hosts())[9:])
    return next(h for h in hosts if h not in used)
