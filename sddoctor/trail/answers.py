"""Which server returned what: the VPC resolver, the servers that the host queries, and who returned NXDOMAIN."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Literal, TypeAlias

from sddoctor.case.case import Case
from sddoctor.case.dns import EDNS_SIZE, Answer, Probe, Server, VpcResolver
from sddoctor.case.name import is_below
from sddoctor.case.seen import Gap, NotAttempted, Seen, Unreachable, UnseenFactError

#: Whose negative answer it is, by the owner of the SOA in the authority section (RFC 2308).
Denier: TypeAlias = Literal["zone", "longer", "public", "other", "nobody"]


def denier(answer: Answer, namespace: str) -> Denier:
    """Return whose negative answer it is: the namespace's own zone, a longer one, the root or a parent, another, nobody."""
    soa = answer.soa
    if soa is None:
        return "nobody"
    owner = soa.owner.removesuffix(".")  # the root, on the wire
    if owner == namespace:
        return "zone"
    if is_below(owner, namespace):
        return "longer"
    if is_below(namespace, owner):
        return "public"
    return "other"


class AnswersTrail:
    """The DNS answers of one case, observed from its first place."""

    def __init__(self, case: Case) -> None:
        self._case = case
        self.facts = case.place.dns
        self.probes = self.facts.probes

    @cached_property
    def resolvers(self) -> tuple[VpcResolver, ...]:
        """The servers that should be able to resolve the zone."""
        return self.facts.resolvers.value

    def probes_for(
        self,
        server: Server | None = None,
        *,
        role: str | None = None,
        name: str | None = None,
        rdtype: str | None = None,
        transport: str | None = None,
    ) -> Iterator[Probe]:
        """Yield the probes that match; ``name`` defaults to the name of the case."""
        name = self._case.name if name is None else name
        for p in self.probes:
            if (
                p.name == name
                and (server is None or p.server == server)
                and (role is None or p.role == role)
                and (rdtype is None or p.type == rdtype)
                and (transport is None or p.transport == transport)
            ):
                yield p

    def answer(self, server: Server, rdtype: str) -> Answer:
        """Return the server's answer for the name: by UDP, or by TCP where UDP was truncated or unanswered.

        Raises :class:`UnseenFactError` when it never answered.
        """
        probes = [p for p in self.probes_for(server, rdtype=rdtype) if p.plain]
        return self._best(probes, f"an answer of {server}")

    @staticmethod
    def _best(probes: list[Probe], what: str) -> Answer:
        answers = [(p, p.outcome.value) for p in probes if isinstance(p.outcome, Seen)]
        for wanted in ("udp", "tcp"):
            for probe, answer in answers:
                if probe.transport == wanted and not answer.truncated:
                    return answer
        if answers:
            return answers[0][1]
        for probe in probes:
            probe.outcome.value  # noqa: B018 - raises with the reason of the first
        raise UnseenFactError(_no_probe(what))

    @cached_property
    def vpc_server(self) -> Server:
        """The VPC resolver that is judged: the first that answered at all, else the first of the list."""
        servers = [r.server for r in self.resolvers] or [p.server for p in self.probes if p.role == "vpc"]
        for server in servers:
            if self.responds(server):
                return server
        if not servers:
            raise UnseenFactError(_no_probe("the address of the VPC resolver"))
        return servers[0]

    def responds(self, server: Server) -> bool:
        """Tell whether the server answered any query, by any transport."""
        return any(p.server == server and isinstance(p.outcome, Seen) for p in self.probes)

    def garbled(self, server: Server) -> bool:
        """Tell whether something came back that was no DNS answer: there is a route, and no name server at its end."""
        return any(p.server == server and p.garbled for p in self.probes)

    def why_garbled(self, server: Server) -> str:
        """Return what was wrong with what came from the server for the name and was no answer; ``""`` if that was not kept."""
        reasons = (p.outcome.why for p in self.probes_for(server) if p.garbled and isinstance(p.outcome, Unreachable))
        return next((why for r in reasons if (why := r.partition(": ")[2])), "")

    def was_queried(self, server: Server) -> bool:
        """Tell whether the server was queried at all, from where its silence would count."""
        return any(p.server == server and not isinstance(p.outcome, NotAttempted) for p in self.probes)

    def silent(self, server: Server) -> bool:
        """Tell whether queries by UDP and by TCP, from where that proves something, all went unanswered."""
        tried = [p for p in self.probes if p.server == server and not isinstance(p.outcome, NotAttempted)]
        transports = {p.transport for p in tried}
        return transports >= {"udp", "tcp"} and all(p.lost for p in tried)

    def tries(self, server: Server, rdtype: str) -> tuple[Probe, ...]:
        """Return the equal queries for the name that were sent to the server by UDP, as programs send them."""
        by_udp = self.probes_for(server, rdtype=rdtype, transport="udp")
        return tuple(p for p in by_udp if p.plain and p.edns == EDNS_SIZE)

    def failing_at_times(self, server: Server, rdtype: str) -> tuple[Answer, ...]:
        """Return the answers without records to equal queries, of which others were answered with records."""
        answered = [p.outcome.value for p in self.tries(server, rdtype) if isinstance(p.outcome, Seen)]
        failed = tuple(a for a in answered if (not a.answers or a.rcode != "NOERROR") and not a.truncated)
        return failed if len(failed) < len(answered) else ()

    def behind(self, server: Server, rdtype: str) -> str:
        """Return what came in front of every answer of the server by UDP and is none, in words; ``""`` for nothing."""
        answered = [p.outcome for p in self.tries(server, rdtype) if isinstance(p.outcome, Seen)]
        first = [o.unread[0] if o.unread else "" for o in answered]
        return first[0] if first and all(first) else ""

    def lost_by_tcp(self, server: Server, rdtype: str) -> bool:
        """Tell whether every query for the name by TCP went unanswered, and there was one."""
        sent = [p for p in self.probes_for(server, rdtype=rdtype, transport="tcp") if p.plain]
        return bool(sent) and all(p.lost for p in sent)

    def ignores(self, server: Server, rdtype: str) -> bool:
        """Tell whether the server never replies to queries for the name, by UDP nor TCP, while it replies to others."""
        sent = [p for p in self.probes_for(server, rdtype=rdtype) if not isinstance(p.outcome, NotAttempted)]
        transports = {p.transport for p in sent}
        return transports >= {"udp", "tcp"} and all(p.silent for p in sent) and self.responds(server)

    def unheard(self, server: Server, rdtype: str) -> bool:
        """Tell whether every one of several equal queries by UDP, as programs send them, went unanswered."""
        tries = self.tries(server, rdtype)
        return len(tries) > 1 and all(p.silent for p in tries)

    def vpc(self, rdtype: str = "A") -> Answer:
        """Return the VPC resolver's answer for the name."""
        return self.answer(self.vpc_server, rdtype)

    @cached_property
    def vpc_addresses(self) -> frozenset[str]:
        """Every address that the VPC resolver returned for the name, over all samples and both families."""
        server = self.vpc_server
        self.vpc("A")
        found = [
            p.outcome.value
            for p in self.probes_for(server)
            if p.type in ("A", "AAAA") and p.plain and isinstance(p.outcome, Seen)
        ]
        return frozenset(a for answer in found for a in answer.addresses)

    @cached_property
    def vpc_srv_targets(self) -> frozenset[str]:
        """The targets of the SRV records that the VPC resolver returns for the name."""
        return _srv_targets(self.vpc("SRV"))

    @cached_property
    def vpc_srv_addresses(self) -> frozenset[str]:
        """The addresses of those targets."""
        return self.srv_addresses(self.vpc("SRV"))

    def srv_addresses(self, answer: Answer) -> frozenset[str]:
        """Return the addresses of an answer's SRV targets: its own additional records, and what queries for them got.

        Raises where nobody was seen to answer for a target.
        """
        targets = _srv_targets(answer)
        found = {r.data for r in answer.additional if r.type in ("A", "AAAA") and r.owner in targets}
        open_targets = targets - {r.owner for r in answer.additional if r.type in ("A", "AAAA")}
        for target in open_targets:
            asked = [p for p in self.probes if p.name == target]
            if asked and not any(isinstance(p.outcome, Seen) for p in asked):
                asked[0].outcome.value  # noqa: B018 - raises with the reason
            found |= {a for p in asked if (seen := p.outcome.seen_or(None)) for a in seen.addresses}
        return frozenset(found)


def _srv_targets(answer: Answer) -> frozenset[str]:
    return frozenset(r.data.rsplit(" ", 1)[-1] for r in answer.answers if r.type == "SRV")


def _no_probe(what: str) -> Gap:
    return Gap(what, "it was not asked", "the address of the VPC resolver (--nameserver)")
