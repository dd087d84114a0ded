"""Interfaces and subnets as EC2 shows them."""

from __future__ import annotations

from sddoctor.formats.aws import interfaces


def test_every_address_of_an_interface_is_read() -> None:
    seen = interfaces.interface(
        {
            "NetworkInterfaceId": "eni-1",
            "PrivateIpAddress": "10.0.0.5",
            "PrivateIpAddresses": [
                {"PrivateIpAddress": "10.0.0.5", "Primary": True, "Association": {"PublicIp": "203.0.113.5"}},
                {"PrivateIpAddress": "10.0.0.6", "Primary": False},
            ],
            "Ipv6Addresses": [{"Ipv6Address": "2406:DA14:0:0::5"}],
            "Ipv4Prefixes": [{"Ipv4Prefix": "10.0.0.16/28"}],
            "Ipv6Prefixes": [{"Ipv6Prefix": "2406:da14:0:0:1::/80"}],
            "Attachment": {"InstanceId": "i-1"},
            "InterfaceType": "interface",
        }
    )
    assert seen.addresses == ("10.0.0.5", "10.0.0.6", "2406:da14::5")
    for address in ("10.0.0.6", "203.0.113.5", "10.0.0.30", "2406:da14:0:0:1::9"):
        assert seen.holds(address), address
    assert not seen.holds("10.0.0.32")
    assert seen.instance_id == "i-1"


def test_an_interface_of_ecs_is_known_by_its_description() -> None:
    made = {"NetworkInterfaceId": "eni-1", "Description": "arn:aws:ecs:eu-west-1:111122223333:attachment/1"}
    assert interfaces.interface(made).of_ecs
    assert not interfaces.interface({**made, "Description": "my attachment/1"}).of_ecs


def test_a_subnet_with_both_families() -> None:
    seen = interfaces.subnet(
        {
            "SubnetId": "subnet-1",
            "VpcId": "vpc-1",
            "CidrBlock": "10.0.0.0/24",
            "Ipv6CidrBlockAssociationSet": [{"Ipv6CidrBlock": "2406:da14::/64"}],
            "Tags": [{"Key": "Name", "Value": "a"}],
        }
    )
    assert (seen.cidrs, seen.name) == (("10.0.0.0/24", "2406:da14::/64"), "a")
