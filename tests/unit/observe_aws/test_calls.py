"""Calls: shared, logged, counted in rounds; and the client they go through."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from sddoctor.case.seen import NotAttempted, Seen, Unreachable
from sddoctor.lab.aws.server import AwsStandIn
from sddoctor.observe.aws.calls import Calls
from sddoctor.observe.aws.session import Clients
from sddoctor.observe.budget import Budget
from sddoctor.observe.work import Pending, begin, depth, pending

Serve = Callable[..., AwsStandIn]


def calls_of(seconds: float = 10.0) -> Calls:
    begin()
    budget = Budget(seconds)
    clients = Clients(None, None, budget)
    return Calls(clients, budget)


def test_the_same_question_asked_by_many_is_one_call(serve: Serve):
    aws = serve({"faults": {"latency_ms": 100}})
    calls = calls_of()
    found: list[Any] = []

    def read() -> None:
        found.append(calls.get("ec2", "DescribeVpcs", "the VPCs"))

    threads = [threading.Thread(target=read) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert aws.log.actions() == ["ec2:DescribeVpcs"]
    assert len(found) == 8
    assert all(f == found[0] and isinstance(f, Seen) for f in found)


def test_rounds_count_what_was_waited_for_and_not_what_ran_beside(serve: Serve):
    serve()
    calls = calls_of()

    def two_in_a_row() -> Any:
        calls.get("ec2", "DescribeVpcs", "the VPCs")
        return calls.get("sts", "GetCallerIdentity", "me")

    work: Pending[Any] = pending(two_in_a_row, "two", calls.budget)
    calls.start("route53", "ListHostedZonesByVPC", "zones", VPCId="vpc-1", VPCRegion="ap-northeast-1")
    assert depth() == 0
    work.fact()
    assert depth() == 2
    calls.get("ecs", "ListClusters", "clusters")
    rounds = {t.call: t.round for t in calls.log}
    assert rounds["ec2:DescribeVpcs"] == 1
    assert rounds["sts:GetCallerIdentity"] == 2
    assert rounds["ecs:ListClusters"] == 3


def test_an_operation_that_boto3_does_not_know_was_not_attempted(serve: Serve):
    aws = serve()
    fact = calls_of().get("ecs", "ListTomorrow", "what is to come")
    assert isinstance(fact, NotAttempted)
    assert "boto3" in fact.needs
    assert aws.log.calls == []


def test_a_timing_tells_wait_and_duration(serve: Serve):
    serve({"faults": {"latency_ms": 120}})
    calls = calls_of()
    calls.get("sts", "GetCallerIdentity", "me")
    (timing,) = calls.log
    assert timing.call == "sts:GetCallerIdentity"
    assert timing.round == 1
    assert timing.took_ms
    assert timing.outcome == "ok"


def test_nothing_is_asked_after_the_end_of_the_budget(serve: Serve):
    aws = serve()
    calls = calls_of(0.0)
    fact = calls.get("sts", "GetCallerIdentity", "me")
    time.sleep(0.3)
    assert isinstance(fact, Unreachable)
    assert aws.log.calls == []


def test_no_thread_keeps_the_process(serve: Serve):
    serve({"faults": {"errors": {"sts:*": "hang"}}})
    before = set(threading.enumerate())
    calls = calls_of(0.5)
    assert isinstance(calls.get("sts", "GetCallerIdentity", "me"), Unreachable)
    made = set(threading.enumerate()) - before
    assert made
    assert all(t.daemon for t in made)


@pytest.mark.parametrize(
    ("text", "injected"),
    [
        ("[default]\nregion = eu-west-1\n", True),
        ("[default]\nendpoint_url = http://127.0.0.1:1\n", False),
        (
            "[default]\nservices = mine\n[services mine]\nservicediscovery =\n  endpoint_url = http://127.0.0.1:1\n",
            False,
        ),
        ("[default]\nservices = mine\n[services mine]\ns3 =\n  endpoint_url = http://127.0.0.1:1\n", True),
        ("[default]\nendpoint_url = http://127.0.0.1:1\nignore_configured_endpoint_urls = true\n", True),
    ],
)
def test_only_an_endpoint_of_its_own_keeps_the_host_prefix_away(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Any, text: str, injected: bool
):
    config = tmp_path / "config"
    config.write_text(text)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIALAB")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "lab")
    clients = Clients("eu-west-1", None, Budget(10))
    assert clients.get("servicediscovery").meta.config.inject_host_prefix is injected
