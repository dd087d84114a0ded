"""What resolver, host and settings show, as the evidence of host causes."""

from __future__ import annotations

from sddoctor.causes.model import Evidence
from sddoctor.text.words import in_order
from sddoctor.trail.trail import Trail


def resolver_evidence(trail: Trail) -> Evidence:
    """Return the VPC resolver's answer, as evidence."""
    addresses = trail.answers.vpc_addresses
    reply = in_order(addresses) if addresses else f"{trail.answers.vpc('A').rcode}, SOA of the zone"
    return Evidence(f"dns @{trail.answers.vpc_server} A", trail.name, reply)


def host_evidence(trail: Trail) -> Evidence:
    """Return what a program on this host gets, as evidence."""
    answer = trail.client_answer
    returned = in_order(answer.addresses) if answer.addresses else (answer.error or "nothing")
    expected = in_order(trail.answers.vpc_addresses) or None
    return Evidence(answer.source, trail.name, returned, expected)


def choice_evidence(trail: Trail) -> Evidence:
    """Return which servers the host queries, and by which setting, as evidence."""
    choice = trail.host.choice
    servers = tuple(str(s) for s in choice.servers) or "no name server"
    return Evidence(choice.source, f"servers asked for {trail.name}", servers, str(trail.answers.vpc_server))
