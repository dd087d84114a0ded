"""Facts about AWS Cloud Map: namespaces, services, registered instances and their health.

Field meanings: https://docs.aws.amazon.com/cloud-map/latest/api/API_Types.html
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from msgspec import Struct

from sddoctor.case.route53 import Record, Zone
from sddoctor.case.seen import NOT_NEEDED, Fact


class Namespace(Struct, frozen=True):
    """A namespace. ``owner`` is ``SELF`` or ``OTHER_ACCOUNTS``; ``soa_ttl`` is in seconds."""

    id: str
    arn: str
    name: str
    type: Literal["DNS_PRIVATE", "DNS_PUBLIC", "HTTP"]
    owner: str = "SELF"
    hosted_zone_id: str | None = None
    soa_ttl: int | None = None
    http_name: str | None = None
    description: str = ""

    @property
    def account(self) -> str:
        """The account id in the ARN."""
        return _arn_account(self.arn)


class RecordConfig(Struct, frozen=True):
    """A record type that a service publishes, with its TTL in seconds."""

    type: str
    ttl: int


class CloudMapService(Struct, frozen=True):
    """A service in a namespace.

    ``health`` is ``custom`` (``HealthCheckCustomConfig``: ECS reports), ``route53`` (``HealthCheckConfig``:
    Route 53 probes) or ``none``. ``instance_count`` lags behind registrations.
    """

    id: str
    arn: str
    name: str
    namespace_id: str
    type: str | None = None
    routing_policy: str | None = None
    records: tuple[RecordConfig, ...] = ()
    health: Literal["custom", "route53", "none"] = "none"
    instance_count: int | None = None
    created_at: datetime | None = None
    owner: str = "SELF"
    created_by: str | None = None
    description: str = ""

    @property
    def record_types(self) -> frozenset[str]:
        """The record types that the service publishes."""
        return frozenset(r.type for r in self.records)

    @property
    def account(self) -> str:
        """The account id in the ARN."""
        return _arn_account(self.arn)


class Attribute(Struct, frozen=True):
    """One attribute of an instance (custom attributes are kept only if they are ECS's own)."""

    key: str
    value: str


class Instance(Struct, frozen=True):
    """A registered instance. Instances that ECS registered have the task id as their id."""

    id: str
    attributes: tuple[Attribute, ...] = ()

    def get(self, key: str) -> str | None:
        """Return the value of an attribute, or ``None``."""
        for attribute in self.attributes:
            if attribute.key == key:
                return attribute.value
        return None

    @property
    def addresses(self) -> tuple[str, ...]:
        """The addresses that the instance publishes, IPv4 first."""
        found = (self.get("AWS_INSTANCE_IPV4"), self.get("AWS_INSTANCE_IPV6"))
        return tuple(a for a in found if a)

    @property
    def from_ecs(self) -> bool:
        """Whether the attributes say that ECS service discovery registered it."""
        return bool(self.get("ECS_SERVICE_NAME") or self.get("ECS_CLUSTER_NAME"))


class InstanceHealth(Struct, frozen=True):
    """Current health of an instance: ``HEALTHY``, ``UNHEALTHY`` or ``UNKNOWN``."""

    id: str
    status: str


class Tag(Struct, frozen=True):
    """A tag of a resource; only the keys that some cause needs are kept."""

    key: str
    value: str


class Operation(Struct, frozen=True):
    """An asynchronous Cloud Map operation."""

    id: str
    type: str
    status: str
    error_code: str | None = None
    error_message: str | None = None
    created_at: datetime | None = None
    instance_id: str | None = None


class NamespaceView(Struct, frozen=True):
    """A namespace whose name is a suffix of the name in question, with its contents.

    ``service`` is the service whose label the name has (``Absent`` when there is none); all that follows belongs to
    that service. ``records`` are the zone's records at the name and below it (the targets of
    SRV records). ``tags`` and ``operations`` are read only when a cause may need them.
    """

    namespace: Namespace
    services: Fact[tuple[CloudMapService, ...]]
    service: Fact[CloudMapService]
    instances: Fact[tuple[Instance, ...]]
    health: Fact[tuple[InstanceHealth, ...]]
    tags: Fact[tuple[Tag, ...]]
    operations: Fact[tuple[Operation, ...]]
    zone: Fact[Zone]
    records: Fact[tuple[Record, ...]]

    @property
    def publishes(self) -> bool:
        """Whether a service of the name was seen that publishes it in DNS, and not for the API alone."""
        service = self.service.seen_or(None)
        return service is not None and service.type != "HTTP" and self.namespace.type != "HTTP"


class NamespaceServices(Struct, frozen=True):
    """The services of a namespace that is no suffix of the name: candidates for "did you mean"."""

    namespace_id: str
    services: Fact[tuple[CloudMapService, ...]]


class CloudMapFacts(Struct, frozen=True):
    """Everything seen of Cloud Map.

    ``namespaces`` are all of the account and region, shared ones included. ``views`` are those whose name is a
    suffix of the name, longest first, with all namespaces of the same name. ``elsewhere`` is read only when no
    namespace matches. ``discovered`` are the ids of the instances that DiscoverInstances returns for the name: a
    shortcut to what the lists show, by an endpoint of its own (``data-``). ``creations`` are the operations that were to
    create a namespace and failed, newest first; they are read only when no namespace matches.
    """

    namespaces: Fact[tuple[Namespace, ...]]
    views: tuple[NamespaceView, ...] = ()
    elsewhere: tuple[NamespaceServices, ...] = ()
    discovered: Fact[tuple[str, ...]] = NOT_NEEDED
    creations: Fact[tuple[Operation, ...]] = NOT_NEEDED


def _arn_account(arn: str) -> str:
    parts = arn.split(":")
    return parts[4] if len(parts) > 4 else ""
