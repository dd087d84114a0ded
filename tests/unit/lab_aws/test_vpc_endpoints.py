"""VPC endpoints, prefix lists and security groups of a world over real HTTP, and what a VPC's owner hides."""

import json

import pytest
from botocore.exceptions import ClientError

VPC, SHARED = "vpc-0a1b2c3d4e5f60718", "vpc-0shared0000000001"
OWNER = "999988887777"
REGION = "ap-northeast-1"
ENDPOINTS = [
    {
        "id": "vpce-0ecs",
        "vpc": VPC,
        "service": "ecs",
        "addresses": ["10.10.1.7", "10.10.2.7"],
        "security_groups": ["sg-1"],
    },
    {"id": "vpce-0dkr", "vpc": VPC, "service": "ecr.dkr", "addresses": ["10.10.1.8"], "state": "pending"},
    {"id": "vpce-0s3", "vpc": VPC, "service": "s3", "type": "Gateway"},
    {
        "id": "vpce-0own",
        "vpc": VPC,
        "service": f"com.amazonaws.vpce.{REGION}.vpce-svc-0123",
        "addresses": ["10.10.1.9"],
    },
    {"id": "vpce-0hidden", "vpc": SHARED, "service": "ecs", "addresses": ["10.30.1.7"]},
]
GROUPS = [
    {
        "id": "sg-1",
        "members": ["10.10.211.50"],
        "ingress": [{"prefix_lists": ["pl-1"], "groups": ["sg-2", f"{OWNER}/sg-far"], "ranges": []}],
    },
    {"id": "sg-2"},
]
LISTS = [
    {"id": "pl-1", "name": "offices", "entries": ["192.0.2.0/24", "198.51.100.0/24"]},
    {"id": "pl-aws", "name": "com.amazonaws.ap-northeast-1.s3", "owner": "AWS", "entries": ["3.5.152.0/21"]},
]
WORLD = {
    "vpcs": [{"id": VPC, "cidr": "10.10.0.0/16"}, {"id": SHARED, "cidr": "10.30.0.0/16", "owner": OWNER}],
    "vpc_endpoints": ENDPOINTS,
    "security_groups": GROUPS,
    "prefix_lists": LISTS,
}


@pytest.fixture
def ec2(start):
    return start(WORLD).client("ec2")


def code(error):
    return error.value.response["Error"]["Code"]


def test_an_endpoint_has_names_of_its_own_and_private_ones(ec2):
    found = {e["VpcEndpointId"]: e for e in ec2.describe_vpc_endpoints()["VpcEndpoints"]}
    assert set(found) == {"vpce-0ecs", "vpce-0dkr", "vpce-0s3", "vpce-0own"}
    ecs = found["vpce-0ecs"]
    assert (ecs["VpcEndpointType"], ecs["ServiceName"], ecs["State"], ecs["PrivateDnsEnabled"]) == (
        "Interface",
        f"com.amazonaws.{REGION}.ecs",
        "available",
        True,
    )
    first, *zones, private = (e["DnsName"] for e in ecs["DnsEntries"])
    assert first.startswith("vpce-0ecs-")
    assert first.endswith(f".ecs.{REGION}.vpce.amazonaws.com")
    assert [z.split(".")[0].rpartition("-")[2] for z in zones] == ["1c", "1a"]
    assert private == f"ecs.{REGION}.amazonaws.com"
    assert len(ecs["NetworkInterfaceIds"]) == len(ecs["SubnetIds"]) == 2
    names = [e["DnsName"] for e in found["vpce-0dkr"]["DnsEntries"]]
    assert f"dkr.ecr.{REGION}.amazonaws.com" in names
    assert f"\\052.dkr.ecr.{REGION}.amazonaws.com" in names
    gateway = found["vpce-0s3"]
    assert (gateway["VpcEndpointType"], gateway["PrivateDnsEnabled"], gateway["DnsEntries"]) == ("Gateway", False, [])
    assert all("vpce-svc-0123" in e["DnsName"] for e in found["vpce-0own"]["DnsEntries"])


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("service-name", f"com.amazonaws.{REGION}.ecs", {"vpce-0ecs"}),
        ("vpc-endpoint-type", "Gateway", {"vpce-0s3"}),
        ("vpc-endpoint-state", "pending", {"vpce-0dkr"}),
        ("vpc-id", SHARED, set()),
    ],
)
def test_endpoints_are_filtered(ec2, name, value, expected):
    found = ec2.describe_vpc_endpoints(Filters=[{"Name": name, "Values": [value]}])["VpcEndpoints"]
    assert {e["VpcEndpointId"] for e in found} == expected


def test_its_interfaces_and_its_zone_say_whose_they_are(start):
    running = start(WORLD)
    wanted = [{"Name": "addresses.private-ip-address", "Values": ["10.10.1.7", "10.30.1.7"]}]
    (found,) = running.client("ec2").describe_network_interfaces(Filters=wanted)["NetworkInterfaces"]
    assert (found["Description"], found["InterfaceType"]) == ("VPC Endpoint Interface vpce-0ecs", "vpc_endpoint")
    zones = running.client("route53").list_hosted_zones_by_vpc(VPCId=VPC, VPCRegion=REGION)["HostedZoneSummaries"]
    assert {z["Name"]: z["Owner"] for z in zones}[f"ecs.{REGION}.amazonaws.com."] == {
        "OwningService": "vpce.amazonaws.com"
    }
    assert f"dkr.ecr.{REGION}.amazonaws.com." not in {z["Name"] for z in zones}


def test_a_group_admits_by_prefix_list_and_by_group(ec2):
    (group,) = ec2.describe_security_groups(GroupIds=["sg-1"])["SecurityGroups"]
    (rule,) = group["IpPermissions"]
    assert rule["PrefixListIds"] == [{"PrefixListId": "pl-1"}]
    assert rule["UserIdGroupPairs"] == [
        {"GroupId": "sg-2", "UserId": "111122223333"},
        {"GroupId": "sg-far", "UserId": OWNER},
    ]
    wanted = [{"Name": "group-id", "Values": ["sg-1"]}]
    (member,) = ec2.describe_network_interfaces(Filters=wanted)["NetworkInterfaces"]
    assert member["PrivateIpAddress"] == "10.10.211.50"


def test_prefix_lists_are_described_and_read_in_pages(start):
    ec2 = start(WORLD, page_size=1).client("ec2")
    pages = list(ec2.get_paginator("get_managed_prefix_list_entries").paginate(PrefixListId="pl-1"))
    assert [e["Cidr"] for p in pages for e in p["Entries"]] == ["192.0.2.0/24", "198.51.100.0/24"]
    assert len(pages) == 2
    (of_aws,) = ec2.describe_managed_prefix_lists(PrefixListIds=["pl-aws"])["PrefixLists"]
    assert (of_aws["OwnerId"], of_aws["AddressFamily"], "Version" in of_aws) == ("AWS", "IPv4", False)
    for call in (
        lambda: ec2.describe_managed_prefix_lists(PrefixListIds=["pl-no"]),
        lambda: ec2.get_managed_prefix_list_entries(PrefixListId="pl-no"),
    ):
        with pytest.raises(ClientError) as error:
            call()
        assert code(error) == "InvalidPrefixListID.NotFound"


def test_what_the_owner_of_a_shared_vpc_made_is_in_no_list(start):
    hidden = {
        "rules": [
            {"id": "rslvr-rr-owner", "domain": "corp.internal", "targets": ["10.30.0.9"], "vpcs": [SHARED]},
            {"id": "rslvr-rr-own", "domain": "lab.internal", "targets": ["10.10.0.9"], "vpcs": [VPC]},
        ],
        "endpoints": [
            {"id": "rslvr-in-owner", "vpc": SHARED, "addresses": ["10.30.3.3"], "security_groups": ["sg-owner"]},
            {"id": "rslvr-in-own", "vpc": VPC, "addresses": ["10.10.3.3"], "security_groups": ["sg-own"]},
        ],
        "firewall": [
            {"id": "rslvr-frg-owner", "vpcs": [SHARED], "rules": [{"name": "r", "priority": 1, "domains": ["x."]}]}
        ],
        "profiles": [{"id": "rp-1"}],
    }
    vpcs = [WORLD["vpcs"][0], {**WORLD["vpcs"][1], "profiles": ["rp-1"]}]
    running = start({**WORLD, **hidden, "vpcs": vpcs})
    ec2, resolver = running.client("ec2"), running.client("route53resolver")
    assert {v["VpcId"]: v["OwnerId"] for v in ec2.describe_vpcs()["Vpcs"]} == {VPC: "111122223333", SHARED: OWNER}
    of_shared = [{"Name": "vpc-id", "Values": [SHARED]}]
    assert {s["OwnerId"] for s in ec2.describe_subnets(Filters=of_shared)["Subnets"]} == {OWNER}
    assert {r["ResolverRuleId"] for r in resolver.list_resolver_rule_associations()["ResolverRuleAssociations"]} == {
        "rslvr-autodefined-rr-internet-resolver",
        "rslvr-rr-own",
    }
    assert "rslvr-rr-owner" not in {r["Id"] for r in resolver.list_resolver_rules()["ResolverRules"]}
    assert [e["Id"] for e in resolver.list_resolver_endpoints()["ResolverEndpoints"]] == ["rslvr-in-own"]
    assert resolver.list_firewall_rule_group_associations()["FirewallRuleGroupAssociations"] == []
    assert running.client("route53profiles").list_profile_associations()["ProfileAssociations"] == []
    with pytest.raises(ClientError) as error:
        resolver.list_resolver_endpoint_ip_addresses(ResolverEndpointId="rslvr-in-owner")
    assert code(error) == "ResourceNotFoundException"
    with pytest.raises(ClientError) as error:
        ec2.describe_security_groups(GroupIds=["sg-owner"])
    assert code(error) == "InvalidGroup.NotFound"
    assert ec2.describe_security_groups(GroupIds=["sg-own"])["SecurityGroups"]


def test_denied_as_any_other_operation(start):
    with pytest.raises(ClientError) as error:
        start({**WORLD, "faults": {"deny": ["ec2:DescribeVpcEndpoints"]}}).client("ec2").describe_vpc_endpoints()
    assert code(error) == "UnauthorizedOperation"


@pytest.mark.slow
def test_the_real_command_reads_it(start):
    done = start(WORLD).cli("ec2", "describe-vpc-endpoints", "--vpc-endpoint-ids", "vpce-0ecs")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["VpcEndpoints"][0]["State"] == "available"
