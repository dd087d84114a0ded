"""Name servers on 127.0.0.1 that answer as a test says, over real UDP and TCP sockets."""

from __future__ import annotations

import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rrset
import pytest

from sddoctor.case.dns import Server

Reply = bytes | None
Behaviour = Callable[[dns.message.Message, str], list[Reply | float]]


class NameServer:
    """A server on a free port; ``seen`` are the questions as (name, type, transport)."""

    def __init__(self, behave: Behaviour) -> None:
        self.behave = behave
        self.seen: list[tuple[str, str, str]] = []
        self.tcp = socket.create_server(("127.0.0.1", 0))
        self.port = self.tcp.getsockname()[1]
        self.udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.udp.bind(("127.0.0.1", self.port))
        for loop in (self._udp, self._tcp):
            threading.Thread(target=loop, daemon=True).start()

    @property
    def server(self) -> Server:
        return Server("127.0.0.1", self.port)

    def _replies(self, wire: bytes, transport: str) -> Iterator[bytes]:
        query = dns.message.from_wire(wire)
        asked = query.question[0]
        self.seen.append((asked.name.to_text(True).lower(), dns.rdatatype.to_text(asked.rdtype), transport))
        for reply in self.behave(query, transport):
            if isinstance(reply, float):
                time.sleep(reply)
            elif reply is not None:
                yield reply

    def _udp(self) -> None:
        while True:
            try:
                wire, peer = self.udp.recvfrom(65535)
            except OSError:
                return
            threading.Thread(target=self._send, args=(wire, peer), daemon=True).start()

    def _send(self, wire: bytes, peer: tuple[str, int]) -> None:
        for reply in self._replies(wire, "udp"):
            self.udp.sendto(reply, peer)

    def _tcp(self) -> None:
        while True:
            try:
                connection, _ = self.tcp.accept()
            except OSError:
                return
            threading.Thread(target=self._talk, args=(connection,), daemon=True).start()

    def _talk(self, connection: socket.socket) -> None:
        with connection:
            prefix = connection.recv(2)
            if len(prefix) == 2:
                wire = connection.recv(struct.unpack("!H", prefix)[0])
                for reply in self._replies(wire, "tcp"):
                    connection.sendall(struct.pack("!H", len(reply)) + reply)

    def close(self) -> None:
        self.udp.close()
        self.tcp.close()


@pytest.fixture
def serve() -> Iterator[Callable[[Behaviour], NameServer]]:
    """Start a server with a behaviour: a list of replies (bytes) and pauses (seconds) for each question."""
    running: list[NameServer] = []

    def start(behave: Behaviour) -> NameServer:
        running.append(NameServer(behave))
        return running[-1]

    yield start
    for server in running:
        server.close()


def reply(
    query: dns.message.Message, *records: str, rcode: str = "NOERROR", authority: tuple[str, ...] = ()
) -> dns.message.Message:
    """Build an answer from records in master-file form: ``OWNER TTL TYPE DATA``; ``@`` is the name asked."""
    answer = dns.message.make_response(query, recursion_available=True)
    answer.set_rcode(dns.rcode.from_text(rcode))
    for section, texts in ((answer.answer, records), (answer.authority, authority)):
        for text in texts:
            owner, ttl, kind, data = text.split(" ", 3)
            name = query.question[0].name if owner == "@" else dns.name.from_text(owner)
            answer.request_payload = 65535
            section.append(dns.rrset.from_text(name, int(ttl), "IN", kind, data))
    return answer


@pytest.fixture
def make_reply() -> Callable[..., dns.message.Message]:
    return reply
