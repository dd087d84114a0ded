"""Pages: small ones on demand, the defaults of each API, filters that come after paging, tokens that mean nothing."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from tests.unit.lab_aws.conftest import NAMESPACE, SERVICE, VPC, ZONE, Start

ZONES = [{"id": f"ZEXTRA{n}", "name": f"z{n}.internal", "vpcs": [VPC]} for n in range(4)]


def test_list_services_of_ecs_gives_ten_unless_asked(start: Start):
    more = [{"name": f"s{n}", "task_definition": "dev-api"} for n in range(25)]
    ecs = start({"clusters": [{"name": "dev", "services": more}]}).client("ecs")
    assert len(ecs.list_services(cluster="dev")["serviceArns"]) == 10
    assert len(ecs.list_services(cluster="dev", maxResults=100)["serviceArns"]) == 25
    pages = list(ecs.get_paginator("list_services").paginate(cluster="dev"))
    assert [len(p["serviceArns"]) for p in pages] == [10, 10, 5]


def test_cloud_map_filters_after_paging(start: Start):
    namespaces = [{"id": f"ns-{n}", "name": f"n{n}.internal", "zone": f"Z{n}"} for n in range(5)]
    cloud_map = start({"namespaces": namespaces}, page_size=2).client("servicediscovery")
    wanted = [{"Name": "NAME", "Values": ["n4.internal"], "Condition": "EQ"}]
    first = cloud_map.list_namespaces(Filters=wanted)
    assert first["Namespaces"] == []
    assert first["NextToken"]
    pages = list(cloud_map.get_paginator("list_namespaces").paginate(Filters=wanted))
    assert [[n["Name"] for n in p["Namespaces"]] for p in pages] == [[], [], ["n4.internal"]]


def test_health_is_paged_too(start: Start):
    cloud_map = start(page_size=1).client("servicediscovery")
    first = cloud_map.get_instances_health_status(ServiceId=SERVICE)
    second = cloud_map.get_instances_health_status(ServiceId=SERVICE, NextToken=first["NextToken"])
    assert len(first["Status"] | second["Status"]) == 2
    assert "NextToken" not in second


def test_records_continue_at_a_name_type_and_identifier(start: Start):
    route53 = start({"faults": {"page_size": 1}}).client("route53")
    pages = list(route53.get_paginator("list_resource_record_sets").paginate(HostedZoneId=ZONE))
    found = [(r["Name"], r["Type"], r.get("SetIdentifier")) for p in pages for r in p["ResourceRecordSets"]]
    assert [len(p["ResourceRecordSets"]) for p in pages] == [1, 1, 1, 1]
    assert len(set(found)) == 4
    assert pages[2]["NextRecordIdentifier"] == found[3][2]


def test_zones_of_a_vpc_are_paged_by_token(start: Start):
    route53 = start({"zones": ZONES}, page_size=2).client("route53")
    ids: list[str] = []
    more: dict[str, str] = {}
    while True:
        page = route53.list_hosted_zones_by_vpc(VPCId=VPC, VPCRegion="ap-northeast-1", **more)
        ids += [z["HostedZoneId"] for z in page["HostedZoneSummaries"]]
        if "NextToken" not in page:
            break
        more = {"NextToken": page["NextToken"]}
    assert ids == [ZONE, "ZEXTRA0", "ZEXTRA1", "ZEXTRA2", "ZEXTRA3"]


def test_ec2_and_resolver_are_paged(start: Start):
    vpcs = [{"id": f"vpc-{n}", "cidr": f"10.{n}.0.0/16"} for n in range(3)]
    run = start({"vpcs": vpcs, "namespaces": {NAMESPACE: {"vpcs": ["vpc-0"]}}}, page_size=1)
    pages = run.client("ec2").get_paginator("describe_vpcs").paginate()
    assert [len(p["Vpcs"]) for p in pages] == [1, 1, 1]
    pages = run.client("route53resolver").get_paginator("list_resolver_rule_associations").paginate()
    assert [len(p["ResolverRuleAssociations"]) for p in pages] == [1, 1, 1]


@pytest.mark.parametrize(
    ("service", "call", "params", "code"),
    [
        ("ecs", "list_clusters", {"nextToken": "x"}, "InvalidParameterException"),
        ("servicediscovery", "list_namespaces", {"NextToken": "x"}, "InvalidInput"),
        (
            "route53",
            "list_hosted_zones_by_vpc",
            {"VPCId": VPC, "VPCRegion": "ap-northeast-1", "NextToken": "x"},
            "InvalidPaginationToken",
        ),
        ("route53resolver", "list_resolver_endpoints", {"NextToken": "x"}, "InvalidNextTokenException"),
        ("ec2", "describe_vpcs", {"NextToken": "x"}, "InvalidNextToken"),
        ("ec2", "describe_vpc_endpoints", {"NextToken": "x"}, "InvalidNextToken"),
        ("elbv2", "describe_load_balancers", {"Marker": "x"}, "ValidationError"),
        ("rds", "describe_db_instances", {"Marker": "x"}, "InvalidParameterValue"),
        ("vpc-lattice", "list_services", {"nextToken": "x"}, "ValidationException"),
        ("route53globalresolver", "list_global_resolvers", {"nextToken": "x"}, "ValidationException"),
    ],
)
def test_a_made_up_token_is_refused(start: Start, service: str, call: str, params: dict[str, str], code: str):
    with pytest.raises(ClientError) as error:
        getattr(start().client(service), call)(**params)
    assert error.value.response["Error"]["Code"] == code
