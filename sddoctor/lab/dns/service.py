"""All DNS servers of a lab: which one gets a query, and what it replies."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from itertools import groupby
from typing import Literal

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.opcode
import dns.rcode
import dns.rdatatype
import dns.rrset

from sddoctor.case.dns import Rr
from sddoctor.lab.dns.faults import mangled, usable_reply
from sddoctor.lab.dns.global_resolver import answer_of_global_resolver
from sddoctor.lab.dns.internet import NAME_SERVERS, answer_with_authority
from sddoctor.lab.dns.nameserver import NameServerBehaviour
from sddoctor.lab.dns.result import Reply, Result
from sddoctor.lab.dns.rules import AnswerRules
from sddoctor.lab.dns.vpc import VpcResolver
from sddoctor.lab.objects import LiveVpc
from sddoctor.lab.state import LabState
from sddoctor.lab.world import DnsFault

#: Addresses that every VPC resolver has besides VPC+2; they work inside the VPC only.
#: https://docs.aws.amazon.com/vpc/latest/userguide/AmazonDNS-concepts.html
LINK_LOCAL = ("169.254.169.253", "fd00:ec2::253")
_MAX_DEPTH = 6


class NameService:
    """The DNS of a lab. ``age`` returns the seconds since the lab began, by which cached answers expire."""

    def __init__(
        self, state: LabState, rng: random.Random | None = None, age: Callable[[], float] | None = None
    ) -> None:
        self._state = state
        self._rng = rng or random.Random()
        self._age = age or self._since_start
        self._depth = threading.local()
        self._queries = 0
        self._denied_until: dict[tuple[str, str, str], float] = {}
        self._rules = AnswerRules(state.world.answers)

    def _since_start(self) -> float:
        return (datetime.now(UTC) - self._state.now).total_seconds()

    def addresses(self) -> list[str]:
        """Return the addresses of all servers."""
        state = self._state
        found = [v.resolver for v in state.vpcs.values()]
        found += [a for e in state.endpoints.values() if e.direction == "INBOUND" for a in e.addresses]
        found += [s.address for s in state.world.servers]
        found += [a for r in state.world.global_resolvers for a in r.addresses]
        if any(not z.private for z in state.zones.values()):
            found += NAME_SERVERS.values()
        if state.world.host.in_vpc:
            found += LINK_LOCAL
        return list(dict.fromkeys(found))

    def fault(self, server: str) -> DnsFault | None:
        """Return the fault of the server at that address, if it has one."""
        return self._state.world.faults.dns.get(server)

    def resolve(self, server: str, name: str, rdtype: str, *, checking: bool = True) -> Reply:
        """Return what a client that asks by UDP gets from the server at that address for a name.

        ``checking`` is false for a query with CD, which disables DNSSEC validation (RFC 4035).
        """
        name = _folded(name)
        return usable_reply(
            self.fault(server), name, rdtype, self._reply(server, name, rdtype, "udp", checking=checking)
        )

    def _reply(self, server: str, name: str, rdtype: str, transport: Literal["udp", "tcp"], *, checking: bool) -> Reply:
        """Return what the server replies, as if it had no fault."""
        depth = getattr(self._depth, "value", 0)
        if depth >= _MAX_DEPTH:
            return None
        self._depth.value = depth + 1
        try:
            with self._state.lock:
                truth = self._resolve(server, name, rdtype, checking)
            return self._rules.apply(server, (name, rdtype), transport, truth)
        finally:
            self._depth.value = depth

    def _resolve(self, server: str, name: str, rdtype: str, checking: bool) -> Reply:
        known = next((s for s in self._state.world.servers if s.address == server), None)
        if known is not None:
            behaviour = NameServerBehaviour(self._state, known, self._rng, self._age(), self.resolve)
            return behaviour.answer(name, rdtype, checking=checking)
        if server in NAME_SERVERS.values():
            return answer_with_authority(self._state, name, rdtype, self._rng)
        resolver = next((r for r in self._state.world.global_resolvers if server in r.addresses), None)
        if resolver is not None:
            return answer_of_global_resolver(self._state, resolver, name, rdtype, self._rng)
        vpc = self.vpc_behind(server)
        if vpc is None:
            return None
        reply = VpcResolver(self._state, vpc, self._rng, self._age(), self.resolve).answer(name, rdtype)
        return reply if reply is None else self._cached_denial(vpc, name, rdtype, reply)

    def _cached_denial(self, vpc: LiveVpc, name: str, rdtype: str, reply: Result) -> Result:
        """Return the denial without its SOA if the cache of the VPC has it already, in a world where that is left out."""
        if not self._state.world.vpc_dns.cached_without_soa or reply.answers or not reply.authority:
            return reply
        key, now = (vpc.id, name, rdtype), self._age()
        if self._denied_until.get(key, now) > now:
            return replace(reply, authority=())
        self._denied_until[key] = now + min(r.ttl for r in reply.authority)
        return reply

    def vpc_behind(self, server: str) -> LiveVpc | None:
        """Return the VPC whose resolver answers at that address: VPC+2, an inbound endpoint, or link-local."""
        state = self._state
        if server in LINK_LOCAL:
            return state.vpcs.get(state.world.host.in_vpc or "")
        for vpc in state.vpcs.values():
            if vpc.resolver == server:
                return vpc
        for endpoint in state.endpoints.values():
            if endpoint.direction == "INBOUND" and server in endpoint.addresses:
                plain = endpoint.status == "OPERATIONAL" and "Do53" in endpoint.protocols
                return state.vpcs.get(endpoint.vpc_id) if plain else None
        return None

    def answer(
        self, server: str, query: dns.message.Message, transport: Literal["udp", "tcp"]
    ) -> dns.message.Message | None:
        """Answer a message sent to the server at that address; ``None``: no reply."""
        if self._is_lost(server, query, transport):
            return None
        vpc_dns = self._state.world.vpc_dns
        interceptor = vpc_dns.intercepted_by
        if (
            interceptor is not None
            and (transport == "udp" or vpc_dns.intercepts_tcp)
            and self.vpc_behind(server) is not None
        ):
            server = interceptor
        response = dns.message.make_response(query, recursion_available=True)
        if query.opcode() != dns.opcode.QUERY or len(query.question) != 1:
            response.set_rcode(dns.rcode.NOTIMP)
            return response
        question = query.question[0]
        name, rdtype = _folded(question.name.to_text()), dns.rdatatype.to_text(question.rdtype)
        reply = self._reply(server, name, rdtype, transport, checking=not query.flags & dns.flags.CD)
        fault = self.fault(server)
        if fault in ("refused", "servfail", "many-records", "cname-loop"):
            reply = usable_reply(fault, name, rdtype, reply)
        if reply is None:
            return None
        if reply.is_referral:
            response.flags &= ~dns.flags.RA
        if reply.authoritative:
            response.flags |= dns.flags.AA
        response.set_rcode(dns.rcode.from_text(reply.rcode))
        _fill(response.answer, reply.answers, question.name)
        _fill(response.authority, reply.authority, question.name)
        return mangled(fault, response, transport)

    def _is_lost(self, server: str, query: dns.message.Message, transport: Literal["udp", "tcp"]) -> bool:
        vpc_dns = self._state.world.vpc_dns
        if any(s.address == server for s in self._state.world.servers):
            return False
        blocked = vpc_dns.silent_udp if transport == "udp" else vpc_dns.silent_tcp
        return blocked or (transport == "udp" and self._is_dropped(query)) or self._rng.random() < vpc_dns.loses

    def _is_dropped(self, query: dns.message.Message) -> bool:
        """Tell whether a query by UDP is dropped, for its EDNS size or because every n-th one is."""
        vpc_dns = self._state.world.vpc_dns
        if vpc_dns.largest_edns is not None and query.edns >= 0 and query.payload > vpc_dns.largest_edns:
            return True
        if not vpc_dns.loses_every:
            return False
        with self._state.lock:
            self._queries += 1
            return self._queries % vpc_dns.loses_every == 0


def _folded(name: str) -> str:
    return name.lower().rstrip(".") or "."


def to_wire(response: dns.message.Message, query: dns.message.Message, transport: Literal["udp", "tcp"]) -> bytes:
    """Return the message's bytes; by UDP truncated to what the client accepts: the EDNS size, or 512 (RFC 6891)."""
    if transport == "tcp":
        return response.to_wire(max_size=65535)
    size = max(512, query.payload) if query.edns >= 0 else 512
    try:
        return response.to_wire(max_size=size)
    except dns.exception.TooBig:
        response.answer, response.authority, response.additional = [], [], []
        response.flags |= dns.flags.TC
        return response.to_wire(max_size=size)


def _fill(section: list[dns.rrset.RRset], records: tuple[Rr, ...], question: dns.name.Name) -> None:
    """Add records to a section as sets, with the owner spelled as in the question."""
    for (owner_text, rdtype), group in groupby(records, lambda r: (r.owner.lower(), r.type)):
        of_set = list(group)
        owner = dns.name.from_text(owner_text)
        rrset = dns.rrset.from_text_list(
            question if owner == question else dns.name.from_text(of_set[0].owner),
            min(r.ttl for r in of_set),
            "IN",
            rdtype,
            [r.data for r in of_set],
            origin=dns.name.root,
            relativize=False,
        )
        section.append(rrset)
