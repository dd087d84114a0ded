"""Runs ``sddoctor check`` on a world inside this process: real HTTP, real sockets, the real command line.

Only the models of botocore are parsed once for all worlds instead of once for each, which is most of a check's CPU time.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from typing import Any

import boto3
import botocore.session
import pytest
from botocore.loaders import create_loader
from msgspec import Struct

from sddoctor.cli.main import run
from sddoctor.lab.runner import Lab
from sddoctor.lab.world import World

_Session = boto3.Session
_closing = ThreadPoolExecutor(max_workers=4, thread_name_prefix="close")
_ending: deque[Future[None]] = deque()
_MOST_ENDING = 8


class Said(Struct, frozen=True):
    """What the command said about one world, and the operations of AWS that it asked for."""

    status: int
    report: dict[str, Any]
    errors: str
    asked: tuple[str, ...] = ()

    @property
    def root_causes(self) -> list[str]:
        return list(self.report["root_causes"])

    def in_words(self) -> str:
        """Return what matters of the report, for the message of a failing test."""
        findings = "".join(f"\n    {f['role']}: {f['code']}: {f['summary']}" for f in self.report["findings"])
        gaps = "".join(f"\n    gap: {g['what']}: {g['why']}" for g in self.report["gaps"])
        return f"{self.report['verdict']} ({self.status}): {self.report['headline']}{findings}{gaps}\n{self.errors}"


@cache
def _loader() -> Any:
    return create_loader()


def _session(**options: Any) -> Any:
    core = botocore.session.get_session()
    core.register_component("data_loader", _loader())
    return _Session(botocore_session=core, **options)


def judge(world: World, timeout: float = 30) -> Said:
    """Check the world's name as its host would."""
    lab = Lab(world)
    lab.__enter__()
    try:
        return judge_in(lab, timeout)
    finally:
        # Its servers need up to half a second to end. Not many may wait for that: they use CPU as long as they are there.
        _ending.append(_closing.submit(lab.__exit__, None, None, None))
        if len(_ending) > _MOST_ENDING:
            _ending.popleft().result()


def judge_in(lab: Lab, timeout: float = 30, name: str | None = None) -> Said:
    """Check the name of a lab that runs, or another one, as it is now."""
    args = [name if name and a == lab.world.name else a for a in lab.check_args]
    out, errors = io.StringIO(), io.StringIO()
    with in_lab(lab), contextlib.redirect_stdout(out), contextlib.redirect_stderr(errors):
        status = run([*args, "-o", "json", "--timeout", str(timeout)])
    assert out.getvalue(), errors.getvalue()
    asked = tuple(sorted({c.action for c in lab.aws_log}))
    return Said(status, json.loads(out.getvalue())["reports"][0], errors.getvalue(), asked)


@contextlib.contextmanager
def in_lab(lab: Lab) -> Iterator[None]:
    """Let this process use a lab as it is now, with the models of botocore that are parsed already."""
    lab.refresh()
    with _environment(lab.env), pytest.MonkeyPatch.context() as patch:
        patch.setattr(boto3, "Session", _session)
        yield


@contextlib.contextmanager
def _environment(values: dict[str, str]) -> Iterator[None]:
    before = dict(os.environ)
    try:
        for name in [n for n in os.environ if n.startswith("AWS_")]:
            del os.environ[name]
        os.environ.update(values)
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
