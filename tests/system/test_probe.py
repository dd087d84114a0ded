"""The script of ``sddoctor probe``, run for real in each shell: what its output tells is what a check there tells."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.system.conftest import Check
from tests.system.topology import LAPTOP, ROUTER, VPC_RESOLVER, Network

pytestmark = pytest.mark.system

NAME = "dev-api.example.internal"
SDDOCTOR = (sys.executable, "-m", "sddoctor")
#: All that a small image has.
APPLETS = ("sh", "sed", "cat", "dd", "tr", "uname", "date", "nslookup")


def _place(shell: str, tmp_path: Path) -> tuple[str, str]:
    """Return the shell to run and the PATH of a place that has it."""
    if shell != "busybox":
        return shell, os.environ["PATH"]
    busybox = shutil.which("busybox")
    assert busybox is not None
    small = tmp_path / "small"
    small.mkdir()
    for applet in APPLETS:
        (small / applet).symlink_to(busybox)
    return str(small / "sh"), str(small)


def _probe(network: Network, tmp_path: Path, shell: str, *args: str) -> Path:
    script, output = tmp_path / "probe.sh", tmp_path / "probe.txt"
    made = subprocess.run([*SDDOCTOR, "probe", NAME, *args], capture_output=True, text=True, check=True)
    program, path = _place(shell, tmp_path)
    # What is pasted runs in the interactive shell's sh: that of the place.
    body = made.stdout.split("\n", 1)[1].rsplit("SDDOCTOR_PROBE_ENDS", 1)[0]
    script.write_text(body)
    program = shutil.which(program) or program
    done = network.run("env", f"PATH={path}", "SECRET_OF_THE_TASK=hunter2", program, str(script))
    assert done.stderr == ""
    assert "hunter2" not in done.stdout
    output.write_text(done.stdout)
    return output


def _judged(*files: Path) -> dict[str, Any]:
    words = [word for path in files for word in ("--from", str(path))]
    done = subprocess.run([*SDDOCTOR, "check", *words, "-o", "json"], capture_output=True, text=True, check=False)
    assert done.stdout, done.stderr
    report: dict[str, Any] = json.loads(done.stdout)["reports"][0]
    return report


def _set_up(network: Network, scene: str) -> None:
    right = f"nameserver {VPC_RESOLVER}\n"
    if scene == "healthy":
        network.files(resolv_conf=right)
    elif scene == "hosts-file-override":
        network.files(resolv_conf=right, hosts=f"127.0.0.1 localhost\n10.10.9.9 {NAME}\n")
    elif scene == "nameserver-beyond-third":
        network.files(resolv_conf=f"nameserver {ROUTER}\n" * 3 + right)
    elif scene == "no-route-to-resolver":
        network.files(resolv_conf=right)
        network.ip(LAPTOP, "route", "del", "10.10.0.0/16")


@pytest.mark.parametrize(
    ("scene", "shell"),
    [
        ("healthy", "busybox"),
        ("healthy", "dash"),
        ("healthy", "bash"),
        ("split-dns-missing", "busybox"),
        ("split-dns-missing", "dash"),
        ("hosts-file-override", "dash"),
        ("nameserver-beyond-third", "dash"),
        ("no-route-to-resolver", "dash"),
    ],
)
def test_it_tells_what_a_check_there_tells(
    network: Network, check: Check, tmp_path: Path, scene: str, shell: str
) -> None:
    _set_up(network, scene)
    aws = tmp_path / "aws.json"
    there = check("--save", str(aws))
    assert there["root_causes"] == ([] if scene == "healthy" else [scene]), there["headline"]
    report = _judged(_probe(network, tmp_path, shell, "--nameserver", VPC_RESOLVER), aws)
    if shell == "busybox":  # without getent nobody knows what programs get, and no cause may be made up for it
        assert set(report["root_causes"]) <= set(there["root_causes"]), report["headline"]
        return
    assert report["verdict"] == there["verdict"], report["headline"]
    assert report["root_causes"] == there["root_causes"], report["headline"]


#: A user at a terminal: waits for the prompt, pastes, waits for the last line, and leaves.
_TERMINAL = """
import os, pty, select, sys, time
pasted = sys.stdin.buffer.read()
child, terminal = pty.fork()
if child == 0:
    os.execvp("dash", ["dash", "-i"])
said, deadline = b"", time.monotonic() + 50
while time.monotonic() < deadline and not said.rstrip().endswith(b"exit"):
    ready, able, _ = select.select([terminal], [terminal] if pasted else [], [], 0.2)
    if ready:
        try:
            said += os.read(terminal, 65536)
        except OSError:
            break
    if able and b"# " in said:
        pasted = pasted[os.write(terminal, pasted[:200]):]
    if b"sddoctor.probe/1 end\\r\\n" in said and not pasted:
        os.write(terminal, b"exit\\n")
        time.sleep(0.2)
        said += os.read(terminal, 65536)
        break
sys.stdout.buffer.write(said)
"""


def test_pasted_into_a_terminal(network: Network, tmp_path: Path) -> None:
    """The terminal echoes what is pasted, ends lines with CR LF, and the session says hello and goodbye."""
    network.files(resolv_conf=f"nameserver {VPC_RESOLVER}\n")
    made = subprocess.run([*SDDOCTOR, "probe", NAME], capture_output=True, text=True, check=True)
    done = subprocess.run(
        ["ip", "netns", "exec", LAPTOP, sys.executable, "-c", _TERMINAL],
        input=made.stdout.encode(),
        capture_output=True,
        timeout=60,
        check=False,
    )
    # The shell's next prompt may fall into the echo of any line but the first.
    assert b"# sh <<'SDDOCTOR_PROBE_ENDS'\r\n" in done.stdout, done.stdout[-2000:]
    assert b"end\r\n" in done.stdout, done.stdout[-2000:]
    output = tmp_path / "session.txt"
    output.write_bytes(
        b"\r\nThe Session Manager plugin was installed.\r\n\r\n" + done.stdout + b"\r\nExiting session.\r\n"
    )
    report = _judged(output)
    host = next(h for h in report["hops"] if h["hop"] == "host")
    assert host["addresses"] == ["10.10.211.50", "10.10.212.150"]
