"""Load balancers and their target groups, as a world describes them."""

from __future__ import annotations

from typing import Literal, TypeAlias

from sddoctor.lab.parts.base import Part

TargetState: TypeAlias = Literal[
    "initial", "healthy", "unhealthy", "unhealthy.draining", "unused", "draining", "unavailable"
]


class Target(Part, frozen=True):
    """A target: an address or the id of an instance. ``reason`` and ``description`` follow from ``state`` when left out."""

    id: str
    port: int | None = None
    state: TargetState = "healthy"
    reason: str | None = None
    description: str | None = None


class TargetGroup(Part, frozen=True):
    """A target group. ``targets`` that are left out are the tasks of the ECS services that name the group.

    ``attributes`` are laid over those that AWS has for every group.
    """

    name: str
    type: Literal["ip", "instance", "alb"] = "ip"
    port: int = 80
    targets: tuple[Target, ...] | None = None
    deregistration_delay: int = 300
    attributes: dict[str, str] = {}


class Balancer(Part, frozen=True):
    """A load balancer. ``vpc`` is the first one of the world when left out, ``addresses`` are two in it.

    ``dns_name`` follows from ``id``, the end of its ARN: digits of an application's, hexadecimal ones of a network's.
    """

    name: str
    id: str = ""
    type: Literal["application", "network"] = "application"
    scheme: Literal["internal", "internet-facing"] = "internal"
    vpc: str | None = None
    state: Literal["active", "provisioning", "active_impaired", "failed"] = "active"
    reason: str | None = None
    ip_address_type: Literal["ipv4", "dualstack"] = "ipv4"
    addresses: tuple[str, ...] | None = None
    ports: tuple[int, ...] = (80, 443)
    security_groups: tuple[str, ...] = ()
    groups: tuple[TargetGroup, ...] = ()
    dns_name: str = ""
