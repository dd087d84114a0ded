"""Causes of the network that are named of a case, and not when one fact of it is another."""

from __future__ import annotations

import pytest

from sddoctor.case.case import Case
from sddoctor.case.host import Route, RouteTo
from sddoctor.case.seen import Seen
from sddoctor.case.vpc import Vpc
from tests.changed_cases import host, lists, namespace, said, vpc, zone

ELSEWHERE = Vpc("vpc-2", "10.20.0.0/16", ("10.20.0.0/16",))


def test_a_public_namespace_is_known_to_every_resolver() -> None:
    world = "resolver-of-another-vpc"
    assert said(world, world) is not None
    assert said(world, world, namespace(type="DNS_PUBLIC"), zone(vpcs=())) is None


def test_the_client_vpn_is_not_asked_about_where_the_host_asks_a_right_server() -> None:
    assert said("client-vpn-without-dns", "agent-disconnected-bridge") is None


#: The server of the other VPC cannot be reached.
NO_WAY = host(routes=(RouteTo("10.20.0.2", Seen(Route("default"), "test")),))


@pytest.mark.parametrize(
    ("servers", "is_named"), [(("10.20.0.2", "10.10.0.2"), True), (("10.10.0.2", "10.20.0.2"), False)]
)
def test_a_server_after_one_that_answers_needs_no_way(servers: tuple[str, ...], is_named: bool) -> None:
    def two_vpcs(case: Case) -> Case:
        return vpc(vpcs=(*case.aws.vpc.vpcs.value, ELSEWHERE))(case)

    assert (said("no-route-to-resolver", "nameserver-order", two_vpcs, NO_WAY, lists(*servers)) is not None) is is_named


def test_where_no_list_is_admitted_nobody_is_sent_to_look_into_one() -> None:
    found = said("inbound-endpoint-blocked", "inbound-endpoint-blocked")
    assert found is not None
    assert [f.title for f in found.fixes] == ["Allow both protocols from the client's range"]
