"""Whose denial an answer is: by the SOA that came with it, else by what explicit questions for an SOA got there."""

from __future__ import annotations

from collections.abc import Iterator

from sddoctor.case.dns import Answer, Probe, Server
from sddoctor.case.name import is_below
from sddoctor.trail.answers import Denier, denier
from sddoctor.trail.meant_entries import domain_to_route
from sddoctor.trail.trail import Trail, optional


def denied_by(trail: Trail, server: Server, answer: Answer) -> Denier:
    """Return whose denial it is: by the SOA that it carries, else by those that explicit queries for an SOA got there.

    A denial without SOA proves nothing: caches leave it out.
    """
    zone = optional(lambda: trail.zone.behind(answer)) or domain_to_route(trail)
    by = denier(answer, zone)
    if by == "nobody":
        by = next(_by_explicit_queries(trail, server, zone), by)
    return "other" if by == "zone" and is_a_copy(trail, server, zone) else by


def vpc_denier(trail: Trail) -> Denier:
    """Return whose denial it is that the VPC resolver returns for the name. Raises when it did not answer."""
    return denied_by(trail, trail.answers.vpc_server, trail.answers.vpc(trail.rdtype))


def _by_explicit_queries(trail: Trail, server: Server, zone: str) -> Iterator[Denier]:
    """Yield what the SOA of the name itself, then that of the namespace, shows."""
    for name in (trail.name, zone):
        for probe in trail.answers.probes_for(server, name=name, rdtype="SOA"):
            said = probe.outcome.seen_or(None) if probe.plain else None
            if said is not None and (owner := _owner(said)) is not None:
                if owner == zone:
                    yield "zone"
                elif is_below(owner, zone):
                    yield "longer"
                elif is_below(zone, owner):
                    yield "public"


def _owner(answer: Answer) -> str | None:
    """Return the zone that an answer to a query for an SOA comes from; what follows an alias is another name's."""
    if any(r.type == "CNAME" for r in answer.answers):
        return None
    own = next((r for r in answer.answers if r.type == "SOA"), answer.soa if answer.denied else None)
    return own.owner.removesuffix(".") if own is not None else None


def is_a_copy(trail: Trail, server: Server, zone: str) -> bool:
    """Tell whether the zone at the server has another primary server than the one that the VPC resolver has."""
    own = {m for p in trail.answers.probes if p.role == "vpc" and p.server != server for m in _primaries(p, zone)}
    here = {m for p in trail.answers.probes if p.server == server for m in _primaries(p, zone)}
    return bool(own and here) and own.isdisjoint(here)


def _primaries(probe: Probe, zone: str) -> frozenset[str]:
    """Return the MNAME of each SOA of the zone in an answer. RFC 1035, section 3.3.13"""
    answer = probe.outcome.seen_or(None)
    if answer is None:
        return frozenset()
    return frozenset(
        r.data.split(" ", 1)[0] for r in (*answer.answers, *answer.authority) if r.type == "SOA" and r.owner == zone
    )
