"""The VPCs, subnets and security groups of a running lab, as they follow from its world."""

from __future__ import annotations

from sddoctor.lab import derive
from sddoctor.lab.machines import machine_interfaces
from sddoctor.lab.objects import LiveSecurityGroup, LiveSubnet, LiveVpc
from sddoctor.lab.parts.network import SecurityGroup, Vpc
from sddoctor.lab.world import World


def live_vpc(world: World, vpc: Vpc) -> LiveVpc:
    """Return a VPC of a world."""
    return LiveVpc(
        id=vpc.id,
        cidr=vpc.cidr,
        secondary_cidrs=vpc.secondary_cidrs,
        name=vpc.name,
        dns_support=vpc.dns_support,
        dns_hostnames=vpc.dns_hostnames,
        dhcp_id=vpc.dhcp.id,
        profiles=list(vpc.profiles),
        owner=vpc.owner or world.account,
    )


def live_subnets(world: World, more: list[str]) -> dict[str, LiveSubnet]:
    """Return the subnets of all addresses in the world and of ``more``, and the first two /24 ranges of every VPC."""
    addresses: list[str | None] = [*more]
    addresses += [derive.task_address(c, t) for c, _, t in derive.ecs_tasks(world)]
    addresses += [i.address for c in world.clusters for i in c.container_instances]
    addresses += [a for e in world.endpoints for a in e.addresses]
    addresses += [i.address for _, i in machine_interfaces(world)]
    for vpc in world.vpcs:
        base = vpc.cidr.split("/")[0].rsplit(".", 2)
        third = int(base[1])
        addresses += [f"{base[0]}.{third + n}.{base[2]}" for n in (0, 1) if third + n < 256]
    subnets = {}
    for address in addresses:
        if address is None:
            continue
        vpc_id, cidr = derive.subnet_range(world, address)
        if vpc_id is not None:
            subnet_id = derive.subnet_id(cidr)
            zone = derive.availability_zone(world.region, cidr.split("/")[0])
            subnets[subnet_id] = LiveSubnet(subnet_id, vpc_id, cidr, zone)
    return subnets


def live_security_groups(world: World) -> dict[str, LiveSecurityGroup]:
    """Return the groups of the world, and an open one for each that only an endpoint names."""
    first_vpc = world.vpcs[0].id if world.vpcs else ""
    owners = {v.id: v.owner or world.account for v in world.vpcs}
    used_in = {g: e.vpc for e in world.endpoints for g in e.security_groups}
    used_in |= {g: e.vpc for e in world.vpc_endpoints for g in e.security_groups}
    known = {g.id: g for g in world.security_groups}
    groups = {}
    for group_id in (*known, *(g for g in used_in if g not in known)):
        group = known.get(group_id, SecurityGroup(id=group_id))
        vpc_id = used_in.get(group_id)
        owner = group.owner or owners.get(vpc_id or "", world.account)
        ingress, members = list(group.ingress), group.members
        groups[group_id] = LiveSecurityGroup(group_id, vpc_id or first_vpc, ingress, owner, members)
    return groups
