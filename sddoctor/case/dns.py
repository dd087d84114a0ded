"""Facts from DNS servers: every query that was sent, to which server, how, and the reply.

Names are lower case without a final dot, as seen on the wire otherwise. RFC 1035, RFC 2308, RFC 6891.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Literal, TypeAlias

from msgspec import Struct

from sddoctor.case.address import behind_translation
from sddoctor.case.seen import Fact, NoAnswer, Unreachable

#: Why there is no answer, by kind. ``malformed``: the reply is no DNS message, or has another id or question.
WHY_NOT: Mapping[NoAnswer, str] = MappingProxyType(
    {
        "silence": "no answer",
        "refused": "connection refused",
        "no-route": "no route to host",
        "malformed": "only malformed answers came",
    }
)

#: A size that passes every path without fragments (DNS flag day 2020).
EDNS_SIZE = 1232

#: A public name with public addresses: it tells a server that filters private addresses, or leaves out one name, from one
#: that answers nothing.
PUBLIC_NAME = "one.one.one.one"

#: Why a server is queried: a VPC resolver, one that the host or a program on it queries, or another.
Role: TypeAlias = Literal["vpc", "host", "other"]


class Server(Struct, frozen=True, order=True):
    """A DNS server's address and port."""

    address: str
    port: int = 53

    def __str__(self) -> str:
        return self.address if self.port == 53 else f"{self.address}#{self.port}"


class Rr(Struct, frozen=True):
    """A resource record; ``ttl`` in seconds, ``data`` in presentation form without final dots.

    ``owner`` is ``""`` for the root.
    """

    owner: str
    type: str
    ttl: int
    data: str


class Answer(Struct, frozen=True):
    """A DNS message that answers a question."""

    rcode: str
    flags: tuple[str, ...] = ()
    answers: tuple[Rr, ...] = ()
    authority: tuple[Rr, ...] = ()
    additional: tuple[Rr, ...] = ()
    size: int = 0

    @property
    def truncated(self) -> bool:
        """Whether the TC flag is set."""
        return "TC" in self.flags

    @property
    def addresses(self) -> tuple[str, ...]:
        """The addresses that programs take, in order; those of DNS64 as the IPv4 addresses that they lead to.

        None beside an RCODE that is an error, and none in front of the alias that leads to it: glibc reads an answer once,
        from its beginning (measured with 2.36).
        """
        return tuple(_leads_to(r) for r in _in_order(self.answers)) if self.rcode == "NOERROR" else ()

    @property
    def carried(self) -> tuple[str, ...]:
        """All addresses of the answer section, whether programs take them or not: what the server knows of the name."""
        return tuple(_leads_to(r) for r in self.answers if r.type in ("A", "AAAA"))

    @property
    def is_referral(self) -> bool:
        """Whether the server does not recurse for this client: no answer, not its own zone, and at most other servers' names.

        RFC 1034, section 4.3.1; RFC 2308, section 2.2. Programs then ask their next server (glibc 2.36, measured).
        """
        if self.rcode != "NOERROR" or self.answers or self.soa is not None or {"AA", "TC"} & {*self.flags}:
            return False
        return any(r.type == "NS" for r in self.authority) or ("QR" in self.flags and "RA" not in self.flags)

    @property
    def soa(self) -> Rr | None:
        """The SOA of the authority section: the zone that denies the name."""
        return next((r for r in self.authority if r.type == "SOA"), None)

    @property
    def denied(self) -> bool:
        """Whether the server returns NXDOMAIN or NODATA (NOERROR without an answer), and says so of its own knowledge."""
        empty = self.rcode == "NOERROR" and not self.answers and not self.truncated
        return self.rcode == "NXDOMAIN" or (empty and not self.is_referral)


def _in_order(answers: tuple[Rr, ...]) -> Iterator[Rr]:
    """Yield the addresses of the names that the records in front of them lead to."""
    led_to = {r.data for r in answers if r.type == "CNAME"}
    known = {r.owner for r in answers} - led_to
    for record in answers:
        if record.type == "CNAME" and record.owner in known:
            known.add(record.data)
        elif record.type in ("A", "AAAA") and record.owner in known:
            yield record


def _leads_to(record: Rr) -> str:
    return record.data if record.type == "A" else behind_translation(record.data)


class Probe(Struct, frozen=True):
    """One query to one server.

    ``role`` says why that server was queried: ``vpc`` (it is, or should be, the VPC's resolver), ``host`` (this host
    queries it for the name, or it is the forwarder on this host that programs query), ``other`` (for comparison). ``edns`` is the EDNS buffer size offered, ``None``
    without EDNS. ``dnssec``: with DO and CD, which shows an answer that fails validation; ``signed``: with DO alone,
    which is still validated. ``took_ms`` is the time until the answer or the timeout.
    """

    server: Server
    role: Role
    name: str
    type: str
    transport: Literal["udp", "tcp"]
    outcome: Fact[Answer]
    edns: int | None = None
    dnssec: bool = False
    at: datetime | None = None
    took_ms: int = 0
    signed: bool = False

    @property
    def plain(self) -> bool:
        """Whether it is a query as programs send it, without DNSSEC flags."""
        return not self.dnssec and not self.signed

    @property
    def lost(self) -> bool:
        """Whether no reply came. A malformed reply is one."""
        return isinstance(self.outcome, Unreachable) and not self.garbled

    @property
    def silent(self) -> bool:
        """Whether no reply at all came in time: the query or its answer was lost."""
        return isinstance(self.outcome, Unreachable) and self.outcome.kind == "silence"

    @property
    def garbled(self) -> bool:
        """Whether the reply was malformed."""
        return isinstance(self.outcome, Unreachable) and self.outcome.kind == "malformed"


def unanswered(what: str, server: Server, why: str, kind: NoAnswer | None = None) -> Unreachable:
    """Return the gap of a server that did not answer, and what is needed for an answer."""
    needs = f"a DNS server at {server}" if kind in ("refused", "malformed") else f"a way to {server} and its answer"
    return Unreachable(what, why, needs, kind)


class VpcResolver(Struct, frozen=True):
    """A server that should resolve the zone. ``why``: ``nameserver`` (named by the user), ``vpc+2``, ``endpoint``, ``link-local``."""

    server: Server
    vpc_id: str | None
    why: Literal["nameserver", "vpc+2", "endpoint", "link-local"]


class DnsFacts(Struct, frozen=True):
    """Every query to DNS servers from one place."""

    resolvers: Fact[tuple[VpcResolver, ...]]
    probes: tuple[Probe, ...] = ()
