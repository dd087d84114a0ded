"""What each service answers for the article's world, through boto3, one protocol after the other."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from tests.unit.lab_aws.conftest import NAMESPACE, OTHER_TASK, SERVICE, TASK, VPC, ZONE, Running, Start


def test_ecs_shows_the_task_its_containers_and_its_interface(article: Running):
    ecs = article.client("ecs")
    arns = ecs.list_tasks(cluster="dev", serviceName="dev-api-service")["taskArns"]
    task = ecs.describe_tasks(cluster="dev", tasks=arns)["tasks"][0]
    assert (task["lastStatus"], task["healthStatus"], task["group"]) == (
        "RUNNING",
        "HEALTHY",
        "service:dev-api-service",
    )
    details = {d["name"]: d["value"] for d in task["attachments"][0]["details"]}
    assert details["privateIPv4Address"] == "10.10.211.50"
    app, sidecar = task["containers"]
    assert app["networkInterfaces"][0]["privateIpv4Address"] == "10.10.211.50"
    assert (app["healthStatus"], sidecar["healthStatus"]) == ("HEALTHY", "UNKNOWN")


def test_a_task_without_a_check_is_never_healthy(start: Start):
    bare = {"containers": [{"name": "dev-api", "port": 3000}]}
    run = start({"task_definitions": {"dev-api": bare}})
    task = run.client("ecs").describe_tasks(cluster="dev", tasks=[TASK])["tasks"][0]
    assert task["healthStatus"] == "UNKNOWN"
    status = run.client("servicediscovery").get_instances_health_status(ServiceId=SERVICE)["Status"]
    assert status == {TASK: "HEALTHY", OTHER_TASK: "HEALTHY"}


def test_what_ecs_does_not_find_is_in_failures_with_status_200(article: Running):
    ecs = article.client("ecs")
    answer = ecs.describe_tasks(cluster="dev", tasks=[TASK, "0" * 32])
    assert [t["taskArn"].rsplit("/", 1)[1] for t in answer["tasks"]] == [TASK]
    assert answer["failures"] == [
        {"arn": f"arn:aws:ecs:ap-northeast-1:111122223333:task/dev/{'0' * 32}", "reason": "MISSING"}
    ]
    assert ecs.describe_services(cluster="dev", services=["nope"])["failures"][0]["reason"] == "MISSING"
    assert ecs.describe_clusters(clusters=["nope"])["failures"][0]["reason"] == "MISSING"


def test_ecs_limits_what_one_call_describes(article: Running):
    ecs = article.client("ecs")
    with pytest.raises(ClientError, match=r"InvalidParameterException.*more than 10 "):
        ecs.describe_services(cluster="dev", services=[f"s{n}" for n in range(11)])
    with pytest.raises(ClientError, match=r"InvalidParameterException.*more than 100 "):
        ecs.describe_tasks(cluster="dev", tasks=[f"{n:032x}" for n in range(101)])
    with pytest.raises(ClientError, match="ClusterNotFoundException"):
        ecs.list_tasks(cluster="prod")


def test_stopped_tasks_are_listed_when_asked_for(start: Start):
    stopped = {"last_status": "STOPPED", "desired_status": "STOPPED", "stopped_ago": 60, "stop_code": "UserInitiated"}
    run = start({"clusters": {"dev": {"services": {"dev-api-service": {"tasks": {TASK: stopped}}}}}})
    ecs = run.client("ecs")
    assert [a.rsplit("/", 1)[1] for a in ecs.list_tasks(cluster="dev")["taskArns"]] == [OTHER_TASK]
    arns = ecs.list_tasks(cluster="dev", desiredStatus="STOPPED")["taskArns"]
    assert [a.rsplit("/", 1)[1] for a in arns] == [TASK]
    assert ecs.describe_tasks(cluster="dev", tasks=arns)["tasks"][0]["stopCode"] == "UserInitiated"
    ids = [i["Id"] for i in run.client("servicediscovery").list_instances(ServiceId=SERVICE)["Instances"]]
    assert ids == [OTHER_TASK]


def test_a_task_that_has_not_started_is_not_registered(start: Start):
    run = start({"clusters": {"dev": {"services": {"dev-api-service": {"tasks": {TASK: {"last_status": "PENDING"}}}}}}})
    task = run.client("ecs").describe_tasks(cluster="dev", tasks=[TASK])["tasks"][0]
    assert "startedAt" not in task
    service = run.client("ecs").describe_services(cluster="dev", services=["dev-api-service"])["services"][0]
    assert (service["runningCount"], service["pendingCount"]) == (1, 1)
    ids = [i["Id"] for i in run.client("servicediscovery").list_instances(ServiceId=SERVICE)["Instances"]]
    assert ids == [OTHER_TASK]


def test_cloud_map_shows_what_ecs_registered(article: Running):
    cloud_map = article.client("servicediscovery")
    service = cloud_map.get_service(Id=SERVICE)["Service"]
    assert (service["Type"], service["NamespaceId"]) == ("DNS_HTTP", NAMESPACE)
    assert service["HealthCheckCustomConfig"] == {"FailureThreshold": 1}
    attributes = cloud_map.get_instance(ServiceId=SERVICE, InstanceId=TASK)["Instance"]["Attributes"]
    assert attributes == {
        "AVAILABILITY_ZONE": "ap-northeast-1c",
        "AWS_INIT_HEALTH_STATUS": "UNHEALTHY",
        "AWS_INSTANCE_IPV4": "10.10.211.50",
        "ECS_CLUSTER_NAME": "dev",
        "ECS_SERVICE_NAME": "dev-api-service",
        "ECS_TASK_DEFINITION_FAMILY": "dev-api",
        "REGION": "ap-northeast-1",
    }


def test_a_service_without_health_check_knows_no_health(start: Start):
    run = start({"namespaces": {NAMESPACE: {"services": {SERVICE: {"health": "none"}}}}})
    cloud_map = run.client("servicediscovery")
    assert set(cloud_map.get_instances_health_status(ServiceId=SERVICE)["Status"].values()) == {"UNKNOWN"}
    found = cloud_map.discover_instances(
        NamespaceName="example.internal", ServiceName="dev-api", HealthStatus="HEALTHY"
    )
    assert [i["HealthStatus"] for i in found["Instances"]] == ["UNKNOWN", "UNKNOWN"]


def test_discover_instances_filters_by_health(start: Start):
    tasks = {TASK: {"health": "UNHEALTHY"}, OTHER_TASK: {"health_known": False}}
    run = start({"clusters": {"dev": {"services": {"dev-api-service": {"tasks": tasks}}}}})
    cloud_map = run.client("servicediscovery")

    def found(status: str) -> set[str]:
        answer = cloud_map.discover_instances(
            NamespaceName="example.internal", ServiceName="dev-api", HealthStatus=status
        )
        return {i["InstanceId"] for i in answer["Instances"]}

    assert found("ALL") == {TASK, OTHER_TASK}
    assert (found("HEALTHY"), found("UNHEALTHY"), found("HEALTHY_OR_ELSE_ALL")) == ({OTHER_TASK}, {TASK}, {OTHER_TASK})
    assert cloud_map.get_instances_health_status(ServiceId=SERVICE)["Status"] == {TASK: "UNHEALTHY"}


def test_a_task_whose_check_has_not_passed_yet_is_unhealthy_in_cloud_map(start: Start):
    run = start({"clusters": {"dev": {"services": {"dev-api-service": {"tasks": {TASK: {"health": "UNKNOWN"}}}}}}})
    status = run.client("servicediscovery").get_instances_health_status(ServiceId=SERVICE)["Status"]
    assert status == {TASK: "UNHEALTHY", OTHER_TASK: "HEALTHY"}


def test_shared_namespaces_must_be_named_by_arn_and_hide_their_zone(start: Start):
    run = start({"namespaces": {NAMESPACE: {"owner": "999988887777"}}})
    cloud_map = run.client("servicediscovery")
    shared = cloud_map.list_namespaces(
        Filters=[{"Name": "RESOURCE_OWNER", "Values": ["OTHER_ACCOUNTS"], "Condition": "EQ"}]
    )["Namespaces"]
    assert [n["ResourceOwner"] for n in shared] == ["999988887777"]
    with pytest.raises(ClientError, match="NamespaceNotFound"):
        cloud_map.get_namespace(Id=NAMESPACE)
    assert cloud_map.get_namespace(Id=shared[0]["Arn"])["Namespace"]["Name"] == "example.internal"

    def services(namespace: str) -> list[str]:
        wanted = [{"Name": "NAMESPACE_ID", "Values": [namespace], "Condition": "EQ"}]
        return [s["Name"] for s in cloud_map.list_services(Filters=wanted)["Services"]]

    assert (services(NAMESPACE), services(shared[0]["Arn"])) == ([], ["dev-api"])
    with pytest.raises(ClientError, match=r"AccessDenied.*route53:GetHostedZone"):
        run.client("route53").get_hosted_zone(Id=ZONE)
    summary = run.client("route53").list_hosted_zones_by_vpc(VPCId=VPC, VPCRegion="ap-northeast-1")
    assert summary["HostedZoneSummaries"][0]["Owner"] == {"OwningAccount": "999988887777"}


def test_operations_are_found_by_service_and_status(start: Start):
    failed = {
        "id": "op-1",
        "error_code": "INVALID_CHANGE_BATCH",
        "error_message": "no zone",
        "instance_id": TASK,
    }
    fine = {"id": "op-2", "status": "SUCCESS", "ago": 30}
    run = start({"namespaces": {NAMESPACE: {"services": {SERVICE: {"operations": [failed, fine]}}}}})
    cloud_map = run.client("servicediscovery")
    filters = [
        {"Name": "SERVICE_ID", "Values": [SERVICE], "Condition": "EQ"},
        {"Name": "STATUS", "Values": ["FAIL"], "Condition": "EQ"},
    ]
    assert [o["Id"] for o in cloud_map.list_operations(Filters=filters)["Operations"]] == ["op-1"]
    operation = cloud_map.get_operation(OperationId="op-1")["Operation"]
    assert operation["ErrorCode"] == "INVALID_CHANGE_BATCH"
    assert operation["Targets"] == {"SERVICE": SERVICE, "INSTANCE": TASK}


def test_route53_shows_the_zone_its_vpcs_and_its_records_in_order(article: Running):
    route53 = article.client("route53")
    zone = route53.get_hosted_zone(Id=ZONE)
    assert zone["HostedZone"]["Config"]["PrivateZone"] is True
    assert zone["VPCs"] == [{"VPCRegion": "ap-northeast-1", "VPCId": VPC}]
    records = route53.list_resource_record_sets(HostedZoneId=ZONE)["ResourceRecordSets"]
    assert [(r["Name"], r["Type"]) for r in records] == [
        ("example.internal.", "NS"),
        ("example.internal.", "SOA"),
        ("dev-api.example.internal.", "A"),
        ("dev-api.example.internal.", "A"),
    ]
    assert records[1]["TTL"] == 15
    assert records[2] == {
        "Name": "dev-api.example.internal.",
        "Type": "A",
        "SetIdentifier": TASK,
        "MultiValueAnswer": True,
        "TTL": 10,
        "ResourceRecords": [{"Value": "10.10.211.50"}],
    }


def test_srv_records_point_to_a_name_of_the_instance(start: Start):
    registry = [{"service": SERVICE, "container_name": "dev-api", "container_port": 3000}]
    run = start(
        {
            "namespaces": {NAMESPACE: {"services": {SERVICE: {"records": [{"type": "SRV"}], "routing": "WEIGHTED"}}}},
            "clusters": {"dev": {"services": {"dev-api-service": {"registries": registry}}}},
        }
    )
    route53 = run.client("route53")
    records = route53.list_resource_record_sets(
        HostedZoneId=ZONE, StartRecordName="dev-api.example.internal", StartRecordType="SRV"
    )["ResourceRecordSets"]
    srv = [r for r in records if r["Type"] == "SRV"]
    assert srv[0]["ResourceRecords"] == [{"Value": f"1 1 3000 {TASK}.dev-api.example.internal"}]
    assert (srv[0]["Weight"], "MultiValueAnswer" in srv[0]) == (1, False)
    targets = {r["Name"]: r["ResourceRecords"][0]["Value"] for r in records if r["Type"] == "A"}
    assert targets[f"{TASK}.dev-api.example.internal."] == "10.10.211.50"
    instance = run.client("servicediscovery").get_instance(ServiceId=SERVICE, InstanceId=TASK)["Instance"]
    assert instance["Attributes"]["AWS_INSTANCE_PORT"] == "3000"


def test_listing_records_starts_at_a_name_and_escapes_a_wildcard(start: Start):
    extra = {"id": ZONE, "records": [{"name": "*.example.internal", "values": ["10.1.1.1"]}]}
    route53 = start({"zones": [extra]}).client("route53")
    wildcard = r"\052.example.internal."
    names = [r["Name"] for r in route53.list_resource_record_sets(HostedZoneId=ZONE)["ResourceRecordSets"]]
    assert names[2] == wildcard
    later = route53.list_resource_record_sets(HostedZoneId=ZONE, StartRecordName="dev-api.example.internal")
    assert {r["Name"] for r in later["ResourceRecordSets"]} == {"dev-api.example.internal."}
    at = route53.list_resource_record_sets(HostedZoneId=ZONE, StartRecordName="*.example.internal", MaxItems="1")
    assert [r["Name"] for r in at["ResourceRecordSets"]] == [wildcard]


def test_a_deleted_zone_is_not_found_but_cloud_map_still_names_it(start: Start):
    run = start({"namespaces": {NAMESPACE: {"zone_deleted": True}}})
    properties = run.client("servicediscovery").get_namespace(Id=NAMESPACE)["Namespace"]["Properties"]
    assert properties["DnsProperties"]["HostedZoneId"] == ZONE
    with pytest.raises(ClientError, match="NoSuchHostedZone") as error:
        run.client("route53").get_hosted_zone(Id=ZONE)
    assert error.value.response["ResponseMetadata"]["HTTPStatusCode"] == 404


def test_resolver_rules_firewall_endpoints_and_profiles(start: Start):
    run = start(
        {
            "vpcs": {VPC: {"profiles": ["rp-1"]}},
            "rules": [{"id": "rslvr-rr-1", "domain": "Example.Internal", "targets": ["10.9.9.9:5353"], "vpcs": [VPC]}],
            "firewall": [
                {
                    "id": "rslvr-frg-1",
                    "vpcs": [VPC],
                    "rules": [
                        {"name": "later", "priority": 2, "list_id": "l-2", "managed": True},
                        {"name": "first", "priority": 1, "list_id": "l-1", "domains": ["*.example.internal"]},
                    ],
                }
            ],
            "endpoints": [{"id": "rslvr-in-1", "vpc": VPC, "addresses": ["10.10.1.10", "10.10.2.10"]}],
            "profiles": [{"id": "rp-1", "zones": [ZONE], "firewall_groups": ["rslvr-frg-1"]}],
        }
    )
    resolver, profiles = run.client("route53resolver"), run.client("route53profiles")
    mine = resolver.list_resolver_rule_associations(Filters=[{"Name": "VPCId", "Values": [VPC]}])
    ids = [a["ResolverRuleId"] for a in mine["ResolverRuleAssociations"]]
    assert ids == ["rslvr-autodefined-rr-internet-resolver", "rslvr-rr-1"]
    rule = resolver.get_resolver_rule(ResolverRuleId="rslvr-rr-1")["ResolverRule"]
    assert (rule["DomainName"], rule["TargetIps"][0]["Ip"], rule["TargetIps"][0]["Port"]) == (
        "example.internal.",
        "10.9.9.9",
        5353,
    )
    assert resolver.get_resolver_rule(ResolverRuleId=ids[0])["ResolverRule"]["RuleType"] == "RECURSIVE"
    groups = resolver.list_firewall_rule_group_associations(VpcId=VPC)["FirewallRuleGroupAssociations"]
    rules = resolver.list_firewall_rules(FirewallRuleGroupId=groups[0]["FirewallRuleGroupId"])["FirewallRules"]
    assert [r["Name"] for r in rules] == ["first", "later"]
    assert resolver.list_firewall_domains(FirewallDomainListId="l-1")["Domains"] == ["*.example.internal."]
    with pytest.raises(ClientError, match="AccessDeniedException"):
        resolver.list_firewall_domains(FirewallDomainListId="l-2")
    addresses = resolver.list_resolver_endpoint_ip_addresses(ResolverEndpointId="rslvr-in-1")["IpAddresses"]
    assert [a["Ip"] for a in addresses] == ["10.10.1.10", "10.10.2.10"]
    association = profiles.list_profile_associations(ResourceId=VPC)["ProfileAssociations"][0]
    resources = profiles.list_profile_resource_associations(ProfileId=association["ProfileId"])
    assert [r["ResourceArn"] for r in resources["ProfileResourceAssociations"]] == [
        f"arn:aws:route53:::hostedzone/{ZONE}",
        "arn:aws:route53resolver:ap-northeast-1:111122223333:firewall-rule-group/rslvr-frg-1",
    ]


def test_ec2_describes_vpcs_interfaces_and_groups(start: Start):
    dhcp = {"id": "dopt-1", "servers": ["10.0.0.5", "10.0.0.6"]}
    run = start(
        {
            "vpcs": {VPC: {"dns_hostnames": False, "dhcp": dhcp, "secondary_cidrs": ["100.64.0.0/16"]}},
            "security_groups": [{"id": "sg-1", "ingress": [{"protocol": "tcp", "from_port": 53, "to_port": 53}]}],
        }
    )
    ec2 = run.client("ec2")
    vpc = ec2.describe_vpcs(VpcIds=[VPC])["Vpcs"][0]
    assert [a["CidrBlock"] for a in vpc["CidrBlockAssociationSet"]] == ["10.10.0.0/16", "100.64.0.0/16"]
    hostnames = ec2.describe_vpc_attribute(VpcId=VPC, Attribute="enableDnsHostnames")
    assert hostnames["EnableDnsHostnames"] == {"Value": False}
    assert "EnableDnsSupport" not in hostnames
    options = ec2.describe_dhcp_options(DhcpOptionsIds=[vpc["DhcpOptionsId"]])["DhcpOptions"][0]
    assert options["DhcpConfigurations"][0] == {
        "Key": "domain-name-servers",
        "Values": [{"Value": "10.0.0.5"}, {"Value": "10.0.0.6"}],
    }
    wanted = [{"Name": "addresses.private-ip-address", "Values": ["10.10.212.150"]}]
    interfaces = ec2.describe_network_interfaces(Filters=wanted)["NetworkInterfaces"]
    assert [i["VpcId"] for i in interfaces] == [VPC]
    permission = ec2.describe_security_groups(GroupIds=["sg-1"])["SecurityGroups"][0]["IpPermissions"][0]
    assert (permission["IpProtocol"], permission["FromPort"]) == ("tcp", 53)
    with pytest.raises(ClientError, match=r"InvalidVpcID\.NotFound"):
        ec2.describe_vpcs(VpcIds=["vpc-0"])


def test_sts_says_who_calls(article: Running):
    assert article.client("sts").get_caller_identity()["Account"] == "111122223333"
