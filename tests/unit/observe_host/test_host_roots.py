"""Every recorded host gives the choice that its expect.yaml states, for all its names."""

from pathlib import Path
from typing import Any

import pytest

from sddoctor.case.seen import Seen
from sddoctor.observe.budget import Budget
from sddoctor.observe.host.observer import HostObserver
from sddoctor.observe.host.root import open_root
from sddoctor.resolution.choose import choose
from tests.host_roots import ROOTS, names


@pytest.mark.parametrize(("directory", "expect"), names())
def test_choice(directory: Path, expect: dict[str, Any]) -> None:
    facts = HostObserver(expect["name"], open_root(directory), Budget(60)).facts()
    choice = choose(expect["name"], facts).value
    assert [{"address": s.address, "port": s.port} for s in choice.servers] == expect["asks"]
    decided = expect["decided_by"]
    assert choice.kind == decided["kind"]
    assert choice.source == decided["source"]
    assert choice.matched == decided["matched"]
    link = decided.get("link", decided.get("interface"))
    if link:
        assert choice.link == link
    stub = choice.stub and {"address": choice.stub.address, "port": choice.stub.port, "what": choice.stub_is}
    assert stub == expect["stub"]
    bypass = choice.bypass_servers
    assert (bypass if bypass is None else [{"address": s.address, "port": s.port} for s in bypass]) == expect[
        "bypass_asks"
    ]
    assert choice.why
    assert facts.root == str(directory)


def test_roots_are_all_here() -> None:
    assert len(names()) == 15


@pytest.mark.parametrize(
    ("root", "kind", "interface", "source"),
    [
        ("macos14-resolver-file-and-vpn", "tunnel", "utun4", "10.99.0.10"),
        ("ubuntu2204-resolved-routing-domain", "tunnel", "tun0", "10.99.0.10"),
        ("debian12-glibc-crlf-resolv-conf", "tunnel", "wg0", "10.99.0.10"),
        ("windows11-nrpt-exact-name", "tunnel", "OpenVPN Data Channel Offload", "10.99.0.10"),
    ],
)
def test_route_to_the_resolver(root: str, kind: str, interface: str, source: str) -> None:
    observer = HostObserver("dev-api.example.internal", open_root(ROOTS / root), Budget(60))
    (look,) = observer.routes(("10.10.0.2",))
    route = look.route.value
    assert (route.kind, route.interface, route.source, route.network) == (kind, interface, source, "10.10.0.0/16")
    assert source in {a.address for a in observer.addresses().value}


def test_what_a_program_gets() -> None:
    def lookups(root: str) -> Any:
        return HostObserver("dev-api.example.internal", open_root(ROOTS / root), Budget(60)).facts().lookups

    plain, dotted = lookups("macos14-resolver-file-and-vpn")
    assert plain.outcome.value.addresses == ("10.10.211.50", "10.10.212.150")
    assert not isinstance(dotted.outcome, Seen)
    assert lookups("ubuntu2204-resolved-routing-domain")[0].outcome.value.addresses == (
        "10.10.211.50",
        "10.10.212.150",
    )
    assert lookups("debian12-glibc-crlf-resolv-conf")[0].outcome.value.error == "not found"


def test_platform_facts() -> None:
    facts = HostObserver("a.example.internal", open_root(ROOTS / "debian12-glibc-crlf-resolv-conf"), Budget(60)).facts()
    assert (facts.platform, facts.version, facts.libc) == ("linux", "12", "glibc")
    facts = HostObserver("a.example.internal", open_root(ROOTS / "macos14-resolver-file-missing"), Budget(60)).facts()
    assert (facts.platform, facts.version) == ("macos", "14.4.1")
    scoped = [e for e in choose("a.example.internal", facts).value.entries if e.interface == "utun4"]
    assert [e.usable for e in scoped] == [False]
