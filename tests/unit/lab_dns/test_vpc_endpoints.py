"""Which names a VPC endpoint answers for, to whom, and under which settings of its VPC."""

import pytest

from sddoctor.lab.vpc_endpoints import own_names

INSIDE, OTHER_VPC, HOME = "10.10.0.2", "10.20.0.2", "192.168.1.1"
REGION = "ap-northeast-1"
ECS, DKR = f"ecs.{REGION}.amazonaws.com", f"dkr.ecr.{REGION}.amazonaws.com"
ENDPOINT = {"id": "vpce-0ecs", "vpc": "vpc-1", "service": "ecs", "addresses": ["10.10.1.7", "10.10.2.7"]}
PRIVATE = ("10.10.1.7", "10.10.2.7")


def is_public(addresses):
    return len(addresses) == 1 and addresses[0].startswith("203.0.113.")


def test_in_its_vpc_the_name_of_the_service_is_private_and_elsewhere_it_is_not(build):
    service = build({"vpc_endpoints": [ENDPOINT]})
    assert service.resolve(INSIDE, ECS, "A").addresses == PRIVATE
    assert service.resolve(INSIDE, ECS, "AAAA").answers == ()
    for server in (OTHER_VPC, HOME):
        assert is_public(service.resolve(server, ECS, "A").addresses)


@pytest.mark.parametrize(
    "changes",
    [
        {"vpc_endpoints": [{**ENDPOINT, "private_dns": False}]},
        {"vpc_endpoints": [{**ENDPOINT, "state": "pending"}]},
        {"vpc_endpoints": [{**ENDPOINT, "type": "Gateway"}]},
        {"vpc_endpoints": [ENDPOINT], "vpcs": [{"id": "vpc-1", "cidr": "10.10.0.0/16", "dns_hostnames": False}]},
        {},
    ],
)
def test_without_private_dns_the_name_is_public_in_the_vpc_too(build, changes):
    assert is_public(build(changes).resolve(INSIDE, ECS, "A").addresses)


def test_names_below_a_registry_are_private_too(build):
    service = build({"vpc_endpoints": [{**ENDPOINT, "service": "ecr.dkr"}]})
    for name in (DKR, f"111122223333.{DKR}"):
        assert service.resolve(INSIDE, name, "A").addresses == PRIVATE


def test_the_endpoints_own_names_are_public_and_lead_to_its_interfaces(build):
    service = build({"vpc_endpoints": [ENDPOINT]})
    world = service.state.world
    (own, found), *zones = own_names(world, world.vpc_endpoints[0]).items()
    assert own.startswith("vpce-0ecs-")
    assert found == PRIVATE
    for server in (INSIDE, HOME):
        assert service.resolve(server, own, "A").addresses == PRIVATE
    assert sorted(a for name, _ in zones for a in service.resolve(HOME, name, "A").addresses) == list(PRIVATE)


def test_what_an_owner_hides_acts_all_the_same(build):
    vpcs = [{"id": "vpc-1", "cidr": "10.10.0.0/16", "owner": "999988887777"}]
    service = build({"vpcs": vpcs, "vpc_endpoints": [ENDPOINT]})
    assert service.resolve(INSIDE, ECS, "A").addresses == PRIVATE
