"""The vocabulary of stations: what one returns, what the one before promises of it, and where that breaks."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, TypeAlias

from msgspec import Struct

from sddoctor.case.dns import Server

#: The places of a name's path at which what comes out can be seen, in their order.
Station: TypeAlias = Literal["tasks", "registry", "records", "vpc-answer", "path", "servers", "stub", "program", "port"]
STATIONS: tuple[Station, ...] = (
    "tasks", "registry", "records", "vpc-answer", "path", "servers", "stub", "program", "port",
)  # fmt: skip

#: The hop that shows each station.
HOP_OF: Mapping[Station, str] = MappingProxyType(
    {
        "tasks": "ecs",
        "registry": "cloudmap",
        "records": "route53",
        "vpc-answer": "vpc-dns",
        "path": "network",
        "servers": "host",
        "stub": "host",
        "program": "host",
        "port": "ecs",
    }
)

#: The stations at which somebody answers for the name; the records do where nobody was asked.
ANSWERING: tuple[Station, ...] = ("vpc-answer", "servers", "stub", "program")

#: What people call what comes out of each station.
NAME_OF: Mapping[Station, str] = MappingProxyType(
    {
        "tasks": "the tasks",
        "registry": "Cloud Map",
        "records": "the zone's records",
        "vpc-answer": "the VPC resolver's answer",
        "path": "the path to the VPC resolver",
        "servers": "the name servers of this host",
        "stub": "the forwarder on this host",
        "program": "a program on this host",
        "port": "the connection",
    }
)

#: What may be wrong at a station: ``missing`` (addresses that should be there, or tasks that should run), ``foreign``
#: (addresses that should not be there), ``not-serving`` (addresses of tasks that are sick, stopping or refuse),
#: ``NXDOMAIN``, ``NODATA``, ``SERVFAIL``, ``REFUSED`` or another RCODE by its name, ``referral``, ``silence``,
#: ``now-and-then``, ``unusable`` (only addresses of a family that the client does not have).
Symptom: TypeAlias = str

#: Symptoms of a denial, and of every way to get no address from a server.
DENIED: tuple[Symptom, ...] = ("NXDOMAIN", "NODATA")
FAILED: tuple[Symptom, ...] = (*DENIED, "SERVFAIL", "REFUSED", "referral", "silence", "malformed")

#: Who denies, by the SOA that came with the denial or answered an explicit query for it.
Denier: TypeAlias = Literal["zone", "longer", "public", "other", "nobody"]


class Output(Struct, frozen=True):
    """What was seen to come out of a station.

    ``addresses`` are what the next station should return, ``possible`` what it may return besides without a fault of its own.
    ``symptom`` says why there is no address, and ``denier`` whose denial that is. ``says`` is a clause for people
    (``10.10.0.2 answers NXDOMAIN``), and ``source`` where it was seen.
    """

    station: Station
    says: str
    addresses: frozenset[str] = frozenset()
    possible: frozenset[str] = frozenset()
    symptom: Symptom | None = None
    denier: Denier = "nobody"
    server: Server | None = None
    source: str = ""


class Difference(Struct, frozen=True):
    """What is wrong at a station and was not wrong before it.

    ``addresses`` are those concerned, empty where all are. ``observed`` and ``expected`` are short texts, and ``says`` is a
    clause where that of the output does not say it.
    ``transient``: its age is within what is usual, so it may pass by itself.
    """

    symptom: Symptom
    observed: str
    expected: str
    addresses: frozenset[str] = frozenset()
    transient: bool = False
    server: Server | None = None
    says: str = ""


class Break(Struct, frozen=True):
    """The first station at which a symptom appears.

    ``after`` is the last observed station before it, ``unseen`` are those between, which were not observed: the fault may be
    at one of them. ``says`` and ``although`` are clauses: what comes out here, and what the station before returned.
    """

    at: Station
    symptom: Symptom
    observed: str
    expected: str
    says: str
    although: str = ""
    after: Station | None = None
    addresses: frozenset[str] = frozenset()
    unseen: tuple[Station, ...] = ()
    transient: bool = False
    server: Server | None = None

    @property
    def stations(self) -> tuple[Station, ...]:
        """The stations at which the fault may be: this one, and those before it that were not observed."""
        return (*self.unseen, self.at)
