"""What docs/trust.md promises of a whole check: whom it contacts, what it writes, which programs it starts."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from msgspec import Struct

from sddoctor.lab import gallery
from sddoctor.lab.runner import Lab

#: Python itself tells what a process does: https://docs.python.org/3/library/audit_events.html
WATCHED = """
import json, os, sys
seen = open(os.environ["SEEN"], "a", buffering=1)
CHANGES = {"os.remove", "os.rename", "os.mkdir", "os.rmdir", "os.chmod", "os.chown", "os.link", "os.symlink", "os.truncate", "os.utime"}
def hook(event, args):
    if event in ("socket.connect", "socket.sendto", "socket.bind"):
        if isinstance(args[1], tuple):
            print(json.dumps([event, *args[1][:2]]), file=seen)
    elif event == "open" and isinstance(args[0], (str, bytes)):
        mode, flags = args[1], args[2]
        if flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
            print(json.dumps(["write", os.fsdecode(args[0])]), file=seen)
        else:
            print(json.dumps(["read", os.fsdecode(args[0])]), file=seen)
    elif event in ("subprocess.Popen", "os.exec", "os.posix_spawn", "os.system"):
        print(json.dumps(["start", str(args[0])]), file=seen)
    elif event in CHANGES:
        print(json.dumps(["write", str(args[0])]), file=seen)
sys.addaudithook(hook)
sys.dont_write_bytecode = True
from sddoctor.cli.main import run
sys.exit(run(sys.argv[1:]))
"""


class Did(Struct, frozen=True):
    """What a process did, and where it was allowed to send something."""

    status: int
    events: list[list[object]]
    allowed: set[tuple[str, int]]

    def of(self, *kinds: str) -> list[list[object]]:
        return [e[1:] for e in self.events if e[0] in kinds]


def _watched(lab: Lab, args: list[str], directory: Path) -> Did:
    seen = directory / "seen"
    lab.refresh()
    home = directory / "home"
    home.mkdir(exist_ok=True)
    env = lab.process_env() | {"SEEN": str(seen), "HOME": str(home), "XDG_CACHE_HOME": str(home / "cache")}
    done = subprocess.run(
        [sys.executable, "-c", WATCHED, *args], env=env, capture_output=True, check=False, timeout=120
    )
    events = [json.loads(line) for line in seen.read_text(encoding="utf-8").splitlines()]
    network = json.loads(Path(lab.env["SDDOCTOR_NETWORK"]).read_text(encoding="utf-8"))
    aws = urlsplit(lab.env["AWS_ENDPOINT_URL"])
    sockets = re.findall(r"127\.0\.0\.1#(\d+)", json.dumps(network))
    return Did(done.returncode, events, {("127.0.0.1", int(p)) for p in (*sockets, aws.port or 80)})


@pytest.fixture(scope="module", params=["split-dns-missing", "agent-disconnected"])
def did(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Did]:
    with Lab(gallery.find(request.param)) as lab:
        yield _watched(lab, lab.check_args, tmp_path_factory.mktemp("watched"))


def test_only_aws_the_name_servers_and_the_tasks_are_contacted(did: Did) -> None:
    contacted = {(str(host), port) for host, port in did.of("socket.connect", "socket.sendto")}
    assert did.status == 1
    assert len(contacted) > 2
    assert contacted <= did.allowed


def test_a_check_writes_nothing(did: Did) -> None:
    assert [path for (path,) in did.of("write") if path != os.devnull] == []


def test_a_check_of_other_files_starts_no_program(did: Did) -> None:
    assert did.of("start") == []


def test_a_check_of_other_files_reads_nothing_of_this_host(did: Did) -> None:
    """Python, its packages, time zones and AWS settings apart."""
    read = {str(path) for (path,) in did.of("read")}
    assert not {p for p in read if re.match(r"/etc/(?!localtime|mime|ssl|ca-|pki|gai)|/proc/net|/run|/sys", p)}


def test_only_the_file_that_was_named_is_saved(tmp_path: Path) -> None:
    target = tmp_path / "saved" / "case.json"
    target.parent.mkdir()
    with Lab(gallery.find("article")) as lab:
        done = _watched(lab, [*lab.check_args, "--save", str(target)], tmp_path)
    written = {Path(str(path)) for (path,) in done.of("write")} - {Path(os.devnull)}
    assert done.status == 0
    assert written
    assert all(p.parent == target.parent for p in written)
    assert [p.name for p in target.parent.iterdir()] == ["case.json"]
