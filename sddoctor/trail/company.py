"""Which of the servers that this host asks is its company's own, and what would answer that one for the namespace."""

from __future__ import annotations

from msgspec import Struct

from sddoctor.case.dns import Answer, Probe, Server
from sddoctor.case.name import is_below
from sddoctor.case.vpc import InboundEndpoint
from sddoctor.formats.host.addresses import is_loopback
from sddoctor.trail.denials import denied_by, is_a_copy
from sddoctor.trail.host_answers import (
    agrees_with_vpc_resolver,
    can_resolve_zone,
    only_host_fails,
    server_answer,
    unchecked_answers,
)
from sddoctor.trail.host_settings import search_domains
from sddoctor.trail.known_zone import knows_zone, would_tell
from sddoctor.trail.meant_entries import domain_to_route
from sddoctor.trail.trail import Trail, optional
from sddoctor.trail.vpn_clients import vpn_forwarder

#: What a server says that has no forwarder for a domain, or one that fails.
_FAILURES = ("SERVFAIL", "REFUSED")
#: Who writes a resolv.conf that names a forwarder of a virtual machine.
_WITH_FORWARDERS = ("wsl", "docker-desktop")


class CompanyServer(Struct, frozen=True):
    """A company's server: ``domain`` is the one that it has authority for, ``said`` what it says of the name.

    ``proves`` tells whether that proves that it does not forward the namespace.
    """

    server: Server
    domain: str
    said: str
    proves: bool


def company_server(trail: Trail) -> CompanyServer | None:
    """Return the company's server that this host asks, if what it says shows that it lacks a forwarder that works."""
    if trail.client_is_in_vpc or trail.queries_srv or trail.host.surroundings.in_aws or not only_host_fails(trail):
        return None
    for server in trail.host.servers:
        if can_resolve_zone(trail, server) or _passes_on(trail, server):
            return None
        domain = _domain_of(trail, server)
        found = _what_it_lacks(trail, server) if domain else None
        if domain and found:
            return CompanyServer(server, domain, *found)
        answer = server_answer(trail, server)
        if answer is not None and (answer.denied or answer.addresses):
            return None
    return None


def _passes_on(trail: Trail, server: Server) -> bool:
    """Tell whether the server is a forwarder of this place: it passes on what others have authority for."""
    conf = trail.host.facts.resolv_conf.seen_or(None)
    of_place = any(m.forwards for m in trail.host.surroundings.marks)
    of_place = of_place or (conf is not None and conf.generator in _WITH_FORWARDERS)
    return is_loopback(server.address) or vpn_forwarder(trail, server) is not None or of_place


def _domain_of(trail: Trail, server: Server) -> str | None:
    """Return the search domain of this host that the server is the authority for (flag AA). RFC 1035, section 4.1.1"""
    zone = domain_to_route(trail)
    for domain in search_domains(trail):
        asked = (p for p in trail.answers.probes if p.server == server and (p.name, p.type) == (domain, "SOA"))
        if not is_below(domain, zone) and any(_has_authority(p, domain) for p in asked):
            return domain
    return None


def _has_authority(probe: Probe, domain: str) -> bool:
    said = probe.outcome.seen_or(None)
    if said is None or "AA" not in said.flags:
        return False
    return any(r.type == "SOA" and r.owner == domain and not r.data.startswith("localhost ") for r in said.answers)


def _what_it_lacks(trail: Trail, server: Server) -> tuple[str, bool] | None:
    """Return what the server says that shows a lack, and whether it proves one; ``None`` where it shows none."""
    if is_a_copy(trail, server, domain_to_route(trail)):
        return None
    if any(agrees_with_vpc_resolver(trail, a) for a in unchecked_answers(trail, server)):
        return None
    answer = server_answer(trail, server)
    if answer is None:
        sent = list(trail.answers.probes_for(server))
        return ("no answer", False) if sent and all(p.silent for p in sent) else None
    if answer.carried or knows_zone(trail, server):
        return None
    if answer.is_referral:
        return "a referral", True
    if answer.denied:
        return _denied(trail, server, answer)
    return (answer.rcode, False) if answer.rcode in _FAILURES else None


def _denied(trail: Trail, server: Server, answer: Answer) -> tuple[str, bool] | None:
    by = denied_by(trail, server, answer)
    if answer.rcode != "NXDOMAIN" or by not in ("public", "nobody"):
        return None
    owner = answer.soa.owner if answer.soa is not None else None
    return answer.rcode if owner is None else f"NXDOMAIN, SOA of {owner or 'the root'}", by == "public"


def endpoints_of_zone(trail: Trail) -> tuple[InboundEndpoint, ...]:
    """Return the inbound endpoints in a VPC whose resolver can resolve the namespace. Raises when they were not seen."""
    vpcs = {r.vpc_id for r in trail.answers.resolvers}
    return tuple(e for e in trail.vpc.facts.endpoints.value if e.addresses and e.vpc_id in vpcs)


def lacks_a_forwarder(trail: Trail) -> bool:
    """Tell whether the company's server should forward the namespace to an endpoint that exists: the fault is there."""
    return company_server(trail) is not None and bool(endpoints_of_zone(trail))


def tells_a_forwarder(trail: Trail) -> str | None:
    """Return what would tell whether the company's server should forward the namespace, where one of two facts was not seen.

    These are the inbound endpoints, and whether the first server that this host asks is the authority for a search domain.
    """
    if optional(lambda: endpoints_of_zone(trail)):
        return _tells_an_authority(trail)
    if optional(lambda: trail.vpc.all_endpoints) is not None:
        return None
    found = optional(lambda: company_server(trail))
    return "route53resolver:ListResolverEndpoints" if found is not None else None


def _tells_an_authority(trail: Trail) -> str | None:
    for server in trail.host.servers[:1]:
        if can_resolve_zone(trail, server) or _passes_on(trail, server):
            return None
        for domain in search_domains(trail):
            queries = trail.answers.probes_for(server, name=domain, rdtype="SOA")
            seen = any(p.outcome.seen_or(None) is not None for p in queries)
            if not seen and not is_below(domain, domain_to_route(trail)):
                return would_tell(trail, server, domain)
    return None


def answering_endpoints(trail: Trail, endpoints: tuple[InboundEndpoint, ...]) -> tuple[str, ...]:
    """Return the addresses of endpoints that gave this host what the name has."""
    addresses = [a for e in endpoints for a in e.addresses]
    right = trail.answers.vpc_addresses

    def is_right(address: str) -> bool:
        said = [p.outcome.seen_or(None) for p in trail.answers.probes_for() if p.server.address == address]
        return any(a is not None and right & frozenset(a.addresses) for a in said)

    return tuple(a for a in addresses if is_right(a))
