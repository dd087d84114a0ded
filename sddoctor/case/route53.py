"""Facts about Route 53: the hosted zone of a namespace, its records, and the zones associated with a VPC.

Zone ids are bare (``Z0123``), names are lower case without a final dot.
https://docs.aws.amazon.com/Route53/latest/APIReference/API_Types_Amazon_Route_53.html
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from msgspec import Struct

from sddoctor.case.seen import NOT_NEEDED, Fact


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


#: How Route 53 chooses among record sets of one name and type.
#: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/routing-policy.html
Routing: TypeAlias = Literal[
    "simple", "multivalue", "weighted", "failover", "latency", "geolocation", "geoproximity", "cidr", "az-affinity"
]


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
    routing: Routing = "simple"


class ZoneSummary(Struct, frozen=True):
    """A private zone that is associated with a VPC. ``owner`` is an account or an AWS service."""

    id: str
    name: str
    owner: str = ""
    via_profile: str | None = None


class HostedZone(Struct, frozen=True):
    """A hosted zone that a name lies in, and whose records nobody but Route 53 need know: no namespace has it.

    ``owner`` is an account or an AWS service. ``records`` are those at the name and below it, the wildcards that cover
    it, and the NS records between the zone and the name; ``near`` are names of the zone that are spelled like it.
    """

    id: str
    name: str
    private: bool = True
    owner: str = ""
    via_profile: str | None = None
    zone: Fact[Zone] = NOT_NEEDED
    records: Fact[tuple[Record, ...]] = NOT_NEEDED
    near: tuple[str, ...] = ()


class AliasStep(Struct, frozen=True):
    """One step from a name to the name that it stands for: a CNAME record, or an alias record of Route 53.

    ``zone_id`` is the zone that has the record; ``""`` where only an answer shows it.
    """

    name: str
    target: str
    kind: Literal["CNAME", "alias"] = "CNAME"
    zone_id: str = ""
