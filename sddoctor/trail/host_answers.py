"""What the VPC resolver, the host's servers and a program on the host say of the name, held against each other."""

from __future__ import annotations

from sddoctor.case.address import contains
from sddoctor.case.dns import Answer, Server
from sddoctor.case.seen import Seen, UnseenFactError
from sddoctor.trail.answers import denier
from sddoctor.trail.trail import Trail, optional


def vpc_resolver_answers_as_zone(trail: Trail) -> bool:
    """Tell whether the VPC resolver answers as the zone does.

    Either it gives addresses, or, when nothing can be answered at present, it denies with the zone's own SOA. Raises
    when it gave no answer: then the path has to be judged first.
    """
    if trail.queries_srv:
        answer = trail.answers.vpc("SRV")
        return bool(answer.answers) or denier(answer, trail.cloudmap.namespace.name) == "zone"
    answer = trail.answers.vpc("A")
    if trail.answers.vpc_addresses:
        return True
    return denier(answer, trail.cloudmap.namespace.name) == "zone"


def agrees_with_vpc_resolver(trail: Trail, answer: Answer) -> bool:
    """Tell whether an answer says what the VPC resolver says: one of its addresses, or the zone's own denial."""
    right = trail.answers.vpc_addresses
    if right:
        return bool(set(answer.addresses) & right)
    return denier(answer, trail.cloudmap.namespace.name) == "zone"


def host_fails(trail: Trail) -> bool:
    """Tell whether a program on this host gets nothing, or nothing of what the VPC resolver gives."""
    got = trail.client_answer.addresses
    if not got:
        return True
    right = trail.answers.vpc_addresses
    welcome = optional(lambda: trail.promise.possible) or frozenset()
    return not got & (right | welcome)


def only_host_fails(trail: Trail) -> bool:
    """Tell whether the VPC resolver answers as the zone does, and a program on this host fails all the same."""
    return vpc_resolver_answers_as_zone(trail) and host_fails(trail)


def server_answer(trail: Trail, server: Server) -> Answer | None:
    """Return what a server says of the name, ``None`` when it was not asked or is silent."""
    try:
        return trail.answer_of(server, trail.rdtype)
    except UnseenFactError:
        return None


def answers_always_by_udp(trail: Trail, server: Server) -> bool:
    """Tell whether the server, or the one that stands for it, answers by UDP and lets no question go unanswered.

    What only TCP or a small EDNS size brings, or only some of several questions, programs may well not get.
    """
    queried = server if trail.answers.was_queried(server) else trail.answers.vpc_server
    probes = [p for p in trail.answers.probes_for(queried, rdtype="A", transport="udp") if p.plain]
    return any(isinstance(p.outcome, Seen) for p in probes) and not any(p.lost for p in probes)


def can_resolve_zone(trail: Trail, server: Server) -> bool:
    """Tell whether the server is one that should know the zone: a VPC resolver or an inbound endpoint of its VPC."""
    if any(r.server == server for r in trail.answers.resolvers):
        return True
    if is_link_local(server) and trail.host.facts.in_aws:
        return True
    endpoints = trail.vpc.facts.endpoints.seen_or(())
    if any(server.address in e.addresses for e in endpoints):
        return True
    vpc = optional(lambda: trail.vpc.with_resolver(server.address))
    zone = optional(lambda: trail.cloudmap.view.zone.value)
    return bool(vpc and zone and any(v.vpc_id == vpc.id for v in zone.vpcs))


def answering_servers(trail: Trail) -> tuple[Server, ...]:
    """Return whose answers programs on this host get: a forwarder on it, if that was asked, and then what it asks."""
    choice = trail.host.choice
    stub = (choice.stub,) if choice.stub is not None and trail.answers.was_queried(choice.stub) else ()
    return tuple(dict.fromkeys((*stub, *choice.servers)))


def unchecked_answers(trail: Trail, server: Server) -> list[Answer]:
    """Return what the server says of the name only when told not to validate. RFC 4035, section 3.2.2

    Nothing, when it says the right thing with signatures as well: then it has an older answer in its cache, which it does
    not use for such questions, and validation is not what keeps the addresses back.
    """
    asked = list(trail.answers.probes_for(server, rdtype="A"))
    if any(
        p.signed and isinstance(p.outcome, Seen) and agrees_with_vpc_resolver(trail, p.outcome.value) for p in asked
    ):
        return []
    return [p.outcome.value for p in asked if p.dnssec and isinstance(p.outcome, Seen)]


def is_link_local(server: Server) -> bool:
    """Tell whether the server has Amazon's link-local resolver address, or another link-local one."""
    return contains("169.254.0.0/16", server.address) or server.address.lower() == "fd00:ec2::253"
