"""With ``--asker records`` nobody but AWS is asked, and nothing is said that does not follow."""

from __future__ import annotations

from pathlib import Path

import pytest

import sddoctor.lab
from sddoctor.lab.runner import Lab
from sddoctor.lab.world import load
from tests.estates import estate
from tests.unit.scan.conftest import scan_in

WORLDS = Path(sddoctor.lab.__file__).parent / "worlds"
ARGS = ("--asker", "records", "-o", "jsonl")


def test_no_name_server_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: object, **_options: object) -> None:
        raise AssertionError("a name server was asked")

    monkeypatch.setattr("sddoctor.observe.dns.client.send_query", refuse)
    monkeypatch.setattr("sddoctor.observe.observer.HostObserver", refuse)
    with Lab(estate(3)) as lab:
        scanned = scan_in(lab, *ARGS)
    assert list(scanned.verdicts.values()) == ["healthy"] * 3
    assert all(line["headline"].startswith("By its records ") for line in scanned.lines)
    assert all("vpc-0a1b2c3d4e5f60718" in line["headline"] for line in scanned.lines)
    hops = {h["hop"]: h["status"] for h in scanned.lines[0]["hops"]}
    assert hops["vpc-dns"] == "unknown"
    assert hops["host"] == "not-applicable"


@pytest.mark.parametrize(
    ("world", "verdict", "roots"),
    [
        ("split-dns-missing", "healthy", []),  # a fault of the host, which was not looked at
        ("service-scaled-to-zero", "broken", ["service-scaled-to-zero"]),
        ("stale-instance", "degraded", ["stale-instance"]),
        ("dns-firewall-blocks", "broken", ["dns-firewall-blocks"]),
        ("zone-not-associated", "broken", ["zone-not-associated"]),
        ("dhcp-custom-dns-client-vpc", "inconclusive", []),
        ("resolver-rule-overrides", "inconclusive", []),
        ("zone-shadowed", "inconclusive", []),
        ("dns-support-off", "broken", ["dns-support-off"]),
        ("namespace-not-delegated", "inconclusive", []),
        ("all-instances-unhealthy-answered", "broken", ["all-instances-unhealthy"]),
    ],
)
def test_what_follows_from_the_settings(world: str, verdict: str, roots: list[str]) -> None:
    it = load(WORLDS / f"{world}.yaml")
    with Lab(it) as lab:
        scanned = scan_in(lab, *ARGS, *it.args)
    (line,) = [line for line in scanned.lines if line["name"] == it.name]
    assert (line["verdict"], line["root_causes"]) == (verdict, roots), line["headline"]
