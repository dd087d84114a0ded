"""Which files installing or removing a configuration changes, computed before any is changed."""

from __future__ import annotations

import contextlib
import difflib

from msgspec import Struct

from sddoctor.install.change import Change
from sddoctor.install.tree import Tree, TreeError
from sddoctor.splitdns.format import Existing, Format, TargetFile, is_marked, mark_of
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


class ForeignFileError(SplitDnsError):
    """A file that sddoctor did not write stands where one is to be written; ``change`` is what would replace it."""

    def __init__(self, sentence: str, change: FileChange) -> None:
        super().__init__(sentence)
        self.change = change


def to_install(form: Format, config: SplitDns, tree: Tree, *, force: bool) -> tuple[FileChange, ...]:
    """Return the changes that put the configuration in place, none if it is there already, whoever wrote it.

    Leftover files of an earlier installation for the same namespace are removed.
    Raises :class:`ForeignFileError` for a file not written by sddoctor (unless ``force``), :class:`SplitDnsError` and
    :class:`TreeError`.
    """
    changes = []
    files = form.files(config)
    others = _written_by_others(form, tree)
    for file in files:
        before, after = tree.read(file.path), file.content.encode()
        backup = None
        if before is not None and (before == after or _is_equivalent(before, after)):
            continue
        if _held_by_others(form, file, others, before):
            continue
        if before is not None and not before.startswith(mark_of(config.domain).encode()):
            if not force:
                raise ForeignFileError(_foreign_file(file.path), FileChange(file.path, before, after))
            backup = _backup(file.path)
            if tree.read(backup) is not None:
                raise SplitDnsError(f"There is a backup of {file.path} already: move {backup} away first.")
        changes.append(FileChange(file.path, before, after, backup))
    paths = {file.path for file in files}
    return (*changes, *(_removal(tree, p) for p in installed(form, config.domain, tree) if p not in paths))


def _written_by_others(form: Format, tree: Tree) -> dict[str, str]:
    """Return the text of every file that the program reads and sddoctor did not write, by path."""
    suffix = form.file_name.rpartition("{domain}")[2]
    read = [p for p in _paths(form, tree) if p.endswith(suffix)]
    found = {}
    for path in (*read, *([form.main] if form.main else [])):
        with contextlib.suppress(TreeError):  # a link, device or directory
            content = tree.read(path)
            if content is not None and not is_marked(content):
                found[path] = content.decode("utf-8", "replace")
    return found


def _held_by_others(form: Format, file: TargetFile, others: dict[str, str], before: bytes | None) -> bool:
    """Tell whether a file of somebody else has the effect of this one: that in its place or, if there is none, any."""
    held = [path for path in others if before is None or path == file.path]
    return any(
        form.holds(Existing(path, others[path], tuple(o for o in others.items() if o[0] != path)), file.config)
        for path in held
    )


def _is_equivalent(before: bytes, after: bytes) -> bool:
    """Tell whether another namespace of the VPC installed the same content: reverse zones are shared."""
    return is_marked(before) and before.partition(b"\n")[2] == after.partition(b"\n")[2]


def to_remove(form: Format, domain: str, tree: Tree, *, force: bool) -> tuple[FileChange, ...]:
    """Return the changes that remove the configuration and restore backups.

    Raises :class:`SplitDnsError` for a file not written by sddoctor (unless ``force``) and :class:`TreeError`.
    """
    paths = dict.fromkeys((form.path(domain), *installed(form, domain, tree)))
    changes = []
    for path in paths:
        before = tree.read(path)
        if before is None and tree.read(_backup(path)) is None:
            continue
        if before is not None and not before.startswith(mark_of(domain).encode()) and not force:
            raise SplitDnsError(_foreign_file(path))
        changes.append(_removal(tree, path))
    return tuple(changes)


def _removal(tree: Tree, path: str) -> FileChange:
    saved = tree.read(_backup(path))
    backup = None if saved is None else _backup(path)
    return FileChange(path, tree.read(path), saved, backup, restores=saved is not None)


def _paths(form: Format, tree: Tree) -> tuple[str, ...]:
    assert form.directory is not None  # noqa: S101 - only such formats are installed
    return tuple(f"{form.directory}/{name}" for name in tree.names(form.directory))


def installed(form: Format, domain: str, tree: Tree) -> tuple[str, ...]:
    """Return the paths of all files written for a namespace, those of its reverse zones included."""
    mark = mark_of(domain).encode()
    found = []
    for path in _paths(form, tree):
        try:
            content = tree.read(path)
        except TreeError:  # a link, device or directory of another program
            continue
        if content is not None and content.startswith(mark):
            found.append(path)
    return tuple(found)


def _backup(path: str) -> str:
    return f"{BACKUPS}/{path.strip('/').replace('/', '_')}"


def _foreign_file(path: str) -> str:
    return (
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
