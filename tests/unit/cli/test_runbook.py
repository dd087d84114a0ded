"""``runbook`` from saved cases: printing, updating, and leaving alone."""

from __future__ import annotations

import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from sddoctor.case.case import Case
from sddoctor.cli import case_files
from sddoctor.cli.runbook import runbook
from sddoctor.cli.status import ExitStatus
from tests.scenarios.test_runbooks import NAME, article
from tests.unit.cli.cases import unseen_case

Run = Callable[..., Result]


@pytest.fixture(scope="module")
def seen() -> Case:
    return article()


@pytest.fixture
def run(tmp_path: Path) -> Run:
    def invoke(case: Case, *args: str) -> Result:
        case_files.save(tmp_path / "case.json", [case])
        return CliRunner().invoke(
            runbook, [case.name, "--from", str(tmp_path / "case.json"), *args], standalone_mode=False
        )

    return invoke


def test_it_prints_what_was_saved(run: Run, seen: Case) -> None:
    done = run(seen)
    assert (done.exception, done.return_value) == (None, ExitStatus.FINE)
    assert "| VPC | `vpc-0a1b2c3d4e5f60718` (`10.10.0.0/16`) |" in done.output
    assert "| `10.10.211.50` | `0f4a1c5be0d34e7fa1b2c3d4e5f60701` |" in done.output


def test_an_update_keeps_what_was_written_by_hand(run: Run, seen: Case, tmp_path: Path) -> None:
    target = tmp_path / "api.md"
    assert run(seen, "--update", str(target)).return_value == ExitStatus.FINE
    target.chmod(0o640)
    mine = target.read_text().replace("| team | *fill in* |", "| team | blue |").replace("10.10.211.50", "10.9.9.9")
    target.write_text(mine)
    done = run(seen, "--update", str(target))
    assert (done.stdout, done.return_value) == ("", ExitStatus.FINE)
    assert "was written" in done.stderr
    text = target.read_text()
    assert "| team | blue |" in text
    assert "10.9.9.9" not in text
    assert stat.S_IMODE(target.stat().st_mode) == 0o640
    before = target.stat()
    assert "is up to date" in run(seen, "--update", str(target)).stderr
    assert target.stat().st_mtime_ns == before.st_mtime_ns


def test_what_was_seen_once_is_not_replaced_by_nothing(run: Run, seen: Case, tmp_path: Path) -> None:
    target = tmp_path / "api.md"
    run(seen, "--update", str(target))
    before = target.read_text()
    done = run(unseen_case(seen.name), "--update", str(target))
    assert done.return_value == ExitStatus.UNDECIDED
    assert "was not written" in done.stderr
    assert "servicediscovery:ListNamespaces" in done.stderr
    assert target.read_text() == before
    run(unseen_case(seen.name), "--update", str(tmp_path / "new.md"))
    assert not (tmp_path / "new.md").exists()


def test_a_file_that_is_something_else_is_left_alone(run: Run, seen: Case, tmp_path: Path) -> None:
    for content in (b"# My notes\n", b"\xff\xfe"):
        target = tmp_path / "notes.md"
        target.write_bytes(content)
        done = run(seen, "--update", str(target))
        assert done.return_value == ExitStatus.USAGE
        assert "was left as it is" in done.stderr
        assert target.read_bytes() == content


def test_nothing_seen_is_no_runbook(run: Run) -> None:
    done = run(unseen_case())
    assert done.return_value == ExitStatus.UNDECIDED
    assert "# Runbook" in done.stdout


def test_a_name_that_was_not_saved(run: Run, seen: Case, tmp_path: Path) -> None:
    run(seen)
    done = CliRunner().invoke(
        runbook, ["other.example.internal", "--from", str(tmp_path / "case.json")], standalone_mode=False
    )
    assert "Nothing of 'other.example.internal' was saved there" in str(done.exception)
    assert seen.name == NAME
