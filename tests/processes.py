"""Processes of this machine, as ``/proc`` shows them."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

#: Ends a process that does not end itself, in seconds; a sound one needs a fraction of a second.
PATIENCE = 60


def wait_until(condition: Callable[[], bool], what: str) -> None:
    """Wait for something that a process does; ``what`` says what did not come."""
    until = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < until, what
        time.sleep(0.02)


def children(pid: int) -> set[int]:
    """Return the processes that were started by one, and by those."""
    found: set[int] = set()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if int(fields[1]) == pid and fields[0] != "Z":
            child = int(stat.parent.name)
            found |= {child} | children(child)
    return found


def alive(pid: int) -> bool:
    """Tell whether a process has not ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def connections(pid: int) -> int:
    """Count the sockets of a process."""
    found = 0
    for link in Path(f"/proc/{pid}/fd").glob("*"):
        try:
            found += os.readlink(link).startswith("socket:")
        except OSError:
            continue
    return found
