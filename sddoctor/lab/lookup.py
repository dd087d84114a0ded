"""What an ordinary program on the world's host gets for a name, by the host's files and the lab's servers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from sddoctor.lab.dns.result import covers
from sddoctor.lab.dns.service import NameService

#: Servers that libc and macOS take from one list. resolv.conf(5)
MAX_SERVERS = 3


class HostLookup:
    """Looks names up like getaddrinfo of the platform, from the files under ``root``.

    ``reaches`` tells whether a server can be asked from the host.
    """

    def __init__(self, service: NameService, root: Path, platform: str, reaches: Callable[[str], bool]) -> None:
        self._service = service
        self._root = root
        self._macos = platform == "macos"
        self._reaches = reaches

    def addresses(self, name: str) -> tuple[str, ...]:
        """Return what a program gets for the name as written, final dot included; nothing when it fails."""
        plain = name.lower().rstrip(".")
        if self._macos or not name.endswith("."):
            pinned = self._from_hosts_file(plain)
            if pinned:
                return pinned
        found = self._from_dns(plain)
        if found or name.endswith("."):
            return found
        for suffix in self._resolv_conf()[1]:
            found = self._from_dns(f"{plain}.{suffix}")
            if found:
                return found
        return ()

    def _from_dns(self, name: str) -> tuple[str, ...]:
        for server in self._servers(name)[:MAX_SERVERS]:
            said = {t: self._service.resolve(server, name, t) for t in ("A", "AAAA")} if self._reaches(server) else {}
            first = said.get("A")
            if first is None or first.rcode in ("SERVFAIL", "REFUSED"):
                continue
            return tuple(a for s in said.values() if s is not None for a in s.addresses)
        return ()

    def _servers(self, name: str) -> list[str]:
        if self._macos:
            files = resolver_files(self._root)
            matching = [d for d in files if covers(d, name)]
            if matching:
                return files[max(matching, key=lambda d: d.count("."))].get("nameserver", [])
        return self._resolv_conf()[0]

    def _resolv_conf(self) -> tuple[list[str], list[str]]:
        servers: list[str] = []
        search: list[str] = []
        for words in _lines(self._root / "etc/resolv.conf"):
            if words[0] == "nameserver" and len(words) > 1:
                servers.append(words[1])
            elif words[0] in ("search", "domain"):
                search = words[1:]
        return servers, search

    def _from_hosts_file(self, name: str) -> tuple[str, ...]:
        lines = [words for words in _lines(self._root / "etc/hosts") if name in (w.lower() for w in words[1:])]
        return tuple(dict.fromkeys(words[0] for words in lines))


def resolver_files(root: Path) -> dict[str, dict[str, list[str]]]:
    """Read /etc/resolver below ``root``: domain -> keyword -> values. Files that yield no server are left out.

    The domain is the value of ``domain``, else the file's name. resolver(5)
    """
    found = {}
    for path in sorted((root / "etc/resolver").glob("*")):
        entry: dict[str, list[str]] = {}
        for words in _lines(path):
            if len(words) > 1:
                entry.setdefault(words[0].lower(), []).append(words[1])
        if entry:
            domain = entry.get("domain", [path.name])[0].rstrip(".").lower()
            entry["nameserver"] = entry.get("nameserver", [])[:MAX_SERVERS]
            found[domain] = entry
    return found


def _lines(path: Path) -> list[list[str]]:
    """Return the words of every line that is not a comment."""
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return []
    words = (line.split("#", 1)[0].split() for line in text.splitlines())
    return [w for w in words if w]
