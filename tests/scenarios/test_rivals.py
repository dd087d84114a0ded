"""Several namespaces of one name: where nothing shows which one is meant, none is chosen for the user."""

from __future__ import annotations

import json
from typing import Any

from msgspec import structs

from sddoctor.lab import gallery
from sddoctor.lab.runner import Lab
from tests.in_process import run_in


def _report(*args: str) -> dict[str, Any]:
    with Lab(gallery.find("split-dns-missing-two-stages")) as lab:
        done = run_in(lab, [*lab.check_args, "-o", "json", *args])
    report: dict[str, Any] = json.loads(done.stdout)["reports"][0]
    return report


def _files(report: dict[str, Any]) -> list[str]:
    (finding,) = [f for f in report["findings"] if f["code"] == "split-dns-missing"]
    return [c for fix in finding["fixes"] for c in fix["commands"] if "nameserver" in c]


def test_each_that_may_be_meant_has_its_fix() -> None:
    report = _report()
    assert [("10.10.0.2" in f, "10.20.0.2" in f) for f in _files(report)] == [(True, False), (False, True)]
    assert "a VPC resolver (10.10.0.2 and 10.20.0.2)" in report["headline"]
    assert "which namespace example.internal is meant" in {g["what"] for g in report["gaps"]}


def test_a_server_that_is_named_says_which_one_is_meant() -> None:
    report = _report("--nameserver", "10.20.0.2")
    assert ["10.20.0.2" in f for f in _files(report)] == [True]
    assert not [g for g in report["gaps"] if "is meant" in g["what"]]


def test_a_server_that_the_host_asks_shows_which_one_is_meant() -> None:
    """It lies in the VPC of one of them, where no name server is."""
    world = gallery.find("split-dns-missing-two-stages")
    host = structs.replace(world.host, resolver_files={"example.internal": "nameserver 10.20.0.9\n"})
    with Lab(structs.replace(world, host=host)) as lab:
        report = json.loads(run_in(lab, [*lab.check_args, "-o", "json"]).stdout)["reports"][0]
    assert report["verdict"] == "broken"
    assert not [g for g in report["gaps"] if "is meant" in g["what"]]
    commands = [c for f in report["findings"] for fix in f["fixes"] for c in fix["commands"] if "nameserver" in c]
    assert commands
    assert [c for c in commands if "10.10.0.2" in c] == []
