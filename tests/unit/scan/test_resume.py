"""An interrupted scan goes on where it was, and a file of another scan is refused."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from sddoctor.lab.runner import Lab
from tests.estates import estate
from tests.unit.scan.conftest import scan_in


def _lines(path: Path) -> list[bytes]:
    return path.read_bytes().splitlines(keepends=True) if path.exists() else []


@pytest.mark.slow
def test_a_scan_that_was_killed_goes_on(tmp_path: Path) -> None:
    file = tmp_path / "scan.progress"
    args = ("--resume", str(file), "-o", "jsonl", "--root")
    with Lab(estate(30, 1, faults={"latency_ms": 5})) as lab:
        command = lab.command(["scan", *args, str(lab.root)])
        process = subprocess.Popen(command, env=lab.process_env(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while process.poll() is None and len(_lines(file)) < 5:
            time.sleep(0.005)
        process.send_signal(signal.SIGKILL)
        process.wait()
        kept = _lines(file)
        assert len(kept) >= 5
        with file.open("ab") as cut:
            cut.write(b'{"account": "1111')  # as a write that was cut off
        scanned = scan_in(lab, "--resume", str(file), "-o", "jsonl")
    names = [line["name"] for line in scanned.lines]
    assert sorted(names) == [f"svc-{n:04d}.n0.internal" for n in range(30)]
    whole = [line for line in kept[1:] if line.endswith(b"\n")]
    assert scanned.asked["servicediscovery:ListInstances"] == 30 - len(whole)
    assert not file.exists()


def test_what_was_seen_before_counts_for_status_and_report(tmp_path: Path) -> None:
    file = tmp_path / "progress"
    broken = {0: {"desired": 0, "tasks": []}}
    with Lab(estate(2, broken=broken)) as lab:
        first = scan_in(lab, "--name", "*", "-o", "jsonl", "--resume", str(file))
        head = {"schema": "sddoctor.scan-progress/1", "scan": _told(lab)}
        file.write_text("".join(json.dumps(line) + "\n" for line in (head, *first.lines)))
        again = scan_in(lab, "--name", "*", "--resume", str(file))
    assert first.status == again.status == 1
    assert "2 names: 1 healthy, 1 broken." in again.out
    assert again.asked["servicediscovery:ListInstances"] == 0


def _told(lab: Lab) -> dict[str, object]:
    return {
        "namespaces": [], "names": ["*"], "api_only": False, "regions": [], "profiles": [], "roles": [],
        "nameservers": [], "client_vpc": None, "asker": "host", "root": str(lab.root), "ignore": [],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("my notes\n", "not a file that --resume wrote"),
        ('{"schema": "sddoctor.scan-progress/1", "scan": {}}\n', "other options"),
    ],
)
def test_another_file_is_refused_and_left_as_it_is(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "file"
    file.write_text(text)
    with Lab(estate(1)) as lab:
        scanned = scan_in(lab, "--resume", str(file))
    assert scanned.status == 2
    assert said in scanned.errors
    assert file.read_text() == text


@pytest.mark.slow
def test_an_interrupt_leaves_the_file_and_no_process(tmp_path: Path) -> None:
    file = tmp_path / "progress"
    with Lab(estate(20, 1, faults={"latency_ms": 20})) as lab:
        command = lab.command(["scan", "--resume", str(file), "--root", str(lab.root)])
        process = subprocess.Popen(
            command, env=lab.process_env(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True
        )
        while process.poll() is None and len(_lines(file)) < 2:
            time.sleep(0.005)
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=120)
    assert process.returncode == 130
    assert b"Traceback" not in errors
    assert _lines(file)
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)


@pytest.mark.slow
def test_a_reader_that_goes_away_ends_the_scan(tmp_path: Path) -> None:
    with Lab(estate(20, 1)) as lab:
        command = lab.command(["scan", "-o", "jsonl", "--root", str(lab.root)])
        process = subprocess.Popen(
            command,
            env=lab.process_env() | {"XDG_CACHE_HOME": str(tmp_path)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        assert process.stdout is not None
        assert process.stderr is not None
        assert json.loads(process.stdout.readline())["verdict"] == "healthy"
        process.stdout.close()
        errors = process.stderr.read()
        assert process.wait(timeout=120) == 0
        process.stderr.close()
    assert errors == b""
