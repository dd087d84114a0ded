"""Where facts about a host come from: the running host, or a directory that holds another host's files.

Both read files, list directories and run commands; the parsers never learn which of the two it was.
"""

from __future__ import annotations

import os
import platform as python_platform
import re
import subprocess
import sys
import threading
from pathlib import Path
from typing import IO, Protocol, cast

from sddoctor.case.host import Platform
from sddoctor.case.seen import Absent, Fact, Seen, Unreachable
from sddoctor.files import SIZE_LIMIT, list_directory, read_file, unread_beyond
from sddoctor.formats.host.os_release import linux_version
from sddoctor.observe.budget import MORE_TIME, TIME_OVER, Budget
from sddoctor.observe.host.children import child
from sddoctor.observe.host.root import HostRootError, RootDir, open_root

__all__ = ["HostRootError", "HostSource", "Platform", "RootDir", "RunningHost", "open_root"]

#: No command of the host may take longer than this (seconds).
COMMAND_SECONDS = 5.0

_CMDLET = re.compile(r"[A-Z][a-z]+-[A-Z][A-Za-z]+")
_PLAIN_WORD = re.compile(r"[A-Za-z0-9._:%/-]+")
#: What is wanted of the objects of cmdlets: all of their properties would take seconds.
_PROPERTIES = {
    "Get-DnsClientNrptRule": "Namespace,NameServers,DirectAccessDnsServers,DnsSecEnabled,DnsSecValidationRequired",
    "Get-DnsClientNrptPolicy": "Namespace,NameServers,DirectAccessDnsServers,DnsSecValidationRequired",
    "Get-DnsClientServerAddress": "InterfaceAlias,InterfaceIndex,AddressFamily,ServerAddresses",
    "Get-DnsClient": "InterfaceAlias,ConnectionSpecificSuffix,ConnectionSpecificSuffixSearchList",
    "Get-NetIPInterface": "InterfaceAlias,InterfaceIndex,AddressFamily,InterfaceMetric,ConnectionState",
    "Get-NetIPAddress": "InterfaceAlias,InterfaceIndex,IPAddress,PrefixLength",
    "Get-NetAdapter": "Name,InterfaceDescription,Status",
    "Find-NetRoute": "InterfaceAlias,InterfaceIndex,IPAddress,DestinationPrefix,NextHop",
}
#: JSON, since lists and tables are cut; in UTF-8 where the language mode allows to say so. The first error ends it.
_JSON = (
    "$ErrorActionPreference = 'Stop'; try {{ [Console]::OutputEncoding = [Text.UTF8Encoding]::new($false) }} catch {{ }}; "
    "ConvertTo-Json -Compress -Depth 5 -InputObject @({line} | Select-Object {properties})"
)
#: Windows PowerShell, and version 7 where only that is installed.
_POWERSHELLS = ("powershell.exe", "pwsh.exe")


class HostSource(Protocol):
    """Reads one host. Paths are absolute with ``/`` (``/etc/resolv.conf``, ``/Windows/System32/...``).

    A file or directory that does not exist, or a command that is not installed, is ``Absent``. ``label`` is the directory
    of recorded files, ``None`` for the running host.
    """

    @property
    def platform(self) -> Platform:
        """The operating system."""

    @property
    def version(self) -> str:
        """The version of the operating system, ``""`` when not known."""

    @property
    def label(self) -> str | None:
        """The directory that is read instead of the running host."""

    def read(self, path: str) -> Fact[bytes]:
        """Return the content of a file."""

    def list(self, path: str) -> Fact[tuple[str, ...]]:
        """Return the names in a directory, sorted, hidden ones included."""

    def variable(self, name: str) -> str | None:
        """Return an environment variable, to be compared and never kept; ``None`` where it is not set, or was not recorded."""

    def run(self, command_line: tuple[str, ...]) -> Fact[str]:
        """Return the standard output of a command, or its standard error if it failed and printed nothing else."""


class RunningHost:
    """The host that this program runs on. ``budget`` bounds the time of its commands."""

    label: str | None = None

    def __init__(self, budget: Budget | None = None) -> None:
        self._budget = budget
        names: dict[str, Platform] = {"darwin": "macos", "win32": "windows", "cygwin": "windows"}
        self.platform: Platform = names.get(sys.platform, "linux")

    @property
    def version(self) -> str:
        """The version of the running operating system."""
        if self.platform == "macos":
            return python_platform.mac_ver()[0]
        if self.platform == "windows":
            return python_platform.version()
        return linux_version(self.read("/etc/os-release"))

    def read(self, path: str) -> Fact[bytes]:
        """Read a file of this host."""
        return read_file(self._local(path), path)

    def list(self, path: str) -> Fact[tuple[str, ...]]:
        """List a directory of this host."""
        return list_directory(self._local(path), path)

    def variable(self, name: str) -> str | None:
        """Return a variable of this process."""
        return os.environ.get(name)

    def run(self, command_line: tuple[str, ...]) -> Fact[str]:
        """Run a command, without a shell, in the C locale, with bounded time and output."""
        shown = " ".join(command_line)
        if not _CMDLET.fullmatch(command_line[0]):
            return self._run(command_line, shown)
        arguments = _powershell(command_line)
        if arguments is None:
            return Unreachable(shown, "an argument has characters that PowerShell would interpret", "a plain name")
        for program in _POWERSHELLS:
            found = self._run((program, *arguments), shown)
            if not isinstance(found, Absent):
                return found
        return Unreachable(shown, "PowerShell is not installed", "powershell.exe")

    def _run(self, words: tuple[str, ...], shown: str) -> Fact[str]:
        seconds = COMMAND_SECONDS if self._budget is None else min(COMMAND_SECONDS, self._budget.remaining())
        return _run(words, shown, seconds)

    def _local(self, path: str) -> Path:
        if self.platform == "windows" and path.startswith("/Windows/"):
            return Path(os.environ.get("SYSTEMROOT", r"C:\Windows"), *path.split("/")[2:])
        return Path(path)


def _powershell(command_line: tuple[str, ...]) -> tuple[str, ...] | None:
    """Return what makes PowerShell print the objects of a cmdlet. Nothing but plain words gets into its script."""
    properties = _PROPERTIES.get(command_line[0])
    if properties is None or not all(_PLAIN_WORD.fullmatch(word) for word in command_line):
        return None
    script = _JSON.format(line=" ".join(command_line), properties=properties)
    return ("-NoProfile", "-NonInteractive", "-Command", script)


def _run(words: tuple[str, ...], shown: str, seconds: float) -> Fact[str]:
    if seconds <= 0:
        return Unreachable(shown, TIME_OVER, MORE_TIME)
    environment = {**os.environ, "LC_ALL": "C", "LANGUAGE": "C", "SYSTEMD_PAGER": "", "SYSTEMD_COLORS": "0"}
    try:
        with child(
            words,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment,
            start_new_session=True,
        ) as process:
            # Popen gives pipes here, because both were asked for.
            readers = [_Reader(cast("IO[bytes]", pipe)) for pipe in (process.stdout, process.stderr)]
            status = process.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        return Unreachable(shown, f"it did not end within {seconds:.1f} s", "a host that answers in time")
    except FileNotFoundError:
        return Absent(words[0], "PATH")
    except (OSError, ValueError) as error:
        return Unreachable(shown, f"it cannot be run: {error}", f"a working {words[0]}")
    output, errors = (reader.text(timeout=0.5) for reader in readers)
    cut = unread_beyond(SIZE_LIMIT) if any(reader.is_cut for reader in readers) else ()
    return Seen(errors if status and not output.strip() else output, shown, unread=cut)


class _Reader(threading.Thread):
    """Drains a pipe, so that the process never blocks, and keeps its first :data:`SIZE_LIMIT` bytes."""

    def __init__(self, pipe: IO[bytes]) -> None:
        super().__init__(daemon=True)
        self._pipe = pipe
        self._kept = bytearray()
        self.is_cut = False
        self.start()

    def run(self) -> None:
        with self._pipe as pipe:
            while block := pipe.read1(1 << 16) if hasattr(pipe, "read1") else pipe.read(1 << 16):
                room = SIZE_LIMIT - len(self._kept)
                self.is_cut = self.is_cut or len(block) > room
                self._kept += block[:room]

    def text(self, timeout: float) -> str:
        """Return what was read. If a child keeps the pipe open, this waits no longer than ``timeout`` seconds."""
        self.join(timeout)
        return bytes(self._kept).decode("utf-8", "replace")
