"""Denial, throttling, expiry, broken answers and latency, as each protocol shows them."""

from __future__ import annotations

import time
from typing import Any

import pytest
from botocore.exceptions import ClientError, ReadTimeoutError
from botocore.parsers import ResponseParserError

from tests.unit.lab_aws.conftest import SERVICE, VPC, ZONE, Running, Start

CALLS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "ecs": ("ListClusters", "list_clusters", {}),
    "servicediscovery": ("ListInstances", "list_instances", {"ServiceId": SERVICE}),
    "route53": ("GetHostedZone", "get_hosted_zone", {"Id": ZONE}),
    "route53resolver": ("ListResolverEndpoints", "list_resolver_endpoints", {}),
    "route53profiles": ("ListProfileAssociations", "list_profile_associations", {}),
    "ec2": ("DescribeVpcs", "describe_vpcs", {}),
    "sts": ("GetCallerIdentity", "get_caller_identity", {}),
}


def _fails(run: Running, service: str) -> dict[str, Any]:
    _, call, params = CALLS[service]
    with pytest.raises(ClientError) as error:
        getattr(run.client(service), call)(**params)
    return error.value.response


@pytest.mark.parametrize(
    ("service", "code", "status"),
    [
        ("ecs", "AccessDeniedException", 400),
        ("servicediscovery", "AccessDeniedException", 400),
        ("route53", "AccessDenied", 403),
        ("route53resolver", "AccessDeniedException", 400),
        ("route53profiles", "AccessDeniedException", 403),
        ("ec2", "UnauthorizedOperation", 403),
        ("sts", "AccessDenied", 403),
    ],
)
def test_each_protocol_denies_in_its_own_way(start: Start, service: str, code: str, status: int):
    response = _fails(start({"faults": {"deny": [f"{service}:*"]}}), service)
    assert response["Error"]["Code"] == code
    assert response["ResponseMetadata"]["HTTPStatusCode"] == status
    action = f"{service}:{CALLS[service][0]}"
    assert f"is not authorized to perform: {action}" in response["Error"]["Message"]


def test_a_denial_names_the_resource(start: Start):
    run = start({"faults": {"deny": ["servicediscovery:ListInstances", "ecs:DescribeServices"]}})
    text = _fails(run, "servicediscovery")["Error"]["Message"]
    assert f"on resource: arn:aws:servicediscovery:ap-northeast-1:111122223333:service/{SERVICE} " in text
    with pytest.raises(ClientError, match=":service/dev/dev-api-service "):
        run.client("ecs").describe_services(cluster="dev", services=["dev-api-service"])


def test_only_what_is_denied_is_denied_and_identity_never_by_a_star(start: Start):
    run = start({"faults": {"deny": ["ecs:Describe*"]}})
    assert run.client("ecs").list_clusters()["clusterArns"]
    run = start({"faults": {"deny": ["*"]}})
    assert run.client("sts").get_caller_identity()["Account"] == "111122223333"


def test_listing_the_zones_of_a_vpc_needs_describe_vpcs_too(start: Start):
    run = start({"faults": {"deny": ["ec2:DescribeVpcs"]}})
    with pytest.raises(ClientError, match="perform: ec2:DescribeVpcs"):
        run.client("route53").list_hosted_zones_by_vpc(VPCId=VPC, VPCRegion="ap-northeast-1")


@pytest.mark.parametrize(
    ("service", "code"),
    [
        ("ecs", "ThrottlingException"),
        ("servicediscovery", "ThrottlingException"),
        ("route53", "Throttling"),
        ("route53resolver", "ThrottlingException"),
        ("route53profiles", "ThrottlingException"),
        ("ec2", "RequestLimitExceeded"),
        ("sts", "Throttling"),
    ],
)
def test_throttling_ends_after_so_many_calls(start: Start, service: str, code: str):
    run = start({"faults": {"throttle": {f"{service}:*": 2}}})
    assert [_fails(run, service)["Error"]["Code"] for _ in range(2)] == [code, code]
    _, call, params = CALLS[service]
    assert getattr(run.client(service), call)(**params)


def test_throttling_that_does_not_end_and_botocore_retries(start: Start):
    run = start({"faults": {"throttle": {"servicediscovery:Discover*": -1, "ecs:ListClusters": 1}}})
    with pytest.raises(ClientError, match="RequestLimitExceeded"):
        run.client("servicediscovery").discover_instances(NamespaceName="example.internal", ServiceName="dev-api")
    patient = run.client("ecs", retries={"total_max_attempts": 3, "mode": "standard"})
    assert patient.list_clusters()["clusterArns"]
    assert run.aws.log.actions().count("ecs:ListClusters") == 2


@pytest.mark.parametrize(
    ("service", "code"),
    [("ecs", "ExpiredTokenException"), ("route53", "ExpiredToken"), ("ec2", "RequestExpired"), ("sts", "ExpiredToken")],
)
def test_an_expired_session_is_no_denial(start: Start, service: str, code: str):
    assert _fails(start({"faults": {"errors": {"*": "expired"}}}), service)["Error"]["Code"] == code


@pytest.mark.parametrize("service", list(CALLS))
def test_an_internal_error_is_status_500(start: Start, service: str):
    response = _fails(start({"faults": {"errors": {f"{service}:*": "http-500"}}}), service)
    assert response["ResponseMetadata"]["HTTPStatusCode"] == 500


def test_garbage_is_no_answer_of_aws(start: Start):
    run = start({"faults": {"errors": {"ecs:*": "garbage", "route53:*": "garbage", "ec2:*": "empty"}}})
    with pytest.raises(ResponseParserError):
        run.client("route53").get_hosted_zone(Id=ZONE)
    assert "clusterArns" not in run.client("ecs").list_clusters()
    with pytest.raises(ResponseParserError):
        run.client("ec2").describe_vpcs()


def test_a_call_that_hangs_ends_when_the_stand_in_stops(start: Start):
    run = start({"faults": {"errors": {"ecs:ListClusters": "hang"}}})
    with pytest.raises(ReadTimeoutError):
        run.client("ecs", read_timeout=0.3).list_clusters()
    assert run.client("sts").get_caller_identity()["Account"]
    run.aws.stop()
    deadline = time.monotonic() + 60
    while "ecs:ListClusters" not in run.aws.log.actions() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert [c.status for c in run.aws.log.calls if c.operation == "ListClusters"] == [0]


def test_latency_is_added_to_every_call_but_calls_run_side_by_side(start: Start):
    run = start({"faults": {"latency_ms": 200}})
    run.client("ecs").list_clusters()
    call = run.aws.log.calls[0]
    assert (call.end - call.start).total_seconds() >= 0.2
