"""Several namespaces of one name: where nothing shows which one is meant, none is chosen for the user."""

from __future__ import annotations

import json
from typing import Any

from sddoctor.lab import gallery
from sddoctor.lab.runner import Lab


def _report(*args: str) -> dict[str, Any]:
    with Lab(gallery.find("split-dns-missing-two-stages")) as lab:
        done = lab.run([*lab.check_args, "-o", "json", *args])
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
