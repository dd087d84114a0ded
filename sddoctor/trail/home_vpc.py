"""The VPC in which the instances of a name are: its resolver is the right one, also where it has lost the zone."""

from __future__ import annotations

from sddoctor.case.address import contains
from sddoctor.trail.trail import Trail, optional


def has_instances_in(trail: Trail, vpc_id: str) -> bool:
    """Tell whether registered instances lie in the VPC, and in no other one that is seen to be associated with the zone.

    Ranges of VPCs may overlap, so an address in both shows nothing. False where instances or VPCs were not seen.
    """
    zone = optional(lambda: trail.cloudmap.view.zone.value)
    instances = optional(lambda: trail.cloudmap.instances) or ()
    associated = {v.vpc_id for v in zone.vpcs} if zone is not None else set()
    ranges = {v.id: (v.cidr, *v.cidrs) for v in trail.vpc.facts.vpcs.seen_or(())}
    others = [c for vpc, cidrs in ranges.items() if vpc in associated and vpc != vpc_id for c in cidrs]
    return any(
        any(contains(c, a) for c in ranges.get(vpc_id, ())) and not any(contains(c, a) for c in others)
        for i in instances
        for a in i.addresses
    )
