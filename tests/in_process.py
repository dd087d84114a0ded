"""The real command line in this process: real HTTP, real sockets, without the second that starting a process costs.

``command`` runs any command in an environment, ``run_in`` one in a lab, as its host would; ``judge`` and ``judge_in``
check the name of a world and read the report.
"""

from __future__ import annotations

import contextlib
import gc
import io
import json
import os
import sys
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from subprocess import CompletedProcess
from typing import Any

import botocore.compat
import botocore.hooks
import botocore.loaders
import botocore.session
import pytest
from botocore.loaders import create_loader
from msgspec import Struct

from sddoctor.cli.main import run
from sddoctor.lab.aws.errors import IAM_PREFIX
from sddoctor.lab.runner import Lab
from sddoctor.lab.world import World

_loader = cache(create_loader)
_alias_of = botocore.hooks.EventAliaser._alias_event_name
_aliases: dict[str, str] = {}
_takes_any: dict[object, bool] = {}
_closing = ThreadPoolExecutor(max_workers=4, thread_name_prefix="close")
_ending: deque[Future[None]] = deque()
_MOST_ENDING = 8


def command(*args: str, env: Mapping[str, str], pasted: str = "") -> CompletedProcess[str]:
    """Run a command in the environment ``env`` and nothing else; ``pasted`` is its standard input."""
    out, errors = _pipe(), _pipe()
    with environment(env), models_read_once(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stdin", _pipe(pasted))
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(errors):
            status = run(args)
    return CompletedProcess(["sddoctor", *args], status, _written(out), _written(errors))


def run_in(lab: Lab, args: Sequence[str] | None = None) -> CompletedProcess[str]:
    """Run a command (default: the check of the world's name) in a lab as it is now: what ``Lab.run`` does as a process."""
    lab.refresh()
    return command(*(lab.check_args if args is None else args), env=lab.process_env())


def _pipe(content: str = "") -> io.TextIOWrapper:
    """Return a stream as a process has it: with an encoding, and bytes below."""
    return io.TextIOWrapper(io.BytesIO(content.encode()), encoding="utf-8", newline="", write_through=True)


def _written(stream: io.TextIOWrapper) -> str:
    stream.seek(0)
    return stream.read()


@contextlib.contextmanager
def in_lab(lab: Lab) -> Iterator[None]:
    """Let this process use a lab as it is now."""
    lab.refresh()
    with environment(lab.process_env()), models_read_once():
        yield


@contextlib.contextmanager
def environment(values: Mapping[str, str]) -> Iterator[None]:
    """Let the environment of this process be ``values`` for a while."""
    before = dict(os.environ)
    os.environ.clear()
    os.environ.update(values)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def collect_seldom() -> None:
    """Let the garbage collector look seldom at what lives until the end: at models, it is a fifth of a check's CPU time."""
    gc.set_threshold(50_000, 50, 100)


@contextlib.contextmanager
def models_read_once() -> Iterator[None]:
    """Let all sessions of boto3 share what is the same for each, which is most of the CPU time of a check.

    That is what they read of its models, by which name an event goes, and whether a function takes any keyword.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(botocore.session, "create_loader", _loader)
        patch.setattr(botocore.loaders, "create_loader", _loader)  # a scan makes one for itself
        patch.setattr(botocore.hooks.EventAliaser, "_alias_event_name", _alias_event_name)
        patch.setattr(botocore.hooks, "accepts_kwargs", _accepts_kwargs)
        yield


def _alias_event_name(aliaser: botocore.hooks.EventAliaser, name: str) -> str:
    """Return what botocore does; its aliases are the same for all sessions."""
    if name not in _aliases:
        _aliases[name] = _alias_of(aliaser, name)
    return _aliases[name]


def _accepts_kwargs(handler: Any) -> bool:
    """Return what botocore does; kept by the code, for a method keeps its object."""
    code = getattr(handler, "__code__", handler)
    if code not in _takes_any:
        _takes_any[code] = botocore.compat.accepts_kwargs(handler)
    return _takes_any[code]


class Said(Struct, frozen=True):
    """What the command said about one world, and the IAM actions that it asked for."""

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
    done = run_in(lab, [*args, "-o", "json", "--timeout", str(timeout)])
    assert done.stdout, done.stderr
    asked = tuple(sorted({f"{IAM_PREFIX.get(c.service, c.service)}:{c.operation}" for c in lab.aws_log}))
    return Said(done.returncode, json.loads(done.stdout)["reports"][0], done.stderr, asked)
