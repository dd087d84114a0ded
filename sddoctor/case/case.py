"""The Case: an immutable value with everything that was observed about one name."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct, structs

from sddoctor.case.cloudmap import CloudMapFacts
from sddoctor.case.dns import DnsFacts, Server
from sddoctor.case.ecs import EcsFacts
from sddoctor.case.host import HostFacts
from sddoctor.case.program import ProgramError
from sddoctor.case.reach import Connection
from sddoctor.case.route53 import AliasStep, HostedZone
from sddoctor.case.seen import NOT_NEEDED, Fact
from sddoctor.case.targets import Target
from sddoctor.case.vpc import ClientVpc, VpcFacts

SCHEMA = "sddoctor.case/1"


class Identity(Struct, frozen=True):
    """The AWS identity of the caller."""

    account: str
    arn: str


class AwsFacts(Struct, frozen=True):
    """Everything seen of AWS in one account and region.

    ``zones`` are the hosted zones that the name lies in, beside those of namespaces, the longest first; they are read only
    where no Cloud Map service has the name. ``alias`` are the steps from the name to the name that it stands for; what
    ``ecs`` and ``cloudmap`` show is then of that last name, and so are ``target_zones``. ``target`` is what of AWS has that name.
    """

    region: str | None
    identity: Fact[Identity]
    ecs: EcsFacts
    cloudmap: CloudMapFacts
    vpc: VpcFacts
    zones: Fact[tuple[HostedZone, ...]] = NOT_NEEDED
    alias: tuple[AliasStep, ...] = ()
    target_zones: Fact[tuple[HostedZone, ...]] = NOT_NEEDED
    target: Fact[Target] = NOT_NEEDED


class Place(Struct, frozen=True):
    """A place from which the name was observed: its host and the DNS servers that were queried from there.

    ``connections`` to tasks are tried only when their health makes that matter. ``at`` and ``client`` are set where
    several places are in one case: when this one was observed (UTC), and the VPC whose resolver should answer it.
    """

    label: str
    host: Fact[HostFacts]
    dns: DnsFacts
    connections: tuple[Connection, ...] = ()
    at: datetime | None = None
    client: Fact[ClientVpc] = NOT_NEEDED


class Asked(Struct, frozen=True):
    """What the user requested, as far as it affects the verdict. ``program`` is what a failing program printed.

    ``by_records``: no name server is queried; the verdict is about what a client in ``client_vpc`` gets by the zone's records.
    """

    name: str
    nameservers: tuple[Server, ...] = ()
    client_vpc: str | None = None
    cluster: str | None = None
    service: str | None = None
    program: ProgramError | None = None
    by_records: bool = False


class Case(Struct, frozen=True):
    """One name, seen at one time, from one or more places.

    ``name`` is lower case, without a final dot, in ASCII form (RFC 5891); ``asked`` keeps the user's request.
    ``at`` is when the observation began (UTC): ages are relative to it, never to the clock. ``aws_from`` are the labels of
    the places from which AWS was observed, where there are several places.
    """

    name: str
    asked: Asked
    at: datetime
    aws: AwsFacts
    places: tuple[Place, ...]
    schema: str = SCHEMA
    aws_from: tuple[str, ...] = ()

    @property
    def subject(self) -> str:
        """The name whose facts AWS shows: the one at the end of the aliases, else the name itself."""
        return self.aws.alias[-1].target if self.aws.alias else self.name

    @property
    def place(self) -> Place:
        """The place that the verdict is about: the first."""
        return self.places[0]

    def seen_from(self, index: int) -> Case:
        """Return the case as the place at ``index`` sees it: with that place first, and its own VPC."""
        if index == 0:
            return self
        place = self.places[index]
        option = place.client.seen_or(None)
        client_vpc = option.vpc_id if option is not None and option.how == "option" else None
        return structs.replace(
            self,
            asked=structs.replace(self.asked, nameservers=(), client_vpc=client_vpc),
            aws=structs.replace(self.aws, vpc=structs.replace(self.aws.vpc, client=place.client)),
            places=(place, *(p for i, p in enumerate(self.places) if i != index)),
        )
