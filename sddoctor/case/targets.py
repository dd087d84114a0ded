"""Facts about what a name leads to outside ECS: a load balancer, a database, a VPC endpoint; and how AWS says it is."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct


class TargetHealth(Struct, frozen=True):
    """A target of a target group: an address, an instance or another load balancer.

    ``state`` is ``healthy``, ``unhealthy``, ``initial``, ``draining``, ``unused`` or ``unavailable``; ``reason`` a code such as
    ``Target.Timeout``.
    https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetHealth.html
    """

    id: str
    state: str
    port: int | None = None
    reason: str = ""
    description: str = ""


class TargetGroup(Struct, frozen=True):
    """A target group and its targets."""

    arn: str
    name: str
    port: int | None = None
    targets: tuple[TargetHealth, ...] = ()

    @property
    def healthy(self) -> int:
        """How many targets are healthy."""
        return sum(t.state == "healthy" for t in self.targets)


class Target(Struct, frozen=True):
    """What has the name that another name leads to.

    ``id`` names it in calls (an ARN, an identifier), ``state`` is AWS's word (``active``, ``available``, ``stopped``).
    ``private_dns``: whether a VPC endpoint takes the public name of its service, too.
    """

    kind: Literal["load-balancer", "database", "database-cluster", "database-proxy", "vpc-endpoint"]
    name: str
    id: str
    state: str
    vpc_id: str = ""
    groups: tuple[TargetGroup, ...] = ()
    private_dns: bool = False

    @property
    def words(self) -> str:
        """Return what it is, in words."""
        return f"the {self.kind.replace('-', ' ').replace('vpc', 'VPC')} {self.name}"
