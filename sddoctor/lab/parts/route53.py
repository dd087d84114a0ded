"""Hosted zones of Route 53, and their records, as a world describes them."""

from __future__ import annotations

from typing import Literal

from sddoctor.lab.parts.base import Part


class Alias(Part, frozen=True):
    """The target of an alias record: a name of AWS (a load balancer, an endpoint), or one in the zone with the id ``zone``.

    What ``zone`` is when left out follows from the name: the record's own zone, if the name is in it, else one of AWS.
    ``evaluates``: where the target is not healthy, the record counts as UNHEALTHY.
    """

    name: str
    zone: str = ""
    evaluates: bool = False


class Record(Part, frozen=True):
    """A record set that is in a zone besides those of Cloud Map instances: ``values`` or an ``alias``.

    One routing policy at most: ``multivalue``, ``weight``, ``failover``, ``latency_region``, ``country`` (``*``: all
    others), or any other in ``policy``, as the API writes it (``CidrRoutingConfig: {...}``); each has a ``set_identifier``.
    ``healthy`` is what its ``health_check``, an id, says.
    """

    name: str
    type: str = "A"
    ttl: int = 60
    values: tuple[str, ...] = ()
    alias: Alias | None = None
    set_identifier: str | None = None
    multivalue: bool = False
    weight: int | None = None
    failover: Literal["PRIMARY", "SECONDARY"] | None = None
    latency_region: str | None = None
    country: str | None = None
    policy: dict[str, dict[str, str | int]] = {}
    health_check: str | None = None
    healthy: bool = True


class Zone(Part, frozen=True):
    """A hosted zone that no namespace made (or, with ``id`` of a namespace's zone, more for that one).

    ``owner`` is an account or a service (``vpce.amazonaws.com``). ``linked`` is the service that made a zone of this account.
    ``other_vpcs`` (id -> region) are associated VPCs of other regions and accounts. Of a public one that is not ``delegated``
    its parent says NXDOMAIN; where it is ``lame``, servers do that have no such zone, so that resolvers say SERVFAIL; where it
    is ``bogus``, its parent has a DS record though it is not signed, so that resolvers that validate say SERVFAIL.
    """

    id: str
    name: str = ""
    private: bool = True
    vpcs: tuple[str, ...] = ()
    records: tuple[Record, ...] = ()
    owner: str | None = None
    comment: str = ""
    linked: str | None = None
    delegated: bool = True
    lame: bool = False
    bogus: bool = False
    other_vpcs: dict[str, str] = {}
