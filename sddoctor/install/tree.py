"""The files of a host, below ``/`` or another directory, opened without being redirected by a symbolic link.

Links above a file's directory are followed as the host does, with the root as ``/``; neither that directory nor the
file may be a link.
"""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path

from sddoctor.files import SIZE_LIMIT, inside


class TreeError(Exception):
    """A file cannot be read or changed; the message is one sentence."""


class Tree:
    """The files below ``root``; paths are absolute, as the host has them."""

    def __init__(self, root: Path = Path("/")) -> None:
        self.root = root

    def read(self, path: str) -> bytes | None:
        """Return the content of a regular file, ``None`` if there is none. Raises :class:`TreeError`."""
        with as_tree_error(path):
            try:
                with self.directory(path) as (_, handle), os.fdopen(_open(handle, path), "rb") as file:
                    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                        raise TreeError(f"{path} is not a regular file.")
                    content = file.read(SIZE_LIMIT + 1)
            except FileNotFoundError:
                return None
        if len(content) > SIZE_LIMIT:
            raise TreeError(f"{path} has more than {SIZE_LIMIT} bytes.")
        return content

    def names(self, directory: str) -> tuple[str, ...]:
        """Return the names in a directory, empty if it does not exist. Raises :class:`TreeError`."""
        with as_tree_error(directory):
            try:
                with self.directory(f"{directory}/.") as (_, handle):
                    return tuple(sorted(os.listdir(handle)))
            except FileNotFoundError:
                return ()

    def writable(self, path: str) -> bool:
        """Tell whether this user may change the directory of a file, and the one above it."""
        return self._writable(parent(path)) and self._writable(parent(parent(path)))

    def _writable(self, directory: str) -> bool:
        place = inside(self.root, directory)
        while place is not None and not place.exists():
            place = place.parent
        return place is not None and os.access(place, os.W_OK | os.X_OK)

    @contextlib.contextmanager
    def directory(self, path: str) -> Iterator[tuple[int, int]]:
        """Open the directory above that of a file, and the file's directory itself.

        Raises :class:`TreeError` for a link, and :class:`OSError`.
        """
        place = parent(path)
        last = name(place)
        with self.followed(parent(place)) as above:
            if stat.S_ISLNK(os.stat(last, dir_fd=above, follow_symlinks=False).st_mode):
                raise TreeError(f"{place} is a symbolic link, and files are not changed through one.")
            handle = _enter(above, last)
            try:
                yield above, handle
            finally:
                os.close(handle)

    @contextlib.contextmanager
    def followed(self, directory: str) -> Iterator[int]:
        """Open a directory, following the host's links but never out of the root."""
        place = inside(self.root, directory)
        if place is None:
            raise TreeError(f"{directory} has symbolic links that go in a circle.")
        with contextlib.ExitStack() as stack:
            handle = os.open(self.root, os.O_RDONLY | os.O_DIRECTORY)
            stack.callback(os.close, handle)
            for part in place.relative_to(self.root).parts:
                handle = _enter(handle, part)
                stack.callback(os.close, handle)
            yield handle


def parent(path: str) -> str:
    """Return the directory of a path; that of ``/etc`` is empty."""
    return path.rpartition("/")[0]


def name(path: str) -> str:
    """Return the last part of a path."""
    return path.rpartition("/")[2]


@contextlib.contextmanager
def as_tree_error(path: str) -> Iterator[None]:
    """Turn an :class:`OSError` about a file into a :class:`TreeError`."""
    try:
        yield
    except OSError as error:
        raise TreeError(f"{path}: {error.strerror or error}.") from error


def _open(directory: int, path: str) -> int:
    if stat.S_ISLNK(os.stat(name(path), dir_fd=directory, follow_symlinks=False).st_mode):
        raise TreeError(f"{path} is a symbolic link, and files are not changed through one.")
    return os.open(name(path), os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=directory)


def _enter(above: int, part: str) -> int:
    return os.open(part, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=above)
