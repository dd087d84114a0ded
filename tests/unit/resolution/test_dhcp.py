"""Which servers of DHCP are worth a question."""

from __future__ import annotations

import pytest

from sddoctor.case.dns import Server
from sddoctor.case.seen import Denied
from sddoctor.case.vpc import DhcpOptions
from sddoctor.resolution.dhcp import assigned_servers
from tests.resolver_cases import case, seen

OPTIONS = seen(DhcpOptions("dopt-1", ("10.10.0.10", "AmazonProvidedDNS", "fd00::53")))


@pytest.mark.parametrize("how", ["option", "host"])
def test_the_addresses_of_the_list_for_a_client_inside(how: str) -> None:
    assert assigned_servers(case(dhcp=OPTIONS, how=how).aws.vpc) == (Server("10.10.0.10"), Server("fd00::53"))


@pytest.mark.parametrize("how", ["zone", "nameserver"])
def test_none_for_a_client_outside(how: str) -> None:
    assert assigned_servers(case(dhcp=OPTIONS, how=how).aws.vpc) == ()


def test_none_where_the_options_were_not_seen() -> None:
    assert assigned_servers(case(dhcp=Denied("the DHCP options", "ec2:DescribeDhcpOptions")).aws.vpc) == ()
    assert assigned_servers(case().aws.vpc) == ()
