"""Cloud Map as a world describes it."""

from __future__ import annotations

from typing import Literal

from sddoctor.lab.parts.base import Part


class Instance(Part, frozen=True):
    """An instance that is registered by hand (or was never deregistered). ``record`` false: Route 53 has no record for it.

    ``owned`` false: no network interface has its address.
    """

    id: str
    ipv4: str | None = None
    ipv6: str | None = None
    port: int | None = None
    attributes: dict[str, str] = {}
    health: Literal["HEALTHY", "UNHEALTHY", "UNKNOWN"] | None = None
    record: bool = True
    owned: bool = True
    cluster: str | None = None
    ecs_service: str | None = None


class DnsRecord(Part, frozen=True):
    """A record type with its TTL in seconds."""

    type: str = "A"
    ttl: int = 10


class Operation(Part, frozen=True):
    """A Cloud Map operation."""

    id: str
    type: str = "REGISTER_INSTANCE"
    status: str = "FAIL"
    error_code: str | None = None
    error_message: str | None = None
    instance_id: str | None = None
    ago: float = 60


class Service(Part, frozen=True):
    """A Cloud Map service.

    ``type`` follows from ``records`` when left out. ``all_unhealthy`` says what DNS does when every instance is
    UNHEALTHY, which AWS does not document: ``answers`` (fail open) or ``withholds``.
    """

    id: str
    name: str
    records: tuple[DnsRecord, ...] = (DnsRecord(),)
    routing: Literal["MULTIVALUE", "WEIGHTED"] = "MULTIVALUE"
    health: Literal["custom", "route53", "none"] = "custom"
    type: Literal["HTTP", "DNS_HTTP", "DNS"] | None = None
    created_ago: float = 30 * 86400
    description: str = ""
    tags: dict[str, str] = {}
    instances: tuple[Instance, ...] = ()
    operations: tuple[Operation, ...] = ()
    all_unhealthy: Literal["answers", "withholds"] = "withholds"


class Namespace(Part, frozen=True):
    """A namespace. ``vpcs`` are the VPCs that its zone is associated with. ``zone`` null: it was deleted.

    For a public one that is not ``delegated`` its parent returns NXDOMAIN; with ``delegated_to`` the parent delegates to
    the servers of another zone of the same name, which does.
    """

    id: str
    name: str
    type: Literal["DNS_PRIVATE", "DNS_PUBLIC", "HTTP"] = "DNS_PRIVATE"
    zone: str | None = None
    zone_deleted: bool = False
    vpcs: tuple[str, ...] = ()
    soa_ttl: int = 15
    owner: str | None = None
    http_name: str | None = None
    services: tuple[Service, ...] = ()
    delegated: bool = True
    delegated_to: tuple[str, ...] = ()
