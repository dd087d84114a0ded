"""``whois`` of addresses that are no task's: what AWS runs there, and which records of private zones name them."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

import sddoctor.lab
from sddoctor.cli.status import ExitStatus
from sddoctor.lab.runner import Lab
from sddoctor.lab.world import merge, parse
from sddoctor.observe.aws.policy import WHOIS
from tests import yaml_files
from tests.in_process import command

ARTICLE = Path(sddoctor.lab.__file__).parent / "worlds" / "article.yaml"
SCHEMA = json.loads((Path(__file__).parents[3] / "docs" / "whois.schema.json").read_text())
VPC = "vpc-0a1b2c3d4e5f60718"
BALANCER, DATABASE, ENDPOINT, NOBODYS = "10.10.5.21", "10.10.7.21", "10.10.8.21", "10.10.9.29"
WORLD: dict[str, Any] = {
    "zones": [
        {
            "id": "Z0CORP",
            "name": "corp.internal",
            "vpcs": [VPC],
            "records": [
                {"name": "db.corp.internal", "values": [DATABASE]},
                {"name": "old.corp.internal", "values": [NOBODYS]},
                {"name": "both.corp.internal", "values": [DATABASE, NOBODYS]},
                {"name": "*.corp.internal", "values": [BALANCER]},
                {"name": "text.corp.internal", "type": "TXT", "values": [f'"{DATABASE}"']},
            ],
        }
    ],
    "load_balancers": [{"name": "web", "id": "50dc6c495c0c9188", "addresses": [BALANCER], "groups": []}],
    "databases": {"suffix": "cq7xexample1", "instances": [{"id": "ledger-1", "address": DATABASE}]},
    "vpc_endpoints": [{"id": "vpce-0ecs0000000000001", "vpc": VPC, "service": "ecs", "addresses": [ENDPOINT]}],
}


def start(**changes: Any) -> Lab:
    return Lab(parse(merge(yaml_files.read(ARTICLE), {**WORLD, **changes})))


@pytest.fixture(scope="module")
def lab() -> Iterator[Lab]:
    with start() as running:
        yield running


def run(lab: Lab, *args: str) -> subprocess.CompletedProcess[str]:
    return command("whois", *args, env=lab.process_env())


def one(lab: Lab, *args: str) -> dict[str, Any]:
    done = run(lab, *args, "-o", "json")
    data = json.loads(done.stdout)
    Draft202012Validator(SCHEMA).validate(data)
    (answer,) = data["addresses"]
    return dict(answer)


@pytest.mark.parametrize(
    ("address", "what"),
    [
        (BALANCER, "load balancer app/web/"),
        (DATABASE, "an RDS database"),
        (ENDPOINT, "VPC endpoint vpce-0ecs0000000000001"),
    ],
)
def test_what_aws_runs_is_named(lab: Lab, address: str, what: str) -> None:
    answer = one(lab, address)
    assert answer["status"] == "held"
    assert answer["summary"].startswith(f"It belongs to {what}")
    assert answer["records"] == []
    (interface,) = answer["interfaces"]
    assert interface["what"].startswith(what)


def test_what_aws_says_of_the_interface_is_shown(lab: Lab) -> None:
    text = " ".join(run(lab, ENDPOINT).stdout.split())
    assert '"VPC Endpoint Interface vpce-0ecs0000000000001", type vpc_endpoint' in text


def test_records_that_name_it_are_shown_with_their_zone(lab: Lab) -> None:
    answer = one(lab, DATABASE, "--zones")
    found = [(r["name"], r["type"], r["zone"], r["zone_id"]) for r in answer["records"]]
    assert found == [(f"{n}.corp.internal", "A", "corp.internal", "Z0CORP") for n in ("both", "db")]
    assert set(answer["names"]) == {"both.corp.internal", "db.corp.internal"}
    text = " ".join(run(lab, DATABASE, "--zones").stdout.split())
    assert "2 names of private zones have a record of it: both.corp.internal and db.corp.internal." in text
    assert "record db.corp.internal A in the zone corp.internal (Z0CORP)" in text
    assert "- record: db.corp.internal A in" in run(lab, DATABASE, "--zones", "-o", "markdown").stdout


def test_a_record_of_an_address_that_nobody_has(lab: Lab) -> None:
    done = run(lab, NOBODYS, "--zones")
    assert done.returncode == ExitStatus.PROBLEM
    text = " ".join(done.stdout.split())
    assert f"NOBODY {NOBODYS}" in text
    assert "2 names of private zones have a record of it: both.corp.internal and old.corp.internal." in text


def test_names_that_cloud_map_registered_are_not_said_twice(lab: Lab) -> None:
    answer = one(lab, "10.10.211.50", "--zones")
    assert [r["name"] for r in answer["registrations"]] == ["dev-api.example.internal"]
    assert answer["records"] == []


def test_without_zones_none_is_read(lab: Lab) -> None:
    before = len(lab.aws_log)
    run(lab, DATABASE)
    assert "route53" not in {c.service for c in lab.aws_log[before:]}


def test_no_more_is_called_than_the_policy_has(lab: Lab) -> None:
    before = len(lab.aws_log)
    run(lab, DATABASE, "10.10.211.50", "--zones")
    called = {c.action for c in lab.aws_log[before:]} - {"sts:GetCallerIdentity"}
    assert called <= set(WHOIS)
    assert {"route53:ListHostedZonesByName", "route53:ListResourceRecordSets"} <= called


@pytest.mark.parametrize("action", ["route53:ListHostedZonesByName", "route53:ListResourceRecordSets"])
def test_zones_that_were_not_seen_are_a_gap(action: str) -> None:
    with start(faults={"deny": [action]}) as denied:
        done = run(denied, DATABASE, "--zones")
    assert done.returncode == ExitStatus.UNDECIDED
    assert f"{action} is denied" in " ".join(done.stdout.split())
