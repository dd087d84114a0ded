"""A directory that holds another host's files and recorded command output (``--root DIR``).

Layout: files at their own path below DIR, output of commands in ``DIR/commands/`` under the command line with
blanks and slashes as ``_``. Where a command was run several times, its further outputs lie in ``.2``, ``.3`` and so on.
Symbolic links are followed as the recorded host would follow them, with DIR as its
root: neither a link nor ``..`` ever leads out of DIR.
"""

from __future__ import annotations

import json
import os
import threading
from pathlib import Path
from typing import get_args

from sddoctor.case.host import Platform
from sddoctor.case.seen import Absent, Fact, NotAttempted, Seen, Unreachable
from sddoctor.files import inside, list_directory, read_file
from sddoctor.formats.host.os_release import linux_version


class HostRootError(ValueError):
    """The directory given as ``--root`` cannot be used; the message is one sentence."""


class RootDir:
    """The host whose files lie in a directory. Nothing of the running host is read."""

    def __init__(self, path: Path, platform: Platform, version: str) -> None:
        self._root = path
        self.platform: Platform = platform
        self.version = version
        self.label: str | None = str(path)
        self._runs: dict[str, int] = {}
        self._lock = threading.Lock()

    def read(self, path: str) -> Fact[bytes]:
        """Read a file below the directory."""
        found = inside(self._root, path)
        if found is None:
            return Unreachable(path, "its symbolic links go in a circle", "a regular file in its place")
        return read_file(found, path)

    def list(self, path: str) -> Fact[tuple[str, ...]]:
        """List a directory below the directory."""
        found = inside(self._root, path)
        if found is None:
            return Unreachable(path, "its symbolic links go in a circle", "a directory in its place")
        return list_directory(found, path)

    def variable(self, name: str) -> str | None:  # noqa: ARG002 - of the recorded host there are none
        """Return nothing: the variables of this process are not those of that host."""
        return None

    def run(self, command_line: tuple[str, ...]) -> Fact[str]:
        """Return the recorded output of a command; ``NotAttempted`` when it was not recorded.

        The n-th run gets the n-th output; after the last one they begin anew.
        """
        shown = " ".join(command_line)
        recorded = "commands/" + shown.replace(" ", "_").replace("/", "_")
        found = self._next(f"/{recorded}")
        if isinstance(found, Seen):
            return Seen(_decoded(found.value), shown)
        if isinstance(found, Absent):
            return NotAttempted(shown, "its output is not among the recorded files", f"the output as {recorded}")
        return found

    def _next(self, path: str) -> Fact[bytes]:
        with self._lock:
            number = self._runs.get(path, 0) + 1
            found = self.read(path if number == 1 else f"{path}.{number}")
            if isinstance(found, Absent) and number > 1:
                number, found = 1, self.read(path)
            self._runs[path] = number
            return found


def _decoded(output: bytes) -> str:
    """Return recorded output: UTF-16 is what Windows PowerShell writes into a file."""
    utf16 = output.startswith((b"\xff\xfe", b"\xfe\xff"))
    return output.decode("utf-16" if utf16 else "utf-8", "replace")


def open_root(path: str | Path) -> RootDir:
    """Open a directory of recorded files. Raises :class:`HostRootError`."""
    root = Path(path)
    try:
        if not root.exists():
            raise HostRootError(f"There is no directory {root}.")
        if not root.is_dir():
            raise HostRootError(f"{root} is not a directory.")
        os.listdir(root)
    except (OSError, ValueError) as error:
        if isinstance(error, HostRootError):
            raise
        why = getattr(error, "strerror", None) or str(error)
        raise HostRootError(f"The directory {root} cannot be read: {why}.") from error
    platform, version = _declared(root)
    host = RootDir(root, platform or "linux", version)
    host.platform = platform or _guessed(host)
    host.version = version or _version(host)
    return host


def _declared(root: Path) -> tuple[Platform | None, str]:
    path = inside(root, "/os-release.json")
    found = read_file(path, "os-release.json") if path else None
    if found is None or isinstance(found, Absent):
        return None, ""
    if not isinstance(found, Seen):
        raise HostRootError(f"The file os-release.json in {root} cannot be read.")
    try:
        data = json.loads(found.value.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise HostRootError(f"The file os-release.json in {root} is not valid JSON.") from error
    if not isinstance(data, dict):
        raise HostRootError(f"The file os-release.json in {root} must hold an object.")
    platform, version = data.get("platform"), data.get("version", "")
    if platform is not None and platform not in get_args(Platform):
        raise HostRootError(f'The "platform" in os-release.json of {root} must be one of macos, linux, windows.')
    if not isinstance(version, (str, int, float)):
        raise HostRootError(f'The "version" in os-release.json of {root} must be a text.')
    return platform, str(version)


def _guessed(host: RootDir) -> Platform:
    """Guess the platform from what only one of them has."""
    if isinstance(host.list("/Windows"), Seen):
        return "windows"
    recorded = host.list("/commands").seen_or(())
    if any(name.startswith(("Get-DnsClient", "Get-NetIP", "Resolve-DnsName", "ipconfig")) for name in recorded):
        return "windows"
    if isinstance(host.list("/etc/resolver"), Seen) or any(n.startswith(("scutil", "sw_vers")) for n in recorded):
        return "macos"
    return "linux"


def _version(host: RootDir) -> str:
    if host.platform == "linux":
        return linux_version(host.read("/etc/os-release"))
    if host.platform == "macos":
        lines = (host.run(("sw_vers",)).seen_or("")).splitlines()
        return next((line.partition(":")[2].strip() for line in lines if line.startswith("ProductVersion")), "")
    return ""
