"""Requests as requests: connections, wrong parameters, unknown operations, the log."""

from __future__ import annotations

import http.client
import json
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

from tests.unit.lab_aws.conftest import NAMESPACE, SERVICE, VPC, ZONE, Running, Start

JSON_TYPE = {"Content-Type": "application/x-amz-json-1.1"}


def _connect(run: Running) -> http.client.HTTPConnection:
    return http.client.HTTPConnection("127.0.0.1", int(run.aws.url.rsplit(":", 1)[1]), timeout=60)


def _post(connection: http.client.HTTPConnection, target: str, body: str) -> tuple[int, dict[str, str]]:
    connection.request("POST", "/", body, {"X-Amz-Target": target, **JSON_TYPE})
    response = connection.getresponse()
    return response.status, json.loads(response.read())


def test_a_connection_is_kept_for_many_calls(article: Running):
    connection = _connect(article)
    connection.connect()
    own = connection.sock.getsockname()
    for _ in range(3):
        status, answer = _post(connection, "AmazonEC2ContainerServiceV20141113.ListClusters", "{}")
        assert (status, len(answer["clusterArns"])) == (200, 1)
    assert connection.sock.getsockname() == own


@pytest.mark.parametrize(
    ("target", "body", "code"),
    [
        ("AmazonEC2ContainerServiceV20141113.DescribeTasks", "{}", "InvalidParameterException"),
        ("AmazonEC2ContainerServiceV20141113.ListTasks", '{"desiredStatus": "SLEEPING"}', "InvalidParameterException"),
        ("AmazonEC2ContainerServiceV20141113.ListTasks", '{"maxResults": "ten"}', "InvalidParameterException"),
        ("AmazonEC2ContainerServiceV20141113.ListTasks", '{"colour": 1}', "InvalidParameterException"),
        ("Route53AutoNaming_v20170314.ListInstances", "not json", "InvalidInput"),
        ("Route53AutoNaming_v20170314.ListInstances", "[]", "InvalidInput"),
        ("Route53AutoNaming_v20170314.ListNamespaces", '{"MaxResults": 101}', "InvalidInput"),
        ("Route53Resolver.GetResolverRule", "{}", "ValidationException"),
    ],
)
def test_parameters_that_are_wrong_are_refused(article: Running, target: str, body: str, code: str):
    status, answer = _post(_connect(article), target, body)
    assert (status, answer["__type"]) == (400, code)
    assert answer["message"]


def test_wrong_forms_and_documents_are_refused(article: Running):
    connection = _connect(article)
    for body in (
        "Action=DescribeVpcAttribute&Version=2016-11-15&VpcId=vpc-1",
        f"Action=DescribeVpcAttribute&Version=2016-11-15&VpcId={VPC}&Attribute=enableMagic",
        "Action=DescribeVpcs&Version=2016-11-15&MaxResults=many",
        "Action=DescribeVpcs&Version=2016-11-15&Colour.1=red",
    ):
        connection.request("POST", "/", body, {"Content-Type": "application/x-www-form-urlencoded"})
        response = connection.getresponse()
        assert (response.status, b"<Code>InvalidParameterValue</Code>" in response.read()) == (400, True), body
    connection.request("POST", f"/2013-04-01/hostedzone/{ZONE}/associatevpc", "<broken")
    response = connection.getresponse()
    assert (response.status, b"<Code>InvalidInput</Code>" in response.read()) == (400, True)


def test_an_operation_that_is_not_served_says_so_and_is_logged(article: Running):
    with pytest.raises(ClientError, match=r"UnknownOperationException.*ecs:ListAttributes"):
        article.client("ecs").list_attributes(targetType="container-instance")
    with pytest.raises(ClientError, match="UnknownOperationException"):
        article.client("sns").list_topics()
    assert "ecs:ListAttributes" in article.aws.log.actions()
    assert [c.code for c in article.aws.log.calls] == ["UnknownOperationException"] * 2
    status, answer = _post(_connect(article), "AmazonEC2ContainerServiceV20141113.NoSuchThing", "{}")
    assert (status, answer["__type"]) == (400, "UnknownOperationException")


def test_the_log_has_every_call_with_its_parameters_and_times(start: Start, tmp_path: Path):
    run = start(log_file=tmp_path / "calls.jsonl")
    run.client("servicediscovery").list_instances(ServiceId=SERVICE)
    with pytest.raises(ClientError):
        run.client("route53").get_hosted_zone(Id="ZNONE")
    first, second = run.aws.log.calls
    assert (first.action, first.params, first.status, first.code) == (
        "servicediscovery:ListInstances",
        {"ServiceId": SERVICE},
        200,
        None,
    )
    assert first.start <= first.end <= second.end
    assert (second.action, second.status, second.code) == ("route53:GetHostedZone", 404, "NoSuchHostedZone")
    lines = [json.loads(line) for line in (tmp_path / "calls.jsonl").read_text().splitlines()]
    assert [(line["operation"], line["status"]) for line in lines] == [("ListInstances", 200), ("GetHostedZone", 404)]


def test_a_stopped_stand_in_answers_nobody(article: Running):
    connection = _connect(article)
    assert _post(connection, "AmazonEC2ContainerServiceV20141113.ListClusters", "{}")[0] == 200
    article.aws.stop()
    with pytest.raises((ConnectionError, http.client.HTTPException)):
        _post(connection, "AmazonEC2ContainerServiceV20141113.ListClusters", "{}")
    with pytest.raises(ConnectionError):
        _connect(article).request("GET", "/")


def test_a_body_that_is_too_large_is_refused(article: Running):
    connection = _connect(article)
    connection.putrequest("POST", "/")
    connection.putheader("Content-Length", str(1 << 30))
    connection.endheaders()
    assert connection.getresponse().status == 413


def test_whoever_uses_a_host_prefix_is_served_by_a_whole_url(article: Running):
    connection = _connect(article)
    body = json.dumps({"NamespaceName": "example.internal", "ServiceName": "dev-api"})
    headers = {"X-Amz-Target": "Route53AutoNaming_v20170314.DiscoverInstances", "Host": "data-x", **JSON_TYPE}
    connection.request("POST", "http://data-x/", body, headers)
    assert len(json.loads(connection.getresponse().read())["Instances"]) == 2


def test_namespaces_are_not_confused_with_services(article: Running):
    with pytest.raises(ClientError, match="ServiceNotFound"):
        article.client("servicediscovery").get_service(Id=NAMESPACE)
