"""Owners are looked for with the real observer and boto3, over real HTTP, in worlds of the lab."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec import Struct

import sddoctor.lab
from sddoctor.lab.aws import ec2_interfaces
from sddoctor.lab.aws.account import OPERATIONS, Account
from sddoctor.lab.aws.calls import LoggedCall
from sddoctor.lab.aws.server import AwsStandIn
from sddoctor.lab.world import load, merge, parse
from sddoctor.observe.aws.policy import WHOIS
from sddoctor.observe.whois import registered, tasks
from sddoctor.observe.whois.observer import observe
from sddoctor.whois.judge import judge
from sddoctor.whois.model import Whois
from tests import yaml_files

WORLDS = Path(sddoctor.lab.__file__).parent / "worlds"
A = "10.10.211.50"
TASK = "0f4a1c5be0d34e7fa1b2c3d4e5f60701"


class Looked(Struct):
    """What was said, and what the stand-in was asked."""

    whois: Whois
    calls: list[LoggedCall]


Look = Callable[..., Looked]


@pytest.fixture
def look(monkeypatch: pytest.MonkeyPatch) -> Iterator[Look]:
    """Look for owners in a world of the lab with ``changes``."""
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_REGION", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/dev/null")
    running: list[AwsStandIn] = []

    def begin(
        *addresses: str,
        changes: dict[str, Any] | None = None,
        world: str = "article",
        page_size: int | None = None,
        seconds: float = 20,
        zones: bool = False,
    ) -> Looked:
        path = WORLDS / f"{world}.yaml"
        made = parse(merge(yaml_files.read(path), changes)) if changes else load(path)
        aws = AwsStandIn(made, page_size=page_size).start()
        running.append(aws)
        for key, value in aws.environment().items():
            monkeypatch.setenv(key, value)
        return Looked(judge(addresses, observe(addresses, None, None, seconds, zones=zones)), aws.log.calls)

    yield begin
    for aws in running:
        aws.stop()


def clusters(**task: Any) -> dict[str, Any]:
    return {"clusters": {"dev": {"services": {"dev-api-service": {"tasks": {TASK: task}}}}}}


def test_a_task_is_found_with_no_call_twice_and_within_the_policy(look: Look) -> None:
    done = look(A)
    (said,) = done.whois.answers
    assert (said.status, [t.id for t in said.tasks], said.names) == ("held", [TASK], ("dev-api.example.internal",))
    assert done.whois.gaps == ()
    asked = Counter((c.action, json.dumps(c.params, sort_keys=True, default=str)) for c in done.calls)
    assert max(asked.values()) == 1
    assert {c.action for c in done.calls} - {"sts:GetCallerIdentity"} <= set(WHOIS)


def test_pages_of_one_are_all_read(look: Look) -> None:
    said = look("10.10.212.150", page_size=1).whois
    assert (said.answers[0].status, said.answers[0].names, said.gaps) == ("held", ("dev-api.example.internal",), ())


def test_a_stopped_task_is_still_visible(look: Look) -> None:
    ended = {"last_status": "STOPPED", "desired_status": "STOPPED", "stopped_ago": 600, "stopped_reason": "Exit 1"}
    (said,) = look(A, changes=clusters(**ended)).whois.answers
    assert (said.status, [t.id for t in said.former]) == ("left", [TASK])


def test_ipv6(look: Look) -> None:
    (said,) = look("2406:da14:1:d300::50", changes=clusters(ipv6="2406:da14:1:d300::50")).whois.answers
    assert (said.status, [t.id for t in said.tasks]) == ("held", [TASK])
    assert [i.what for i in said.interfaces] == ["an ECS task"]


def test_a_task_with_ipv6_alone(look: Look) -> None:
    (said,) = look("2406:da14:1:d300::50", world="address-family-mismatch").whois.answers
    assert (said.status, [t.id for t in said.tasks], said.names) == ("held", [TASK], ("dev-api.example.internal",))


def test_a_container_instance_and_what_is_behind_it(look: Look) -> None:
    (said,) = look("172.20.90.5", world="shop").whois.answers
    assert [h.ec2_instance_id for h in said.hosts] == ["i-0aaa00000000000a1"]
    assert [(t.service, t.ports[0].host_port) for t in said.tasks] == [("billing", 32768)]
    assert said.names == ("billing.corp.shop",)


def test_a_stale_registration_in_another_service(look: Look) -> None:
    gone = {"id": "9999dead0000000000000000000000d4", "ipv4": A, "cluster": "dev", "ecs_service": "old"}
    namespace = yaml_files.read(WORLDS / "article.yaml")["namespaces"][0]
    namespace["services"].append({"id": "srv-old", "name": "old-api", "instances": [gone]})
    (said,) = look(A, changes={"namespaces": [namespace]}).whois.answers
    assert [(r.service, r.standing) for r in said.registrations] == [("dev-api", "current"), ("old-api", "stale")]


def test_nothing_is_made_up_of_what_is_denied(look: Look) -> None:
    result = look(A, changes={"faults": {"deny": ["ec2:*", "ecs:*", "servicediscovery:*"]}}).whois
    assert result.answers[0].status == "unknown"
    assert {g.needs for g in result.gaps} == {
        "ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets", "ec2:DescribeVpcs", "ecs:ListClusters",
        "servicediscovery:ListNamespaces",
    }  # fmt: skip


def test_the_time_is_a_budget(look: Look) -> None:
    result = look(A, changes={"faults": {"errors": {"ecs:ListTasks": "hang"}}}, seconds=4).whois
    assert result.answers[0].summary.startswith("It belongs to an ECS task, which was not seen.")
    assert any("time budget of 4 s" in g.why for g in result.gaps)


def test_bounds_are_gaps(look: Look, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registered, "MOST_SERVICES", 0)
    monkeypatch.setattr(tasks, "MOST_TASKS", 1)
    result = look(A).whois
    assert result.answers[0].status == "held"
    assert any("services that are read" in g.why for g in result.gaps)
    assert any("more than the 1 that are read" in g.why for g in result.gaps)


def test_public_addresses_and_delegated_prefixes_are_found(look: Look, monkeypatch: pytest.MonkeyPatch) -> None:
    usual = ec2_interfaces._interfaces

    def more(account: Account) -> list[dict[str, Any]]:
        found = usual(account)
        found[0]["Association"] = {"PublicIp": "52.95.110.1"}
        found[1]["Ipv4Prefixes"] = [{"Ipv4Prefix": "10.10.212.64/28"}]
        return found

    monkeypatch.setattr(ec2_interfaces, "_interfaces", more)
    public, prefix, beside = look("52.95.110.1", "10.10.212.70", "10.10.212.81").whois.answers
    assert [(a.status, len(a.interfaces)) for a in (public, prefix, beside)] == [
        ("held", 1),
        ("held", 1),
        ("nobody", 0),
    ]
    assert [t.id for t in public.tasks] == [TASK]


@pytest.mark.parametrize("action", WHOIS)
def test_without_any_one_permission_a_gap_names_it(look: Look, action: str) -> None:
    """The policy is the least one: together with the test of the command under it, it equals what is called."""
    result = look("172.20.90.5", world="shop", changes={"faults": {"deny": [action]}}, zones=True).whois
    assert action in {g.needs for g in result.gaps}
    assert result.is_undecided
    assert not result.has_problem


def test_with_everything_else_denied_all_is_seen(look: Look) -> None:
    others = [f"{s}:{o}" for s, o in OPERATIONS if f"{s}:{o}" not in WHOIS and s != "sts"]
    result = look("172.20.90.5", world="shop", changes={"faults": {"deny": others}}, zones=True).whois
    assert len(others) > 30
    assert result.gaps == ()
    assert result.answers[0].names == ("billing.corp.shop",)


@pytest.mark.parametrize("fault", ["garbage", "empty", "http-500", "expired"])
def test_a_broken_answer_is_nobodys_absence(look: Look, fault: str) -> None:
    result = look("10.10.5.5", changes={"faults": {"errors": {"ec2:DescribeNetworkInterfaces": fault}}}).whois
    assert (result.answers[0].status, result.has_problem, result.is_undecided) == ("unknown", False, True)


@pytest.mark.parametrize(("cluster", "standing"), [("gone", "stale"), (None, "unknown")])
def test_a_registration_of_a_cluster_that_is_gone(look: Look, cluster: str | None, standing: str) -> None:
    namespace = yaml_files.read(WORLDS / "article.yaml")["namespaces"][0]
    gone = {"id": "9999dead0000000000000000000000d4", "ipv4": A, "ecs_service": "old", "cluster": cluster}
    namespace["services"].append({"id": "srv-old", "name": "old-api", "instances": [gone]})
    (said,) = look(A, changes={"namespaces": [namespace]}).whois.answers
    assert [(r.service, r.standing) for r in said.registrations] == [("dev-api", "current"), ("old-api", standing)]
