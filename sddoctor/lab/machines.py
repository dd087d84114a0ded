"""The EC2 instances of a world that are not ECS's: their network interfaces."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Network

from sddoctor.lab.derive import made_up_id
from sddoctor.lab.leads import OwnInterface
from sddoctor.lab.parts.network import Machine
from sddoctor.lab.world import World


def address_of(machine: Machine) -> str:
    """Return the primary address of a machine."""
    if machine.address or machine.prefix is None:
        return machine.address
    around = IPv4Network(machine.prefix).supernet(new_prefix=24)
    return str(around[4])


def instance_id(machine: Machine) -> str:
    """Return the id of a machine."""
    return machine.id or "i-" + made_up_id("machine", address_of(machine))


def machine_interfaces(world: World) -> Iterator[tuple[Machine, OwnInterface]]:
    """Yield the machines with their interfaces."""
    for machine in world.machines:
        address = address_of(machine)
        made = "eni-" + made_up_id("eni", "machine", address)
        yield machine, OwnInterface(made, address, machine.description, ports=machine.ports, vpc_id=machine.vpc)
