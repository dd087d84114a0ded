"""The host that a probe ran on, as a source for the parsers of host files and commands."""

from __future__ import annotations

from sddoctor.case.host import Platform
from sddoctor.case.seen import Absent, Fact, NotAttempted, Seen, Unreachable
from sddoctor.formats.host.os_release import linux_version
from sddoctor.formats.probe.transcript import Transcript

_NEEDS = "a look from that host"
#: Folders of the forwarders on a host, of which all files are read.
_FOLDERS = frozenset((
    "/etc/dnsmasq.d", "/etc/NetworkManager/conf.d", "/etc/NetworkManager/dnsmasq.d", "/usr/lib/NetworkManager/conf.d",
    "/run/NetworkManager/conf.d", "/etc/unbound/unbound.conf.d", "/etc/unbound/conf.d", "/etc/unbound/local.d",
))  # fmt: skip


class ProbedHost:
    """A host by the output of a probe. What the script does not read is ``NotAttempted``."""

    def __init__(self, transcript: Transcript) -> None:
        self._seen = transcript
        system = transcript.runs.get("uname -s", ("Linux", 0))[0].strip()
        self.platform: Platform = "macos" if system == "Darwin" else "linux"
        self.label: str | None = f"the probe on {transcript.host}" if transcript.host else "the probe"

    @property
    def version(self) -> str:
        """The version of the operating system."""
        if self.platform == "macos":
            lines = self._seen.runs.get("sw_vers", ("", 0))[0].splitlines()
            return next((line.partition(":")[2].strip() for line in lines if line.startswith("ProductVersion")), "")
        return linux_version(self.read("/etc/os-release"))

    def read(self, path: str) -> Fact[bytes]:
        """Return the content of a file that the probe read."""
        if f"exists {path}" in self._seen.marks:
            return Seen(b"", path)
        if path in self._seen.files:
            content = self._seen.files[path].encode("utf-8", "replace")
            return Seen(content, path, unread=self._seen.unread.get(path, ()))
        if path in self._seen.absent:
            return Absent(path, path)
        if path in self._seen.unreadable:
            return Unreachable(path, "that user may not read it", f"read permission on {path} (or sudo)")
        return NotAttempted(path, "a probe does not read it", _NEEDS)

    def list(self, path: str) -> Fact[tuple[str, ...]]:
        """Return the names of the files that the probe read in a directory of resolver files."""
        inside = f"{path.rstrip('/')}/"
        if path == "/lib" and "musl" in self._seen.marks:
            return Seen(("ld-musl-",), path)
        if path == "/usr/bin":
            return Seen(
                tuple(sorted(m.removeprefix("program ") for m in self._seen.marks if m.startswith("program "))), path
            )
        paths = (*self._seen.files, *self._seen.unreadable)
        names = tuple(sorted({f.removeprefix(inside).partition("/")[0] for f in paths if f.startswith(inside)}))
        if path == "/proc":
            names = tuple(n for n in names if f"/proc/{n}/cmdline" in self._seen.files)
        if path in ("/sys/class/net", "/proc") and names:
            return Seen(names, path)
        if path in _FOLDERS and (names or f"{inside}*" in self._seen.absent):
            return Seen(names, path) if names else Absent(path, path)
        if path in ("/etc/resolver", "/mnt/c/Users"):
            return Seen(names, path) if names else Absent(path, path)
        return NotAttempted(path, "a probe does not list it", _NEEDS)

    def variable(self, name: str) -> str | None:
        """Return the value that the probe compared a variable with, ``set`` where it is only set."""
        begin = f"variable {name}="
        found = [m.removeprefix(begin) for m in self._seen.marks if m.startswith(begin)]
        # Earlier scripts told of all variables of AWS by one mark.
        found += ["set"] if name == "AWS_EXECUTION_ENV" and "aws" in self._seen.marks else []
        return max(found, key=len) or "set" if found else None

    def run(self, command_line: tuple[str, ...]) -> Fact[str]:
        """Return what a command printed there."""
        shown = " ".join(command_line)
        if shown in self._seen.runs:
            text = self._seen.runs[shown][0]
            return Seen(f"{text}\n" if text else "", shown, unread=self._seen.unread.get(shown, ()))
        if shown in self._seen.missing and command_line[0] == "getent":
            return NotAttempted(shown, "getent is not installed there", "getent, in that image")
        if shown in self._seen.missing:
            return Absent(command_line[0], "PATH")
        return NotAttempted(shown, "a probe does not run it", _NEEDS)
