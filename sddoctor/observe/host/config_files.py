"""Follows the files of a forwarder's configuration from its main file, as the program itself would."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import NamedTuple

from sddoctor.case.seen import Absent, Fact, Seen, is_unseen
from sddoctor.formats.host.config_lines import TOP, ConfigLine, Include, Syntax
from sddoctor.observe.host.source import HostSource

#: More than any forwarder has; a circle of includes ends before it.
_MOST_FILES = 200
_MOST_LINES = 20_000
#: A name that no pattern means in particular.
_ANY_NAME = "sddoctor.conf"


class Followed(NamedTuple):
    """The lines in force in the order in which the program reads them, their files, and what could not be followed.

    ``folders`` are those of which every file that ends in ``.conf`` is read.
    """

    lines: tuple[ConfigLine, ...]
    files: tuple[str, ...]
    unread: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()


def follow(source: HostSource, syntax: Syntax, start: tuple[ConfigLine, ...]) -> Followed:
    """Return the lines of ``start``, with those of every file that they include in their place."""
    walk = _Walk(source, syntax)
    walk.take(start)
    return Followed(tuple(walk.lines), tuple(walk.files), tuple(walk.unread), tuple(walk.folders))


def text_of(fact: Fact[bytes]) -> str | None:
    """Return the text of a file, or ``None`` where it was not read."""
    return fact.value.decode("utf-8", "replace") if isinstance(fact, Seen) else None


class _Walk:
    def __init__(self, source: HostSource, syntax: Syntax) -> None:
        self._source, self._syntax = source, syntax
        self._directory = ""
        self.lines: list[ConfigLine] = []
        self.files: list[str] = []
        self.unread: list[str] = []
        self.folders: list[str] = []

    def take(self, lines: tuple[ConfigLine, ...]) -> None:
        for line in lines:
            if len(self.lines) >= _MOST_LINES:
                self._note(line, "there are too many lines")
                return
            self._directory = self._syntax.directory(line.text) or self._directory
            include = self._syntax.include(line.text)
            if include is None:
                self.lines.append(line)
            else:
                self._include(line, include)

    def _include(self, line: ConfigLine, include: Include) -> None:
        path = include.path
        if not path.startswith("/") and self._directory:
            path = f"{self._directory.rstrip('/')}/{path}"
        if not path.startswith("/"):
            self._note(line, "it is relative to a directory that is not known")
            return
        for file in self._files(line, include, path):
            self._read(line, include, file)

    def _files(self, line: ConfigLine, include: Include, path: str) -> list[str]:
        if include.kind == "file":
            return [path]
        directory, _, pattern = path.rstrip("/").rpartition("/") if include.kind == "pattern" else (path, "", "*")
        if "*" in directory or "?" in directory or "[" in directory:
            self._note(line, "a directory is a pattern")
            return []
        names = self._source.list(directory or "/")
        if is_unseen(names):
            self._note(line, _why(names))
            return []
        if isinstance(names, Seen) and include.wanted(_ANY_NAME) and fnmatchcase(_ANY_NAME, pattern):
            self.folders.append(directory.rstrip("/"))
        hidden = include.kind == "pattern" and not pattern.startswith(".")
        return [
            f"{directory.rstrip('/')}/{name}"
            for name in names.seen_or(())
            if include.wanted(name) and fnmatchcase(name, pattern) and not (hidden and name.startswith("."))
        ]

    def _read(self, line: ConfigLine, include: Include, path: str) -> None:
        if path in self.files:
            return
        content = self._source.read(path)
        text = text_of(content)
        if text is None and include.kind != "file" and isinstance(self._source.list(path), Seen):
            return  # a directory in the directory, which no program goes into
        if text is None or len(self.files) >= _MOST_FILES:
            self._note(line, f"{path}: {_why(content)}")
            return
        self.files.append(path)
        mark = (ConfigLine(path, 0, TOP),) if include.top else ()
        self.take((*mark, *self._syntax.lines(text, path), *mark))

    def _note(self, line: ConfigLine, why: str) -> None:
        self.unread.append(f"{line.where} {line.text}: {why}")


def _why(fact: Fact[bytes] | Fact[tuple[str, ...]]) -> str:
    if isinstance(fact, Seen):
        return "there are too many files"
    return "it is not there" if isinstance(fact, Absent) else fact.gap().why
