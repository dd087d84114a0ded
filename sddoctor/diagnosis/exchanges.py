"""The queries to each name server and their answers: like the output of dig, without its noise."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sddoctor.case.dns import Answer, Probe, Rr, Server
from sddoctor.case.seen import Seen, is_unseen
from sddoctor.diagnosis.detail_model import Exchange, Record, ServerExchanges

_WHY = {
    "vpc": "should know the zone",
    "host": "asked by this host",
    "other": "asked for comparison",
}


def exchanges(probes: Sequence[Probe], place: str = "") -> tuple[ServerExchanges, ...]:
    """Return the servers in the order in which they were first queried, each with its exchanges.

    ``place`` is named where there are several.
    """
    servers: dict[Server, list[Probe]] = {}
    for probe in probes:
        servers.setdefault(probe.server, []).append(probe)
    at = f", at {place}" if place else ""
    return tuple(
        ServerExchanges(str(server), f"{_why(queries)}{at}", _merged(queries)) for server, queries in servers.items()
    )


def _why(probes: Iterable[Probe]) -> str:
    roles = {p.role for p in probes}
    return ", ".join(words for role, words in _WHY.items() if role in roles)


def _merged(probes: Iterable[Probe]) -> tuple[Exchange, ...]:
    alike: dict[object, list[Probe]] = {}
    for probe in probes:
        alike.setdefault(_likeness(probe), []).append(probe)
    return tuple(_exchange(same) for same in alike.values())


def _likeness(probe: Probe) -> object:
    """Return what makes two exchanges one: everything but TTLs, times and the order of records."""
    question = (probe.name, probe.type, probe.transport, probe.edns, probe.dnssec)
    if not isinstance(probe.outcome, Seen):
        return (*question, _reason(probe))
    answer = probe.outcome.value
    records = frozenset((s, r.owner, r.type, r.data) for s, r in _records(answer))
    return (*question, answer.rcode, answer.flags, records)


def _exchange(same: list[Probe]) -> Exchange:
    first = same[0]
    answers = [p.outcome.value for p in same if isinstance(p.outcome, Seen)]
    took = [p.took_ms for p in same]
    flags = f", flags {' '.join(answers[0].flags)}" if answers and answers[0].flags else ""
    return Exchange(
        question=f"{first.name} {first.type}",
        how=_how(first),
        outcome=f"{answers[0].rcode}{flags}" if answers else _reason(first),
        answered=bool(answers),
        times=len(same),
        took_ms=(min(took), max(took)),
        records=_with_ttls(answers),
    )


def _how(probe: Probe) -> str:
    parts = [probe.transport.upper()]
    if probe.edns is not None:
        parts.append(f"EDNS {probe.edns}")
    if probe.dnssec:
        parts.append("DNSSEC wanted")
    return ", ".join(parts)


def _reason(probe: Probe) -> str:
    fact = probe.outcome
    if not is_unseen(fact):
        return "no answer"
    why = fact.gap().why  # type: ignore[union-attr]
    return why if probe.silent else f"no answer: {why}"


def _records(answer: Answer) -> list[tuple[str, Rr]]:
    sections = (("answer", answer.answers), ("authority", answer.authority), ("additional", answer.additional))
    return [(name, r) for name, records in sections for r in records if r.type != "OPT"]


def _with_ttls(answers: list[Answer]) -> tuple[Record, ...]:
    ttls: dict[tuple[str, str, str, str], list[int]] = {}
    for answer in answers:
        for section, r in _records(answer):
            ttls.setdefault((section, r.owner, r.type, r.data), []).append(r.ttl)
    return tuple(
        Record(section, owner, _range(seen), kind, data)  # type: ignore[arg-type]
        for (section, owner, kind, data), seen in ttls.items()
    )


def _range(ttls: list[int]) -> str:
    low, high = min(ttls), max(ttls)
    return str(low) if low == high else f"{low}-{high}"
