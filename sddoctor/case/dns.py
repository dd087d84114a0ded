"""Facts from DNS servers: every question that was sent, to whom, how, and what came back.

Names are lower case without a final dot, as seen on the wire otherwise. RFC 1035, RFC 2308, RFC 6891.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Literal, TypeAlias

from msgspec import Struct

from sddoctor.case.seen import Fact, NoAnswer, Unreachable

#: Why there is no answer, by kind. ``malformed``: something came back: no message, or one with another id or question.
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

#: Why a server is queried: a VPC resolver, one that the host queries, or another.
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
        """All A and AAAA data of the answer section, at any owner, in order."""
        return tuple(r.data for r in self.answers if r.type in ("A", "AAAA"))

    @property
    def soa(self) -> Rr | None:
        """The SOA of the authority section: who denies the name."""
        return next((r for r in self.authority if r.type == "SOA"), None)

    @property
    def denied(self) -> bool:
        """Whether the server says that there is nothing: NXDOMAIN, or NOERROR without an answer."""
        return self.rcode == "NXDOMAIN" or (self.rcode == "NOERROR" and not self.answers and not self.truncated)


class Probe(Struct, frozen=True):
    """One question to one server.

    ``role`` says why that server was asked: ``vpc`` (it is, or should be, the VPC's resolver), ``host`` (this host
    would ask it for the name), ``other`` (for comparison). ``edns`` is the EDNS buffer size offered, ``None``
    without EDNS. ``dnssec``: with DO and CD, which shows an answer that fails validation; ``signed``: with DO alone,
    which validation still checks. ``took_ms`` is the time until the answer, or until nobody had answered.
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
        """Whether it was asked as programs ask, without any word about DNSSEC."""
        return not self.dnssec and not self.signed

    @property
    def lost(self) -> bool:
        """Whether nothing came back. What answers with nonsense is not silent."""
        return isinstance(self.outcome, Unreachable) and not self.garbled

    @property
    def silent(self) -> bool:
        """Whether nothing at all came back in time: the question or its answer was lost."""
        return isinstance(self.outcome, Unreachable) and self.outcome.kind == "silence"

    @property
    def garbled(self) -> bool:
        """Whether something came back that was no answer."""
        return isinstance(self.outcome, Unreachable) and self.outcome.kind == "malformed"


def unanswered(what: str, server: Server, why: str, kind: NoAnswer | None = None) -> Unreachable:
    """Say that a server gave no answer, and what an answer needs."""
    needs = f"a DNS server at {server}" if kind in ("refused", "malformed") else f"a way to {server} and its answer"
    return Unreachable(what, why, needs, kind)


class VpcResolver(Struct, frozen=True):
    """A server that should know the zone. ``why``: ``nameserver`` (named by the user), ``vpc+2``, ``endpoint``, ``link-local``."""

    server: Server
    vpc_id: str | None
    why: Literal["nameserver", "vpc+2", "endpoint", "link-local"]


class DnsFacts(Struct, frozen=True):
    """Everything asked of DNS servers from one place."""

    resolvers: Fact[tuple[VpcResolver, ...]]
    probes: tuple[Probe, ...] = ()
