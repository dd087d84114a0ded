"""Which files installing or removing a configuration changes, computed before any is changed."""

from __future__ import annotations

import difflib

from msgspec import Struct

from sddoctor.install.change import Change
from sddoctor.install.tree import Tree, TreeError
from sddoctor.splitdns.format import Format, is_marked, mark_of
from sddoctor.splitdns.model import SplitDns, SplitDnsError

#: Outside of the directories of the formats: every file in /etc/resolver and /etc/dnsmasq.d is read.
BACKUPS = "/etc/sddoctor-backups"


class FileChange(Struct, frozen=True):
    """A file before and after; ``None`` where it does not exist.

    ``backup`` is the path that the old content is saved to, or, with ``restores``, that the new content comes from.
    """

    path: str
    before: bytes | None
    after: bytes | None
    backup: str | None = None
    restores: bool = False


def to_install(form: Format, config: SplitDns, tree: Tree, *, force: bool) -> tuple[FileChange, ...]:
    """Return the changes that put the configuration in place, none if it is there already.

    Leftover files of an earlier installation for the same namespace are removed.
    Raises :class:`SplitDnsError` for a file not written by sddoctor (unless ``force``) and :class:`TreeError`.
    """
    changes = []
    files = form.files(config)
    for file in files:
        before, after = tree.read(file.path), file.content.encode()
        backup = None
        if before is not None and (before == after or _is_equivalent(before, after)):
            continue
        if before is not None and not before.startswith(mark_of(config.domain).encode()):
            if not force:
                raise _foreign_file(file.path)
            backup = _backup(file.path)
            if tree.read(backup) is not None:
                raise SplitDnsError(f"There is a backup of {file.path} already: move {backup} away first.")
        changes.append(FileChange(file.path, before, after, backup))
    paths = {file.path for file in files}
    return (*changes, *(_removal(tree, p) for p in _installed(form, config.domain, tree) if p not in paths))


def _is_equivalent(before: bytes, after: bytes) -> bool:
    """Tell whether another namespace of the VPC installed the same content: reverse zones are shared."""
    return is_marked(before) and before.partition(b"\n")[2] == after.partition(b"\n")[2]


def to_remove(form: Format, domain: str, tree: Tree, *, force: bool) -> tuple[FileChange, ...]:
    """Return the changes that remove the configuration and restore backups.

    Raises :class:`SplitDnsError` for a file not written by sddoctor (unless ``force``) and :class:`TreeError`.
    """
    paths = dict.fromkeys((form.path(domain), *_installed(form, domain, tree)))
    changes = []
    for path in paths:
        before = tree.read(path)
        if before is None and tree.read(_backup(path)) is None:
            continue
        if before is not None and not before.startswith(mark_of(domain).encode()) and not force:
            raise _foreign_file(path)
        changes.append(_removal(tree, path))
    return tuple(changes)


def _removal(tree: Tree, path: str) -> FileChange:
    saved = tree.read(_backup(path))
    backup = None if saved is None else _backup(path)
    return FileChange(path, tree.read(path), saved, backup, restores=saved is not None)


def _installed(form: Format, domain: str, tree: Tree) -> tuple[str, ...]:
    """Return the paths of all files written for a namespace, those of its reverse zones included."""
    assert form.directory is not None  # noqa: S101 - only such formats are installed
    mark = mark_of(domain).encode()
    found = []
    for name in tree.names(form.directory):
        path = f"{form.directory}/{name}"
        try:
            content = tree.read(path)
        except TreeError:  # a link, device or directory of another program
            continue
        if content is not None and content.startswith(mark):
            found.append(path)
    return tuple(found)


def _backup(path: str) -> str:
    return f"{BACKUPS}/{path.strip('/').replace('/', '_')}"


def _foreign_file(path: str) -> SplitDnsError:
    return SplitDnsError(
        f"{path} was not written by sddoctor for this namespace, so it stays as it is; --force changes it all the same."
    )


def diff(change: FileChange) -> list[str]:
    """Return the change as a unified diff."""
    before, after = (_lines(c) for c in (change.before, change.after))
    old, new = ("/dev/null" if c is None else change.path for c in (change.before, change.after))
    return list(difflib.unified_diff(before, after, old, new, lineterm=""))


def _lines(content: bytes | None) -> list[str]:
    """Split at line feeds only, and make carriage returns visible: they break resolver files."""
    text = (content or b"").decode("utf-8", "backslashreplace").replace("\r", "\\r")
    return text.removesuffix("\n").split("\n") if text else []


def apply(change: FileChange, tree: Tree, transaction: Change) -> None:
    """Make a change. Raises :class:`TreeError`, also when the file has changed since the plan was made."""
    if tree.read(change.path) != change.before:
        raise TreeError(f"{change.path} was changed in the meantime.")
    if change.backup is not None and change.restores:
        transaction.move(change.backup, change.path)
        transaction.prune(BACKUPS)
    elif change.after is None:
        transaction.remove(change.path)
    else:
        if change.backup is not None:
            transaction.copy(change.path, change.backup)
        transaction.write(change.path, change.after)
