"""A saved case that holds a choice of servers: what was concluded once is ignored, and worked out from its facts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from sddoctor.bundle import codec
from sddoctor.case.forwarder import ForwarderConfig, ForwarderRule
from sddoctor.diagnosis.diagnose import diagnose
from sddoctor.trail.host import HostTrail

BUNDLES = Path(__file__).parents[2] / "data" / "bundles"


def _saved(name: str) -> Any:
    return json.loads((BUNDLES / f"{name}.v1.json").read_bytes())


def _host(saved: Any) -> Any:
    return saved["places"][0]["host"]["value"]


@pytest.mark.parametrize(
    ("name", "server", "source"),
    [
        ("health-check-failing", "10.10.0.2", "/etc/resolver/example.internal"),
        ("split-dns-missing", "192.168.1.1", "scutil --dns"),
    ],
)
def test_a_file_of_the_first_format_leads_to_the_servers_of_its_settings(name: str, server: str, source: str) -> None:
    host = HostTrail(codec.decode((BUNDLES / f"{name}.v1.json").read_bytes()))
    assert [str(s) for s in host.servers] == [server]
    assert host.choice.source == source


def test_a_false_choice_in_a_file_changes_nothing() -> None:
    saved = _saved("health-check-failing")
    sound = diagnose(codec.decode(json.dumps(saved).encode()))
    wrong = {"address": "192.168.1.1", "port": 53}
    _host(saved)["choice"]["value"] |= {"asks": [wrong], "kind": "hosts-file", "source": "/etc/hosts", "entries": []}
    case = codec.decode(json.dumps(saved).encode())
    assert [str(s) for s in HostTrail(case).servers] == ["10.10.0.2"]
    assert diagnose(case) == sound


def test_a_choice_that_no_file_ever_held_is_not_even_read() -> None:
    saved = _saved("health-check-failing")
    _host(saved)["choice"] = "by magic"
    assert HostTrail(codec.decode(json.dumps(saved).encode())).choice.kind == "resolver-file"


def test_no_choice_is_saved() -> None:
    case = codec.decode((BUNDLES / "health-check-failing.v1.json").read_bytes())
    assert "choice" not in _host(json.loads(codec.encode(case)))


def test_rules_of_a_forwarder_are_read_as_they_were_saved_before() -> None:
    saved = _saved("health-check-failing")
    rule = {"kind": "forwarder", "source": "/etc/dnsmasq.conf:3", "domain": "corp.example", "usable": True}
    rule |= {"servers": [{"address": "10.0.0.17", "port": 53}], "order": None, "interface": None, "why_not": ""}
    _host(saved)["forwarders"] = [{"program": "dnsmasq", "path": "/etc/dnsmasq.conf", "entries": [rule]}]
    (found,) = HostTrail(codec.decode(json.dumps(saved).encode())).facts.forwarders
    assert isinstance(found, ForwarderConfig)
    (read,) = found.entries
    assert isinstance(read, ForwarderRule)
    assert (read.source, read.domain, [str(s) for s in read.servers]) == (
        "/etc/dnsmasq.conf:3",
        "corp.example",
        ["10.0.0.17"],
    )
