"""One question to one DNS server, over UDP or TCP, and what came of it.

https://www.rfc-editor.org/rfc/rfc1035 https://www.rfc-editor.org/rfc/rfc6891 https://www.rfc-editor.org/rfc/rfc7766
"""

from __future__ import annotations

import errno
import socket
import struct
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from typing import Literal

from dns.message import QueryMessage

from sddoctor.case.dns import EDNS_SIZE, MALFORMED, NO_ANSWER, NO_ROUTE, REFUSED, Answer, Probe, Server
from sddoctor.case.name import fold_name
from sddoctor.case.seen import Fact, NotAttempted, Seen, Unreachable
from sddoctor.formats import dns_message
from sddoctor.observe.dns.network import NoWay, Silence, current

#: The lab loses a question in so many seconds, so that worlds without a resolver are quick to look at.
_LAB_SILENCE = 0.3
_NO_ROUTE = {errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.EHOSTDOWN, errno.EADDRNOTAVAIL}
_REFUSED = {errno.ECONNREFUSED, errno.ECONNRESET}
#: Seconds of silence before it counts as such when the time of a check ends: a slow path takes nearly as long.
ENOUGH = 1.0
MORE_TIME = "more time (--timeout)"


def ask(
    server: Server,
    name: str,
    rdtype: str,
    *,
    role: Literal["vpc", "host", "other"],
    transport: Literal["udp", "tcp"],
    timeout: float,
    edns: int | None = EDNS_SIZE,
    dnssec: bool = False,
    signed: bool = False,
    enough: float = 0.0,
) -> Probe:
    """Ask ``server`` once and wait at most ``timeout`` seconds. Never raises.

    A message with a wrong id or question, from elsewhere, or that is no DNS message, is passed over: the answer may
    still come. ``dnssec`` sets DO and CD, which shows an answer that fails validation,
    ``signed`` DO alone. Where nobody answers, and the time left was less than ``enough`` seconds, that is no silence.
    """
    at, began = datetime.now(UTC), time.monotonic()
    edns = EDNS_SIZE if (dnssec or signed) and edns is None else edns
    build = partial(dns_message.question, name, rdtype, edns, dnssec, signed)
    outcome = _outcome(server, transport, timeout, rdtype=rdtype, build=build, enough=enough)
    return Probe(
        server=server,
        role=role,
        name=fold_name(name) or ".",
        type=rdtype,
        transport=transport,
        outcome=outcome,
        edns=edns,
        dnssec=dnssec,
        signed=signed,
        at=at,
        took_ms=round((time.monotonic() - began) * 1000),
    )


def was_silent(probe: Probe) -> bool:
    """Tell whether the question or its answer was lost: nothing at all came back in time."""
    return isinstance(probe.outcome, Unreachable) and probe.outcome.why.startswith(NO_ANSWER)


def _outcome(
    server: Server,
    transport: Literal["udp", "tcp"],
    timeout: float,
    *,
    rdtype: str,
    build: Callable[[], QueryMessage],
    enough: float,
) -> Fact[Answer]:
    what = f"the {rdtype} answer of {server} by {transport.upper()}"
    if timeout <= 0:
        return NotAttempted(what, "the time was over", MORE_TIME)
    try:
        asked = build()
    except ValueError as error:
        return NotAttempted(what, f"the name does not fit into a DNS message: {error}", "a valid name")
    target = current().destination(server, transport)
    if isinstance(target, NoWay):
        return _unreachable(what, target.why, server)
    if isinstance(target, Silence):
        wait = min(timeout, _LAB_SILENCE)
        time.sleep(wait)
        if wait < min(enough, _LAB_SILENCE):
            return NotAttempted(what, _cut_short(wait), MORE_TIME)
        return _unreachable(what, f"{NO_ANSWER} within {wait:.1f} s", server)
    exchange = _udp if transport == "udp" else _tcp
    malformed = False
    try:
        for wire in exchange(target, asked.to_wire(), time.monotonic() + timeout):
            answer = dns_message.read(asked, wire)
            if answer is not None:
                return Seen(answer, f"dns @{server} {rdtype}")
            malformed = True
    except TimeoutError:
        if timeout < enough and not malformed:
            return NotAttempted(what, _cut_short(timeout), MORE_TIME)
        why = MALFORMED if malformed else f"{NO_ANSWER} within {timeout:.1f} s"
        return _unreachable(what, why, server)
    except OSError as error:
        return _unreachable(what, MALFORMED if malformed else _why(error), server)
    return _unreachable(what, MALFORMED if malformed else "the connection was closed without an answer", server)


def _cut_short(seconds: float) -> str:
    return f"the time was over {seconds:.1f} s after it was asked"


def _unreachable(what: str, why: str, server: Server) -> Unreachable:
    needs = f"a DNS server at {server}" if why in (REFUSED, MALFORMED) else f"a way to {server} and its answer"
    return Unreachable(what, why, needs)


def _why(error: OSError) -> str:
    if isinstance(error, socket.gaierror):
        return "that is not an address"
    if error.errno in _NO_ROUTE:
        return NO_ROUTE
    if error.errno in _REFUSED:
        return REFUSED
    return (error.strerror or str(error)).lower()


def _connected(target: tuple[str, int], kind: socket.SocketKind, deadline: float) -> socket.socket:
    """Return a connected socket: the kernel then drops what others send, and reports refusals."""
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
    """Read ``count`` bytes; ``None`` when the other side closes before."""
    data = bytearray()
    while len(data) < count:
        sock.settimeout(_left(deadline))
        piece = sock.recv(count - len(data))
        if not piece:
            return None
        data += piece
    return bytes(data)
