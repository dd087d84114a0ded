"""A running lab: the AWS stand-in, the name servers and the host of one world, and sddoctor run against them."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

from sddoctor.lab.aws.calls import LoggedCall
from sddoctor.lab.aws.server import AwsStandIn
from sddoctor.lab.dns.service import NameService
from sddoctor.lab.dns.sockets import ServerSockets
from sddoctor.lab.host_root import HostRoot
from sddoctor.lab.routes import transports
from sddoctor.lab.script import Script
from sddoctor.lab.state import LabState
from sddoctor.lab.task_ports import TaskPorts
from sddoctor.lab.world import World

#: A port on which nothing listens: queries to loopback addresses without a server are refused, as on a real host.
_CLOSED = "127.0.0.1#1"
_LOOPBACK = ("127.0.0.1", "::1")


class Lab:
    """A world that runs during the ``with`` block. All its traffic stays on 127.0.0.1.

    ``root`` is the directory of its host, ``env`` the environment that lets ``aws`` and ``sddoctor`` use it,
    ``state`` its mutable state.
    """

    def __init__(self, world: World) -> None:
        self.world = world
        self.env: dict[str, str] = {}
        self.root = Path()
        self._seen_version = 0
        self._exit = contextlib.ExitStack()

    def __enter__(self) -> Lab:
        with contextlib.ExitStack() as stack:
            directory = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="sddoctor-lab-")))
            self.root = directory / "host"
            self.state = LabState(self.world)
            self._service = NameService(self.state)
            self._host = HostRoot(self.state, self._service, self.root)
            self._host.write()
            self._sockets: dict[str, ServerSockets] = {}
            for address in self._service.addresses():
                self._sockets[address] = ServerSockets(self._service, address)
                stack.callback(self._sockets[address].close)
            self._ports = TaskPorts(self.world, self.state.named)
            stack.callback(self._ports.close)
            self._network = directory / "network.json"
            self._write_network()
            self.aws = stack.enter_context(AwsStandIn(self.world, self.state))
            self.script = Script(self.state)
            stack.callback(self.script.stop)
            self.script.start()
            self.env = self.aws.environment() | {"AWS_PAGER": "", "SDDOCTOR_NETWORK": str(self._network)}
            self._exit = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._exit.__exit__(kind, error, trace)

    @property
    def check_args(self) -> list[str]:
        """The arguments of sddoctor that check the world's name as its host would."""
        return ["check", self.world.name, "--root", str(self.root), *self.world.args]

    @property
    def aws_log(self) -> list[LoggedCall]:
        """All calls to the AWS stand-in, also after the end of the lab."""
        return self.aws.log.calls

    def ports(self) -> dict[str, int]:
        """Return the port on 127.0.0.1 of every server that the world's host can reach."""
        return {a: s.port for a, s in self._sockets.items() if any(transports(self.state, self._service, a))}

    def run(self, args: Sequence[str] | None = None, *, timeout: float = 120) -> subprocess.CompletedProcess[str]:
        """Run sddoctor as a process with ``args`` (default: :attr:`check_args`) and return its output."""
        return subprocess.run(
            self.command(args), env=self.process_env(), capture_output=True, text=True, timeout=timeout, check=False
        )

    def command(self, args: Sequence[str] | None = None) -> list[str]:
        """Return the command that runs sddoctor, after bringing the host up to date."""
        self.refresh()
        return [sys.executable, "-m", "sddoctor", *(self.check_args if args is None else args)]

    def process_env(self) -> dict[str, str]:
        """Return this process's environment without its AWS settings, and with the lab's."""
        return {k: v for k, v in os.environ.items() if not k.startswith("AWS_")} | self.env

    def refresh(self) -> None:
        """Bring the host up to date with changes made through the AWS stand-in."""
        with self.state.lock:
            self._seen_version = self.state.version
            self._host.refresh()
            self._write_network()

    def refresh_if_changed(self) -> None:
        """Call :meth:`refresh` if anything has changed since the last time."""
        if self.state.version != self._seen_version:
            self.refresh()

    def _write_network(self) -> None:
        """Write the map of servers; one without a route never replies, and none speaks TLS."""
        servers: dict[str, dict[str, str | None]] = {}
        servers |= {a: dict.fromkeys(("udp", "tcp"), _CLOSED) for a in _LOOPBACK}
        for address in [*self._host.named_servers(), *(a for a in self._sockets if ":" in a)]:
            if address.startswith("127.") and address not in self._sockets:
                servers[address] = dict.fromkeys(("udp", "tcp"), _CLOSED)
                continue
            udp, tcp = transports(self.state, self._service, address)
            place = f"127.0.0.1#{self._sockets[address].port}" if address in self._sockets else None
            servers[address] = {"udp": place if udp else None, "tcp": place if tcp else None}
        over_tls = {f"{a}:853": _CLOSED if any(by.values()) else None for a, by in servers.items()}
        text = json.dumps({"servers": servers, "connections": over_tls | self._ports.map}, indent=1)
        temporary = self._network.with_suffix(".new")
        temporary.write_text(text, encoding="utf-8")
        temporary.replace(self._network)
