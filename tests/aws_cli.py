"""Whether the real ``aws`` CLI takes a command line: asked in this process, and nothing is sent."""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
from functools import cache
from typing import Any

import pytest
from awscli.clidriver import CLIDriver, create_clidriver

_INNER = re.compile(r"\$\((aws .*?)\)\"")
_SETTINGS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": "us-east-1"}
_SETTINGS["AWS_DATA_PATH"] = os.environ.pop("AWS_DATA_PATH", "")  # the import sets it, and nobody else shall see it
_calls: list[str] = []


class _NotSentError(Exception):
    """Raised where the CLI would send the request."""


def calls_in(line: str) -> list[list[str]]:
    """Return the arguments of every ``aws`` in a line of shell, without the ``aws``: also those of ``$(...)``."""
    found = list(_INNER.findall(line))
    if line.startswith("aws "):
        found.append(_INNER.sub('x"', line))
    return [_first_command(text) for text in found]


def _first_command(text: str) -> list[str]:
    lexer = shlex.shlex(text, posix=True, punctuation_chars="|;&<>")
    lexer.whitespace_split = True
    words: list[str] = []
    for word in lexer:
        if set(word) <= set("|;&<>"):
            break
        words.append(word)
    return words[1:]


def refusal(arguments: list[str]) -> str:
    """Return what the CLI says against the arguments of ``aws``, nothing if it would send a request."""
    _calls.clear()
    said = io.StringIO()
    with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stderr(said), contextlib.redirect_stdout(said):
        for name in [n for n in os.environ if n.startswith("AWS_")]:
            patch.delenv(name)
        for name, value in _SETTINGS.items():
            patch.setenv(name, value)
        with contextlib.suppress(SystemExit):
            _driver(*arguments[:2]).main(arguments)
    if _calls or "SessionManagerPlugin" in said.getvalue():  # looked for before the request, after the arguments
        return ""
    return said.getvalue()


@cache
def _driver(service: str, operation: str) -> CLIDriver:
    """Return a CLI of its own for an operation: what an operation of EC2 adds to it would be in the way of others."""
    del service, operation
    driver = create_clidriver()
    driver.session.register("before-call", _stop)
    return driver


def _stop(event_name: str, **_: Any) -> None:
    _calls.append(event_name)
    raise _NotSentError
