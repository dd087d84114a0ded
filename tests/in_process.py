"""The real command line in this process: as a process of its own shows it, without the second that starting one costs."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from collections.abc import Iterator, Mapping
from subprocess import CompletedProcess

import pytest

from sddoctor.cli.main import run


def command(*args: str, env: Mapping[str, str], pasted: str = "") -> CompletedProcess[str]:
    """Run a command in the environment ``env`` and nothing else; ``pasted`` is its standard input."""
    out, errors = io.StringIO(), io.StringIO()
    with environment(env), pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(pasted.encode())))
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(errors):
            status = run(args)
    return CompletedProcess(["sddoctor", *args], status, out.getvalue(), errors.getvalue())


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
