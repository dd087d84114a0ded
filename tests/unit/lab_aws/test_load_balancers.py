"""Load balancers of a world over real HTTP: what is described, in pages, and how targets are."""

import json

import pytest
from botocore.exceptions import ClientError

VPC = "vpc-0a1b2c3d4e5f60718"
GROUP = {
    "name": "web",
    "port": 8080,
    "deregistration_delay": 20,
    "targets": [
        {"id": "10.10.1.1"},
        {"id": "10.10.1.2", "port": 81, "state": "unhealthy", "reason": "Target.ResponseCodeMismatch"},
        {"id": "10.10.1.3", "state": "draining"},
    ],
}
WORLD = {
    "load_balancers": [
        {"name": "Shop", "id": "1234567890", "addresses": ["10.10.5.1", "10.10.6.1"], "groups": [GROUP]},
        {"name": "edge", "id": "9f8e7d6c5b4a3928", "type": "network", "scheme": "internet-facing"},
        {"name": "old", "id": "77", "scheme": "internet-facing", "state": "failed", "reason": "No capacity"},
    ],
    "target_groups": [{"name": "unused", "targets": [{"id": "i-0123456789abcdef0"}]}],
}
REGION = "ap-northeast-1"


def code(error):
    return error.value.response["Error"]["Code"]


def test_a_load_balancer_has_the_name_that_aws_gives_its_kind(start):
    elb = start(WORLD).client("elbv2")
    found = {b["LoadBalancerName"]: b for b in elb.describe_load_balancers()["LoadBalancers"]}
    assert {n: b["DNSName"] for n, b in found.items()} == {
        "Shop": f"internal-Shop-1234567890.{REGION}.elb.amazonaws.com",
        "edge": f"edge-9f8e7d6c5b4a3928.elb.{REGION}.amazonaws.com",
        "old": f"old-77.{REGION}.elb.amazonaws.com",
    }
    shop = found["Shop"]
    assert (shop["Scheme"], shop["Type"], shop["State"], shop["VpcId"], shop["IpAddressType"]) == (
        "internal",
        "application",
        {"Code": "active"},
        VPC,
        "ipv4",
    )
    assert shop["CanonicalHostedZoneId"] == "Z14GRHDCWA56QT"
    assert [z["ZoneName"] for z in shop["AvailabilityZones"]] == [f"{REGION}c", f"{REGION}a"]
    assert found["edge"]["AvailabilityZones"][0]["LoadBalancerAddresses"][0]["PrivateIPv4Address"].startswith("10.10.")
    assert found["old"]["State"] == {"Code": "failed", "Reason": "No capacity"}


def test_load_balancers_are_chosen_by_name_or_arn(start):
    elb = start(WORLD).client("elbv2")
    (edge,) = elb.describe_load_balancers(Names=["edge"])["LoadBalancers"]
    again = elb.describe_load_balancers(LoadBalancerArns=[edge["LoadBalancerArn"]])["LoadBalancers"]
    assert again == [edge]
    for wrong in ({"Names": ["nobody"]}, {"LoadBalancerArns": [edge["LoadBalancerArn"] + "x"]}):
        with pytest.raises(ClientError) as error:
            elb.describe_load_balancers(**wrong)
        assert code(error) == "LoadBalancerNotFound"
    with pytest.raises(ClientError) as error:
        elb.describe_load_balancers(Names=[f"n{i}" for i in range(21)])
    assert code(error) == "ValidationError"


@pytest.mark.parametrize(("options", "params"), [({"page_size": 1}, {}), ({}, {"PageSize": 1})])
def test_load_balancers_come_in_pages(start, options, params):
    elb = start(WORLD, **options).client("elbv2")
    pages = list(elb.get_paginator("describe_load_balancers").paginate(**params))
    assert [b["LoadBalancerName"] for p in pages for b in p["LoadBalancers"]] == ["Shop", "edge", "old"]
    assert len(pages) == 3


def test_target_groups_are_those_of_a_load_balancer_or_named(start):
    elb = start(WORLD).client("elbv2")
    (shop,) = elb.describe_load_balancers(Names=["Shop"])["LoadBalancers"]
    (web,) = elb.describe_target_groups(LoadBalancerArn=shop["LoadBalancerArn"])["TargetGroups"]
    assert (web["TargetGroupName"], web["Port"], web["LoadBalancerArns"]) == ("web", 8080, [shop["LoadBalancerArn"]])
    assert elb.describe_target_groups(TargetGroupArns=[web["TargetGroupArn"]])["TargetGroups"] == [web]
    assert {g["TargetGroupName"] for g in elb.describe_target_groups()["TargetGroups"]} == {"web", "unused"}
    attributes = elb.describe_target_group_attributes(TargetGroupArn=web["TargetGroupArn"])["Attributes"]
    assert {"Key": "deregistration_delay.timeout_seconds", "Value": "20"} in attributes
    with pytest.raises(ClientError) as error:
        elb.describe_target_groups(TargetGroupArns=[web["TargetGroupArn"] + "x"])
    assert code(error) == "TargetGroupNotFound"


def test_the_health_of_targets_has_its_reason(start):
    elb = start(WORLD).client("elbv2")
    groups = {g["TargetGroupName"]: g["TargetGroupArn"] for g in elb.describe_target_groups()["TargetGroups"]}
    said = elb.describe_target_health(TargetGroupArn=groups["web"])["TargetHealthDescriptions"]
    assert [(d["Target"]["Id"], d["Target"]["Port"], d["TargetHealth"]) for d in said] == [
        ("10.10.1.1", 8080, {"State": "healthy"}),
        (
            "10.10.1.2",
            81,
            {
                "State": "unhealthy",
                "Reason": "Target.ResponseCodeMismatch",
                "Description": "Health checks failed with these codes: [502]",
            },
        ),
        (
            "10.10.1.3",
            8080,
            {
                "State": "draining",
                "Reason": "Target.DeregistrationInProgress",
                "Description": "Target deregistration is in progress",
            },
        ),
    ]
    (unused,) = elb.describe_target_health(TargetGroupArn=groups["unused"])["TargetHealthDescriptions"]
    assert (unused["TargetHealth"]["State"], unused["TargetHealth"]["Reason"]) == ("unused", "Target.NotInUse")
    asked = elb.describe_target_health(TargetGroupArn=groups["web"], Targets=[{"Id": "10.10.9.9"}])
    assert asked["TargetHealthDescriptions"][0]["TargetHealth"]["Reason"] == "Target.NotRegistered"


def test_the_tasks_of_a_service_are_the_targets_of_its_group(start):
    service = {"load_balancers": [{"target_group": "dev-api", "container": "dev-api", "port": 3000}]}
    running = start({"clusters": {"dev": {"services": {"dev-api-service": service}}}})
    described = running.client("ecs").describe_services(cluster="dev", services=["dev-api-service"])
    arn = described["services"][0]["loadBalancers"][0]["targetGroupArn"]
    elb = running.client("elbv2")
    (group,) = elb.describe_target_groups(TargetGroupArns=[arn])["TargetGroups"]
    assert elb.describe_load_balancers(LoadBalancerArns=group["LoadBalancerArns"])["LoadBalancers"]
    said = elb.describe_target_health(TargetGroupArn=arn)["TargetHealthDescriptions"]
    tasks = [t for t in running.state.clusters["dev"].tasks.values() if t["lastStatus"] == "RUNNING"]
    assert len(said) == len(tasks) > 0
    assert {(d["Target"]["Port"], d["TargetHealth"]["State"]) for d in said} == {(3000, "healthy")}


def test_a_task_on_an_instance_is_a_target_by_its_host_port(start):
    balancer = {"load_balancers": [{"target_group": "dev-api", "container": "dev-api", "port": 3000}]}
    tasks = [
        {
            "id": "0f4a1c5be0d34e7fa1b2c3d4e5f60701",
            "container_instance": "ci1",
            "containers": [{"name": "dev-api", "host_port": 32768}],
        }
    ]
    cluster = {
        "container_instances": [{"id": "ci1", "address": "10.10.9.1", "ec2_instance_id": "i-0123456789abcdef0"}],
        "services": {"dev-api-service": {**balancer, "launch_type": "EC2", "tasks": tasks}},
    }
    definition = {"dev-api": {"network_mode": "bridge"}}
    elb = start({"clusters": {"dev": cluster}, "task_definitions": definition}).client("elbv2")
    (group,) = elb.describe_target_groups()["TargetGroups"]
    said = elb.describe_target_health(TargetGroupArn=group["TargetGroupArn"])["TargetHealthDescriptions"]
    assert [(d["Target"]["Id"], d["Target"]["Port"]) for d in said] == [("i-0123456789abcdef0", 32768)]


@pytest.mark.parametrize("denied", ["elbv2:*", "elasticloadbalancing:DescribeLoadBalancers"])
def test_a_denial_names_the_action_of_policies(start, denied):
    with pytest.raises(ClientError) as error:
        start({**WORLD, "faults": {"deny": [denied]}}).client("elbv2").describe_load_balancers()
    assert code(error) == "AccessDenied"
    assert "elasticloadbalancing:DescribeLoadBalancers" in error.value.response["Error"]["Message"]


def test_a_throttled_call_succeeds_later_and_is_in_the_log(start):
    running = start({**WORLD, "faults": {"throttle": {"elbv2:*": 1}}})
    elb = running.client("elbv2")
    with pytest.raises(ClientError) as error:
        elb.describe_load_balancers()
    assert code(error) == "Throttling"
    assert elb.describe_load_balancers()["LoadBalancers"]
    assert [(c.action, c.status) for c in running.aws.log.calls] == [
        ("elbv2:DescribeLoadBalancers", 400),
        ("elbv2:DescribeLoadBalancers", 200),
    ]


def test_its_interfaces_say_whose_they_are(start):
    ec2 = start(WORLD).client("ec2")
    wanted = [{"Name": "addresses.private-ip-address", "Values": ["10.10.5.1"]}]
    (found,) = ec2.describe_network_interfaces(Filters=wanted)["NetworkInterfaces"]
    assert found["Description"].startswith("ELB app/Shop/")
    assert ec2.describe_subnets(SubnetIds=[found["SubnetId"]])["Subnets"][0]["CidrBlock"] == "10.10.5.0/24"


@pytest.mark.slow
def test_the_real_command_reads_it(start):
    done = start(WORLD).cli("elbv2", "describe-load-balancers", "--names", "Shop")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["LoadBalancers"][0]["LoadBalancerName"] == "Shop"
