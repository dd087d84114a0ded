"""A host whose files and commands are each read once, for observing many names from it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from sddoctor.case.host import Platform
from sddoctor.case.seen import Fact
from sddoctor.observe.host.source import HostSource

#: Results that are kept; those of commands about single names and addresses would otherwise fill the memory.
MOST = 512


class CachedHost:
    """A :class:`HostSource` that keeps the results of another one. Safe to use from several threads."""

    def __init__(self, source: HostSource) -> None:
        self._source = source
        self._lock = threading.Lock()
        self._kept: dict[tuple[str, ...], Fact[Any]] = {}

    @property
    def platform(self) -> Platform:
        """The operating system."""
        return self._source.platform

    @property
    def version(self) -> str:
        """The version of the operating system."""
        return self._source.version

    @property
    def label(self) -> str | None:
        """The directory that is read instead of the running host."""
        return self._source.label

    def read(self, path: str) -> Fact[bytes]:
        """Return the content of a file, as it was when it was first read."""
        return self._once(("read", path), lambda: self._source.read(path))

    def list(self, path: str) -> Fact[tuple[str, ...]]:
        """Return the names in a directory, as they were at first."""
        return self._once(("list", path), lambda: self._source.list(path))

    def variable(self, name: str) -> str | None:
        """Return an environment variable."""
        return self._source.variable(name)

    def run(self, command_line: tuple[str, ...]) -> Fact[str]:
        """Return what a command printed the first time."""
        return self._once(("run", *command_line), lambda: self._source.run(command_line))

    def _once(self, key: tuple[str, ...], read: Callable[[], Fact[Any]]) -> Fact[Any]:
        with self._lock:
            if key in self._kept:
                return self._kept[key]
        fact = read()
        with self._lock:
            if len(self._kept) < MOST:
                self._kept[key] = fact
        return fact
