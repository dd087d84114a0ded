"""The answers of the VPC resolver, of the host's servers and of a program on the host, compared with each other."""

from __future__ import annotations

from sddoctor.case.dns import Answer, Server
from sddoctor.case.seen import Seen, UnseenFactError, is_unseen
from sddoctor.trail.answers import denier
from sddoctor.trail.trail import Trail, optional
from sddoctor.trail.vpc import is_amazons_address, is_private


def vpc_resolver_answers_as_zone(trail: Trail) -> bool:
    """Tell whether the VPC resolver answers as the zone does.

    Either it returns addresses, or, when there is nothing to return at present, a negative answer with the zone's own
    SOA. Raises when it did not answer: then the path has to be judged first.
    """
    if trail.queries_srv:
        answer = trail.answers.vpc("SRV")
        return bool(answer.answers) or denier(answer, trail.zone.behind(answer)) == "zone"
    answer = trail.answers.vpc("A")
    if trail.answers.vpc_addresses:
        return True
    return denier(answer, trail.zone.behind(answer)) == "zone"


def agrees_with_vpc_resolver(trail: Trail, answer: Answer) -> bool:
    """Tell whether an answer agrees with the VPC resolver's: one of its addresses, or the zone's own negative answer."""
    right = trail.answers.vpc_addresses
    if right:
        return bool(set(answer.addresses) & right)
    return denier(answer, trail.zone.behind(answer)) == "zone"


def host_fails(trail: Trail) -> bool:
    """Tell whether a program on this host gets no address, or none that the VPC resolver returns."""
    returned = trail.client_answer.addresses
    if not returned:
        return True
    right = trail.answers.vpc_addresses
    welcome = optional(lambda: trail.promise.possible) or frozenset()
    return not returned & (right | welcome)


def only_host_fails(trail: Trail) -> bool:
    """Tell whether the VPC resolver answers as the zone does, and a program on this host fails all the same."""
    return vpc_resolver_answers_as_zone(trail) and host_fails(trail)


def server_answer(trail: Trail, server: Server) -> Answer | None:
    """Return a server's answer for the name, ``None`` when it was not queried or did not answer."""
    try:
        return trail.answer_of(server, trail.rdtype)
    except UnseenFactError:
        return None


def answers_always_by_udp(trail: Trail, server: Server) -> bool:
    """Tell whether the server, or the one that stands in for it, answers every query by UDP.

    Programs may well not get what only TCP, a small EDNS size or some of several queries return.
    """
    queried = server if trail.answers.was_queried(server) else trail.answers.vpc_server
    probes = [p for p in trail.answers.probes_for(queried, rdtype="A", transport="udp") if p.plain]
    return any(isinstance(p.outcome, Seen) for p in probes) and not any(p.lost for p in probes)


def can_resolve_zone(trail: Trail, server: Server) -> bool:
    """Tell whether the server should resolve the zone: a VPC resolver, or an inbound endpoint, of an associated VPC."""
    if any(r.server == server for r in trail.answers.resolvers):
        return True
    if is_amazons(server) and trail.host.surroundings.in_aws:
        return True
    endpoints = trail.vpc.facts.endpoints.seen_or(())
    if any(server.address in e.addresses for e in endpoints):
        return True
    vpc = optional(lambda: trail.vpc.with_resolver(server.address))
    zone = optional(lambda: trail.zone.of_name.zone.value)
    return bool(vpc and zone and any(v.vpc_id == vpc.id for v in zone.vpcs))


def answering_servers(trail: Trail) -> tuple[Server, ...]:
    """Return whose answers programs on this host get: its own forwarder, if that was queried, then what that queries."""
    choice = trail.host.choice
    stub = (choice.stub,) if choice.stub is not None and trail.answers.was_queried(choice.stub) else ()
    return tuple(dict.fromkeys((*stub, *choice.servers)))


def unchecked_answers(trail: Trail, server: Server) -> list[Answer]:
    """Return the server's answers for the name to queries that switch validation off. RFC 4035, section 3.2.2

    None, when any query that is validated is answered rightly, one for signatures included: then validation is not what
    keeps the addresses back. A cache does not use what it remembers for queries for signatures.
    """
    answered = [
        (p, p.outcome.value) for p in trail.answers.probes_for(server, rdtype="A") if isinstance(p.outcome, Seen)
    ]
    if any(not p.dnssec and agrees_with_vpc_resolver(trail, answer) for p, answer in answered):
        return []
    return [answer for p, answer in answered if p.dnssec]


def is_amazons(server: Server) -> bool:
    """Tell whether the server has the address that Amazon's resolver has on the link of every instance in a VPC.

    https://docs.aws.amazon.com/vpc/latest/userguide/AmazonDNS-concepts.html
    """
    return is_amazons_address(server.address)


def may_be_of_another_vpc(trail: Trail, server: Server) -> bool:
    """Tell whether the server has an address as VPC resolvers have, base plus two, and the VPCs were not seen.

    The smallest range of a VPC is a /28. https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html
    """
    if not is_unseen(trail.vpc.facts.vpcs) or not is_private(server.address) or ":" in server.address:
        return False
    return int(server.address.rpartition(".")[2]) % 16 == 2
