"""The forwarders that run on this host, by the command lines of their processes. proc(5)"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from sddoctor.case.seen import Seen
from sddoctor.observe.host.source import HostSource

PROGRAMS = {"dnsmasq": "dnsmasq", "pihole-FTL": "dnsmasq", "unbound": "unbound", "named": "named", "coredns": "coredns"}
#: Marks of container engines in the path of a control group.
_CONTAINERS = ("docker", "libpod", "kubepods", "containerd", "lxc", "crio")
#: Where the sockets of a network namespace are listed, of each protocol.
_SOCKETS = ("net/udp", "net/udp6")
_INODE = 9
#: More processes are not looked through: that would take longer than a check may.
_MOST_PROCESSES = 5000


class Process(NamedTuple):
    """A forwarder that runs: its command line, and whether its files are those of a container, which are not here."""

    program: str
    argv: tuple[str, ...]
    in_container: bool = False


def forwarders(source: HostSource) -> tuple[Process, ...] | None:
    """Return the forwarders in the network of this host; ``None`` where its processes cannot be seen, or are too many.

    Helpers that a program starts with its own command line count once.
    """
    names = source.list("/proc").seen_or(())
    numbers = sorted((n for n in names if n.isdigit()), key=int)
    return tuple(dict.fromkeys(_forwarders(source, numbers))) if 0 < len(numbers) <= _MOST_PROCESSES else None


def _forwarders(source: HostSource, numbers: list[str]) -> Iterator[Process]:
    own = _sockets(source, "self")
    for number in numbers:
        command = source.read(f"/proc/{number}/cmdline")
        if not isinstance(command, Seen):
            continue
        # Recordings by a shell have line ends, which no shell drops, in the place of the zero bytes.
        argv = tuple(command.value.replace(b"\n", b"\0").decode("utf-8", "replace").rstrip("\0").split("\0"))
        program = argv[0].rpartition("/")[2]
        if program in PROGRAMS and not _is_of_another_network(own, _sockets(source, number)):
            yield Process(PROGRAMS[program], argv, _is_in_container(source, number))


def _sockets(source: HostSource, process: str) -> frozenset[bytes]:
    """Return the numbers of the UDP sockets in the network of a process, empty where they were not seen."""
    found = set()
    for path in _SOCKETS:
        for line in source.read(f"/proc/{process}/{path}").seen_or(b"").splitlines()[1:]:
            fields = line.split()
            found |= {fields[_INODE]} if len(fields) > _INODE else set()
    return frozenset(found)


def _is_of_another_network(own: frozenset[bytes], its: frozenset[bytes]) -> bool:
    """Tell whether a process is in another network namespace: a forwarder has a socket, and both would list it."""
    return bool(its) and not own & its


def _is_in_container(source: HostSource, number: str) -> bool:
    its, own = (source.read(f"/proc/{p}/cgroup").seen_or(b"").decode("utf-8", "replace") for p in (number, "self"))
    return its != own and any(mark in its for mark in _CONTAINERS)
