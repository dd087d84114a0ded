"""One query to one DNS server, over UDP or TCP, and its outcome.

https://www.rfc-editor.org/rfc/rfc1035 https://www.rfc-editor.org/rfc/rfc6891 https://www.rfc-editor.org/rfc/rfc7766
"""

from __future__ import annotations

import errno
import socket
import struct
import time
from collections.abc import Iterator
from datetime import UTC, datetime

from dns.message import QueryMessage
from msgspec import Struct

from sddoctor.case.dns import EDNS_SIZE, WHY_NOT, Answer, Probe, Role, Server, unanswered
from sddoctor.case.name import fold_name
from sddoctor.case.seen import Fact, NotAttempted, Seen, Unreachable
from sddoctor.formats import dns_message
from sddoctor.formats.dns_message import NotAnAnswer
from sddoctor.observe.budget import MORE_TIME, TIME_OVER
from sddoctor.observe.dns.network import Network, NoRoute, Silence, Transport

#: Errors of the operating system that say that no packet can be sent there.
NO_ROUTE = {errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.EHOSTDOWN, errno.EADDRNOTAVAIL}
_REFUSED = {errno.ECONNREFUSED, errno.ECONNRESET}
#: Seconds without an answer that count as silence if the budget ends before the timeout: a slow path needs nearly as long.
ENOUGH = 1.0


class Query(Struct, frozen=True):
    """A query to a server. ``role``: why the server is queried; ``edns``: the UDP size offered, if any.

    ``dnssec`` sets DO and CD, which returns an answer even if it fails validation; ``signed`` sets only DO.
    """

    server: Server
    name: str
    type: str = "A"
    role: Role = "vpc"
    transport: Transport = "udp"
    edns: int | None = EDNS_SIZE
    dnssec: bool = False
    signed: bool = False

    @property
    def what(self) -> str:
        """The answer that it is for, in words."""
        return f"the {self.type} answer of {self.server} by {self.transport.upper()}"

    def message(self) -> QueryMessage:
        """Return the message. Raises :class:`ValueError` for a name that does not fit into one."""
        edns = EDNS_SIZE if (self.dnssec or self.signed) and self.edns is None else self.edns
        return dns_message.question(self.name, self.type, edns, self.dnssec, self.signed)


def send_query(query: Query, network: Network, timeout: float, *, enough: float = 0.0) -> Probe:
    """Send a query once and wait at most ``timeout`` seconds. Never raises.

    A message with a wrong id or question, from another address, or that is no DNS message, is ignored: the answer may still
    come. No answer within a timeout of less than ``enough`` seconds does not count as silence.
    """
    at, began = datetime.now(UTC), time.monotonic()
    outcome = _outcome(query, network, timeout, enough)
    return Probe(
        server=query.server,
        role=query.role,
        name=fold_name(query.name) or ".",
        type=query.type,
        transport=query.transport,
        outcome=outcome,
        edns=EDNS_SIZE if (query.dnssec or query.signed) and query.edns is None else query.edns,
        dnssec=query.dnssec,
        signed=query.signed,
        at=at,
        took_ms=round((time.monotonic() - began) * 1000),
    )


def _outcome(query: Query, network: Network, timeout: float, enough: float) -> Fact[Answer]:
    what = query.what
    if timeout <= 0:
        return NotAttempted(what, TIME_OVER, MORE_TIME)
    try:
        asked = query.message()
    except ValueError as error:
        return NotAttempted(what, f"the name does not fit into a DNS message: {error}", "a valid name")
    target = network.destination(query.server, query.transport)
    if isinstance(target, NoRoute):
        return _no_route(query, target)
    if isinstance(target, Silence):
        time.sleep(min(timeout, target.seconds))
        return _lost(query, min(timeout, target.seconds), min(enough, target.seconds))
    exchange = _udp if query.transport == "udp" else _tcp
    unusable: list[NotAnAnswer] = []
    failure: Unreachable | NotAttempted = unanswered(what, query.server, "the connection was closed without an answer")
    try:
        for wire in exchange(target, asked.to_wire(), time.monotonic() + timeout):
            answer = dns_message.read(asked, wire)
            if isinstance(answer, Answer):
                first = next((f"{m.why}, in front of the answer" for m in unusable if m.final), None)
                return Seen(answer, f"dns @{query.server} {query.type}", unread=(first,) if first else ())
            unusable.append(answer)
    except TimeoutError:
        failure = _lost(query, timeout, enough)
    except OSError as error:
        failure = _failed(query, error)
    if unusable:
        why = f"{WHY_NOT['malformed']}: {unusable[0].why}"
        return unanswered(what, query.server, why, "malformed")
    return failure


def _lost(query: Query, seconds: float, enough: float) -> Unreachable | NotAttempted:
    """Say that nothing came back in so many seconds; fewer than ``enough`` say nothing about the server."""
    if seconds < enough:
        return NotAttempted(query.what, f"{TIME_OVER} {seconds:.1f} s after it was asked", MORE_TIME)
    return unanswered(query.what, query.server, f"{WHY_NOT['silence']} within {seconds:.1f} s", "silence")


def _no_route(query: Query, target: NoRoute) -> Unreachable:
    return unanswered(query.what, query.server, target.why, None if target.broken else "no-route")


def _failed(query: Query, error: OSError) -> Unreachable:
    if isinstance(error, socket.gaierror):
        return unanswered(query.what, query.server, "that is not an address")
    if error.errno in NO_ROUTE:
        return unanswered(query.what, query.server, WHY_NOT["no-route"], "no-route")
    if error.errno in _REFUSED:
        return unanswered(query.what, query.server, WHY_NOT["refused"], "refused")
    return unanswered(query.what, query.server, (error.strerror or str(error)).lower())


def _connected(target: tuple[str, int], kind: socket.SocketKind, deadline: float) -> socket.socket:
    """Return a connected socket: the kernel then drops packets from elsewhere, and reports refusals."""
    family, kind, protocol, _, address = socket.getaddrinfo(*target, type=kind, flags=socket.AI_NUMERICHOST)[0]
    sock = socket.socket(family, kind, protocol)
    try:
        sock.settimeout(_left(deadline))
        sock.connect(address)
    except OSError:
        sock.close()
        raise
    return sock


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _udp(target: tuple[str, int], wire: bytes, deadline: float) -> Iterator[bytes]:
    with _connected(target, socket.SOCK_DGRAM, deadline) as sock:
        sock.send(wire)
        while True:
            sock.settimeout(_left(deadline))
            yield sock.recv(65535)


def _tcp(target: tuple[str, int], wire: bytes, deadline: float) -> Iterator[bytes]:
    with _connected(target, socket.SOCK_STREAM, deadline) as sock:
        sock.sendall(struct.pack("!H", len(wire)) + wire)
        while True:
            prefix = _exactly(sock, 2, deadline)
            if prefix is None:
                return
            body = _exactly(sock, struct.unpack("!H", prefix)[0], deadline)
            if body is None:
                return
            yield body


def _exactly(sock: socket.socket, count: int, deadline: float) -> bytes | None:
    """Read ``count`` bytes; ``None`` if the other side closes before."""
    data = bytearray()
    while len(data) < count:
        sock.settimeout(_left(deadline))
        piece = sock.recv(count - len(data))
        if not piece:
            return None
        data += piece
    return bytes(data)
