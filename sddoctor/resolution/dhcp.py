"""The name servers that DHCP gives to clients in a VPC, as far as they are worth a question."""

from __future__ import annotations

from ipaddress import ip_address

from sddoctor.case.dns import Server
from sddoctor.case.seen import FactError
from sddoctor.case.vpc import VpcFacts


def handed_out(vpc: VpcFacts) -> tuple[Server, ...]:
    """Return the servers that clients in the client's VPC ask, where DHCP options name others than Amazon's.

    Only for a client that is known to be in that VPC: DHCP options do not reach anybody else.
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
    return tuple(Server(a) for a in listed if _is_address(a))


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
