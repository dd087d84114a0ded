"""VPCs and what is in them, as a world describes them: DNS settings, Resolver rules, firewalls, endpoints, VPNs."""

from __future__ import annotations

from typing import Literal

from sddoctor.lab.parts.base import Part


class Dhcp(Part, frozen=True):
    """DHCP options."""

    id: str = "dopt-0default"
    servers: tuple[str, ...] = ("AmazonProvidedDNS",)
    domain: str | None = None


class Vpc(Part, frozen=True):
    """A VPC. ``profiles`` are ids of Route 53 Profiles associated with it.

    With an ``owner``, another account, it is shared with the world's: what the owner made in it (Resolver rules and endpoints,
    firewalls, VPC endpoints) acts in DNS, and is in no list of the world's account.
    """

    id: str
    cidr: str
    secondary_cidrs: tuple[str, ...] = ()
    name: str = ""
    dns_support: bool = True
    dns_hostnames: bool = True
    dhcp: Dhcp = Dhcp()
    profiles: tuple[str, ...] = ()
    owner: str | None = None


class Rule(Part, frozen=True):
    """A Resolver rule. ``targets`` as ``ADDRESS`` or ``ADDRESS:PORT``; ``vpcs`` it is associated with.

    The ``domain`` of a DELEGATE rule is its delegation record: that of the name servers which may be asked through the outbound
    ``endpoint`` (an id; any, if it says none). ``listed`` false: it is another account's, which owns the VPC; it acts, and
    the caller's lists do not have it.
    """

    id: str
    domain: str
    type: Literal["FORWARD", "SYSTEM", "RECURSIVE", "DELEGATE"] = "FORWARD"
    targets: tuple[str, ...] = ()
    vpcs: tuple[str, ...] = ()
    status: str = "COMPLETE"
    name: str = ""
    listed: bool = True
    endpoint: str | None = None


class FirewallRule(Part, frozen=True):
    """A DNS Firewall rule with its domains; ``managed``: the list cannot be read.

    ``trusts``: it does not look at names that a CNAME leads to; where it is the first for a name, and allows it, nothing does.
    ``threat``: a rule of DNS Firewall Advanced (``DNS_TUNNELING``, ``DGA``), which has no list; ``domains`` are what it
    takes for a threat.
    """

    name: str
    priority: int
    domains: tuple[str, ...] = ()
    action: Literal["ALLOW", "BLOCK", "ALERT"] = "BLOCK"
    block_response: str | None = "NXDOMAIN"
    override_domain: str | None = None
    qtype: str | None = None
    list_id: str = "rslvr-fdl-1"
    managed: bool = False
    threat: str | None = None
    trusts: bool = False


class FirewallGroup(Part, frozen=True):
    """A rule group and the VPCs that it is associated with. ``listed`` as that of a rule."""

    id: str
    priority: int = 101
    vpcs: tuple[str, ...] = ()
    rules: tuple[FirewallRule, ...] = ()
    name: str = ""
    listed: bool = True


class Endpoint(Part, frozen=True):
    """A Resolver endpoint."""

    id: str
    vpc: str
    addresses: tuple[str, ...]
    direction: Literal["INBOUND", "OUTBOUND"] = "INBOUND"
    status: str = "OPERATIONAL"
    security_groups: tuple[str, ...] = ("sg-0endpoint",)
    protocols: tuple[str, ...] = ("Do53",)


class Profile(Part, frozen=True):
    """A Route 53 Profile with the ids of its zones, rules and firewall groups."""

    id: str
    name: str = "shared"
    zones: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    firewall_groups: tuple[str, ...] = ()


class Ingress(Part, frozen=True):
    """An ingress permission of a security group; protocol ``-1`` is everything.

    ``groups`` (``sg-1``, or ``ACCOUNT/sg-1`` of another account) admit their members, ``prefix_lists`` the entries of those
    that the world has.
    """

    protocol: str = "-1"
    from_port: int | None = None
    to_port: int | None = None
    ranges: tuple[str, ...] = ("0.0.0.0/0",)
    prefix_lists: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()


class SecurityGroup(Part, frozen=True):
    """A security group. ``members`` are the addresses of the interfaces that have it.

    ``owner`` is the owner of the VPC of an endpoint that names it, when left out; another account's is not described.
    """

    id: str
    ingress: tuple[Ingress, ...] = (Ingress(),)
    members: tuple[str, ...] = ()
    owner: str | None = None


class Machine(Part, frozen=True):
    """An EC2 instance with one network interface in the VPC that has its address (or in ``vpc``).

    ``prefix`` is a delegated range, of which no single address is listed; without an ``address`` the interface has the fourth
    of the /24 around it. Connections are accepted on ``ports``.
    """

    address: str = ""
    id: str = ""
    description: str = "Primary network interface"
    vpc: str | None = None
    prefix: str | None = None
    ipv6: tuple[str, ...] = ()
    public: str | None = None
    owner: str | None = None
    ports: tuple[int, ...] = (80, 443)


class ClientVpn(Part, frozen=True):
    """An AWS Client VPN endpoint."""

    id: str
    vpc: str | None
    client_cidr: str = "10.99.0.0/22"
    dns_servers: tuple[str, ...] = ()
    split_tunnel: bool = True
    transit_gateway: bool = False
    routes: tuple[str, ...] = ()
    authorized: tuple[str, ...] = ()
