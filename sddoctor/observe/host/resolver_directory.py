"""The directory /etc/resolver of macOS: every entry is read, hidden files and editor backups included."""

from __future__ import annotations

from sddoctor.case.host import ResolverFile
from sddoctor.case.seen import Fact, Seen, Unreachable
from sddoctor.formats.host import resolver_file
from sddoctor.observe.host.source import HostSource

PATH = "/etc/resolver"
_MOST_FILES = 1000


def read(source: HostSource) -> tuple[Fact[tuple[ResolverFile, ...]], tuple[str, ...]]:
    """Return the files as macOS reads them, and the paths that this user may not read (the system may)."""
    names = source.list(PATH)
    if not isinstance(names, Seen):
        return names, ()
    found: list[ResolverFile] = []
    unread: list[str] = []
    for name in names.value[:_MOST_FILES]:
        path = f"{PATH}/{name}"
        content = source.read(path)
        if isinstance(content, Seen):
            found.append(resolver_file.parse(content.value, path))
        elif isinstance(content, Unreachable) and content.kind != "no-file":
            unread.append(path)
    left = tuple(f"{PATH}/{name}" for name in names.value[_MOST_FILES:])
    return Seen(tuple(found), PATH, unread=left), tuple(unread)
