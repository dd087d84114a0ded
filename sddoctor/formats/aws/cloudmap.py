"""Cloud Map responses as facts. https://docs.aws.amazon.com/cloud-map/latest/api/API_Types.html"""

from __future__ import annotations

from typing import Any, Literal

from sddoctor.case.cloudmap import (
    Attribute,
    CloudMapService,
    Instance,
    InstanceHealth,
    Namespace,
    Operation,
    RecordConfig,
    Tag,
)
from sddoctor.case.name import fold_name

#: Attributes that are kept: those with a meaning to Cloud Map, ECS or Service Connect.
_KEPT = (
    "AWS_",
    "ECS_",
    "EC2_",
    "AVAILABILITY_ZONE",
    "AvailabilityZone",
    "REGION",
    "DeploymentId",
    "IdleTimeoutInSeconds",
)


def namespace(data: dict[str, Any], account: str | None) -> Namespace:
    """Read a namespace; ``account`` is the caller's own, ``None`` when that is not known."""
    properties = data.get("Properties") or {}
    dns = properties.get("DnsProperties") or {}
    return Namespace(
        id=data["Id"],
        arn=data.get("Arn", ""),
        name=fold_name(data["Name"]),
        type=data["Type"],
        owner=_owner(data.get("ResourceOwner"), account),
        hosted_zone_id=bare_id(dns["HostedZoneId"]) if dns.get("HostedZoneId") else None,
        soa_ttl=(dns.get("SOA") or {}).get("TTL"),
        http_name=(properties.get("HttpProperties") or {}).get("HttpName"),
        description=data.get("Description") or "",
    )


def _owner(owner: str | None, account: str | None) -> str:
    """Return ``SELF`` or ``OTHER_ACCOUNTS``; the response has the account id of the owner."""
    if owner in (None, "", "SELF") or account is None or owner == account:
        return "SELF"
    return "OTHER_ACCOUNTS"


def bare_id(zone_id: str) -> str:
    """Return ``Z...`` of ``/hostedzone/Z...``."""
    return zone_id.rsplit("/", 1)[-1]


def service(data: dict[str, Any], namespace_id: str, account: str | None) -> CloudMapService:
    """Read a service."""
    dns = data.get("DnsConfig") or {}
    health: Literal["custom", "route53", "none"] = "none"
    if data.get("HealthCheckCustomConfig") is not None:
        health = "custom"
    elif data.get("HealthCheckConfig"):
        health = "route53"
    return CloudMapService(
        id=data["Id"],
        arn=data.get("Arn", ""),
        name=data["Name"],
        namespace_id=data.get("NamespaceId") or dns.get("NamespaceId") or namespace_id,
        type=data.get("Type"),
        routing_policy=dns.get("RoutingPolicy"),
        records=tuple(RecordConfig(r["Type"], r["TTL"]) for r in dns.get("DnsRecords") or ()),
        health=health,
        instance_count=data.get("InstanceCount"),
        created_at=data.get("CreateDate"),
        owner=_owner(data.get("ResourceOwner"), account),
        created_by=data.get("CreatedByAccount"),
        description=data.get("Description") or "",
    )


def instance(data: dict[str, Any]) -> Instance:
    """Read an instance of ListInstances or DiscoverInstances."""
    attributes = data.get("Attributes") or {}
    kept = sorted((k, v) for k, v in attributes.items() if k.startswith(_KEPT))
    return Instance(data.get("Id") or data["InstanceId"], tuple(Attribute(k, v) for k, v in kept))


def health(status: dict[str, str]) -> tuple[InstanceHealth, ...]:
    """Read a health map."""
    return tuple(InstanceHealth(i, s) for i, s in sorted(status.items()))


def tags(items: list[dict[str, str]]) -> tuple[Tag, ...]:
    """Read tags; only the one that marks a Service Connect service is kept."""
    return tuple(Tag(t["Key"], t.get("Value", "")) for t in items if t.get("Key") == "AmazonECSManaged")


def operation(data: dict[str, Any]) -> Operation:
    """Read an operation."""
    return Operation(
        id=data["Id"],
        type=data.get("Type", ""),
        status=data.get("Status", ""),
        error_code=data.get("ErrorCode"),
        error_message=data.get("ErrorMessage"),
        created_at=data.get("CreateDate"),
        instance_id=(data.get("Targets") or {}).get("INSTANCE"),
    )
