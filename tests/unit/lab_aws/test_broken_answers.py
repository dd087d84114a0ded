"""The words of a denial by what denies, and answers that are cut off or never come."""

from __future__ import annotations

from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, ConnectionClosedError, EndpointConnectionError
from botocore.parsers import ResponseParserError

from sddoctor.lab.aws.server import AwsStandIn
from sddoctor.lab.world import parse
from tests.unit.lab_aws.conftest import Start


@pytest.mark.parametrize(
    ("by", "words"),
    [
        ("nothing-allows", "because no identity-based policy allows the ecs:ListClusters action"),
        ("explicit-deny", "with an explicit deny in an identity-based policy"),
        ("scp", "with an explicit deny in a service control policy"),
        ("boundary", "because no permissions boundary allows the ecs:ListClusters action"),
    ],
)
def test_a_denial_says_what_denies(start: Start, by: str, words: str) -> None:
    run = start({"faults": {"deny": ["ecs:ListClusters"], "denied_by": by}})
    with pytest.raises(ClientError, match="perform: ecs:ListClusters on resource: .*" + words):
        run.client("ecs").list_clusters()


@pytest.mark.parametrize(("service", "call"), [("ecs", "list_clusters"), ("ec2", "describe_vpcs")])
def test_a_cut_answer_is_no_json_and_no_xml(start: Start, service: str, call: str) -> None:
    run = start({"faults": {"errors": {"*": "cut"}}})
    if service == "ec2":
        with pytest.raises(ResponseParserError):
            getattr(run.client(service), call)()
        return
    # botocore takes a body that is no JSON for one without members.
    assert set(getattr(run.client(service), call)()) == {"ResponseMetadata"}


def test_a_reset_connection_has_no_answer(start: Start) -> None:
    run = start({"faults": {"errors": {"ecs:ListClusters": "reset"}}})
    with pytest.raises(ConnectionClosedError):
        run.client("ecs").list_clusters()
    assert run.client("ecs").list_services(cluster="dev")["serviceArns"]


@pytest.mark.parametrize(
    ("service", "call", "arguments"),
    [
        ("ecs", "list_clusters", {}),
        ("route53", "list_hosted_zones", {}),
        ("route53resolver", "list_resolver_rules", {}),
        ("route53profiles", "list_profiles", {}),
        ("servicediscovery", "list_namespaces", {}),
        ("ec2", "describe_vpcs", {}),
        ("elbv2", "describe_load_balancers", {}),
        ("rds", "describe_db_instances", {}),
        ("vpc-lattice", "list_services", {}),
        ("route53globalresolver", "list_global_resolvers", {}),
        ("sts", "get_caller_identity", {}),
    ],
)
def test_a_refused_endpoint_is_that_of_its_service(
    monkeypatch: pytest.MonkeyPatch, service: str, call: str, arguments: dict[str, Any]
) -> None:
    with AwsStandIn(parse({"title": "refused", "faults": {"refused": [service]}})) as aws:
        for name, value in aws.environment().items():
            monkeypatch.setenv(name, value)
        client = boto3.client(service, config=Config(retries={"total_max_attempts": 1}))
        with pytest.raises(EndpointConnectionError):
            getattr(client, call)(**arguments)
        other = boto3.client("sts" if service != "sts" else "ec2")
        assert other.meta.endpoint_url == aws.url
