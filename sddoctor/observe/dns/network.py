"""The network that queries and connections use: that of this machine, or the map of a lab.

The lab writes a JSON file and names it in ``SDDOCTOR_NETWORK``::

    {"servers": {"10.10.0.2": {"udp": "127.0.0.1#5301", "tcp": null}, "127.0.0.1#8600": {...}},
     "connections": {"10.10.211.50:3000": "127.0.0.1#5400"}}

``connections`` are ports of tasks, and ``null`` is silence. While the variable is set, nothing is sent to an address that
the file does not map.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, TypeAlias

from sddoctor.case.dns import Server

VARIABLE = "SDDOCTOR_NETWORK"
Transport: TypeAlias = Literal["udp", "tcp"]


@dataclass(frozen=True)
class Silence:
    """What is sent is lost. Waiting ``seconds`` for an answer is enough."""

    seconds: float = 0.3


@dataclass(frozen=True)
class NoRoute:
    """No packet can be sent to the server. ``why`` is a short reason; ``broken``: it is the map's, not the network's."""

    why: str = "no route to host"
    broken: bool = False


Destination: TypeAlias = tuple[str, int] | Silence | NoRoute


class Network:
    """The network of this machine: every address is itself."""

    #: Whether it is known which tasks are reachable.
    knows_tasks = False

    def destination(self, server: Server, transport: Transport) -> Destination:  # noqa: ARG002 - see MappedNetwork
        """Return the socket address to send to, or why there is none."""
        return server.address, server.port

    def connection(self, address: str, port: int) -> Destination:
        """Return the socket address of a task's port, or why there is none."""
        return address, port

    def has_host(self, root: Path | str | None) -> bool:
        """Tell whether the observed host is in this network, so that its own servers may be queried from here.

        It is not if the files of another machine are read, from below ``root``.
        """
        return root is None


@dataclass(frozen=True)
class MappedNetwork(Network):
    """A network that a file describes. ``broken`` says why the file cannot be used: then nothing can be sent."""

    servers: Mapping[str, Any] = field(default_factory=dict)
    connections: Mapping[str, Any] = field(default_factory=dict)
    broken: str = ""
    knows_tasks = True

    def destination(self, server: Server, transport: Transport) -> Destination:
        """Return the socket that the map has for a server. One without a port has port 53."""
        mapped = self.servers.get(f"{server.address}#{server.port}")
        if mapped is None and server.port == 53:
            mapped = self.servers.get(server.address)
        if mapped is None:
            return self._no_route()
        return _socket_address(mapped, transport)

    def connection(self, address: str, port: int) -> Destination:
        """Return the socket that the map has for a task's port."""
        target = f"{address}:{port}"
        if target not in self.connections:
            return self._no_route()
        return _socket_address(self.connections[target], "tcp")

    def _no_route(self) -> NoRoute:
        return NoRoute(self.broken, broken=True) if self.broken else NoRoute()

    def has_host(self, root: Path | str | None) -> bool:  # noqa: ARG002 - see Network
        """Return true: a lab describes the network of its host."""
        return True


def _socket_address(mapped: Any, transport: Transport) -> Destination:
    text = mapped.get(transport) if isinstance(mapped, dict) else mapped
    if text is None:
        return Silence()
    address, _, port = str(text).rpartition("#")
    if not address or not port.isdecimal():
        return NoRoute(f"{VARIABLE} maps it to {str(text)[:60]!r}, which is not ADDRESS#PORT", broken=True)
    return address, int(port)


def network_of_environment() -> Network:
    """Return the network that the environment names. Never raises."""
    path = os.environ.get(VARIABLE)
    if not path:
        return Network()
    try:
        data = json.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        return MappedNetwork(broken=f"the file that {VARIABLE} names cannot be read: {error}")
    servers = data.get("servers") if isinstance(data, dict) else None
    if not isinstance(servers, dict):
        return MappedNetwork(broken=f"the file that {VARIABLE} names has no 'servers'")
    connections = data.get("connections")
    return MappedNetwork(servers, connections if isinstance(connections, dict) else {})
