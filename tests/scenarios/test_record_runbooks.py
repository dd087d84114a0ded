"""Runbooks of names that no Cloud Map service has: their commands name the zone and the target, and work by the real CLI."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import sddoctor.lab
from sddoctor.cli.main import run
from sddoctor.lab.runner import Lab
from sddoctor.lab.world import World, merge, parse
from tests import yaml_files
from tests.scenarios.test_runbooks import MANY, commands

ARTICLE = Path(sddoctor.lab.__file__).parent / "worlds" / "article.yaml"
VPC, REGION = "vpc-0a1b2c3d4e5f60718", "ap-northeast-1"
SUFFIX = f"cq7xexample1.{REGION}.rds.amazonaws.com"
ZONE = "Z0CORPEXAMPLE0000001"
#: Words that only the steps of ECS and Cloud Map have.
OF_SERVICES = ("servicediscovery", "aws ecs ", "Cloud Map service", "ECS service", "desired tasks")
#: What the commands of each name must hold, and what they must show when they are run.
NAMES = {
    "hand.corp.internal": (f"--hosted-zone-id {ZONE} --start-record-name hand.corp.internal", "10.10.211.50"),
    "web.corp.internal": ("elbv2 describe-target-health --target-group-arn arn:", "Target.Timeout"),
    "db.corp.internal": ("rds describe-db-instances --db-instance-identifier ledger-1", "available"),
    "cluster.corp.internal": ("rds describe-db-clusters --db-cluster-identifier ledger", SUFFIX),
    "pool.corp.internal": ("rds describe-db-proxies --db-proxy-name pool", "available"),
    f"ecs.{REGION}.amazonaws.com": ("ec2 describe-vpc-endpoints --vpc-endpoint-ids vpce-0ecs", "available"),
    "press.plant.example": ("get-resolver-rule --resolver-rule-id rslvr-rr-1", "plant.example"),
}
ALIAS = "api.corp.internal"


def cname(name: str, target: str) -> dict[str, Any]:
    return {"name": f"{name}.corp.internal", "type": "CNAME", "values": [target]}


@cache
def world() -> World:
    records = [
        {"name": "hand.corp.internal", "values": ["10.10.211.50"]},
        {"name": "web.corp.internal", "alias": {"name": f"internal-web-1234567890.{REGION}.elb.amazonaws.com"}},
        cname("db", f"ledger-1.{SUFFIX}"),
        cname("cluster", f"ledger.cluster-{SUFFIX}"),
        cname("pool", f"pool.proxy-{SUFFIX}"),
        cname("api", "dev-api.example.internal"),
    ]
    targets = [{"id": "10.10.1.21"}, {"id": "10.10.1.22", "state": "unhealthy", "reason": "Target.Timeout"}]
    balancer = {"name": "web", "id": "1234567890", "addresses": ["10.10.5.21"]}
    changes = {
        "zones": [{"id": ZONE, "name": "corp.internal", "vpcs": [VPC], "records": records}],
        "load_balancers": [{**balancer, "groups": [{"name": "web", "port": 8080, "targets": targets}]}],
        "databases": {
            "suffix": "cq7xexample1",
            "instances": [{"id": "ledger-1", "address": "10.10.7.21"}],
            "clusters": [{"id": "ledger", "writer": "ledger-1"}],
            "proxies": [{"name": "pool", "addresses": ["10.10.7.29"]}],
        },
        "vpc_endpoints": [{"id": "vpce-0ecs0000000000001", "vpc": VPC, "service": "ecs", "addresses": ["10.10.8.21"]}],
        "rules": [{"id": "rslvr-rr-1", "domain": "plant.example", "targets": ["172.31.7.53"], "vpcs": [VPC]}],
        "host": {"resolver_files": dict.fromkeys(("corp.internal", "example.internal"), "nameserver 10.10.0.2\n")},
    }
    return parse(merge(yaml_files.read(ARTICLE), changes))


@pytest.fixture(scope="module")
def lab() -> Iterator[Lab]:
    with Lab(world()) as running:
        yield running


@pytest.fixture
def runbook(lab: Lab, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    for key, value in lab.env.items():
        monkeypatch.setenv(key, value)

    def printed(name: str) -> str:
        assert run(["runbook", name, "--root", str(lab.root), "--client-vpc", VPC]) == 0, capsys.readouterr().err
        return capsys.readouterr().out

    return printed


@pytest.mark.parametrize("name", NAMES)
def test_it_leaves_out_ecs_and_cloud_map(runbook: Any, name: str) -> None:
    text = runbook(name)
    assert [word for word in OF_SERVICES if word in text] == []
    assert "Left out for want of" not in text or name in ("press.plant.example", f"ecs.{REGION}.amazonaws.com")
    assert NAMES[name][0] in text


def test_an_alias_of_a_service_has_the_steps_of_both(runbook: Any) -> None:
    text = runbook(ALIAS)
    record, _, behind = text.partition("## Behind the alias: `dev-api.example.internal`")
    assert f"--hosted-zone-id {ZONE} --start-record-name {ALIAS}" in record
    assert "--service-id srv-devapi0000000001" in behind
    assert "--hosted-zone-id Z0EXAMPLEINTERNAL01 --start-record-name dev-api.example.internal" in behind
    assert "| leads to | `dev-api.example.internal` |" in record
    assert "aws ecs describe-services --cluster dev --services dev-api-service" in behind


@pytest.mark.slow
def test_every_aws_command_works_by_the_real_cli(lab: Lab, runbook: Any) -> None:
    texts = {name: [c for c in commands(runbook(name)) if c.startswith("aws ")] for name in (*NAMES, ALIAS)}
    wanted = [shlex.split(c) for c in dict.fromkeys(c for found in texts.values() for c in found)]
    done = subprocess.run(
        [sys.executable, "-c", MANY], env=lab.process_env(), input=json.dumps(wanted), capture_output=True, text=True,
        timeout=300, check=False,
    )  # fmt: skip
    results = dict(zip(map(shlex.join, wanted), map(json.loads, done.stdout.splitlines()), strict=True))
    assert [line for line, (status, _) in results.items() if status] == []
    assert done.stderr == ""
    for name, (_, fact) in NAMES.items():
        assert any(fact in results[shlex.join(shlex.split(c))][1] for c in texts[name]), name


def test_its_own_commands_work(
    lab: Lab, runbook: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    mine = [shlex.split(c)[1:] for c in commands(runbook("hand.corp.internal")) if c.startswith("sddoctor ")]
    assert ["whois", "10.10.211.50", "--zones"] in mine
    for words in mine:
        if "there.json" in words:
            (tmp_path / "there.json").write_bytes((tmp_path / "here.json").read_bytes())
        looks_here = words[0] != "whois" and "--from" not in words
        assert run([*words, *(["--root", str(lab.root)] if looks_here else [])]) == 0, (words, capsys.readouterr())


def test_a_name_that_nobody_has_is_1(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    for key, value in lab.env.items():
        monkeypatch.setenv(key, value)
    assert run(["runbook", "nobody.example.internal", "--root", str(lab.root)]) == 1


def test_markdown_says_whose_the_name_is_and_what_it_leads_to(
    lab: Lab, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for key, value in lab.env.items():
        monkeypatch.setenv(key, value)
    run(["check", ALIAS, "--root", str(lab.root), "-o", "markdown"])
    rows = [line for line in capsys.readouterr().out.splitlines() if line.startswith("|")]
    assert any("| owner | | an alias in the hosted zone corp.internal" in row for row in rows)
    assert any("| alias | | api.corp.internal is a CNAME for dev-api.example.internal" in row for row in rows)
