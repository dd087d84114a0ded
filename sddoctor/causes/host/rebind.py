"""A resolver on the path removes private addresses from answers."""

from __future__ import annotations

from sddoctor.case.dns import Answer, Server
from sddoctor.causes.host.evidence import host_evidence, resolver_evidence
from sddoctor.causes.host.forwarder_fixes import let_through, rule_for
from sddoctor.causes.host.split_dns_fixes import route_domain
from sddoctor.causes.model import Evidence, Finding, Fix, cause
from sddoctor.text.shell import command
from sddoctor.text.words import listed
from sddoctor.trail.forwarders import its_configuration, own_forwarder
from sddoctor.trail.host_answers import answering_servers, can_resolve_zone, host_fails
from sddoctor.trail.host_settings import is_kept_from_dns
from sddoctor.trail.meant_entries import domain_to_route
from sddoctor.trail.trail import Trail
from sddoctor.trail.vpc import is_private


@cause(
    "rebind-protection",
    hop="host",
    at=("servers", "stub"),
    symptoms=("NODATA", "REFUSED"),
    ceiling="likely",
    title="A resolver on the way removes private addresses",
)
def rebind_protection(trail: Trail) -> Finding | None:
    """The server queried returns an empty answer or REFUSED where the VPC resolver returns private addresses.

    It answers for the same name with another type, so it refuses neither everything nor this name. dnsmasq(8)
    stop-dns-rebind, unbound.conf(5) private-address
    """
    if trail.name.endswith(".local") and is_kept_from_dns(trail):
        return None
    right = trail.answers.vpc_addresses
    if not right or not all(is_private(a) for a in right) or not host_fails(trail):
        return None
    for server in answering_servers(trail):
        answer = trail.answer_of(server, "A")
        if can_resolve_zone(trail, server) or not _is_emptied(answer):
            return None
        proof = _proof(trail, server)
        if proof is None and not _answers_another_type(trail, server, answer.rcode):
            return None
        return _finding(trail, server, answer, proof)
    return None


def _is_emptied(answer: Answer) -> bool:
    """Tell whether the addresses may have been taken out. A server that denies the name by a zone has none to take out."""
    empty = answer.rcode == "NOERROR" and not answer.addresses and not answer.truncated and not answer.authority
    return answer.rcode == "REFUSED" or empty


def _answers_another_type(trail: Trail, server: Server, rcode: str) -> bool:
    """Tell whether a query for another type of the name gets what a sound server says, so that addresses alone are missing."""
    others = [p.outcome.seen_or(None) for p in trail.answers.probes_for(server) if p.type not in ("A", "AAAA")]
    seen = [a for a in others if a is not None]
    return any(a.rcode == "NOERROR" and (a.answers or a.authority or rcode != "NOERROR") for a in seen)


def _proof(trail: Trail, server: Server) -> Evidence | None:
    """Return the setting of the forwarder on this host that was queried, if it filters and does not except the name."""
    config = its_configuration(trail) if server == own_forwarder(trail) else None
    if config is None or not config.rebind_filter or config.rebind_exempt:
        return None
    return Evidence(config.path, f"{config.program}: rebind protection", "on", "an exception for the domain")


def _finding(trail: Trail, server: Server, answer: Answer, proof: Evidence | None) -> Finding:
    zone = domain_to_route(trail)
    reply = answer.rcode if answer.rcode != "NOERROR" else "an empty answer"
    word = "removes" if proof else "probably removes"
    return Finding(
        summary=(
            f"The DNS server {server} {word} private addresses from answers, and {trail.name} has no others "
            f"({listed(sorted(trail.answers.vpc_addresses))})."
        ),
        detail=(
            f"Protection against DNS rebinding takes private addresses out of answers: {server} gives {reply} where the "
            "VPC resolver gives addresses. It looks like a missing record and is none."
        ),
        evidence=(
            Evidence(f"dns @{server} A", trail.name, reply, "the addresses of the VPC resolver"),
            resolver_evidence(trail),
            host_evidence(trail),
            *((proof,) if proof else ()),
        ),
        fixes=_fixes(trail, server, zone),
        would_tell=None if proof else _public(server),
    )


def _public(server: Server) -> str:
    """Return the query for a public name whose one address is private: a filter takes it out as well."""
    return command("dig", f"@{server.address}", "-p", str(server.port), "10.0.0.1.nip.io")


def _fixes(trail: Trail, server: Server, zone: str) -> tuple[Fix, ...]:
    """Return how a forwarder on this host lets the answers through; where another filters, how it is passed by."""
    if trail.host.platform != "linux":
        return route_domain(trail)[:1]
    own = its_configuration(trail) if server == own_forwarder(trail) else None
    if own is not None:
        title = f"{own.program}: except the namespace"
        return (let_through(trail, own, zone, trail.answers.vpc_server.address, title),)
    verify = f"{command('dig', f'@{server.address}', '+short', trail.name)} prints the private addresses."
    elsewhere = (
        Fix(
            f"Or except {zone} on {server}, if that runs {program}, by",
            "linux",
            config=rule_for(program, zone, trail.answers.vpc_server.address).removesuffix("\n"),
            verified_by=verify,
        )
        for program in ("dnsmasq", "unbound")
    )
    return (*route_domain(trail)[:1], *elsewhere)
