"""Scans of worlds inside this process: real HTTP, real sockets, the real command line."""

from __future__ import annotations

import contextlib
import json
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec import Struct

from sddoctor.lab.runner import Lab
from sddoctor.lab.world import World
from tests.in_process import command


class Scanned(Struct, frozen=True):
    """What a scan said, and what the stand-in was asked."""

    status: int
    out: str
    errors: str
    asked: Counter[str]

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def verdicts(self) -> dict[str, str]:
        return {line["name"]: line["verdict"] for line in self.lines}


Scan = Callable[..., Scanned]


@pytest.fixture(autouse=True)
def _own_cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def scan_in(lab: Lab, *args: str, env: dict[str, str] | None = None) -> Scanned:
    """Scan a lab that runs."""
    before = len(lab.aws_log)
    done = command("scan", "--root", str(lab.root), *args, env=lab.process_env() | (env or {}))
    asked = Counter(call.action for call in lab.aws_log[before:])
    return Scanned(done.returncode, done.stdout, done.stderr, asked)


@pytest.fixture
def scan() -> Iterator[Scan]:
    """Scan a world with arguments; JSON lines unless they say otherwise."""
    with contextlib.ExitStack() as stack:

        def begin(world: World, *args: str) -> Scanned:
            lab = stack.enter_context(Lab(world))
            return scan_in(lab, *(args or ("-o", "jsonl")))

        yield begin
