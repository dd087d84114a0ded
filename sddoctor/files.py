"""Reading files, bounded and with the reason for a failure, and writing them atomically."""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
from pathlib import Path

from sddoctor.case.seen import Absent, Fact, Seen, Unreachable

_LINK_LIMIT = 40
#: At most this much of a file or of a command's output is read (bytes): lists that block names make hosts files of 6 MB.
SIZE_LIMIT = 1 << 23


def read_file(path: Path, shown: str) -> Fact[bytes]:
    """Read a regular file. ``shown`` is its path as the host knows it. Devices and pipes are never opened."""
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        with os.fdopen(handle, "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                return Unreachable(shown, "it is not a regular file", f"a regular file at {shown}", "no-file")
            content = file.read(SIZE_LIMIT)
            return Seen(content, shown, unread=unread_beyond(SIZE_LIMIT) if file.read(1) else ())
    except (FileNotFoundError, NotADirectoryError):
        return Absent(shown, shown)
    except (OSError, ValueError) as error:
        return _unreadable(shown, error)


def unread_beyond(size: int) -> tuple[str, ...]:
    """Return what is not read of something larger than ``size`` bytes, for :attr:`Seen.unread`."""
    return (f"what follows its first {size} bytes",)


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


def inside(root: Path, path: str) -> Path | None:
    """Return the place of a host's ``path``, links resolved with ``root`` as ``/``; ``None`` for a loop of links."""
    pending = [part for part in path.split("/") if part not in ("", ".")][::-1]
    found: list[str] = []
    links = 0
    while pending:
        part = pending.pop()
        if part == "..":
            del found[-1:]
            continue
        try:
            target = os.readlink(root.joinpath(*found, part))
        except (OSError, ValueError):
            found.append(part)
            continue
        links += 1
        if links > _LINK_LIMIT:
            return None
        if target.startswith("/"):
            found.clear()
        pending += [part for part in target.split("/") if part not in ("", ".")][::-1]
    return root.joinpath(*found)


def write_whole(path: Path, data: bytes, mode: int | None = None) -> None:
    """Create or replace a file atomically; without ``mode`` only its owner may read it.

    Raises :class:`OSError`.
    """
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            if mode is not None:
                Path(temporary).chmod(mode)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(temporary).unlink()
        raise
