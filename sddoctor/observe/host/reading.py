"""Bounded reading of files and directories, with the reason when it fails."""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path
from typing import Literal

from sddoctor.case.seen import Absent, Fact, Seen, Unreachable

Platform = Literal["linux", "macos", "windows"]

#: More of a file or of an output than this is not read (bytes).
SIZE_LIMIT = 1 << 20


def read_file(path: Path, shown: str) -> Fact[bytes]:
    """Read a regular file. ``shown`` is its path as the host knows it. Devices and pipes are never opened."""
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        with os.fdopen(handle, "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                return Unreachable(shown, "it is not a regular file", f"a regular file at {shown}")
            return Seen(file.read(SIZE_LIMIT), shown)
    except (FileNotFoundError, NotADirectoryError):
        return Absent(shown, shown)
    except (OSError, ValueError) as error:
        return _unreadable(shown, error)


def list_directory(path: Path, shown: str) -> Fact[tuple[str, ...]]:
    """List a directory. ``shown`` is its path as the host knows it."""
    try:
        return Seen(tuple(sorted(os.listdir(path))), shown)
    except (FileNotFoundError, NotADirectoryError):
        return Absent(shown, shown)
    except (OSError, ValueError) as error:
        return _unreadable(shown, error)


def _unreadable(shown: str, error: OSError | ValueError) -> Unreachable:
    if isinstance(error, PermissionError):
        return Unreachable(shown, "this user may not read it", f"read permission on {shown} (or sudo)")
    why = getattr(error, "strerror", None) or str(error)
    return Unreachable(shown, f"it cannot be read: {why}", f"a readable {shown}")


def linux_version(os_release: Fact[bytes]) -> str:
    """Return ``VERSION_ID`` of os-release (https://www.freedesktop.org/software/systemd/man/os-release.html)."""
    text = (os_release.peek() or b"").decode("utf-8", "replace")
    found = re.search(r"^VERSION_ID=[\"']?([^\"'\n]*)", text, re.MULTILINE)
    return found.group(1) if found else ""
