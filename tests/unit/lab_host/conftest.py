from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sddoctor.lab import gallery
from sddoctor.lab.dns.service import NameService
from sddoctor.lab.host_root import HostRoot
from sddoctor.lab.state import LabState
from sddoctor.lab.world import World, merge, parse

BASE: dict[str, Any] = {
    "title": "test",
    "vpcs": [{"id": "vpc-1", "cidr": "10.10.0.0/16"}, {"id": "vpc-2", "cidr": "10.20.0.0/16"}],
    "namespaces": [
        {
            "id": "ns-1",
            "name": "example.internal",
            "zone": "Z1",
            "vpcs": ["vpc-1"],
            "services": [{"id": "srv-1", "name": "dev-api", "instances": [{"id": "t", "ipv4": "10.10.211.50"}]}],
        }
    ],
}


class WrittenHost:
    """A host's directory, with what wrote it."""

    def __init__(self, state: LabState, root: Path) -> None:
        self.state = state
        self.service = NameService(state)
        self.files = HostRoot(state, self.service, root)
        self.root = root

    def text(self, path: str) -> str:
        return (self.root / path).read_text()

    def output(self, line: str) -> str:
        return self.text("commands/" + line.replace(" ", "_").replace("/", "_"))


def _world(changes: dict[str, Any]) -> World:
    files = {"resolver_files": {"example.internal": "nameserver 10.10.0.2\n"}}
    return parse(merge(BASE, {**changes, "host": files | changes.get("host", {})}))


@pytest.fixture
def host(tmp_path: Path) -> Callable[..., WrittenHost]:
    """Build the host of the base world with changes, or of a world of the package by its name."""

    def make(changes: dict[str, Any] | str | None = None) -> WrittenHost:
        world = gallery.find(changes) if isinstance(changes, str) else _world(changes or {})
        written = WrittenHost(LabState(world), tmp_path / "host")
        written.files.write()
        return written

    return make
