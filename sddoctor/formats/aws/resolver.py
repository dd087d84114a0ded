"""Responses of Route 53 Resolver and Route 53 Profiles as facts.

https://docs.aws.amazon.com/Route53/latest/APIReference/API_Operations_Amazon_Route_53_Resolver.html
"""

from __future__ import annotations

import json
from typing import Any

from msgspec import Struct

from sddoctor.case.name import fold_name
from sddoctor.case.seen import Absent, Fact
from sddoctor.case.status import joint
from sddoctor.case.vpc import DetachedAddress, FirewallRule, InboundEndpoint, ResolverRule

#: The priority of a Profile's association that was made without one.
#: https://docs.aws.amazon.com/Route53/latest/APIReference/API_route53profiles_ProfileAssociation.html
_PROFILE_PRIORITY = 100
#: Statuses of an endpoint's address with which it takes queries.
#: https://docs.aws.amazon.com/Route53/latest/APIReference/API_route53resolver_IpAddressResponse.html
_TAKES_QUERIES = ("ATTACHED", "UPDATING", "UPDATE_FAILED")


class FirewallGroup(Struct, frozen=True):
    """A rule group of DNS Firewall as it is associated with a VPC, or brought by a Profile."""

    id: str
    name: str
    priority: int
    status: str
    via_profile: str | None = None


def rule(data: dict[str, Any], status: str = "COMPLETE", via_profile: str | None = None) -> ResolverRule:
    """Read GetResolverRule. The domain is required: a forwarding rule without one would seem to forward everything.

    ``status`` is that of the rule's association. A rule that acts has to be COMPLETE itself as well.
    """
    kind = data["RuleType"]
    targets = tuple(_target(t) for t in data.get("TargetIps") or () if t.get("Ip") or t.get("Ipv6"))
    return ResolverRule(
        id=data["Id"],
        type=kind,
        domain=fold_name(data.get("DomainName") or "" if kind in ("RECURSIVE", "DELEGATE") else data["DomainName"]),
        targets=targets,
        endpoint_id=data.get("ResolverEndpointId"),
        status=joint(status, data.get("Status") or "COMPLETE"),
        name=data.get("Name") or "",
        via_profile=via_profile,
        delegation=fold_name(data.get("DelegationRecord") or ""),
    )


def _target(data: dict[str, Any]) -> str:
    """Return a target as ``ADDRESS``, or with its port where that is not 53: an IPv6 address then stands in brackets."""
    address, port = data.get("Ip") or f"[{data['Ipv6']}]", data.get("Port", 53)
    return f"{address}:{port}" if port != 53 else address.strip("[]")


def group(data: dict[str, Any]) -> FirewallGroup:
    """Read the association of a rule group with a VPC."""
    return FirewallGroup(
        id=data["FirewallRuleGroupId"],
        name=data.get("Name") or "",
        priority=data["Priority"],
        status=_status(data),
    )


def profile_group(data: dict[str, Any], status: str) -> FirewallGroup:
    """Read a rule group of a Profile. Raises ``ValueError`` without its priority: the order of groups decides.

    ``status`` is that of the Profile's association with the VPC.
    """
    arn = data["ResourceArn"]
    try:
        priority = int(json.loads(data.get("ResourceProperties") or "")["priority"])
    except (ValueError, LookupError, TypeError, OverflowError, RecursionError) as error:
        raise ValueError(f"no priority of {arn}") from error
    return FirewallGroup(
        arn.rsplit("/", 1)[-1], data.get("Name") or "", priority, joint(status, _status(data)), data["ProfileId"]
    )


def firewall_rule(data: dict[str, Any], of: FirewallGroup, domains: Fact[tuple[str, ...]] | None) -> FirewallRule:
    """Read a rule of DNS Firewall; ``domains`` are those of its list, if it has one.

    Rules have a status since some are made asynchronously; one without is complete.
    """
    return FirewallRule(
        group_id=of.id,
        group_name=of.name,
        group_priority=of.priority,
        priority=data["Priority"],
        name=data.get("Name") or "",
        action=data["Action"],
        block_response=data.get("BlockResponse"),
        override_domain=data.get("BlockOverrideDomain"),
        qtype=data.get("Qtype"),
        domain_list_id=data.get("FirewallDomainListId"),
        domains=Absent("a domain list", "route53resolver:ListFirewallRules") if domains is None else domains,
        via_profile=of.via_profile,
        status=joint(of.status, data.get("Status") or "COMPLETE"),
        trusts_redirection=data.get("FirewallDomainRedirectionAction") == "TRUST_REDIRECTION_DOMAIN",
    )


def endpoint(data: dict[str, Any], addresses: tuple[dict[str, Any], ...]) -> InboundEndpoint:
    """Read an inbound endpoint with its addresses."""
    by_status = [(a.get("Ip") or a["Ipv6"], a.get("Status", "ATTACHED")) for a in addresses]
    return InboundEndpoint(
        id=data["Id"],
        vpc_id=data.get("HostVPCId", ""),
        status=data["Status"],
        addresses=tuple(a for a, status in by_status if status in _TAKES_QUERIES),
        security_group_ids=tuple(data.get("SecurityGroupIds") or ()),
        protocols=tuple(data.get("Protocols") or ()),
        name=data.get("Name") or "",
        detached=tuple(DetachedAddress(a, status) for a, status in by_status if status not in _TAKES_QUERIES),
    )


def profile_status(association: dict[str, Any], resource: dict[str, Any]) -> str:
    """Return the status of what a Profile brings to a VPC: both associations have to be complete."""
    return joint(_status(association), _status(resource))


def profile_priority(association: dict[str, Any]) -> int:
    """Return the place of a Profile among those of a VPC, the lowest first."""
    given = association.get("Priority")
    return _PROFILE_PRIORITY if given is None else int(given)


def _status(data: dict[str, Any]) -> str:
    return data.get("Status") or "unknown"
