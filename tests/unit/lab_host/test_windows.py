"""A host that runs Windows: what the product reads from its directory is what the world says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from sddoctor.observe.budget import Budget
from sddoctor.observe.host.observer import HostObserver
from sddoctor.observe.host.source import open_root
from sddoctor.resolution.choose import choose

NAME, ADDRESS = "dev-api.example.internal", "10.10.211.50"


@pytest.fixture
def windows(host: Callable[[dict[str, Any]], Any]) -> Callable[..., HostObserver]:
    """Observe the base world's host with Windows and these changes."""

    def look(**changes: Any) -> HostObserver:
        base = {"platform": "windows", "resolver_files": None, "interfaces": [{"name": "Wi-Fi", "address": "10.0.0.9"}]}
        written = host({"host": base | changes})
        return HostObserver(NAME, open_root(written.root), Budget(60))

    return look


def servers(observer: HostObserver) -> list[str]:
    return [s.address for s in choose(NAME, observer.facts()).value.servers]


def found(observer: HostObserver) -> list[list[str]]:
    return [list(k.outcome.value.addresses) for k in observer.facts().lookups]


def test_a_rule_sends_names_below_its_namespace_to_its_server(windows: Any) -> None:
    observer = windows(nrpt={".internal": "192.168.1.1", ".example.internal": "10.10.0.2"})
    assert servers(observer) == ["10.10.0.2"]
    assert found(observer) == [[ADDRESS], [ADDRESS]]


def test_a_namespace_without_a_dot_is_that_name_alone(windows: Any) -> None:
    observer = windows(nrpt={"example.internal": "10.10.0.2"})
    assert servers(observer) == ["192.168.1.1"]
    assert found(observer) == [[], []]


def test_the_hosts_file_comes_first(windows: Any) -> None:
    assert found(windows(hosts={NAME: "10.9.9.9"})) == [["10.9.9.9"]] * 2


def test_routes_and_addresses(windows: Any) -> None:
    observer = windows(nrpt={".example.internal": "10.10.0.2"})
    assert [i.address for i in observer.addresses().value] == ["10.0.0.9", "10.99.0.10"]
    assert observer.routes(("10.10.0.2",))[0].route.value.interface == "tun0"
