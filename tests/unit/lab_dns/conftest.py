"""A small world whose parts a test can change, and its name service."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable
from typing import Any

import pytest

from sddoctor.lab.dns.service import NameService
from sddoctor.lab.state import LabState
from sddoctor.lab.world import merge, parse

BASE: dict[str, Any] = {
    "title": "test",
    "vpcs": [{"id": "vpc-1", "cidr": "10.10.0.0/16"}, {"id": "vpc-2", "cidr": "10.20.0.0/16"}],
    "namespaces": [
        {
            "id": "ns-1",
            "name": "example.internal",
            "zone": "Z1",
            "vpcs": ["vpc-1"],
            "services": [{"id": "srv-1", "name": "dev-api", "instances": []}],
        }
    ],
    "zones": [],
}


class AgedService(NameService):
    """A name service whose age a test sets."""

    def __init__(self, state: LabState) -> None:
        self.now = 0.0
        self.state = state
        super().__init__(state, random.Random(7), lambda: self.now)


@pytest.fixture
def build() -> Callable[..., AgedService]:
    """Build the service of the base world with changes; ``instances`` are those of the service dev-api."""

    def make(changes: dict[str, Any] | None = None, instances: list[dict[str, Any]] | None = None, **service: Any):
        data = copy.deepcopy(BASE)
        data["namespaces"][0]["services"][0] |= {"instances": instances or [], **service}
        return AgedService(LabState(parse(merge(data, changes or {}))))

    return make


def at(*addresses: str, **more: Any) -> list[dict[str, Any]]:
    return [{"id": f"task{n}", "ipv4": a, **more} for n, a in enumerate(addresses)]


@pytest.fixture
def instances() -> Callable[..., list[dict[str, Any]]]:
    return at
