"""What installing or removing a configuration changes, worked out before anything is changed."""

from __future__ import annotations

import difflib

from msgspec import Struct

from sddoctor.install.change import Change
from sddoctor.install.tree import Tree, TreeError
from sddoctor.splitdns.format import Format, is_marked, mark_of
from sddoctor.splitdns.model import SplitDns, SplitDnsError

#: Beside the directories that are read: /etc/resolver and /etc/dnsmasq.d are read whatever a file is called.
BACKUPS = "/etc/sddoctor-backups"


class FileChange(Struct, frozen=True):
    """A file before and after; ``None`` where it does not exist.

    ``backup`` is where the old content goes, or, with ``restores``, where the new content comes from.
    """

    path: str
    before: bytes | None
    after: bytes | None
    backup: str | None = None
    restores: bool = False


def to_install(form: Format, config: SplitDns, tree: Tree, *, force: bool) -> tuple[FileChange, ...]:
    """Return what must change so that the configuration is in place; nothing if it is.

    Files of an earlier installation for the same namespace that are not part of it any more go.
    Raises :class:`SplitDnsError` for a file that is not ours (unless ``force``) and :class:`TreeError`.
    """
    changes = []
    wanted = form.files(config)
    for file in wanted:
        before, after = tree.read(file.path), file.content.encode()
        backup = None
        if before is not None and (before == after or _serves_already(before, after)):
            continue
        if before is not None and not before.startswith(mark_of(config.domain).encode()):
            if not force:
                raise _not_ours(file.path)
            backup = _backup(file.path)
            if tree.read(backup) is not None:
                raise SplitDnsError(f"There is a backup of {file.path} already: move {backup} away first.")
        changes.append(FileChange(file.path, before, after, backup))
    paths = {file.path for file in wanted}
    return (*changes, *(_taken_back(tree, p) for p in _installed(form, config.domain, tree) if p not in paths))


def _serves_already(before: bytes, after: bytes) -> bool:
    """Tell whether another namespace of the same VPC has brought the same: reverse zones are shared."""
    return is_marked(before) and before.partition(b"\n")[2] == after.partition(b"\n")[2]


def to_remove(form: Format, domain: str, tree: Tree, *, force: bool) -> tuple[FileChange, ...]:
    """Return what must change so that nothing of the configuration is left; a backup comes back.

    Raises :class:`SplitDnsError` for a file that is not ours (unless ``force``) and :class:`TreeError`.
    """
    paths = dict.fromkeys((form.path(domain), *_installed(form, domain, tree)))
    changes = []
    for path in paths:
        before = tree.read(path)
        if before is None and tree.read(_backup(path)) is None:
            continue
        if before is not None and not before.startswith(mark_of(domain).encode()) and not force:
            raise _not_ours(path)
        changes.append(_taken_back(tree, path))
    return tuple(changes)


def _taken_back(tree: Tree, path: str) -> FileChange:
    saved = tree.read(_backup(path))
    backup = None if saved is None else _backup(path)
    return FileChange(path, tree.read(path), saved, backup, restores=saved is not None)


def _installed(form: Format, domain: str, tree: Tree) -> tuple[str, ...]:
    """Return the files that were written for a namespace: those of its reverse zones have names of their own."""
    assert form.directory is not None  # noqa: S101 - only such formats are installed
    mark = mark_of(domain).encode()
    found = []
    for name in tree.names(form.directory):
        path = f"{form.directory}/{name}"
        try:
            content = tree.read(path)
        except TreeError:  # somebody else's link, device or directory
            continue
        if content is not None and content.startswith(mark):
            found.append(path)
    return tuple(found)


def _backup(path: str) -> str:
    return f"{BACKUPS}/{path.strip('/').replace('/', '_')}"


def _not_ours(path: str) -> SplitDnsError:
    return SplitDnsError(
        f"{path} was not written by sddoctor for this namespace, so it stays as it is; --force changes it all the same."
    )


def diff(change: FileChange) -> list[str]:
    """Return the change as a unified diff."""
    before, after = (_lines(c) for c in (change.before, change.after))
    old, new = ("/dev/null" if c is None else change.path for c in (change.before, change.after))
    return list(difflib.unified_diff(before, after, old, new, lineterm=""))


def _lines(content: bytes | None) -> list[str]:
    """Split at line feeds only, and show a carriage return: it is what makes a file go wrong."""
    text = (content or b"").decode("utf-8", "backslashreplace").replace("\r", "\\r")
    return text.removesuffix("\n").split("\n") if text else []


def make(change: FileChange, tree: Tree, transaction: Change) -> None:
    """Make a change. Raises :class:`TreeError`, also when the file is not any more what was shown."""
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
