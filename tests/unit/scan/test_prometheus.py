"""The metrics are valid exposition text, and a file of them is there whole or not at all."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sddoctor.lab.runner import Lab
from sddoctor.report.scan.prometheus import render
from sddoctor.report.scan.rows import Row
from tests.estates import estate
from tests.unit.scan.conftest import Scan, scan_in

METRIC = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
LABEL = r'[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\["\\n])*"'
SAMPLE = re.compile(rf"({METRIC})(?:\{{({LABEL}(?:,{LABEL})*)\}})? (-?[0-9.]+(?:e[+-]?[0-9]+)?)")


def parse(text: str) -> dict[str, dict[str, float]]:
    """Read exposition text strictly: HELP, TYPE, then the samples of that metric, each series once.

    https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format
    """
    assert text.endswith("\n")
    found: dict[str, dict[str, float]] = {}
    current = ""
    helped = ""
    for line in text.split("\n")[:-1]:
        if line.startswith("# HELP "):
            helped = line.split(" ")[2]
            assert helped not in found
        elif line.startswith("# TYPE "):
            _, _, current, kind = line.split(" ")
            assert current == helped
            assert kind == "gauge"
            found[current] = {}
        else:
            match = SAMPLE.fullmatch(line)
            assert match, line
            name, labels, value = match.groups()
            assert name == current
            assert (labels or "") not in found[name], line
            found[name][labels or ""] = float(value)
    return found


def test_metrics_are_valid_and_say_what_the_scan_says(scan: Scan) -> None:
    scanned = scan(estate(3, broken={1: {"desired": 0, "tasks": []}}), "-o", "prometheus")
    found = parse(scanned.out)
    healthy = found["sddoctor_name_healthy"]
    assert len(healthy) == 3
    assert sum(healthy.values()) == 2
    (cause,) = found["sddoctor_name_root_cause"]
    assert 'name="svc-0001.n0.internal"' in cause
    assert 'code="service-scaled-to-zero"' in cause
    assert sum(found["sddoctor_scan_names"].values()) == 3
    assert len(found["sddoctor_name_verdict"]) == 12
    assert found["sddoctor_scan_finished_timestamp_seconds"][""] > 1.7e9
    assert found["sddoctor_scan_unlisted"] == {"": 0}


def test_hostile_labels_stay_labels() -> None:
    from datetime import UTC, datetime

    row = Row("1", "r", "", "", 'a"} 1\nx', 'b\\"\x1b[31m\u202e', "broken", "h", ("c",), problem=True)
    found = parse(render([row], datetime.now(UTC)))
    assert set(found["sddoctor_name_healthy"]) == {r'account="1",region="r",namespace="a\"} 1 x",name="b\\\""'}


def test_an_empty_scan_is_valid_too() -> None:
    from datetime import UTC, datetime

    assert parse(render([], datetime.now(UTC)))["sddoctor_scan_unlisted"] == {"": 0}


def test_the_file_is_replaced_whole_and_can_be_read_by_others(tmp_path: Path) -> None:
    file = tmp_path / "sddoctor.prom"
    file.write_text("old\n")
    with Lab(estate(1)) as lab:
        scanned = scan_in(lab, "-o", "prometheus", "--output-file", str(file))
    assert scanned.out == ""
    assert parse(file.read_text())
    assert file.stat().st_mode & 0o777 == 0o644
    assert list(tmp_path.glob(".sddoctor.prom*")) == []


def test_a_scan_that_fails_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "sddoctor.prom"
    file.write_text("old\n")
    monkeypatch.setattr("sddoctor.cli.scan_output.prometheus.render", lambda *_: 1 / 0)
    with Lab(estate(1)) as lab:
        scanned = scan_in(lab, "-o", "prometheus", "--output-file", str(file))
    assert scanned.status == 3
    assert file.read_text() == "old\n"
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".sddoctor")] == []
