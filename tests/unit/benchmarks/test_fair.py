"""The benchmarks compare like with like: the script asks what a check asks, and ratios are taken pair by pair."""

import re
import sys
from pathlib import Path

import pytest
from botocore import xform_name

from benchmarks.measure import Command, Result, Row, Sample, Spread, as_markdown, in_turn, ratio, run
from sddoctor.lab import gallery
from sddoctor.observe.aws.session import ORDER
from tests.in_process import judge

BENCHMARKS = Path(__file__).parents[3] / "benchmarks"


def test_the_script_asks_what_a_check_asks() -> None:
    text = (BENCHMARKS / "check.sh").read_text(encoding="utf-8")
    calls = re.findall(r"(?m)(?:^|\()aws ([a-z0-9]+) ([a-z-]+)", text)
    asked = judge(gallery.find("article")).asked
    assert {f"{service}:{operation}" for service, operation in calls} == {
        f"{a.split(':')[0]}:{xform_name(a.split(':')[1], '-')}" for a in asked
    }
    assert len(calls) <= len(asked) + 1  # DescribeVpcAttribute is asked twice


def test_the_floor_makes_the_clients_of_a_check() -> None:
    from benchmarks.floor import CLIENTS

    assert set(CLIENTS) == set(ORDER)


def test_ratios_are_of_neighbours() -> None:
    slow, fast = [Sample(2, 1, 10), Sample(9, 1, 10)], [Sample(1, 1, 5), Sample(3, 2, 5)]
    assert ratio(slow, fast) == Spread(2, 2.5, 3)
    assert ratio(slow, fast, "cpu") == Spread(0.5, 0.75, 1)


def test_processes_run_in_turn(tmp_path: Path) -> None:
    log = tmp_path / "log"
    commands = {n: Command(["sh", "-c", f"echo {n} >> {log}"]) for n in "ab"}
    assert {n: len(s) for n, s in in_turn(commands, 2).items()} == {"a": 2, "b": 2}
    assert log.read_text().split() == list("abab" + "ab")


def test_a_process_that_fails_is_no_figure() -> None:
    with pytest.raises(RuntimeError, match="status 3"):
        run(Command([sys.executable, "-c", "raise SystemExit(3)"]))


def test_the_table() -> None:
    text = as_markdown([Result("T", "How.", [Row("a", "wall", Spread(1, 2, 3), "at most 2")])])
    assert "## T\n\nHow.\n\n| what" in text
    assert re.search(r"\| a +\| wall +\| 2\.00 \(1\.00 to 3\.00\) +\| at most 2 +\|", text)
