"""Where a question for a DNS server is really sent: to the server, or into the lab.

The lab writes a JSON file and names it in ``SDDOCTOR_NETWORK``::

    {"servers": {"10.10.0.2": {"udp": "127.0.0.1#5301", "tcp": null}, "127.0.0.1#8600": {...}},
     "connections": {"10.10.211.50:3000": "127.0.0.1#5400"}}

``connections`` are ports of tasks. ``null`` is silence. While the variable is set, nothing is ever sent to an address
that the file does not map.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, TypeAlias

from sddoctor.case.dns import Server

VARIABLE = "SDDOCTOR_NETWORK"
Transport: TypeAlias = Literal["udp", "tcp"]


@dataclass(frozen=True)
class Silence:
    """The server exists, and the transport is blocked: a question is lost."""


@dataclass(frozen=True)
class NoWay:
    """No packet can be sent to the server. ``why`` is a short reason."""

    why: str


Destination: TypeAlias = tuple[str, int] | Silence | NoWay


@dataclass(frozen=True)
class Network:
    """The way to DNS servers and tasks. ``servers`` is ``None`` outside the lab: every server is what it is."""

    servers: Mapping[str, Any] | None = None
    broken: str = ""
    connections: Mapping[str, Any] = field(default_factory=dict)

    def destination(self, server: Server, transport: Transport) -> Destination:
        """Return the socket address to send to, or why there is none."""
        if self.servers is None and not self.broken:
            return server.address, server.port
        if self.broken:
            return NoWay(self.broken)
        mapped = (self.servers or {}).get(f"{server.address}#{server.port}")
        if mapped is None and server.port == 53:
            mapped = (self.servers or {}).get(server.address)
        if mapped is None:
            return NoWay("no route to host")
        return _socket_address(mapped, transport)

    def connection(self, address: str, port: int) -> Destination:
        """Return the socket address of a task's port, or why there is none."""
        if self.servers is None and not self.broken:
            return address, port
        if self.broken:
            return NoWay(self.broken)
        place = f"{address}:{port}"
        if place not in self.connections:
            return NoWay("no route to host")
        return _socket_address(self.connections[place], "tcp")


def _socket_address(mapped: Any, transport: Transport) -> Destination:
    text = mapped.get(transport) if isinstance(mapped, dict) else mapped
    if text is None:
        return Silence()
    address, _, port = str(text).rpartition("#")
    if not address or not port.isdecimal():
        return NoWay(f"{VARIABLE} maps it to {str(text)[:60]!r}, which is not ADDRESS#PORT")
    return address, int(port)


def current() -> Network:
    """Return the network that the environment names: the real one, or that of the lab. Never raises."""
    path = os.environ.get(VARIABLE)
    return _load(path) if path else Network()


@lru_cache(maxsize=8)
def _load(path: str) -> Network:
    try:
        data = json.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        return Network(broken=f"the file that {VARIABLE} names cannot be read: {error}")
    servers = data.get("servers") if isinstance(data, dict) else None
    if not isinstance(servers, dict):
        return Network(broken=f"the file that {VARIABLE} names has no 'servers'")
    connections = data.get("connections")
    return Network(servers, connections=connections if isinstance(connections, dict) else {})
