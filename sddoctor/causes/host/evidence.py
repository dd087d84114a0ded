"""What resolver, host and settings show, as the evidence of host causes."""

from __future__ import annotations

from sddoctor.case.dns import WHY_NOT, Server
from sddoctor.case.seen import Unreachable
from sddoctor.causes.model import Evidence
from sddoctor.text.words import in_order, listed
from sddoctor.trail.entry_names import choice_name
from sddoctor.trail.host_answers import server_answer
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


def answer_in_words(trail: Trail, server: Server) -> str:
    """Return what a server that was queried returned for the name; silence only where it was seen."""
    answer = server_answer(trail, server)
    if answer is not None:
        soa = f", SOA of {answer.soa.owner or 'the root'}" if answer.soa else ""
        return listed(answer.addresses) or f"{answer.rcode if answer.rcode != 'NOERROR' else 'no record'}{soa}"
    failed = [p.outcome for p in trail.answers.probes_for(server) if isinstance(p.outcome, Unreachable)]
    if not failed:
        return "not asked from here"
    kind = failed[0].kind
    return failed[0].why if kind is None else WHY_NOT.get(kind, failed[0].why)


def choice_evidence(trail: Trail) -> Evidence:
    """Return which servers the host queries, and by which setting, as evidence."""
    choice = trail.host.choice
    servers = tuple(str(s) for s in choice.servers) or "no name server"
    name = choice_name(trail)
    by = f", by {name}" if name != choice.source else ""
    return Evidence(choice.source, f"servers asked for {trail.name}{by}", servers, str(trail.answers.vpc_server))
