"""Child processes that read this host: none of them outlives the command that started it.

A lookup may hang for half a minute, and is killed when its time is over. If the command itself ends before that, it must
call :func:`end_all`.
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
    """Start a process, and kill it at the end of the block unless it has ended.

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
    """Kill every running process, and refuse to start further ones."""
    global _ending  # noqa: PLW0603 - it ends with the process
    with _lock:
        _ending = True
        for process in _running:
            with contextlib.suppress(OSError):
                process.kill()
