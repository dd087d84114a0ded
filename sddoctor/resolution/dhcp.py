"""The name servers that DHCP assigns to clients in a VPC."""

from __future__ import annotations

from sddoctor.case.address import is_address
from sddoctor.case.dns import Server
from sddoctor.case.seen import FactError
from sddoctor.case.vpc import VpcFacts


def assigned_servers(vpc: VpcFacts) -> tuple[Server, ...]:
    """Return the servers that DHCP options assign to the client's VPC, where they name others than Amazon's.

    Only for a client that is known to be in that VPC: DHCP options apply to no other client.
    https://docs.aws.amazon.com/vpc/latest/userguide/VPC_DHCP_Options.html
    """
    try:
        client = vpc.client.value
        look = next(k for k in vpc.looks if k.vpc_id == client.vpc_id)
        listed = look.dhcp.value.domain_name_servers
    except (FactError, StopIteration):
        return ()
    if client.how not in ("option", "host"):
        return ()
    return tuple(Server(a) for a in listed if is_address(a))
