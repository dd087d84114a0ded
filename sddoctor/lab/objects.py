"""The mutable objects of a running lab.

Names of zones and records are lower case without a final dot. Times are UTC.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from ipaddress import IPv4Network
from typing import Any

from sddoctor.lab.parts.network import FirewallRule, Ingress


@dataclass
class Registered:
    """An instance registered in a Cloud Map service.

    ``health`` is ``HEALTHY``, ``UNHEALTHY`` or ``UNKNOWN``; ``health_known`` false leaves it out of
    ``GetInstancesHealthStatus``. ``record`` false: the zone has no record for it.
    """

    id: str
    ipv4: str | None = None
    ipv6: str | None = None
    port: int | None = None
    attributes: dict[str, str] = field(default_factory=dict)
    health: str = "HEALTHY"
    health_known: bool = True
    record: bool = True


@dataclass
class LiveNamespace:
    """A namespace. ``zone_id`` remains after the zone is deleted, as in Cloud Map."""

    id: str
    arn: str
    name: str
    type: str
    owner: str
    zone_id: str | None
    soa_ttl: int
    http_name: str
    created_at: datetime
    delegated: bool = True
    delegated_to: tuple[str, ...] = ()
    description: str = ""
    creator_request_id: str = ""
    tags: dict[str, str] = field(default_factory=dict)


@dataclass
class LiveService:
    """A Cloud Map service with its instances. ``records`` maps a record type to its TTL in seconds."""

    id: str
    arn: str
    name: str
    namespace_id: str
    type: str
    records: dict[str, int]
    routing: str
    health: str
    created_at: datetime
    all_unhealthy: str = "withholds"
    description: str = ""
    creator_request_id: str = ""
    tags: dict[str, str] = field(default_factory=dict)
    instances: list[Registered] = field(default_factory=list)
    revision: int = 1

    @property
    def owner(self) -> str:
        """The account in the ARN."""
        return self.arn.split(":")[4]

    def instance(self, instance_id: str) -> Registered | None:
        """Return the instance with that id."""
        return next((i for i in self.instances if i.id == instance_id), None)


@dataclass
class LiveOperation:
    """An asynchronous Cloud Map operation; ``targets`` as ``GetOperation`` shows them (``INSTANCE`` -> id)."""

    id: str
    type: str
    status: str
    at: datetime
    targets: dict[str, str]
    error_code: str | None = None
    error_message: str | None = None


@dataclass
class LiveVpc:
    """A VPC."""

    id: str
    cidr: str
    secondary_cidrs: tuple[str, ...]
    name: str
    dns_support: bool
    dns_hostnames: bool
    dhcp_id: str
    profiles: list[str]
    owner: str

    @property
    def resolver(self) -> str:
        """The address of its resolver: base of the primary range plus two."""
        return str(IPv4Network(self.cidr).network_address + 2)

    @property
    def cidrs(self) -> tuple[str, ...]:
        """All its IPv4 ranges, the primary one first."""
        return (self.cidr, *self.secondary_cidrs)


@dataclass
class LiveDhcp:
    """A set of DHCP options."""

    id: str
    servers: tuple[str, ...]
    domain: str | None


@dataclass
class LiveSubnet:
    """A subnet."""

    id: str
    vpc_id: str
    cidr: str
    zone: str


@dataclass
class LiveRule:
    """A Resolver rule. ``targets`` as ``ADDRESS`` or ``ADDRESS:PORT``; ``endpoint`` is the outbound one that it names."""

    id: str
    domain: str
    type: str
    targets: list[str]
    vpcs: list[str]
    status: str
    name: str
    listed: bool = True
    endpoint: str | None = None


@dataclass
class LiveDomainList:
    """A DNS Firewall domain list; the domains of a managed one cannot be read."""

    id: str
    domains: list[str]
    managed: bool = False


@dataclass
class LiveFirewallGroup:
    """A DNS Firewall rule group. The domains of a rule are those of its list."""

    id: str
    name: str
    priority: int
    vpcs: list[str]
    rules: list[FirewallRule]
    listed: bool = True


@dataclass
class LiveEndpoint:
    """A Resolver endpoint."""

    id: str
    vpc_id: str
    addresses: list[str]
    direction: str
    status: str
    security_groups: list[str]
    protocols: list[str]
    name: str = ""


@dataclass
class LiveSecurityGroup:
    """A security group; ``members`` are the addresses of the interfaces that have it."""

    id: str
    vpc_id: str
    ingress: list[Ingress]
    owner: str = ""
    members: tuple[str, ...] = ()


@dataclass
class LiveClientVpn:
    """A Client VPN endpoint; ``routes`` and ``authorized`` are destination ranges."""

    id: str
    vpc_id: str | None
    client_cidr: str
    dns_servers: list[str]
    split_tunnel: bool
    transit_gateway: bool
    routes: list[str]
    authorized: list[str]


@dataclass
class LiveCluster:
    """An ECS cluster. Services (by name), tasks and container instances (by id) are in the shape of the API."""

    name: str
    arn: str
    services: dict[str, dict[str, Any]] = field(default_factory=dict)
    tasks: dict[str, dict[str, Any]] = field(default_factory=dict)
    container_instances: dict[str, dict[str, Any]] = field(default_factory=dict)
