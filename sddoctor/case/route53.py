"""Facts about Route 53: the hosted zone of a namespace, its records, and the zones associated with a VPC.

Zone ids are bare (``Z0123``), names are lower case without a final dot.
https://docs.aws.amazon.com/Route53/latest/APIReference/API_Types_Amazon_Route_53.html
"""

from __future__ import annotations

from msgspec import Struct


class ZoneVpc(Struct, frozen=True):
    """A VPC that a private zone is associated with."""

    vpc_id: str
    region: str


class Zone(Struct, frozen=True):
    """A hosted zone. ``linked_service`` names the AWS service that manages it, if any."""

    id: str
    name: str
    private: bool
    vpcs: tuple[ZoneVpc, ...] = ()
    name_servers: tuple[str, ...] = ()
    linked_service: str | None = None


class Record(Struct, frozen=True):
    """A record set. ``ttl`` in seconds; ``values`` in presentation form."""

    name: str
    type: str
    ttl: int | None = None
    values: tuple[str, ...] = ()
    set_identifier: str | None = None
    multivalue: bool = False
    weight: int | None = None
    health_check_id: str | None = None
    alias_target: str | None = None


class ZoneSummary(Struct, frozen=True):
    """A private zone that is associated with a VPC. ``owner`` is an account or an AWS service."""

    id: str
    name: str
    owner: str = ""
    via_profile: str | None = None
