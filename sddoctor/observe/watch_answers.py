"""What a server returns for a watched name: its addresses, or those of the targets of its SRV records."""

from __future__ import annotations

from typing import TypeVar

from sddoctor.case.dns import Answer, Probe, Rr, Server
from sddoctor.case.seen import Absent, Fact, Seen
from sddoctor.case.watch import Answered
from sddoctor.observe.dns.network import Network, Transport
from sddoctor.observe.dns.query import Query, send_query

T = TypeVar("T")

#: Targets of SRV records whose addresses are queried.
_MAX_TARGETS = 16


class ServerAnswers:
    """Queries servers for record ``types`` of a name; each query has ``timeout`` seconds."""

    def __init__(self, name: str, types: tuple[str, ...], network: Network, timeout: float) -> None:
        self._name = name
        self._types = types
        self._network = network
        self._timeout = timeout

    def of(self, who: str, server: Server) -> Answered:
        """Query a server. If an answer was lost it may have had addresses, so "no address" is not concluded then."""
        probes = [self._query(server, self._name, rdtype) for rdtype in self._types]
        answers = [a for p in probes if (a := p.outcome.seen_or(None)) is not None]
        probes += [self._query(server, t, "A") for a in answers for t in _targets_left_out(a)[:_MAX_TARGETS]]
        found = {a for p in probes if isinstance(p.outcome, Seen) for a in p.outcome.value.addresses}
        found |= {r.data for a in answers for r in _of_targets(a)}
        if found:
            return Answered(who, tuple(sorted(found)))
        lost = [p for p in probes if not isinstance(p.outcome, Seen)]
        return Answered(who, error=_why((lost or probes)[0]), reached=not lost)

    def _query(self, server: Server, name: str, rdtype: str) -> Probe:
        def by(transport: Transport) -> Probe:
            query = Query(server, name, rdtype, transport=transport)
            return send_query(query, self._network, self._timeout)

        probe = by("udp")
        answer = probe.outcome.seen_or(None)
        complete = by("tcp") if answer is not None and answer.truncated else probe
        return complete if isinstance(complete.outcome, Seen) else probe


def _targets(answer: Answer) -> tuple[str, ...]:
    """Return the targets of the SRV records of an answer; ``.`` means that there is none (RFC 2782)."""
    found = dict.fromkeys(r.data.rsplit(" ", 1)[-1] for r in answer.answers if r.type == "SRV")
    return tuple(t for t in found if t != ".")


def _of_targets(answer: Answer) -> tuple[Rr, ...]:
    """Return the addresses of targets in the additional section."""
    targets = _targets(answer)
    return tuple(r for r in answer.additional if r.type in ("A", "AAAA") and r.owner in targets)


def _targets_left_out(answer: Answer) -> tuple[str, ...]:
    owners = {r.owner for r in _of_targets(answer)}
    return tuple(t for t in _targets(answer) if t not in owners)


def _why(probe: Probe) -> str:
    outcome = probe.outcome
    if isinstance(outcome, Seen):
        return outcome.value.rcode if outcome.value.rcode != "NOERROR" else "no address"
    return why_unseen(outcome)


def why_unseen(fact: Fact[T]) -> str:
    """Return why there is no answer, in a few words."""
    return "no answer" if isinstance(fact, (Seen, Absent)) else fact.gap().why
