"""Processes that look at this host: none of them outlives the command that started it.

A look-up may hang for half a minute, and is ended with its time. When the command itself is ended before that, whoever ends
it calls :func:`end_all`.
"""

from __future__ import annotations

import contextlib
import subprocess
import threading
from collections.abc import Iterator, Sequence
from typing import Any

_running: set[subprocess.Popen[bytes]] = set()
_lock = threading.Lock()
_ending = False


@contextlib.contextmanager
def child(words: Sequence[str], **options: Any) -> Iterator[subprocess.Popen[bytes]]:
    """Start a process that has ended when the block ends: it is killed if it has not by then.

    Raises what :class:`subprocess.Popen` raises.
    """
    with _lock:
        if _ending:
            raise OSError("the command is being ended")
        process = subprocess.Popen(words, **options)
        _running.add(process)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
        with _lock:
            _running.discard(process)


def end_all() -> None:
    """Kill every process that runs, and start none any more."""
    global _ending  # noqa: PLW0603 - it ends with the process
    with _lock:
        _ending = True
        for process in _running:
            with contextlib.suppress(OSError):
                process.kill()
