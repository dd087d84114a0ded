"""Reads VPCs, how DNS is set up in them, and the paths into them."""

from __future__ import annotations

from functools import partial
from typing import Any

from msgspec import structs

from sddoctor.case.cloudmap import Namespace
from sddoctor.case.seen import NOT_NEEDED, Absent, Fact, NotAttempted, Seen
from sddoctor.case.vpc import (
    ClientVpn,
    DhcpOptions,
    InboundEndpoint,
    IngressRule,
    NetworkInterface,
    Vpc,
    VpcDnsSetup,
)
from sddoctor.formats.aws import network as shapes
from sddoctor.observe.aws.calls import Calls, joined
from sddoctor.observe.aws.profiles import ProfileReader
from sddoctor.observe.aws.resolver import ResolverReader
from sddoctor.observe.aws.zones import zones_of_vpc

#: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Filtering.html
MOST_FILTER_VALUES = 200
_PROFILES = "route53profiles:ListProfileResourceAssociations"


def list_vpcs(calls: Calls) -> Fact[tuple[Vpc, ...]]:
    """Read the VPCs of the region."""
    return calls.pages("ec2", "DescribeVpcs", "the VPCs", "Vpcs").map(lambda seen: tuple(shapes.vpc(v) for v in seen))


class VpcReader:
    """Reads one region's VPCs and resolvers."""

    def __init__(self, calls: Calls, region: str) -> None:
        self._calls = calls
        self._region = region
        self._resolver = ResolverReader(calls)
        self._profiles = ProfileReader(calls, self._resolver)

    def dns_of(self, vpc_id: str, vpcs: Fact[tuple[Vpc, ...]], *, inside: bool) -> VpcDnsSetup:
        """Read how DNS is set up in a VPC. DHCP options reach only a client inside.

        For a VPC of another account or region AWS returns empty lists, so nothing is read of such a one.
        """
        if isinstance(vpcs, Seen) and all(v.id != vpc_id for v in vpcs.value):
            return _hidden(vpc_id)
        pending, attribute = self._calls.pending, partial(self._attribute, vpc_id)
        support = pending(partial(attribute, "enableDnsSupport", "EnableDnsSupport"), "DNS support")
        hostnames = pending(partial(attribute, "enableDnsHostnames", "EnableDnsHostnames"), "DNS hostnames")
        zones = pending(partial(zones_of_vpc, self._calls, vpc_id, self._region), f"the zones of {vpc_id}")
        rules = pending(partial(self._resolver.rules, vpc_id), f"the Resolver rules of {vpc_id}")
        firewall = pending(partial(self._resolver.firewall, vpc_id), f"the DNS Firewall of {vpc_id}")
        profiles = pending(partial(self._profiles.of_vpc, vpc_id), f"the Route 53 Profiles of {vpc_id}")
        dhcp: Fact[DhcpOptions] = NotAttempted("the DHCP options", "they do not reach a client outside the VPC")
        if inside:
            dhcp = self._dhcp(vpc_id, vpcs)
        profile = profiles.fact()
        more = profile.seen_or(None)
        return VpcDnsSetup(
            vpc_id=vpc_id,
            dns_support=support.fact(),
            dns_hostnames=hostnames.fact(),
            zones=zones.fact(),
            profile_zones=profile.then(lambda seen: Seen(seen.zones, _PROFILES)),
            rules=rules.fact().map(lambda seen: seen + (more.rules if more else ())),
            firewall=firewall.fact().map(lambda seen: seen + (more.firewall if more else ())),
            dhcp=dhcp,
        )

    def _attribute(self, vpc_id: str, name: str, key: str) -> Fact[bool]:
        """Read one attribute; the API returns one for each call.

        https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeVpcAttribute.html
        """
        return self._calls.get("ec2", "DescribeVpcAttribute", f"{name} of {vpc_id}", VpcId=vpc_id, Attribute=name).map(
            lambda seen: bool(seen[key]["Value"])
        )

    def _dhcp(self, vpc_id: str, vpcs: Fact[tuple[Vpc, ...]]) -> Fact[DhcpOptions]:
        what = f"the DHCP options of {vpc_id}"
        if not isinstance(vpcs, Seen):
            return vpcs
        options = next((v.dhcp_options_id for v in vpcs.value if v.id == vpc_id), None)
        if options is None:
            return Absent(what, "ec2:DescribeVpcs")
        fact = self._calls.pages("ec2", "DescribeDhcpOptions", what, "DhcpOptions", DhcpOptionsIds=[options])
        if not isinstance(fact, Seen):
            return fact
        return fact.map(lambda seen: shapes.dhcp(seen[0])) if fact.value else Absent(what, fact.source)

    def endpoints(self) -> Fact[tuple[InboundEndpoint, ...]]:
        """Read the inbound endpoints: the path for a client outside the VPC."""
        return self._resolver.inbound_endpoints()

    def security_groups(self, endpoints: Fact[tuple[InboundEndpoint, ...]]) -> Fact[tuple[IngressRule, ...]]:
        """Read what the endpoints' security groups let in."""
        ids = sorted({g for e in endpoints.seen_or(()) for g in e.security_group_ids})
        if not ids:
            return NOT_NEEDED
        return self._calls.pages(
            "ec2", "DescribeSecurityGroups", "the security groups", "SecurityGroups", GroupIds=ids
        ).map(lambda seen: tuple(r for g in seen for r in shapes.ingress(g)))

    def client_vpns(self) -> Fact[tuple[ClientVpn, ...]]:
        """Read the Client VPN endpoints with their routes and authorization rules."""
        what = "the Client VPN endpoints"
        fact = self._calls.pages("ec2", "DescribeClientVpnEndpoints", what, "ClientVpnEndpoints")
        if not isinstance(fact, Seen):
            return fact
        found = []
        unread = dict.fromkeys(fact.unread)
        for item in filter(shapes.serves_clients, fact.value):
            vpn = shapes.client_vpn(item)
            one = {"ClientVpnEndpointId": vpn.id}
            routes = self._calls.pages("ec2", "DescribeClientVpnRoutes", f"the routes of {vpn.id}", "Routes", **one)
            rules = self._calls.pages(
                "ec2", "DescribeClientVpnAuthorizationRules", f"the rules of {vpn.id}", "AuthorizationRules", **one
            )
            found.append(
                structs.replace(
                    vpn, routes=_column(routes, "DestinationCidr"), authorized=_column(rules, "DestinationCidr")
                )
            )
            unread |= dict.fromkeys((*_unread(routes), *_unread(rules)))
        return Seen(tuple(found), fact.source, fact.at, tuple(unread))

    def interfaces(self, addresses: tuple[str, ...]) -> Fact[tuple[NetworkInterface, ...]]:
        """Read who owns addresses that no task explains."""
        if not addresses:
            return NOT_NEEDED
        what, most = "the owners of the addresses", MOST_FILTER_VALUES
        batches = [list(addresses[i : i + most]) for i in range(0, len(addresses), most)]
        filters = [[{"Name": "addresses.private-ip-address", "Values": batch}] for batch in batches]
        pages = partial(self._calls.pages, "ec2", "DescribeNetworkInterfaces", what, "NetworkInterfaces")
        fact = joined((pages(Filters=f) for f in filters), "ec2:DescribeNetworkInterfaces")
        return fact.map(lambda seen: tuple(i for n in seen for i in shapes.interfaces(n)))

    def with_prefixes(
        self, found: Fact[tuple[NetworkInterface, ...]], addresses: tuple[str, ...], vpcs: tuple[Vpc, ...]
    ) -> Fact[tuple[NetworkInterface, ...]]:
        """Add the prefixes of interfaces, which no filter finds, where nothing has one of the addresses by itself.

        Then every interface of the VPC is looked through.
        https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeNetworkInterfaces.html
        """
        if not isinstance(found, Seen):
            return found
        left = [a for a in addresses if not any(i.holds(a) for i in found.value)]
        within = sorted({v.id for v in vpcs for a in left if v.holds(a)})
        if not within:
            return found
        what, filters = "the owners of the addresses", [{"Name": "vpc-id", "Values": within}]
        every = self._calls.pages("ec2", "DescribeNetworkInterfaces", what, "NetworkInterfaces", Filters=filters)
        prefixes = every.map(lambda seen: tuple(i for n in seen for i in shapes.prefixes(n)))
        if not isinstance(prefixes, Seen):
            return prefixes
        return Seen(found.value + prefixes.value, found.source, found.at, found.unread + prefixes.unread)


def _hidden(vpc_id: str) -> VpcDnsSetup:
    unseen = NotAttempted(
        f"the DNS of {vpc_id}", "this account and region do not show that VPC", "--region or --profile of the VPC"
    )
    return VpcDnsSetup(vpc_id, *[unseen] * 7)


def _unread(fact: Fact[Any]) -> tuple[str, ...]:
    return fact.unread if isinstance(fact, Seen) else ()


def _column(fact: Fact[tuple[Any, ...]], key: str) -> Fact[tuple[str, ...]]:
    return fact.map(lambda seen: tuple(r[key] for r in filter(shapes.serves_clients, seen) if r.get(key)))


def matching(namespaces: tuple[Namespace, ...], name: str) -> list[Namespace]:
    """Return the namespaces whose name is a suffix of the name by whole labels, the longest first."""
    found = [n for n in namespaces if name == n.name or name.endswith("." + n.name)]
    return sorted(found, key=lambda n: (-n.name.count("."), n.id))
