"""What the first answers of one place say about each other: who on the way to a program differs, and who loses queries.

Nothing here judges: it decides what is queried further. Sets of addresses that are parts of a larger one do not differ.
"""

from __future__ import annotations

from functools import cached_property
from itertools import combinations

from sddoctor.case.case import Place
from sddoctor.case.dns import Answer, Probe, Server
from sddoctor.case.host import HostFacts, LookupResult
from sddoctor.case.seen import Fact, Seen
from sddoctor.observe.dns.sampling import MULTIVALUE_LIMIT
from sddoctor.resolution.choose import choose_if_seen
from sddoctor.resolution.model import dns_servers

#: Milliseconds after which a look-up was late: the first query to a server, or its answer, was probably lost.
LATE = 2500


def path_servers(name: str, host: Fact[HostFacts]) -> tuple[Server, ...]:
    """Return whom programs on a host query for the name: the forwarder on it, if there is one, then the servers behind it.

    Where the settings that decide were not seen, those of resolv.conf on Linux: programs query them in any case.
    """
    choice, facts = choose_if_seen(name, host).seen_or(None), host.seen_or(None)
    if choice is not None:
        return tuple(dict.fromkeys((*((choice.stub,) if choice.stub else ()), *choice.servers)))
    conf = facts.resolv_conf.seen_or(None) if facts is not None and facts.platform == "linux" else None
    return dns_servers(conf.effective) if conf is not None else ()


class FirstAnswers:
    """The first answers about one name at one place. ``known`` are addresses that it is known to have."""

    def __init__(self, name: str, place: Place, known: frozenset[str]) -> None:
        self._name = name
        self._place = place
        self._probes = place.dns.probes
        of_vpc = (p.outcome.seen_or(None) for p in self._probes if p.role == "vpc" and p.name == name)
        self._known = known.union(*(a.addresses for a in of_vpc if a is not None))

    @cached_property
    def servers(self) -> tuple[Server, ...]:
        """The forwarder on this host and the servers behind it, those that were queried."""
        queried = {p.server for p in self._probes}
        return tuple(s for s in path_servers(self._name, self._place.host) if s in queried)

    @cached_property
    def nearest(self) -> tuple[Server, ...]:
        """Whose answers programs get: the forwarder's on this host, or else those of any server."""
        choice = choose_if_seen(self._name, self._place.host).seen_or(None)
        stub = choice.stub if choice is not None else None
        return tuple(s for s in self.servers if stub is None or s == stub)

    def answer(self, server: Server, rdtype: str = "A") -> Answer | None:
        """Return the server's first answer for the name, ``None`` when none came."""
        asked = (p for p in self._probes if p.server == server and p.name == self._name and p.type == rdtype)
        return next((p.outcome.value for p in asked if p.plain and isinstance(p.outcome, Seen)), None)

    def lost(self, server: Server) -> frozenset[str]:
        """Return the types of the queries to the server that got no reply, while others to it got one."""
        sent = [p for p in self._probes if p.server == server and p.transport == "udp" and p.edns and p.plain]
        if not any(isinstance(p.outcome, Seen) for p in sent):
            return frozenset()
        return frozenset(p.type for p in sent if p.lost)

    @cached_property
    def is_late(self) -> bool:
        """Whether a look-up got no answer in time, or a late one, although whom it queries answers each query."""
        if not self.nearest or any(not _has_records(self.answer(s)) for s in self.nearest):
            return False
        host = self._place.host.seen_or(None)
        made = [(k, r) for k in (host.lookups if host else ()) if (r := k.outcome.seen_or(None)) is not None]
        return any(_timed_out(r) or (k.took_ms or 0) >= LATE for k, r in made)

    @cached_property
    def differ(self) -> bool:
        """Whether two of the servers differ, or a program and all whom it queries."""
        return self._program_differs or any(self._differs(a, b) for a, b in combinations(self.servers, 2))

    @property
    def in_doubt(self) -> bool:
        """Whether another look-up could get something else."""
        if self.differ or self.is_late or self.disagree or any(self.lost(s) or self._varies(s) for s in self.servers):
            return True
        host = self._place.host.seen_or(None)
        return host is not None and host.libc == "musl" and any(map(self.denies_ipv6, self.servers))

    def denies_ipv6(self, server: Server) -> bool:
        """Tell whether the server has A records and says NXDOMAIN for AAAA, which musl takes for the name's."""
        ipv4, ipv6 = self.answer(server), self.answer(server, "AAAA")
        return ipv4 is not None and ipv6 is not None and bool(ipv4.addresses) and ipv6.rcode == "NXDOMAIN"

    @cached_property
    def disagree(self) -> bool:
        """Whether the look-up with the final dot got an address and the one without got none, or the other way round."""
        host = self._place.host.seen_or(None)
        results = (r for k in (host.lookups if host else ()) if (r := k.outcome.seen_or(None)) is not None)
        return len({bool(r.addresses) for r in results}) > 1

    def _varies(self, server: Server) -> bool:
        """Tell whether equal queries to the server were answered with records, and without."""
        sent = (p for p in self._probes if p.server == server and p.name == self._name and p.type == "A" and p.plain)
        by_udp = [p.outcome.value for p in sent if p.transport == "udp" and isinstance(p.outcome, Seen)]
        return len({bool(a.answers) for a in by_udp if not a.truncated}) > 1

    def _differs(self, one: Server, other: Server) -> bool:
        for rdtype in ("A", "AAAA", "SRV"):
            first, second = self.answer(one, rdtype), self.answer(other, rdtype)
            if first is None or second is None:
                continue  # silence is no other answer
            if first.rcode != second.rcode or bool(first.answers) != bool(second.answers):
                return True
            if not self.are_same(frozenset(first.addresses), frozenset(second.addresses)):
                return True
        return False

    @cached_property
    def _program_differs(self) -> bool:
        host = self._place.host.seen_or(None)
        lookup = next((k for k in (host.lookups if host else ()) if not k.final_dot), None)
        result = lookup.outcome.seen_or(None) if lookup is not None else None
        answering = [s for s in self.nearest if self.answer(s) is not None]
        return result is not None and bool(answering) and not any(self._agrees(result, s) for s in answering)

    def _agrees(self, result: LookupResult, server: Server) -> bool:
        """Tell whether a program got what the server says. It may get one family only (RFC 3493, AI_ADDRCONFIG)."""
        returned = [a for t in ("A", "AAAA") if (answer := self.answer(server, t)) for a in answer.addresses]
        if not result.addresses or not returned:
            return not result.addresses and not returned
        for is_ipv6 in (False, True):
            got = frozenset(a for a in result.addresses if (":" in a) is is_ipv6)
            said = frozenset(a for a in returned if (":" in a) is is_ipv6)
            if got and not self.are_same(got, said):
                return False
        return True

    def are_same(self, one: frozenset[str], other: frozenset[str]) -> bool:
        """Tell whether two sets may be of one answer: a weighted one has one address, a multivalue one eight of many."""
        sizes = {len(one), len(other)}
        is_part = min(sizes) == 1 or max(sizes) >= MULTIVALUE_LIMIT
        return one == other or (is_part and bool(one) and bool(other) and one | other <= self._known)


def _has_records(answer: Answer | None) -> bool:
    return answer is not None and bool(answer.answers)


def _timed_out(result: LookupResult) -> bool:
    return result.error is not None and (result.error == "temporary failure" or result.error.startswith("no answer"))


def is_failure(probe: Probe) -> bool:
    """Tell whether the server's answer is neither what the name has nor a denial: an error, a referral, or a broken one."""
    answer = probe.outcome.seen_or(None)
    if answer is None:
        return False
    is_error = answer.rcode not in ("NOERROR", "NXDOMAIN")
    return is_error or answer.is_referral or (bool(answer.carried) and not answer.addresses)
