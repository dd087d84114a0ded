"""The hosted zones of a running lab, and their record sets.

Names of zones and records are lower case without a final dot.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from msgspec.structs import replace

from sddoctor.lab.parts.route53 import Alias, Record, Zone


@dataclass(frozen=True)
class RecordSet:
    """A record set of a zone.

    Those made by Cloud Map have their ``service_id``, their instance (``set_identifier``) and its ``health``; that of others
    is what their health check says. With an ``alias`` there are no ``values``.
    """

    name: str
    type: str
    ttl: int
    values: tuple[str, ...]
    set_identifier: str | None = None
    multivalue: bool = False
    weight: int | None = None
    service_id: str | None = None
    health: str = "HEALTHY"
    failover: str | None = None
    region: str | None = None
    country: str | None = None
    policy: dict[str, dict[str, str | int]] = field(default_factory=dict)
    health_check: str | None = None
    alias: Alias | None = None

    @property
    def has_policy(self) -> bool:
        """Whether it is one of several of the same name and type, between which a routing policy chooses."""
        known = (self.weight, self.failover, self.region, self.country)
        return self.multivalue or bool(self.policy) or any(v is not None for v in known)


@dataclass
class LiveZone:
    """A hosted zone. ``records`` are those not made by Cloud Map; see :func:`records.records_of_zone`."""

    id: str
    name: str
    private: bool
    owner: str
    vpcs: list[str] = field(default_factory=list)
    records: list[RecordSet] = field(default_factory=list)
    soa_ttl: int = 900
    namespace_id: str | None = None
    authorized_vpcs: list[str] = field(default_factory=list)
    comment: str = ""
    linked: str | None = None
    delegated: bool = True
    lame: bool = False
    bogus: bool = False
    other_vpcs: dict[str, str] = field(default_factory=dict)


def live_zone(zone: Zone, account: str) -> LiveZone:
    """Return a zone of a world that belongs to that account unless it says otherwise, without its VPCs and records."""
    return LiveZone(
        zone.id,
        zone.name.lower().rstrip("."),
        zone.private,
        zone.owner or account,
        comment=zone.comment,
        linked=zone.linked,
        delegated=zone.delegated,
    )


#: The zone of names of AWS in aliases that do not say which.
ZONE_OF_AWS = "Z0AWSNAMES0000000001"


def record_set(record: Record, zone: LiveZone) -> RecordSet:
    """Return a record set of a world in its zone."""
    alias = record.alias
    if alias is not None and not alias.zone:
        target = alias.name.lower().rstrip(".")
        own = target == zone.name or target.endswith(f".{zone.name}")
        alias = replace(alias, zone=zone.id if own else ZONE_OF_AWS)
    return RecordSet(
        record.name.lower().rstrip("."),
        record.type,
        record.ttl,
        record.values,
        record.set_identifier,
        multivalue=record.multivalue,
        weight=record.weight,
        health="HEALTHY" if record.healthy else "UNHEALTHY",
        failover=record.failover,
        region=record.latency_region,
        country=record.country,
        policy=record.policy,
        health_check=record.health_check,
        alias=alias,
    )
