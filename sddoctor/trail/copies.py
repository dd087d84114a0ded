"""Servers that answer for the namespace from a zone of their own, which is not the one that Route 53 has."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from msgspec import Struct

from sddoctor.case.dns import Answer, Probe, Rr, Server
from sddoctor.trail.host_answers import answering_servers, server_answer
from sddoctor.trail.meant_entries import domain_to_route
from sddoctor.trail.trail import Trail

#: Where Route 53's name servers are, of public zones and of private ones.
#: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/SOA-NSrecords.html
_OF_ROUTE_53 = ".awsdns-"


def is_of_route_53(soa: Rr) -> bool:
    """Tell whether an SOA names a server of Route 53 as the primary one."""
    return _OF_ROUTE_53 in soa.data.split(" ", 1)[0]


class ZoneCopy(Struct, frozen=True):
    """A zone at a server that is another one than the VPC resolver's.

    ``own`` and ``true`` are the data of both SOAs. ``has_authority``: the server answered with the flag AA, so that the
    zone is its own and not one that it passes on.
    """

    server: Server
    answer: Answer
    own: str
    true: str
    has_authority: bool


def zone_copy(trail: Trail) -> ZoneCopy | None:
    """Return the copy that the first answer comes from which programs on this host get; ``None`` where it is no copy's.

    Another public zone of Route 53 with this name is none: whoever passes that on does not know the private one.
    """
    if trail.client_is_in_vpc:
        return None
    zone = domain_to_route(trail)
    true = list(_soas(trail, zone, lambda p: p.role == "vpc"))
    for server in answering_servers(trail):
        answer = server_answer(trail, server)
        if answer is None or not (answer.denied or answer.addresses):
            continue
        here = list(_soas(trail, zone, lambda p, s=server: p.server == s and p.role != "vpc"))  # type: ignore[misc]
        if not true or not here:
            return None
        has_authority = any(_has_authority(a) for a, _ in here) and not any(_has_authority(a) for a, _ in true)
        differ = {_content(r) for _, r in here}.isdisjoint(_content(r) for _, r in true)
        passed_on = not has_authority and any(is_of_route_53(r) for _, r in here)
        if passed_on or not (differ or has_authority):
            return None
        return ZoneCopy(server, answer, here[0][1].data, true[0][1].data, has_authority)
    return None


def _soas(trail: Trail, zone: str, wanted: Callable[[Probe], bool]) -> Iterator[tuple[Answer, Rr]]:
    """Yield each SOA of the zone in the answers to the probes that are wanted, with its answer."""
    for probe in trail.answers.probes:
        said = probe.outcome.seen_or(None)
        if said is not None and wanted(probe):
            yield from ((said, r) for r in (*said.answers, *said.authority) if r.type == "SOA" and r.owner == zone)


def _has_authority(answer: Answer) -> bool:
    """Tell whether the server answers for the zone itself: it asserts that, beside the SOA as an answer."""
    return "AA" in answer.flags and any(r.type == "SOA" for r in answer.answers)


def _content(soa: Rr) -> tuple[str, ...]:
    """Return MNAME, RNAME and serial. RFC 1035, section 3.3.13"""
    return tuple(soa.data.split(" ")[:3])
