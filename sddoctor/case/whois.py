"""Facts about the owners of addresses: interfaces, tasks and registrations.

Field meanings: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NetworkInterface.html
"""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from sddoctor.case.address import contains
from sddoctor.case.case import Identity
from sddoctor.case.cloudmap import CloudMapService, Instance, InstanceHealth, Namespace
from sddoctor.case.ecs import ContainerInstance, RegisteredTask, Task
from sddoctor.case.route53 import Record
from sddoctor.case.seen import NOT_NEEDED, Fact
from sddoctor.case.vpc import Vpc


class HeldInterface(Struct, frozen=True):
    """A network interface with all its addresses.

    ``addresses`` are its private IPv4 and its IPv6 addresses, ``public`` the public ones that map to it, ``prefixes``
    the ranges that are delegated to it. ``instance_id`` is the EC2 instance that it is attached to, ``requester`` who had it
    made: an account, or an alias of an AWS service such as ``amazon-elb``.
    """

    id: str
    addresses: tuple[str, ...]
    public: tuple[str, ...] = ()
    prefixes: tuple[str, ...] = ()
    subnet_id: str = ""
    vpc_id: str = ""
    zone: str = ""
    description: str = ""
    kind: str = ""
    instance_id: str | None = None
    status: str = ""
    requester: str = ""

    def holds(self, address: str) -> bool:
        """Tell whether the address is one of the interface."""
        return address in self.addresses or address in self.public or any(contains(p, address) for p in self.prefixes)

    @property
    def of_ecs(self) -> bool:
        """Whether ECS made it for a task: its description is then the ARN of the attachment.

        https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-networking-awsvpc.html
        """
        return (
            self.description.startswith("arn:") and ":ecs:" in self.description and ":attachment/" in self.description
        )


class Subnet(Struct, frozen=True):
    """A subnet with its IPv4 and IPv6 ranges."""

    id: str
    vpc_id: str
    cidrs: tuple[str, ...] = ()
    zone: str = ""
    name: str = ""


class ClusterTasks(Struct, frozen=True):
    """The tasks of a cluster: by desired status RUNNING and STOPPED, and their container instances."""

    cluster: str
    running: Fact[tuple[Task, ...]]
    stopped: Fact[tuple[Task, ...]]
    hosts: Fact[tuple[ContainerInstance, ...]] = NOT_NEEDED


class ServiceInstances(Struct, frozen=True):
    """The instances of a Cloud Map service with one of the addresses; ``health`` only if there are any."""

    service: CloudMapService
    instances: Fact[tuple[Instance, ...]]
    health: Fact[tuple[InstanceHealth, ...]] = NOT_NEEDED


class NamespaceInstances(Struct, frozen=True):
    """The registrations in a namespace."""

    namespace: Namespace
    services: Fact[tuple[ServiceInstances, ...]]


class NamingRecord(Struct, frozen=True):
    """A record of a private hosted zone that names one of the addresses."""

    zone_id: str
    zone: str
    record: Record


class ZoneRecords(Struct, frozen=True):
    """What a zone has of the addresses."""

    zone_id: str
    name: str
    records: Fact[tuple[NamingRecord, ...]]


class WhoisFacts(Struct, frozen=True):
    """Everything seen of one account and region that may show the owners of some addresses.

    ``looked_up`` are tasks that instances name and that are in no list. ``zones`` are the private zones
    that were read whole for the records that name an address.
    """

    at: datetime
    region: str | None
    identity: Fact[Identity]
    interfaces: Fact[tuple[HeldInterface, ...]]
    vpcs: Fact[tuple[Vpc, ...]]
    subnets: Fact[tuple[Subnet, ...]]
    clusters: Fact[tuple[ClusterTasks, ...]]
    namespaces: Fact[tuple[NamespaceInstances, ...]]
    looked_up: tuple[RegisteredTask, ...] = ()
    zones: Fact[tuple[ZoneRecords, ...]] = NOT_NEEDED
