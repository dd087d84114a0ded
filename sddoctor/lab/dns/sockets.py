"""Real UDP and TCP sockets on 127.0.0.1, one port for each server of a lab."""

from __future__ import annotations

import contextlib
import socketserver
import struct
import threading
from typing import Literal

import dns.exception
import dns.message

from sddoctor.lab.dns.faults import GARBAGE, LATE
from sddoctor.lab.dns.service import NameService, to_wire

_POLL = 0.1
_IDLE = 5.0


class ServerSockets:
    """One server of the lab on a free port of 127.0.0.1, the same for UDP and TCP. Close it after use."""

    def __init__(self, service: NameService, address: str) -> None:
        self.address = address
        self._service = service
        self._closing = threading.Event()
        self._tcp, self._udp = _pair(self)
        self.port = int(self._tcp.server_address[1])
        for server in (self._tcp, self._udp):
            threading.Thread(target=server.serve_forever, args=(_POLL,), daemon=True).start()

    def reply(self, wire: bytes, transport: Literal["udp", "tcp"]) -> bytes | None:
        """Answer a message; ``None``: nothing is sent back."""
        try:
            query = dns.message.from_wire(wire)
        except (dns.exception.DNSException, ValueError):
            return None
        fault = self._service.fault(self.address)
        if fault == "garbage":
            return GARBAGE
        if fault == "late":
            self._closing.wait(LATE)
        response = self._service.answer(self.address, query, transport)
        return to_wire(response, query, transport) if response is not None else None

    def close(self) -> None:
        """Stop both servers and free the port."""
        self._closing.set()
        for server in (self._tcp, self._udp):
            server.shutdown()
            server.server_close()


class _Tcp(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False
    allow_reuse_address = True
    sockets: ServerSockets


class _Udp(socketserver.ThreadingUDPServer):
    daemon_threads = True
    block_on_close = False
    max_packet_size = 65535
    sockets: ServerSockets


class _TcpHandler(socketserver.StreamRequestHandler):
    timeout = _IDLE

    def handle(self) -> None:
        with contextlib.suppress(OSError):
            while len(prefix := self.rfile.read(2)) == 2:
                wire = self.rfile.read(struct.unpack("!H", prefix)[0])
                answer = self.server.sockets.reply(wire, "tcp")  # type: ignore[attr-defined]
                if answer is not None:
                    self.wfile.write(struct.pack("!H", len(answer)) + answer)


class _UdpHandler(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        wire, sock = self.request
        answer = self.server.sockets.reply(wire, "udp")  # type: ignore[attr-defined]
        if answer is not None:
            with contextlib.suppress(OSError):
                sock.sendto(answer, self.client_address)


def _pair(owner: ServerSockets) -> tuple[_Tcp, _Udp]:
    """Bind both transports to one free port."""
    last: OSError | None = None
    for _ in range(20):
        tcp = _Tcp(("127.0.0.1", 0), _TcpHandler)
        try:
            udp = _Udp(("127.0.0.1", int(tcp.server_address[1])), _UdpHandler)
        except OSError as error:
            tcp.server_close()
            last = error
            continue
        tcp.sockets = udp.sockets = owner
        return tcp, udp
    raise OSError("no port of 127.0.0.1 is free for both UDP and TCP") from last
