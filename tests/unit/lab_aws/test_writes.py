"""Writes: each fix changes what the reads show, and the records that the DNS stand-in serves."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from sddoctor.lab.records import records_of_zone
from tests.unit.lab_aws.conftest import NAMESPACE, SERVICE, TASK, VPC, ZONE, Running, Start

ARN = f"arn:aws:servicediscovery:ap-northeast-1:111122223333:service/{SERVICE}"


def _addresses(run: Running, name: str = "dev-api.example.internal") -> set[str]:
    return {v for r in records_of_zone(run.state, ZONE) if r.name == name and r.type == "A" for v in r.values}


def _instances(run: Running, service: str = SERVICE) -> list[str]:
    answer = run.client("servicediscovery").list_instances(ServiceId=service)
    return [i["Id"] for i in answer["Instances"]]


def test_scaling_up_starts_registered_tasks_past_the_grace(start: Start):
    run = start({"clusters": {"dev": {"services": {"dev-api-service": {"desired": 0, "tasks": []}}}}})
    assert _addresses(run) == set()
    ecs = run.client("ecs")
    service = ecs.update_service(cluster="dev", service="dev-api-service", desiredCount=3)["service"]
    assert (service["desiredCount"], service["runningCount"], service["pendingCount"]) == (3, 3, 0)
    arns = ecs.list_tasks(cluster="dev", serviceName="dev-api-service")["taskArns"]
    tasks = ecs.describe_tasks(cluster="dev", tasks=arns)["tasks"]
    assert {(t["lastStatus"], t["healthStatus"]) for t in tasks} == {("RUNNING", "HEALTHY")}
    own = {d["value"] for t in tasks for d in t["attachments"][0]["details"] if d["name"] == "privateIPv4Address"}
    assert len(own) == 3
    assert _addresses(run) == own
    assert sorted(_instances(run)) == sorted(a.rsplit("/", 1)[1] for a in arns)
    ages = [(run.state.now - t["startedAt"]).total_seconds() for t in tasks]
    assert min(ages) > 120
    health = run.client("servicediscovery").get_instances_health_status(ServiceId=SERVICE)["Status"]
    assert set(health.values()) == {"HEALTHY"}
    ecs.get_waiter("services_stable").wait(cluster="dev", services=["dev-api-service"])


def test_scaling_down_stops_and_deregisters(article: Running):
    article.client("ecs").update_service(cluster="dev", service="dev-api-service", desiredCount=1)
    assert _instances(article) == [TASK]
    assert _addresses(article) == {"10.10.211.50"}


def test_forcing_a_deployment_replaces_every_task(article: Running):
    before = article.state.version
    ecs = article.client("ecs")
    deployment = ecs.update_service(cluster="dev", service="dev-api-service", forceNewDeployment=True)["service"][
        "deployments"
    ]
    assert [d["rolloutState"] for d in deployment] == ["COMPLETED"]
    assert TASK not in _instances(article)
    assert _addresses(article).isdisjoint({"10.10.211.50", "10.10.212.150"})
    assert len(_addresses(article)) == 2
    old = ecs.describe_tasks(cluster="dev", tasks=[TASK])["tasks"][0]
    assert (old["lastStatus"], old["stopCode"]) == ("STOPPED", "ServiceSchedulerInitiated")
    assert article.state.version > before


@pytest.mark.slow
def test_attaching_a_registry_registers_the_tasks(start: Start):
    run = start({"clusters": {"dev": {"services": {"dev-api-service": {"registries": []}}}}})
    assert _instances(run) == []
    done = run.cli(
        *("ecs", "update-service", "--cluster", "dev", "--service", "dev-api-service"),
        *("--service-registries", f"registryArn={ARN}"),
    )
    assert done.returncode == 0, done.stderr
    assert len(_instances(run)) == 2
    with pytest.raises(ClientError, match="does not exist"):
        run.client("ecs").update_service(
            cluster="dev", service="dev-api-service", serviceRegistries=[{"registryArn": ARN + "x"}]
        )


def test_a_stopped_task_is_replaced(article: Running):
    article.client("ecs").stop_task(cluster="dev", task=TASK, reason="not registered in Cloud Map")
    assert TASK not in _instances(article)
    assert len(_instances(article)) == 2
    assert "10.10.211.50" not in _addresses(article)


def test_a_new_task_definition_is_the_next_revision_and_can_be_deployed(article: Running):
    ecs = article.client("ecs")
    made = ecs.register_task_definition(
        family="dev-api",
        networkMode="awsvpc",
        containerDefinitions=[{"name": "dev-api", "image": "x", "healthCheck": {"command": ["CMD", "true"]}}],
    )["taskDefinition"]
    assert (made["revision"], made["containerDefinitions"][0]["essential"]) == (8, True)
    service = ecs.update_service(cluster="dev", service="dev-api-service", taskDefinition="dev-api")["service"]
    assert service["taskDefinition"].endswith(":8")
    assert TASK not in _instances(article)
    with pytest.raises(ClientError, match="ClientException"):
        ecs.update_service(cluster="dev", service="dev-api-service", taskDefinition="nope")


def test_changing_only_percentages_deploys_nothing(article: Running):
    wanted = {"minimumHealthyPercent": 50, "maximumPercent": 200}
    service = article.client("ecs").update_service(
        cluster="dev", service="dev-api-service", deploymentConfiguration=wanted
    )["service"]
    assert service["deploymentConfiguration"] == wanted
    assert TASK in _instances(article)


@pytest.mark.slow
def test_creating_an_ecs_service_by_the_command(article: Running):
    subnet = next(iter(article.state.subnets))
    done = article.cli(
        *("ecs", "create-service", "--cluster", "dev", "--service-name", "other", "--task-definition", "dev-api"),
        *("--desired-count", "1", "--launch-type", "FARGATE", "--network-configuration"),
        f"awsvpcConfiguration={{subnets=[{subnet}],securityGroups=[sg-1]}}",
        *("--service-registries", f"registryArn={ARN}"),
    )
    assert done.returncode == 0, done.stderr
    assert len(_instances(article)) == 3


@pytest.mark.slow
def test_a_service_of_cloud_map_is_made_by_the_command_and_has_records(article: Running):
    done = article.cli(
        *("servicediscovery", "create-service", "--name", "web", "--namespace-id", NAMESPACE),
        *("--dns-config", "RoutingPolicy=MULTIVALUE,DnsRecords=[{Type=A,TTL=10}]"),
        *("--health-check-custom-config", "FailureThreshold=1"),
    )
    assert done.returncode == 0, done.stderr
    cloud_map = article.client("servicediscovery")
    service = next(s for s in cloud_map.list_services()["Services"] if s["Name"] == "web")
    cloud_map.register_instance(ServiceId=service["Id"], InstanceId="i1", Attributes={"AWS_INSTANCE_IPV4": "10.10.5.5"})
    assert _addresses(article, "web.example.internal") == {"10.10.5.5"}
    assert cloud_map.get_instances_health_status(ServiceId=service["Id"])["Status"] == {"i1": "HEALTHY"}
    with pytest.raises(ClientError, match="ResourceInUse"):
        cloud_map.delete_service(Id=service["Id"])
    cloud_map.deregister_instance(ServiceId=service["Id"], InstanceId="i1")
    assert _addresses(article, "web.example.internal") == set()
    cloud_map.delete_service(Id=service["Id"])
    with pytest.raises(ClientError, match="ServiceNotFound"):
        cloud_map.get_service(Id=service["Id"])


def test_custom_health_is_set_by_hand_only_where_there_is_custom_health(start: Start):
    run = start({"clusters": {"dev": {"services": {"dev-api-service": {"tasks": {TASK: {"health": "UNHEALTHY"}}}}}}})
    cloud_map = run.client("servicediscovery")
    cloud_map.update_instance_custom_health_status(ServiceId=SERVICE, InstanceId=TASK, Status="HEALTHY")
    assert cloud_map.get_instances_health_status(ServiceId=SERVICE)["Status"][TASK] == "HEALTHY"
    run = start({"namespaces": {NAMESPACE: {"services": {SERVICE: {"health": "none"}}}}})
    with pytest.raises(ClientError, match="CustomHealthNotFound"):
        run.client("servicediscovery").update_instance_custom_health_status(
            ServiceId=SERVICE, InstanceId=TASK, Status="HEALTHY"
        )


def test_registering_without_a_zone_fails_as_an_operation(start: Start):
    run = start({"namespaces": {NAMESPACE: {"zone_deleted": True}}})
    cloud_map = run.client("servicediscovery")
    made = cloud_map.register_instance(
        ServiceId=SERVICE, InstanceId="i1", Attributes={"AWS_INSTANCE_IPV4": "10.10.5.5"}
    )
    operation = cloud_map.get_operation(OperationId=made["OperationId"])["Operation"]
    assert (operation["Status"], operation["ErrorCode"]) == ("FAIL", "HOSTED_ZONE_NOT_FOUND")
    with pytest.raises(ClientError, match=r"InvalidInput.*AWS_INSTANCE_IPV4"):
        cloud_map.register_instance(ServiceId=SERVICE, InstanceId="i1", Attributes={"X": "y"})


@pytest.mark.slow
def test_a_namespace_comes_with_its_zone(article: Running):
    done = article.cli("servicediscovery", "create-private-dns-namespace", "--name", "new.internal", "--vpc", VPC)
    assert done.returncode == 0, done.stderr
    zones = article.client("route53").list_hosted_zones_by_vpc(VPCId=VPC, VPCRegion="ap-northeast-1")
    assert [z["Name"] for z in zones["HostedZoneSummaries"]] == ["example.internal.", "new.internal."]
    cloud_map = article.client("servicediscovery")
    again = cloud_map.create_private_dns_namespace(Name="new.internal", Vpc=VPC)
    operation = cloud_map.get_operation(OperationId=again["OperationId"])["Operation"]
    assert (operation["Status"], operation["ErrorCode"]) == ("FAIL", "CANNOT_CREATE_HOSTED_ZONE")


@pytest.mark.slow
def test_the_soa_ttl_and_record_ttl_change(article: Running):
    done = article.cli(
        *("servicediscovery", "update-private-dns-namespace", "--id", NAMESPACE),
        *("--namespace", "Properties={DnsProperties={SOA={TTL=60}}}"),
    )
    assert done.returncode == 0, done.stderr
    done = article.cli(
        *("servicediscovery", "update-service", "--id", SERVICE),
        *("--service", "DnsConfig={DnsRecords=[{Type=A,TTL=30}]}"),
    )
    assert done.returncode == 0, done.stderr
    ttls = {r.type: r.ttl for r in records_of_zone(article.state, ZONE)}
    assert (ttls["SOA"], ttls["A"]) == (60, 30)
    with pytest.raises(ClientError, match=r"InvalidInput.*types"):
        article.client("servicediscovery").update_service(
            Id=SERVICE, Service={"DnsConfig": {"DnsRecords": [{"Type": "SRV", "TTL": 10}]}}
        )


@pytest.mark.slow
def test_a_vpc_is_associated_and_taken_away(start: Start):
    run = start({"vpcs": [{"id": "vpc-1", "cidr": "10.10.0.0/16"}, {"id": "vpc-2", "cidr": "10.20.0.0/16"}]})
    route53 = run.client("route53")
    run.state.zones[ZONE].vpcs[:] = ["vpc-1"]
    done = run.cli(
        *("route53", "associate-vpc-with-hosted-zone", "--hosted-zone-id", ZONE),
        *("--vpc", "VPCRegion=ap-northeast-1,VPCId=vpc-2"),
    )
    assert done.returncode == 0, done.stderr
    assert run.state.zones[ZONE].vpcs == ["vpc-1", "vpc-2"]
    first = {"VPCRegion": "ap-northeast-1", "VPCId": "vpc-1"}
    with pytest.raises(ClientError, match="ConflictingDomainExists"):
        route53.associate_vpc_with_hosted_zone(HostedZoneId=ZONE, VPC=first)
    route53.disassociate_vpc_from_hosted_zone(HostedZoneId=ZONE, VPC=first)
    with pytest.raises(ClientError, match="LastVPCAssociation"):
        route53.disassociate_vpc_from_hosted_zone(HostedZoneId=ZONE, VPC={**first, "VPCId": "vpc-2"})


def test_another_accounts_zone_needs_an_authorization(start: Start):
    run = start({"namespaces": {NAMESPACE: {"owner": "999988887777", "vpcs": []}}})
    vpc = {"VPCRegion": "ap-northeast-1", "VPCId": VPC}
    with pytest.raises(ClientError, match="NotAuthorizedException"):
        run.client("route53").associate_vpc_with_hosted_zone(HostedZoneId=ZONE, VPC=vpc)
    run.state.zones[ZONE].authorized_vpcs.append(VPC)
    run.client("route53").associate_vpc_with_hosted_zone(HostedZoneId=ZONE, VPC=vpc)
    assert run.state.zones[ZONE].vpcs == [VPC]


@pytest.mark.slow
def test_records_change_in_own_zones_only(start: Start):
    run = start({"zones": [{"id": "ZOWN", "name": "api.internal", "vpcs": [VPC]}]})
    batch = (
        '{"Changes":[{"Action":"UPSERT","ResourceRecordSet":{"Name":"x.api.internal","Type":"A","TTL":10,'
        '"ResourceRecords":[{"Value":"10.1.1.1"}]}}]}'
    )
    command = ("route53", "change-resource-record-sets", "--change-batch", batch, "--hosted-zone-id")
    done = run.cli(*command, "ZOWN")
    assert done.returncode == 0, done.stderr
    assert ("x.api.internal", ("10.1.1.1",)) in {(r.name, r.values) for r in records_of_zone(run.state, "ZOWN")}
    refused = run.cli(*command, ZONE)
    assert "AccessDenied" in refused.stderr
    route53 = run.client("route53")
    record = {"Name": "y.api.internal", "Type": "A", "TTL": 10, "ResourceRecords": [{"Value": "10.1.1.2"}]}
    with pytest.raises(ClientError, match="InvalidChangeBatch"):
        route53.change_resource_record_sets(
            HostedZoneId="ZOWN",
            ChangeBatch={
                "Changes": [
                    {"Action": "CREATE", "ResourceRecordSet": record},
                    {"Action": "DELETE", "ResourceRecordSet": {**record, "Name": "z.api.internal"}},
                ]
            },
        )
    assert len(records_of_zone(run.state, "ZOWN")) == 3


@pytest.mark.slow
def test_dns_attributes_and_dhcp_options_of_a_vpc(start: Start):
    run = start({"vpcs": {VPC: {"dns_support": False, "dhcp": {"id": "dopt-1", "servers": ["10.0.0.5"]}}}})
    done = run.cli("ec2", "modify-vpc-attribute", "--vpc-id", VPC, "--enable-dns-support", '{"Value":true}')
    assert done.returncode == 0, done.stderr
    assert run.state.vpcs[VPC].dns_support is True
    ec2 = run.client("ec2")
    options = ec2.create_dhcp_options(
        DhcpConfigurations=[{"Key": "domain-name-servers", "Values": ["AmazonProvidedDNS"]}]
    )["DhcpOptions"]["DhcpOptionsId"]
    ec2.associate_dhcp_options(DhcpOptionsId=options, VpcId=VPC)
    assert run.state.dhcp[run.state.vpcs[VPC].dhcp_id].servers == ("AmazonProvidedDNS",)


@pytest.mark.slow
def test_a_security_group_opens(start: Start):
    run = start({"security_groups": [{"id": "sg-1", "ingress": []}]})
    command = (
        *("ec2", "authorize-security-group-ingress", "--group-id", "sg-1", "--ip-permissions"),
        "IpProtocol=udp,FromPort=53,ToPort=53,IpRanges=[{CidrIp=10.99.0.0/22}]",
        "IpProtocol=tcp,FromPort=53,ToPort=53,IpRanges=[{CidrIp=10.99.0.0/22}]",
    )
    done = run.cli(*command)
    assert done.returncode == 0, done.stderr
    assert [(i.protocol, i.from_port, i.ranges) for i in run.state.security_groups["sg-1"].ingress] == [
        ("udp", 53, ("10.99.0.0/22",)),
        ("tcp", 53, ("10.99.0.0/22",)),
    ]
    assert "InvalidPermission.Duplicate" in run.cli(*command).stderr


@pytest.mark.slow
def test_client_vpn_gets_servers_routes_and_authorization(start: Start):
    run = start({"client_vpns": [{"id": "cvpn-endpoint-1", "vpc": VPC}]})
    done = run.cli(
        *("ec2", "modify-client-vpn-endpoint", "--client-vpn-endpoint-id", "cvpn-endpoint-1"),
        *("--dns-servers", "CustomDnsServers=10.10.0.2,Enabled=true"),
    )
    assert done.returncode == 0, done.stderr
    ec2 = run.client("ec2")
    name = {"ClientVpnEndpointId": "cvpn-endpoint-1"}
    ec2.create_client_vpn_route(**name, DestinationCidrBlock="10.10.0.0/16", TargetVpcSubnetId="subnet-1")
    ec2.authorize_client_vpn_ingress(**name, TargetNetworkCidr="10.10.0.0/16", AuthorizeAllGroups=True)
    endpoint = ec2.describe_client_vpn_endpoints()["ClientVpnEndpoints"][0]
    assert (endpoint["DnsServers"], endpoint["SplitTunnel"], endpoint["VpcId"]) == (["10.10.0.2"], True, VPC)
    assert [r["DestinationCidr"] for r in ec2.describe_client_vpn_routes(**name)["Routes"]] == ["10.10.0.0/16"]
    rules = ec2.describe_client_vpn_authorization_rules(**name)["AuthorizationRules"]
    assert [r["DestinationCidr"] for r in rules] == ["10.10.0.0/16"]


@pytest.mark.slow
def test_resolver_rules_and_firewall_change(start: Start):
    run = start(
        {
            "rules": [{"id": "rslvr-rr-1", "domain": "example.internal", "targets": ["10.9.9.9"], "vpcs": [VPC]}],
            "firewall": [
                {"id": "rslvr-frg-1", "vpcs": [VPC], "rules": [{"name": "b", "priority": 5, "domains": ["*"]}]}
            ],
        }
    )
    done = run.cli(
        *("route53resolver", "update-resolver-rule", "--resolver-rule-id", "rslvr-rr-1"),
        *("--config", "TargetIps=[{Ip=10.10.1.10,Port=53}]"),
    )
    assert done.returncode == 0, done.stderr
    assert run.state.rules["rslvr-rr-1"].targets == ["10.10.1.10"]
    resolver = run.client("route53resolver")
    resolver.disassociate_resolver_rule(VPCId=VPC, ResolverRuleId="rslvr-rr-1")
    assert run.state.rules["rslvr-rr-1"].vpcs == []
    done = run.cli(
        *("route53resolver", "update-firewall-domains", "--firewall-domain-list-id", "rslvr-fdl-1"),
        *("--operation", "ADD", "--domains", "example.internal", "*.example.internal"),
    )
    assert done.returncode == 0, done.stderr
    assert run.state.domain_lists["rslvr-fdl-1"].domains == ["*", "example.internal", "*.example.internal"]
    resolver.create_firewall_rule(
        CreatorRequestId="1",
        FirewallRuleGroupId="rslvr-frg-1",
        FirewallDomainListId="rslvr-fdl-1",
        Priority=1,
        Action="ALLOW",
        Name="allow-discovery",
    )
    rules = resolver.list_firewall_rules(FirewallRuleGroupId="rslvr-frg-1")["FirewallRules"]
    assert [(r["Priority"], r["Action"]) for r in rules] == [(1, "ALLOW"), (5, "BLOCK")]


@pytest.mark.slow
def test_an_inbound_endpoint_is_made(article: Running):
    first, second, *_ = article.state.subnets
    done = article.cli(
        *("route53resolver", "create-resolver-endpoint", "--name", "inbound-dns", "--direction", "INBOUND"),
        *("--security-group-ids", "sg-1", "--ip-addresses", f"SubnetId={first}", f"SubnetId={second}"),
        *("--creator-request-id", "token"),
    )
    assert done.returncode == 0, done.stderr
    endpoint = next(iter(article.state.endpoints.values()))
    assert (endpoint.status, endpoint.vpc_id, len(set(endpoint.addresses))) == ("OPERATIONAL", VPC, 2)


def test_draining_moves_the_tasks_of_an_instance(start: Start):
    hosts = [{"id": "ci-1", "address": "10.10.1.5"}, {"id": "ci-2", "address": "10.10.2.5"}]
    tasks = {TASK: {"container_instance": "ci-1", "launch_type": "EC2"}}
    run = start(
        {"clusters": {"dev": {"services": {"dev-api-service": {"tasks": tasks}}, "container_instances": hosts}}}
    )
    ecs = run.client("ecs")
    ecs.update_container_instances_state(cluster="dev", containerInstances=["ci-1"], status="DRAINING")
    assert TASK not in _instances(run)
    assert len(_instances(run)) == 2
    described = ecs.describe_container_instances(cluster="dev", containerInstances=["ci-1"])["containerInstances"]
    assert described[0]["status"] == "DRAINING"


@pytest.mark.slow
def test_the_role_that_ecs_needs_and_scheduled_actions(article: Running):
    done = article.cli("iam", "create-service-linked-role", "--aws-service-name", "ecs.amazonaws.com")
    assert "AWSServiceRoleForECS" in done.stdout, done.stderr
    scheduled = article.client("application-autoscaling").describe_scheduled_actions(ServiceNamespace="ecs")
    assert scheduled["ScheduledActions"] == []
