"""Which questions about a delegation are asked, and above all which are not."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from msgspec import structs

from sddoctor.case.cloudmap import Namespace, NamespaceView
from sddoctor.case.dns import Answer, Probe, Server
from sddoctor.case.route53 import Zone
from sddoctor.observe.budget import Budget
from sddoctor.observe.dns.client import DnsClient
from sddoctor.observe.dns.delegation import query_delegation
from sddoctor.observe.dns.network import Network
from tests.resolver_cases import addresses, case, probe, seen

NAME = "dev-api.example.internal"
DENIED = Answer("NXDOMAIN")


@dataclass
class Asked:
    """A name server on loopback, and a case in which it was asked."""

    server: Server
    seen: list[tuple[str, str, str]]

    def view(self, kind: str) -> NamespaceView:
        namespace = Namespace("ns-1", "arn", "example.internal", kind, hosted_zone_id="Z1")  # type: ignore[arg-type]
        zone = Zone("Z1", "example.internal", False, (), ("ns-1.awsdns-01.com",))
        return structs.replace(case().aws.cloudmap.views[0], namespace=namespace, zone=seen(zone))

    def probe(self, answer: Answer) -> Probe:
        return structs.replace(probe(answer), server=self.server, role="host")


@pytest.fixture
def asked(serve, make_reply) -> Asked:
    server = serve(lambda query, _: [make_reply(query).to_wire()])
    return Asked(server.server, server.seen)


def test_a_private_name_is_never_followed(asked: Asked) -> None:
    views = (asked.view("DNS_PRIVATE"),)
    assert (
        query_delegation(NAME, views, (asked.probe(DENIED),), DnsClient(Network(), Budget(60)), own_servers=True) == ()
    )
    assert asked.seen == []


def test_nothing_is_asked_where_somebody_gave_an_address(asked: Asked) -> None:
    views = (asked.view("DNS_PUBLIC"),)
    assert (
        query_delegation(
            NAME, views, (asked.probe(addresses("10.0.0.1")),), DnsClient(Network(), Budget(60)), own_servers=True
        )
        == ()
    )
    assert asked.seen == []


def test_a_denied_public_name_is_followed(asked: Asked) -> None:
    views = (asked.view("DNS_PUBLIC"),)
    found = query_delegation(NAME, views, (asked.probe(DENIED),), DnsClient(Network(), Budget(60)), own_servers=True)
    assert [(p.name, p.type) for p in found] == [("example.internal", "NS"), ("ns-1.awsdns-01.com", "A")]
    assert all(p.role == "other" for p in found)


def test_the_zones_servers_are_not_asked_for_another_machine(asked: Asked) -> None:
    views = (asked.view("DNS_PUBLIC"),)
    found = query_delegation(NAME, views, (asked.probe(DENIED),), DnsClient(Network(), Budget(60)), own_servers=False)
    assert [p.type for p in found] == ["NS"]
