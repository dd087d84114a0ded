"""Changes of files that are all made or none."""

from __future__ import annotations

import contextlib
import os
import secrets

from sddoctor.install.tree import Tree, TreeError, name, parent, sentence

MODE, DIRECTORY_MODE = 0o644, 0o755


class Change:
    """A ``with`` block that takes everything back when it ends, unless :meth:`keep` was called.

    What is replaced or removed keeps its old self, with mode and owner, under a second name one directory above until
    then. New content is staged there too: macOS reads every file in /etc/resolver, also one that is being written.
    """

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._undo = contextlib.ExitStack()
        self._tidy = contextlib.ExitStack()

    def __enter__(self) -> Change:
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self._undo.close()
            self._tidy.close()
        except OSError as error:
            raise TreeError(f"Not everything could be taken back: {error.strerror or error}.") from error

    def keep(self) -> None:
        """Let everything stay as it is now."""
        self._undo.pop_all()

    def write(self, path: str, content: bytes) -> None:
        """Put a file in its place, whole, with mode 0644. Raises :class:`TreeError`."""
        with sentence(path):
            self._make_directories(parent(path))
            self._set_aside(path)
            with self._tree.directory(path) as (above, handle):
                staged = _temporary()
                file = os.open(staged, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600, dir_fd=above)
                try:
                    with os.fdopen(file, "wb") as out:
                        out.write(content)
                        out.flush()
                        os.fchmod(out.fileno(), MODE)
                        os.fsync(out.fileno())
                    os.replace(staged, name(path), src_dir_fd=above, dst_dir_fd=handle)
                except BaseException:
                    with contextlib.suppress(OSError):
                        os.unlink(staged, dir_fd=above)
                    raise
                os.fsync(handle)

    def copy(self, path: str, to: str) -> None:
        """Give a file a second name, where there is nothing. Raises :class:`TreeError`."""
        with sentence(to):
            self._make_directories(parent(to))
            self._link(path, to)
            self._undo.callback(self._unlink, to)

    def move(self, path: str, to: str) -> None:
        """Move a file to the place of another, with its mode and owner. Raises :class:`TreeError`."""
        with sentence(path):
            self._set_aside(to)
            with self._tree.directory(path) as (_, one), self._tree.directory(to) as (_, other):
                os.replace(name(path), name(to), src_dir_fd=one, dst_dir_fd=other)
            self._undo.callback(self._link, to, path)

    def prune(self, directory: str) -> None:
        """Remove a directory if nothing is in it any more."""
        try:
            self._remove_directory(directory)
        except OSError:
            return
        self._undo.callback(self._create, directory)

    def remove(self, path: str) -> None:
        """Remove a file. Raises :class:`TreeError`."""
        with sentence(path):
            self._set_aside(path)
            self._unlink(path)

    def _set_aside(self, path: str) -> None:
        """Keep what is there for the way back, or note that there was nothing."""
        aside = _temporary()
        with self._tree.directory(path) as (above, handle):
            try:
                os.link(name(path), aside, src_dir_fd=handle, dst_dir_fd=above, follow_symlinks=False)
            except FileNotFoundError:
                self._undo.callback(self._unlink, path)
                return
        self._tidy.callback(self._forget, path, aside)
        self._undo.callback(self._put_back, path, aside)

    def _put_back(self, path: str, aside: str) -> None:
        with self._tree.directory(path) as (above, handle):
            os.replace(aside, name(path), src_dir_fd=above, dst_dir_fd=handle)

    def _forget(self, path: str, aside: str) -> None:
        with contextlib.suppress(FileNotFoundError), self._tree.directory(path) as (above, _):
            os.unlink(aside, dir_fd=above)

    def _link(self, path: str, to: str) -> None:
        with self._tree.directory(path) as (_, one), self._tree.directory(to) as (_, other):
            os.link(name(path), name(to), src_dir_fd=one, dst_dir_fd=other, follow_symlinks=False)

    def _unlink(self, path: str) -> None:
        with contextlib.suppress(FileNotFoundError), self._tree.directory(path) as (_, handle):
            os.unlink(name(path), dir_fd=handle)

    def _make_directories(self, directory: str) -> None:
        if not directory or self._exists(directory):
            return
        self._make_directories(parent(directory))
        try:
            self._create(directory)
        except FileExistsError:  # a link that leads nowhere: whoever uses it says so
            return
        self._undo.callback(self._remove_directory, directory)

    def _create(self, directory: str) -> None:
        with self._tree.followed(parent(directory)) as above:
            os.mkdir(name(directory), DIRECTORY_MODE, dir_fd=above)
            os.chmod(name(directory), DIRECTORY_MODE, dir_fd=above)  # whatever the umask is

    def _exists(self, directory: str) -> bool:
        try:
            with self._tree.followed(directory):
                return True
        except FileNotFoundError:
            return False

    def _remove_directory(self, directory: str) -> None:
        with self._tree.followed(parent(directory)) as above:
            os.rmdir(name(directory), dir_fd=above)


def _temporary() -> str:
    return f".sddoctor-{secrets.token_hex(8)}"
