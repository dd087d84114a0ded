"""Recordings of hosts with something left out: an output that was not recorded, or one that ends within a line or a word.

A file that is not there is no such thing: of a directory of files, it says that the host has none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from sddoctor.case.case import Case
from sddoctor.case.dns import Server
from sddoctor.case.seen import Absent, Fact, Seen
from sddoctor.diagnosis.model import Diagnosis
from sddoctor.observe.host.source import HostSource, open_root
from sddoctor.resolution.choose import choose
from tests import near_cases, vpn_hosts, windows_hosts

#: Recorded commands that are what a program gets.
LOOKUPS = ("getent", "getaddrinfo", "dscacheutil", "Resolve-DnsName", "resolvectl_query")


@dataclass(frozen=True)
class LeftOut:
    """``files`` below ``commands`` that are not there, or the one that holds ``text`` only."""

    how: str
    files: tuple[str, ...]
    text: bytes | None = None


def hosts() -> Mapping[str, tuple[Callable[[str], Case], Callable[[str], Path], str]]:
    """Return the given hosts by kind and name: what gives the case, what gives the directory, and the name."""
    found = {f"near {n}": (near_cases.case_of, near_cases.root_of, n) for n in near_cases.names()}
    found |= {f"vpn {n}": (vpn_hosts.case_of, vpn_hosts.root_of, n) for n in vpn_hosts.names()}
    return found | {f"windows {n}": (windows_hosts.case_of, windows_hosts.root_of, n) for n in windows_hosts.names()}


def ways(root: Path) -> Iterator[LeftOut]:
    """Yield every way to leave something out of what the commands of a host printed."""
    recorded = sorted(p for p in (root / "commands").iterdir() if p.is_file())
    yield LeftOut("no lookup", tuple(p.name for p in recorded if p.name.startswith(LOOKUPS)))
    for path in recorded:
        data = path.read_bytes()
        yield LeftOut("not recorded", (path.name,))
        for how, text in _cuts(data):
            yield LeftOut(how, (path.name,), text)


def _cuts(data: bytes) -> Iterator[tuple[str, bytes]]:
    starts = [m for m in re.finditer(rb"[^\n]+", data) if m[0].strip()]
    words = list(re.finditer(rb"\w{4,}", data))
    if starts:
        for how, line in (("first", starts[0]), ("middle", starts[len(starts) // 2])):
            yield f"cut in its {how} line", data[: line.start() + max(1, len(line[0]) * 2 // 3)]
    for how, word in (("a", words[len(words) * 2 // 3 :]), ("its last", words[-1:])):
        if word:
            yield f"cut in {how} word", data[: (word[0].start() + word[0].end()) // 2]


def host_without(root: Path, left_out: LeftOut) -> HostSource:
    """Return the host whose directory lacks that."""
    source = open_root(root)
    read = source.read
    paths = {f"/commands/{name}" for name in left_out.files}

    def other(path: str) -> Fact[bytes]:
        if path not in paths:
            return read(path)
        return Absent(path, "the directory") if left_out.text is None else Seen(left_out.text, path)

    source.read = other  # type: ignore[method-assign]
    return source


def asked(case: Case) -> tuple[Server, ...] | None:
    """Return whom the host asks, ``None`` where that is not known."""
    choice = choose(case.name, case.place.host.value)
    return choice.value.servers if isinstance(choice, Seen) and not choice.unread else None


def wrong(before: Diagnosis, said: Diagnosis, asked_before: tuple[Server, ...] | None, now: Case) -> Iterator[str]:
    """Yield what the diagnosis of less says that the diagnosis of all does not allow."""
    known = {f.code for f in before.findings}
    for finding in said.findings:
        if finding.role == "root-cause" and finding.certainty == "certain" and finding.code not in known:
            yield f"{finding.code} is certain"
    if said.verdict == "healthy" and (before.verdict != "healthy" or not _shows_what_programs_get(now)):
        yield f"{before.verdict} becomes healthy"
    if before.verdict == "healthy" and said.verdict in ("broken", "degraded"):
        yield f"healthy becomes {said.verdict}"
    if asked_before is not None:
        more = [str(s) for s in asked(now) or () if s not in asked_before]
        if more:
            yield f"it is said to ask {', '.join(more)}"


def _shows_what_programs_get(case: Case) -> bool:
    return any(isinstance(lookup.outcome, Seen) for lookup in case.place.host.value.lookups)
