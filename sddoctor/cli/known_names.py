"""The names of the last scan, for the shell to complete."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

#: More would make a shell wait, and be no help in finding one.
_MOST = 20_000
#: A shell's completion does not quote what it gets.
_HARMLESS = re.compile(r"[a-z0-9_][a-z0-9_.-]*")


def remember(names: Iterable[str]) -> None:
    """Keep these names in the user's cache directory. That it cannot be written harms nobody."""
    from sddoctor import files

    lines = sorted(dict.fromkeys(n for n in names if _HARMLESS.fullmatch(n)))[:_MOST]
    with contextlib.suppress(OSError, RuntimeError):
        path = _file()
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        files.write_whole(path, "".join(f"{line}\n" for line in lines).encode())


def recall(start: str) -> list[str]:
    """Return the names that begin with ``start``."""
    try:
        lines = _file().read_text(encoding="utf-8").split("\n")
    except (OSError, RuntimeError, UnicodeDecodeError):
        return []
    return [line for line in lines if _HARMLESS.fullmatch(line) and line.startswith(start.lower())]


def complete(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[Any]:
    """Complete a name on the command line, as ``shell_complete`` of an argument."""
    return list(recall(incomplete))


def _file() -> Path:
    """Return the file, by https://specifications.freedesktop.org/basedir-spec/latest/."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "sddoctor" / "names"
