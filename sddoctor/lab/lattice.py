"""The names of VPC Lattice services.

https://docs.aws.amazon.com/vpc-lattice/latest/ug/services.html
"""

from __future__ import annotations

from sddoctor.lab.derive import made_up_id
from sddoctor.lab.leads import Leads
from sddoctor.lab.parts.lattice import LatticeService
from sddoctor.lab.world import World

TTL = 60


def service_id(service: LatticeService) -> str:
    """Return the id of a service."""
    return service.id or "svc-" + made_up_id("lattice", service.name)


def service_name(world: World, service: LatticeService) -> str:
    """Return the name that Lattice gives a service."""
    first = f"{service.name}-{service_id(service).removeprefix('svc-')}"
    return f"{first}.7d67968.vpc-lattice-svcs.{world.region}.on.aws".lower()


def lattice_names(world: World) -> dict[str, Leads]:
    """Return where the names of active services lead."""
    return {service_name(world, s): Leads(TTL, s.addresses) for s in world.lattice_services if s.status == "ACTIVE"}
