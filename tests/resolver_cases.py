"""Cases made by hand around one VPC's resolver: a healthy name, to be changed in one point by each test."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from msgspec import structs

from sddoctor.case.case import Case, Identity
from sddoctor.case.cloudmap import (
    Attribute,
    CloudMapFacts,
    CloudMapService,
    Instance,
    InstanceHealth,
    Namespace,
    NamespaceView,
    RecordConfig,
)
from sddoctor.case.dns import Answer, DnsFacts, Probe, Rr, Server, VpcResolver
from sddoctor.case.route53 import Record, Zone, ZoneSummary, ZoneVpc
from sddoctor.case.seen import NOT_NEEDED, Seen, Unreachable
from sddoctor.case.vpc import ClientVpc, DhcpOptions, Vpc, VpcDnsSetup
from tests.cases import AT, NAME, empty_case

SERVER = Server("10.10.0.2")
VPC = "vpc-1"
#: The account that is asked, and owns the VPC.
ACCOUNT = "111122223333"
ADDRESS = "10.10.211.50"
SOA = Rr("example.internal", "SOA", 15, "ns-1536.awsdns-00.co.uk host. 1 7200 900 1209600 86400")
ROOT = Rr(".", "SOA", 900, "a. b. 1 1 1 1 86400")
NXDOMAIN = Answer("NXDOMAIN", authority=(ROOT,))


def seen(value: Any) -> Seen[Any]:
    """A fact that was seen."""
    return Seen(value, "test")


def addresses(*values: str, ttl: int = 10) -> Answer:
    """An answer with these A records."""
    return Answer("NOERROR", answers=tuple(Rr(NAME, "A", ttl, v) for v in values))


def probe(answer: Answer | None, rdtype: str = "A", *, server: Server = SERVER, after: float = 0) -> Probe:
    """A question about the name; ``None`` was not answered."""
    outcome = Unreachable("an answer", "no answer", "a way", "silence") if answer is None else seen(answer)
    return Probe(server, "vpc", NAME, rdtype, "udp", outcome, at=AT + timedelta(seconds=after))


def case(*probes: Probe, **changes: Any) -> Case:
    """A healthy name with one manual instance, seen from a client in the VPC.

    ``changes`` replace fields of the namespace, the view and the look at the VPC; ``how`` is how the VPC was chosen.
    """
    blank = empty_case()
    namespace = Namespace("ns-1", "arn:aws:servicediscovery:r:1:namespace/ns-1", "example.internal", "DNS_PRIVATE")
    namespace = structs.replace(namespace, hosted_zone_id="Z1", soa_ttl=15)
    service = CloudMapService("srv-1", "arn", "dev-api", "ns-1", "DNS_HTTP", "MULTIVALUE", (RecordConfig("A", 10),))
    service = structs.replace(service, health="custom")
    instance = Instance("vm-1", (Attribute("AWS_INSTANCE_IPV4", ADDRESS),))
    view = NamespaceView(
        namespace=_changed(namespace, changes),
        services=seen((service,)),
        service=seen(service),
        instances=seen((instance,)),
        health=seen((InstanceHealth("vm-1", "HEALTHY"),)),
        tags=NOT_NEEDED,
        operations=NOT_NEEDED,
        zone=seen(Zone("Z1", "example.internal", True, (ZoneVpc(VPC, "r"),), (), "servicediscovery.amazonaws.com")),
        records=seen((Record(NAME, "A", 10, (ADDRESS,), "vm-1", True),)),
    )
    look = VpcDnsSetup(
        vpc_id=VPC,
        dns_support=seen(True),
        dns_hostnames=seen(True),
        zones=seen((ZoneSummary("Z1", "example.internal"),)),
        profile_zones=seen(()),
        rules=seen(()),
        firewall=seen(()),
        dhcp=seen(DhcpOptions("dopt-1", ("AmazonProvidedDNS",))),
    )
    view = _changed(view, changes)
    vpc = structs.replace(
        blank.aws.vpc,
        vpcs=seen((Vpc(VPC, "10.10.0.0/16", ("10.10.0.0/16",), owner=ACCOUNT),)),
        client=seen(ClientVpc(VPC, changes.pop("how", "option"))),
        looks=(_changed(look, changes),),
    )
    assert not changes, f"nothing has the fields {sorted(changes)}"
    ecs = structs.replace(blank.aws.ecs, services=seen(()), clusters=seen(()))
    aws = structs.replace(
        blank.aws,
        cloudmap=CloudMapFacts(seen((view.namespace,)), (view,)),
        vpc=vpc,
        ecs=ecs,
        region="r",
        identity=seen(Identity(ACCOUNT, "arn")),
    )
    place = structs.replace(blank.place, dns=DnsFacts(seen((VpcResolver(SERVER, VPC, "vpc+2"),)), probes))
    asked = structs.replace(blank.asked, client_vpc=VPC)
    return structs.replace(blank, aws=aws, places=(place,), asked=asked)


def from_outside(*probes: Probe) -> Case:
    """The same name, asked from a host out of the VPC, whose resolver was chosen by the zone."""
    it = case(*probes, how="zone")
    return structs.replace(it, asked=structs.replace(it.asked, client_vpc=None))


def _changed(value: Any, changes: dict[str, Any]) -> Any:
    return structs.replace(value, **{k: changes.pop(k) for k in list(changes) if k in value.__struct_fields__})
