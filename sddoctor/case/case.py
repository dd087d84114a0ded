"""The Case: an immutable value with everything that was seen of one name."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from sddoctor.case.cloudmap import CloudMapFacts
from sddoctor.case.dns import DnsFacts, Server
from sddoctor.case.ecs import EcsFacts
from sddoctor.case.host import HostFacts
from sddoctor.case.reach import Connection
from sddoctor.case.seen import Fact
from sddoctor.case.vpc import VpcFacts

SCHEMA = "sddoctor.case/1"


class Identity(Struct, frozen=True):
    """Who asked AWS, and where."""

    account: str
    arn: str


class AwsFacts(Struct, frozen=True):
    """Everything seen of AWS in one account and region."""

    region: str | None
    identity: Fact[Identity]
    ecs: EcsFacts
    cloudmap: CloudMapFacts
    vpc: VpcFacts


class Place(Struct, frozen=True):
    """A place from which the name was looked at: its host and the DNS servers that it asked.

    ``connections`` to tasks are tried only when their health makes that matter.
    """

    label: str
    host: Fact[HostFacts]
    dns: DnsFacts
    connections: tuple[Connection, ...] = ()


class Asked(Struct, frozen=True):
    """What the user asked for, as far as it changes judgement."""

    name: str
    nameservers: tuple[Server, ...] = ()
    client_vpc: str | None = None
    cluster: str | None = None
    service: str | None = None


class Case(Struct, frozen=True):
    """One name, seen at one time, from one or more places.

    ``name`` is lower case, without a final dot, in ASCII form (RFC 5891); ``asked`` keeps what was typed.
    ``at`` is when the observation began (UTC): ages are counted from it, never from the clock.
    """

    name: str
    asked: Asked
    at: datetime
    aws: AwsFacts
    places: tuple[Place, ...]
    schema: str = SCHEMA

    @property
    def place(self) -> Place:
        """The place that the verdict is about: the first."""
        return self.places[0]
