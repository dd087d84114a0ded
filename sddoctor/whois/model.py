"""Who owns an address, as far as it was seen."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from msgspec import Struct

from sddoctor.case.seen import Gap

#: ``held``: in use. ``left``: unused now, and a task that stopped lately had it. ``nobody``: unused in this account and
#: region. ``unknown``: that could not be seen. ``special``: nobody can own it.
Status = Literal["held", "left", "nobody", "unknown", "special"]
#: ``current``: its task has the address. ``leaving``: its task stops or has just stopped. ``stale``: its task is gone or
#: has another address, or the address is unused. ``other``: not made by ECS, and the address is in use. ``unknown``: that
#: could not be seen.
Standing = Literal["current", "leaving", "stale", "other", "unknown"]


class Port(Struct, frozen=True):
    """A port of a container; ``host_port`` is where the address listens for it."""

    container: str
    container_port: int
    host_port: int | None
    protocol: str


class TaskOwner(Struct, frozen=True):
    """A task that has or had the address: its own (``awsvpc``), or that of its container instance."""

    id: str
    arn: str
    cluster: str
    service: str | None
    task_definition: str
    status: str
    desired: str
    health: str
    started_at: datetime | None
    stopped_at: datetime | None
    stopped_reason: str
    how: Literal["interface", "host", "registration"]
    container_instance: str | None = None
    ports: tuple[Port, ...] = ()


class InterfaceOwner(Struct, frozen=True):
    """A network interface with the address. ``what`` is its owner in words, where its description shows one.

    ``type`` is AWS's word for its kind, ``requester`` the account or AWS service that had it made.
    """

    id: str
    what: str
    vpc_id: str
    vpc_name: str
    subnet_id: str
    zone: str
    description: str
    instance_id: str | None
    status: str
    type: str = ""
    requester: str = ""


class Host(Struct, frozen=True):
    """A container instance with the address."""

    arn: str
    cluster: str
    ec2_instance_id: str


class Network(Struct, frozen=True):
    """A VPC whose range contains the address, and its subnet if that was seen."""

    vpc_id: str
    vpc_name: str
    cidr: str
    subnet_id: str | None


class Registration(Struct, frozen=True):
    """A Cloud Map instance with the address. ``name`` is the DNS name, ``None`` if the service publishes none."""

    namespace: str
    namespace_id: str
    service: str
    service_id: str
    instance_id: str
    name: str | None
    health: str | None
    port: str | None
    standing: Standing
    why: str


class ZoneRecord(Struct, frozen=True):
    """A record of a private hosted zone that names the address."""

    zone: str
    zone_id: str
    name: str
    type: str


class Ownership(Struct, frozen=True):
    """What was seen of one address. ``reverse`` is the name that a reverse lookup returns at best."""

    address: str
    status: Status
    summary: str
    tasks: tuple[TaskOwner, ...] = ()
    former: tuple[TaskOwner, ...] = ()
    hosts: tuple[Host, ...] = ()
    interfaces: tuple[InterfaceOwner, ...] = ()
    reserved: tuple[str, ...] = ()
    networks: tuple[Network, ...] = ()
    registrations: tuple[Registration, ...] = ()
    records: tuple[ZoneRecord, ...] = ()
    reverse: str | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The DNS names that are registered for it, or have a record that names it."""
        registered = [r.name for r in self.registrations if r.name]
        return tuple(dict.fromkeys((*registered, *(r.name for r in self.records))))

    @property
    def stale(self) -> tuple[Registration, ...]:
        """The registrations that should not be there."""
        return tuple(r for r in self.registrations if r.standing == "stale")


class Whois(Struct, frozen=True):
    """One answer for each address, in the order given, and the decisive facts that were not seen."""

    at: datetime
    account: str | None
    region: str | None
    answers: tuple[Ownership, ...]
    gaps: tuple[Gap, ...]

    @property
    def has_problem(self) -> bool:
        """Whether some address has no owner, or has a stale registration."""
        return any(a.status in ("left", "nobody") or a.stale for a in self.answers)

    @property
    def is_undecided(self) -> bool:
        """Whether something was not seen that may change the answer for an address that can have an owner."""
        return any(a.status == "unknown" or (self.gaps and a.status != "special") for a in self.answers)
