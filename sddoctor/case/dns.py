"""Facts from DNS servers: every query that was sent, to which server, how, and the reply.

Names are lower case without a final dot, as seen on the wire otherwise. RFC 1035, RFC 2308, RFC 6891.
"""

from __future__ import annotations

from collections.abc import Mapping
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
        """All addresses of the answer section, at any owner, in order; those of DNS64 as the IPv4 addresses that they lead to."""
        return tuple(
            r.data if r.type == "A" else behind_translation(r.data) for r in self.answers if r.type in ("A", "AAAA")
        )

    @property
    def soa(self) -> Rr | None:
        """The SOA of the authority section: the zone that denies the name."""
        return next((r for r in self.authority if r.type == "SOA"), None)

    @property
    def denied(self) -> bool:
        """Whether the server returns NXDOMAIN or NODATA (NOERROR without an answer)."""
        return self.rcode == "NXDOMAIN" or (self.rcode == "NOERROR" and not self.answers and not self.truncated)


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
