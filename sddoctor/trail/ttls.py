"""How long answers are cached: TTLs that count down, and the negative TTL of a namespace. All in seconds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from itertools import pairwise

from msgspec import Struct

from sddoctor.case.dns import Answer, Probe, Rr
from sddoctor.case.seen import Seen
from sddoctor.trail.answers import AnswersTrail, denier
from sddoctor.trail.trail import Trail

_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


class Countdown(Struct, frozen=True):
    """The TTL that the first and the last of several like answers had. ``falls``: a later one was smaller."""

    first: int
    last: int
    falls: bool


def countdown(answers: AnswersTrail, rdtype: str, ttl_of: Callable[[Answer], int | None]) -> Countdown | None:
    """Follow a TTL over all answers of the VPC resolver for the name; ``None`` when no answer has one.

    ``ttl_of`` picks the TTL out of an answer, ``None`` to pass an answer over.
    """
    probes = [p for p in answers.probes_for(answers.vpc_server, rdtype=rdtype) if p.plain]
    ttls = [t for p in sorted(probes, key=_when) if (t := _ttl(p, ttl_of)) is not None]
    if not ttls:
        return None
    falls = any(later < earlier for earlier, later in pairwise(ttls))
    return Countdown(ttls[0], ttls[-1], falls)


def _when(probe: Probe) -> datetime:
    return probe.at or _LONG_AGO


def _ttl(probe: Probe, ttl_of: Callable[[Answer], int | None]) -> int | None:
    return ttl_of(probe.outcome.value) if isinstance(probe.outcome, Seen) else None


def denial_ttl(namespace: str) -> Callable[[Answer], int | None]:
    """Return the function that reads the TTL of a negative answer of the namespace's own zone."""

    def ttl_of(answer: Answer) -> int | None:
        if not answer.denied or denier(answer, namespace) != "zone" or answer.soa is None:
            return None
        return answer.soa.ttl

    return ttl_of


def negative_ttl(trail: Trail) -> int | None:
    """Return how long resolvers cache a negative answer: the smaller of the SOA's TTL and its minimum (RFC 2308).

    ``None`` when neither AWS nor the resolver shows it. A TTL that a cache has counted down is not taken for the
    record's own.
    """
    zone = trail.zone.of_subject
    records = [r for p in trail.answers.probes if isinstance(p.outcome, Seen) for r in _soas(p.outcome.value)]
    own = [r for r in records if r.owner == zone.name]
    minimums = [m for r in own if (m := _minimum(r.data)) is not None]
    soa_ttl = trail.cloudmap.namespace.soa_ttl if zone.of_namespace else None
    for record in zone.found.seen_or(()):
        if record.type == "SOA" and record.name == zone.name and record.ttl is not None:
            soa_ttl = record.ttl
    known = [t for t in (soa_ttl, *minimums[:1]) if t is not None]
    if soa_ttl is None:
        known += [max(r.ttl for r in own)] if own else []
    return min(known, default=None)


def _soas(answer: Answer) -> list[Rr]:
    return [r for r in (*answer.answers, *answer.authority) if r.type == "SOA"]


def _minimum(data: str) -> int | None:
    last = data.rsplit(" ", 1)[-1]
    return int(last) if last.isascii() and last.isdigit() and len(last) < 11 else None
