"""The load balancers of a running lab, as they follow from its world."""

from __future__ import annotations

from ipaddress import IPv4Network
from typing import NamedTuple

from sddoctor.lab import derive
from sddoctor.lab.parts.load_balancers import Balancer, TargetGroup
from sddoctor.lab.world import World


class LiveBalancer(NamedTuple):
    """A load balancer with its VPC, its DNS name and its addresses, of both families if it is ``dualstack``."""

    part: Balancer
    arn: str
    vpc_id: str
    dns_name: str
    addresses: tuple[str, ...]


class LiveGroup(NamedTuple):
    """A target group, and the load balancer that sends requests to it."""

    part: TargetGroup
    arn: str
    balancer: LiveBalancer | None


def target_group_arn(world: World, name: str) -> str:
    """Return the ARN of a target group."""
    made = derive.made_up_id("target-group", name, length=16)
    return f"arn:aws:elasticloadbalancing:{world.region}:{world.account}:targetgroup/{name}/{made}"


def live_balancers(world: World) -> dict[str, LiveBalancer]:
    """Return the load balancers by ARN. A group that only an ECS service names has one of its own, of the same name."""
    known = {g.name for b in world.load_balancers for g in b.groups} | {g.name for g in world.target_groups}
    named = dict.fromkeys(b.target_group for c in world.clusters for s in c.services for b in s.load_balancers)
    made = [Balancer(name=n, groups=(TargetGroup(name=n),)) for n in named if n not in known]
    live = [_live(world, b, number) for number, b in enumerate((*world.load_balancers, *made))]
    return {b.arn: b for b in live}


def _live(world: World, part: Balancer, number: int) -> LiveBalancer:
    network = part.type == "network"
    made = derive.made_up_id("load-balancer", part.name, length=16)
    vpc = next((v for v in world.vpcs if part.vpc in (None, v.id)), None)
    kind = "net" if network else "app"
    arn = f"arn:aws:elasticloadbalancing:{world.region}:{world.account}:loadbalancer/{kind}/{part.name}/{made}"
    addresses = part.addresses
    if addresses is None:
        addresses = _two_addresses(vpc.cidr, number) if vpc is not None else ()
    return LiveBalancer(
        part, arn, vpc.id if vpc is not None else "", part.dns_name or _dns_name(world, part), addresses
    )


def _dns_name(world: World, part: Balancer) -> str:
    """Return the name that AWS gives: only that of an internal application load balancer says so.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/how-elastic-load-balancing-works.html
    """
    made = derive.made_up_id("load-balancer", part.name, length=16)
    if part.type == "network":
        return f"{part.name}-{part.id or made}.elb.{world.region}.amazonaws.com".lower()
    internal = "internal-" if part.scheme == "internal" else ""
    return f"{internal}{part.name}-{part.id or int(made[:8], 16)}.{world.region}.elb.amazonaws.com".lower()


def _two_addresses(cidr: str, number: int) -> tuple[str, ...]:
    """Return an address in each of the first two /24 ranges of a VPC."""
    network = IPv4Network(cidr)
    return tuple(str(network[n]) for n in (250 - number % 100, 506 - number % 100) if n < network.num_addresses)


def live_groups(world: World, balancers: dict[str, LiveBalancer]) -> dict[str, LiveGroup]:
    """Return the target groups by ARN: those of load balancers, and those that none sends requests to."""
    found = [LiveGroup(g, target_group_arn(world, g.name), b) for b in balancers.values() for g in b.part.groups]
    found += [LiveGroup(g, target_group_arn(world, g.name), None) for g in world.target_groups]
    return {g.arn: g for g in found}
