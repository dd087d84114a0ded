"""Facts about VPCs and the Route 53 Resolver in them.

https://docs.aws.amazon.com/vpc/latest/userguide/AmazonDNS-concepts.html
"""

from __future__ import annotations

from ipaddress import IPv4Network, ip_address, ip_network
from typing import Literal

from msgspec import Struct

from sddoctor.case.address import contains
from sddoctor.case.route53 import ZoneSummary
from sddoctor.case.seen import NOT_NEEDED, Fact


class Vpc(Struct, frozen=True):
    """A VPC. ``cidr`` is the primary IPv4 range, ``cidrs`` all IPv4 and IPv6 ranges."""

    id: str
    cidr: str
    cidrs: tuple[str, ...] = ()
    dhcp_options_id: str | None = None
    owner: str = ""
    name: str = ""

    @property
    def resolver(self) -> str:
        """The address of the VPC resolver: base of the primary IPv4 range plus two."""
        return str(IPv4Network(self.cidr).network_address + 2)

    def holds(self, address: str) -> bool:
        """Tell whether one of the ranges contains the address; false for text that is no address."""
        try:
            ip = ip_address(address.split("%", 1)[0])
        except ValueError:
            return False
        return any(
            ip.version == n.version and ip in n for n in map(ip_network, dict.fromkeys((self.cidr, *self.cidrs)))
        )


class DhcpOptions(Struct, frozen=True):
    """DHCP options of a VPC: the DNS servers and domain name that it assigns."""

    id: str
    domain_name_servers: tuple[str, ...] = ()
    domain_name: str | None = None


class ResolverRule(Struct, frozen=True):
    """A Resolver rule of a VPC. ``domain`` is lower case without a final dot (``""`` is the root).

    ``status`` is that of rule and association together: only ``COMPLETE`` acts (``case/status.py``). ``delegation`` is the
    domain of the name servers that a DELEGATE rule follows.
    """

    id: str
    type: str
    domain: str
    targets: tuple[str, ...] = ()
    endpoint_id: str | None = None
    status: str = "COMPLETE"
    name: str = ""
    via_profile: str | None = None
    delegation: str = ""


class FirewallRule(Struct, frozen=True):
    """A DNS Firewall rule; ``domains`` as listed (``*.example.com``).

    The domains of AWS managed lists are not visible (``Opaque``); an advanced rule has no list (``Absent``).
    ``status`` is that of the rule and of its group's association together. A rule that ``trusts_redirection`` lets pass
    whatever the name is an alias of.
    """

    group_id: str
    group_name: str
    group_priority: int
    priority: int
    name: str
    action: str
    block_response: str | None = None
    override_domain: str | None = None
    qtype: str | None = None
    domain_list_id: str | None = None
    domains: Fact[tuple[str, ...]] = NOT_NEEDED
    via_profile: str | None = None
    status: str = "COMPLETE"
    trusts_redirection: bool = False


class DetachedAddress(Struct, frozen=True):
    """An address of an endpoint that takes no queries, or may not: its status in AWS's word."""

    address: str
    status: str


class InboundEndpoint(Struct, frozen=True):
    """An inbound Resolver endpoint of the account and region, with the ``addresses`` that take queries, and the others."""

    id: str
    vpc_id: str
    status: str
    addresses: tuple[str, ...] = ()
    security_group_ids: tuple[str, ...] = ()
    protocols: tuple[str, ...] = ()
    name: str = ""
    detached: tuple[DetachedAddress, ...] = ()

    @property
    def takes_queries(self) -> bool:
        """Whether hosts can query it by plain DNS: by its status and protocols, whoever its security groups let in."""
        return self.status in ("OPERATIONAL", "UPDATING") and "Do53" in (self.protocols or ("Do53",))


class IngressRule(Struct, frozen=True):
    """An ingress permission of a security group; ports are ``None`` for "all".

    ``referred`` are the prefix lists and groups that it admits as well: whom these hold was not seen.
    """

    group_id: str
    protocol: str
    from_port: int | None = None
    to_port: int | None = None
    ranges: tuple[str, ...] = ()
    referred: tuple[str, ...] = ()


class ClientVpn(Struct, frozen=True):
    """An AWS Client VPN endpoint."""

    id: str
    vpc_id: str | None
    client_cidr: str
    dns_servers: tuple[str, ...] = ()
    split_tunnel: bool = False
    transit_gateway: bool = False
    routes: Fact[tuple[str, ...]] = NOT_NEEDED
    authorized: Fact[tuple[str, ...]] = NOT_NEEDED


class NetworkInterface(Struct, frozen=True):
    """The network interface of a private address. ``prefix`` is a range assigned to it, of which it has every address.

    https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-prefix-eni.html
    """

    address: str
    id: str
    description: str = ""
    vpc_id: str = ""
    status: str = ""
    prefix: str = ""

    def holds(self, address: str) -> bool:
        """Tell whether the interface has the address, by itself or by its prefix."""
        return address == self.address or bool(self.prefix and contains(self.prefix, address))


class VpcDnsSetup(Struct, frozen=True):
    """How DNS is set up in one VPC.

    ``zones`` and ``rules`` include those of a Route 53 Profile, which have ``via_profile``.
    """

    vpc_id: str
    dns_support: Fact[bool]
    dns_hostnames: Fact[bool]
    zones: Fact[tuple[ZoneSummary, ...]]
    profile_zones: Fact[tuple[ZoneSummary, ...]]
    rules: Fact[tuple[ResolverRule, ...]]
    firewall: Fact[tuple[FirewallRule, ...]]
    dhcp: Fact[DhcpOptions]


class ClientVpc(Struct, frozen=True):
    """The VPC whose resolver should answer, and how it was chosen.

    ``how``: ``option`` (``--client-vpc``), ``host`` (this host has an address in it), ``nameserver`` (the server
    named is its resolver) or ``zone`` (the zone is associated with it: a client outside AWS should query its resolver).
    """

    vpc_id: str
    how: Literal["option", "host", "nameserver", "zone"]


class VpcFacts(Struct, frozen=True):
    """Everything seen of VPCs and resolvers. ``looks`` has one entry for each relevant VPC.

    ``rules_elsewhere`` are the account's forwarding rules over the name, whichever VPC uses them; they are read only where no
    namespace and no zone has it.
    """

    vpcs: Fact[tuple[Vpc, ...]]
    client: Fact[ClientVpc]
    looks: tuple[VpcDnsSetup, ...] = ()
    endpoints: Fact[tuple[InboundEndpoint, ...]] = NOT_NEEDED
    security_groups: Fact[tuple[IngressRule, ...]] = NOT_NEEDED
    client_vpns: Fact[tuple[ClientVpn, ...]] = NOT_NEEDED
    interfaces: Fact[tuple[NetworkInterface, ...]] = NOT_NEEDED
    rules_elsewhere: Fact[tuple[ResolverRule, ...]] = NOT_NEEDED
