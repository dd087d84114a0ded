"""File changes that are all made, or none of them."""

from __future__ import annotations

import contextlib
import os
import secrets

from sddoctor.install.tree import Tree, TreeError, as_tree_error, name, parent

MODE, DIRECTORY_MODE = 0o644, 0o755


class Change:
    """A ``with`` block that undoes all changes when it ends, unless :meth:`keep` was called.

    Until then a file that is replaced or removed stays, with mode and owner, under a temporary name one directory above.
    New content is staged there too: macOS reads every file in /etc/resolver, even one that is still being written.
    """

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._undo = contextlib.ExitStack()
        self._cleanup = contextlib.ExitStack()

    def __enter__(self) -> Change:
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self._undo.close()
            self._cleanup.close()
        except OSError as error:
            raise TreeError(f"Not everything could be taken back: {error.strerror or error}.") from error

    def keep(self) -> None:
        """Keep the changes made so far."""
        self._undo.pop_all()

    def write(self, path: str, content: bytes) -> None:
        """Create or replace a file atomically, with mode 0644. Raises :class:`TreeError`."""
        with as_tree_error(path):
            self._make_directories(parent(path))
            self._set_aside(path)
            with self._tree.directory(path) as (above, handle):
                staged = _temporary_name()
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
        """Link a file to a second path, which must not exist. Raises :class:`TreeError`."""
        with as_tree_error(to):
            self._make_directories(parent(to))
            self._link(path, to)
            self._undo.callback(self._unlink, to)

    def move(self, path: str, to: str) -> None:
        """Move a file over another, with its mode and owner. Raises :class:`TreeError`."""
        with as_tree_error(path):
            self._set_aside(to)
            with self._tree.directory(path) as (_, source), self._tree.directory(to) as (_, target):
                os.replace(name(path), name(to), src_dir_fd=source, dst_dir_fd=target)
            self._undo.callback(self._link, to, path)

    def prune(self, directory: str) -> None:
        """Remove a directory if it is empty."""
        try:
            self._remove_directory(directory)
        except OSError:
            return
        self._undo.callback(self._create, directory)

    def remove(self, path: str) -> None:
        """Remove a file. Raises :class:`TreeError`."""
        with as_tree_error(path):
            self._set_aside(path)
            self._unlink(path)

    def _set_aside(self, path: str) -> None:
        """Keep the file under a temporary name for the undo, or note that there was none."""
        aside = _temporary_name()
        with self._tree.directory(path) as (above, handle):
            try:
                os.link(name(path), aside, src_dir_fd=handle, dst_dir_fd=above, follow_symlinks=False)
            except FileNotFoundError:
                self._undo.callback(self._unlink, path)
                return
        self._cleanup.callback(self._discard, path, aside)
        self._undo.callback(self._restore, path, aside)

    def _restore(self, path: str, aside: str) -> None:
        with self._tree.directory(path) as (above, handle):
            os.replace(aside, name(path), src_dir_fd=above, dst_dir_fd=handle)

    def _discard(self, path: str, aside: str) -> None:
        with contextlib.suppress(FileNotFoundError), self._tree.directory(path) as (above, _):
            os.unlink(aside, dir_fd=above)

    def _link(self, path: str, to: str) -> None:
        with self._tree.directory(path) as (_, source), self._tree.directory(to) as (_, target):
            os.link(name(path), name(to), src_dir_fd=source, dst_dir_fd=target, follow_symlinks=False)

    def _unlink(self, path: str) -> None:
        with contextlib.suppress(FileNotFoundError), self._tree.directory(path) as (_, handle):
            os.unlink(name(path), dir_fd=handle)

    def _make_directories(self, directory: str) -> None:
        if not directory or self._exists(directory):
            return
        self._make_directories(parent(directory))
        try:
            self._create(directory)
        except FileExistsError:  # a dangling link: opening the directory reports it
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


def _temporary_name() -> str:
    return f".sddoctor-{secrets.token_hex(8)}"
