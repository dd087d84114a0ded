"""Addresses and permissions that AWS writes in one of several members."""

from __future__ import annotations

import pytest

from sddoctor.formats.aws.network import ingress
from sddoctor.formats.aws.resolver import rule


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ({"Ip": "10.21.8.10", "Port": 53}, "10.21.8.10"),
        ({"Ip": "10.21.8.10", "Port": 5353}, "10.21.8.10:5353"),
        ({"Ipv6": "2001:db8::53", "Port": 53}, "2001:db8::53"),
        ({"Ipv6": "2001:db8::53", "Port": 5353}, "[2001:db8::53]:5353"),
        ({"Ipv6": "2001:db8::53"}, "2001:db8::53"),
    ],
)
def test_a_target_of_either_family(target: dict[str, object], expected: str) -> None:
    data = {"Id": "rslvr-rr-1", "RuleType": "FORWARD", "DomainName": "app.lumen.internal.", "TargetIps": [target]}
    assert rule(data).targets == (expected,)


def test_whom_a_permission_admits_by_reference() -> None:
    data = {
        "GroupId": "sg-1",
        "IpPermissions": [
            {"IpProtocol": "udp", "FromPort": 53, "ToPort": 53, "PrefixListIds": [{"PrefixListId": "pl-1"}]},
            {"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": "sg-2"}], "Ipv6Ranges": [{"CidrIpv6": "::/0"}]},
        ],
    }
    by_list, by_group = ingress(data)
    assert (by_list.ranges, by_list.referred) == ((), ("pl-1",))
    assert (by_group.ranges, by_group.referred) == (("::/0",), ("sg-2",))
