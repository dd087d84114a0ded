"""``scan --zones``: every name of private hosted zones beside the services, each once, and nothing is read twice."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from sddoctor.lab.runner import Lab
from tests.estates import estate, mixed
from tests.unit.scan.conftest import Scan, Scanned, scan_in

SCHEMA = json.loads((Path(__file__).parents[3] / "docs" / "report.schema.json").read_text())
VPC = "vpc-0a1b2c3d4e5f60718"
JSON_LINES = ("--zones", "-o", "jsonl", "--pace", "1000")
#: What the names of ``mixed`` are, by the first part of the name, as a client in the VPC and by records alone.
WITH_DNS = {
    "svc": ("cloud-map", "healthy"),
    "hand": ("hosted-zone", "healthy"),
    "dead": ("hosted-zone", "healthy"),  # nothing but a missing interface speaks against what the record says
    "web": ("load-balancer", "healthy"),
    "api": ("hosted-zone", "healthy"),
    "gone": ("hosted-zone", "broken"),
    "*": ("hosted-zone", "healthy"),
    "_sip": ("hosted-zone", "healthy"),
}
#: The addresses of a load balancer, and of the targets of an SRV record, are in no record of the name.
BY_RECORDS = {**WITH_DNS, "web": ("load-balancer", "inconclusive"), "_sip": ("hosted-zone", "inconclusive")}


def kind_of(name: str) -> str:
    return name.split("-", maxsplit=1)[0].split(".", maxsplit=1)[0]


def judged(scanned: Scanned) -> dict[str, set[tuple[str, str]]]:
    found: dict[str, set[tuple[str, str]]] = {}
    for line in scanned.lines:
        found.setdefault(kind_of(line["name"]), set()).add((line["owner"], line["verdict"]))
    return found


@pytest.mark.parametrize(("args", "expected"), [((), WITH_DNS), (("--asker", "records"), BY_RECORDS)])
def test_each_name_has_one_row_with_its_owner(scan: Scan, args: tuple[str, ...], expected: dict[str, Any]) -> None:
    scanned = scan(mixed(3), *JSON_LINES, *args)
    assert judged(scanned) == {kind: {what} for kind, what in expected.items()}
    assert Counter(kind_of(line["name"]) for line in scanned.lines) == {
        **dict.fromkeys(("hand", "dead", "web", "api", "gone"), 3),
        "svc": 10,
        "*": 1,
        "_sip": 1,
    }
    zones = {line.get("zone", "") for line in scanned.lines if not line["namespace"]}
    assert zones == {"corp.internal"}
    assert {line["namespace"] for line in scanned.lines if "zone" not in line} == {"n0.internal"}


def test_the_reports_are_as_the_schema_says(scan: Scan) -> None:
    theirs = {"id": "Z0THEIRS", "name": "their.internal", "vpcs": [VPC], "owner": "999988887777", "records": []}
    by_hand = {"id": "Z0HAND", "name": "corp.internal", "vpcs": [VPC], "records": [{"name": "db.corp.internal"}]}
    scanned = scan(estate(1, zones=[theirs, by_hand]), "--zones", "-o", "json")
    jsonschema.validate(document := json.loads(scanned.out), SCHEMA)
    assert [bool(r.get("unlisted")) for r in document["reports"]].count(True) == 1
    assert {r.get("zone") for r in document["reports"]} == {"corp.internal", "their.internal", None}


def most_calls(names: int) -> Counter[str]:
    """Return how often each operation may be called for ``mixed``: once for each thing, and for each full page or batch."""
    once = (
        "ec2:DescribeDhcpOptions",
        "ec2:DescribeVpcs",
        "ecs:ListClusters",
        "elbv2:DescribeLoadBalancers",
        "elbv2:DescribeTargetGroups",
        "elbv2:DescribeTargetHealth",
        "route53:ListHostedZonesByName",
        "route53:ListHostedZonesByVPC",
        "route53profiles:ListProfileAssociations",
        "route53resolver:ListFirewallRuleGroupAssociations",
        "route53resolver:ListResolverRuleAssociations",
        "servicediscovery:ListNamespaces",
        "servicediscovery:ListOperations",
        "servicediscovery:ListServices",
        "sts:GetCallerIdentity",
    )
    of_services = {
        "ecs:DescribeServices": 3,
        "ecs:DescribeTaskDefinition": 10,
        "ecs:DescribeTasks": 2,
        "ecs:ListServices": 2,
        # And the tasks outside services, for names that no service has; those that stopped for each hundred of them anew.
        "ecs:ListTasks": 10 + 1 + -(-names // 5 // 100) + 1,
        "servicediscovery:GetInstancesHealthStatus": 10,
        "servicediscovery:ListInstances": 10,
    }
    of_zones = {
        "ec2:DescribeVpcAttribute": 2,
        "route53:GetHostedZone": 2,
        "route53:ListResourceRecordSets": 1 + -(-(names + 8) // 300),  # three hundred a page, and the namespace's
        "ec2:DescribeNetworkInterfaces": -(-names // 200) + 1,
    }
    return Counter({**dict.fromkeys(once, 1), **of_services, **of_zones})


@pytest.mark.slow
def test_a_thousand_names_take_sixty_calls_more() -> None:
    with Lab(mixed(199)) as lab:
        scanned = scan_in(lab, *JSON_LINES, "--asker", "records")
    assert len(scanned.lines) == 5 * 199 + 10 + 2
    assert judged(scanned) == {kind: {what} for kind, what in BY_RECORDS.items()}
    assert dict(scanned.asked - most_calls(5 * 199)) == {}


def test_without_zones_only_services_are_there(scan: Scan) -> None:
    scanned = scan(mixed(2), "-o", "jsonl")
    assert {kind_of(n) for n in scanned.verdicts} == {"svc"}
    assert "route53:ListHostedZonesByName" not in scanned.asked


def test_a_record_that_is_left_in_the_zone_of_a_namespace_is_a_name_and_those_of_services_are_not(scan: Scan) -> None:
    left = {"id": "Z0ESTATE000000", "records": [{"name": "left.n0.internal", "values": ["10.17.0.9"]}]}
    scanned = scan(estate(2, zones=[left]), *JSON_LINES)
    assert sorted((line["name"], *line["root_causes"]) for line in scanned.lines) == [
        ("left.n0.internal", "record-orphaned"),  # nobody but Cloud Map can write there
        ("svc-0000.n0.internal",),
        ("svc-0001.n0.internal",),
    ]


def test_a_zone_of_another_account_is_a_row_that_says_who_can_list_it(scan: Scan) -> None:
    theirs = {"id": "Z0THEIRS", "name": "their.internal", "vpcs": [VPC], "owner": "999988887777", "records": []}
    scanned = scan(estate(1, zones=[theirs]), *JSON_LINES)
    (row,) = [line for line in scanned.lines if line.get("unlisted")]
    assert (row["name"], row["verdict"]) == ("*.their.internal", "inconclusive")
    assert row["gaps"][0]["needs"] == "a look from account 999988887777"
    assert "account 999988887777" in row["headline"]


def test_zones_that_are_not_seen_are_a_row(scan: Scan) -> None:
    world = mixed(1, faults={"deny": ["route53:ListHostedZonesByName"]})
    scanned = scan(world, *JSON_LINES)
    (row,) = [line for line in scanned.lines if line.get("unlisted")]
    assert row["gaps"][0]["needs"] == "route53:ListHostedZonesByName"


def test_one_zone_alone_and_one_pattern(scan: Scan) -> None:
    scanned = scan(mixed(2), *JSON_LINES, "--namespace", "corp.internal", "--name", "hand-*")
    assert set(scanned.verdicts) == {"hand-0.corp.internal", "hand-1.corp.internal"}
    refused = scan(mixed(1), "--zones", "--namespace", "other.internal")
    assert refused.status == 2
    assert "There is no namespace or private zone other.internal" in refused.errors


def test_two_zones_of_one_name_are_judged_for_a_client_of_each_by_records(scan: Scan) -> None:
    vpcs = [{"id": VPC, "cidr": "10.16.0.0/12"}, {"id": "vpc-0shop", "cidr": "10.64.0.0/16"}]
    zones = [
        {"id": f"Z0{n}", "name": "corp.internal", "vpcs": [v["id"]], "records": [record]}
        for n, (v, record) in enumerate(
            zip(vpcs, ({"name": "db.corp.internal", "values": [f"10.17.0.{n}"]} for n in (8, 9)), strict=True)
        )
    ]
    world = estate(1, vpcs=vpcs, zones=zones)
    by_records = scan(world, *JSON_LINES, "--asker", "records")
    lines = [line for line in by_records.lines if line["name"] == "db.corp.internal"]
    given = sorted(line["headline"].rpartition(": ")[2].rstrip(".") for line in lines)
    assert given == ["10.17.0.8", "10.17.0.9"]
    with_dns = scan(world, *JSON_LINES)
    assert [line["name"] for line in with_dns.lines].count("db.corp.internal") == 1


def test_a_wildcard_is_no_place_whose_names_could_not_be_listed(scan: Scan) -> None:
    scanned = scan(mixed(1), "--zones")
    assert "could not be listed" not in scanned.out
    assert "17 names: " in scanned.out
    head, *rows = scanned.out.split("\n\n")[0].splitlines()
    assert head.split() == ["VERDICT", "NAME", "OWNER", "WHY"]
    assert ["healthy", "*.corp.internal", "hosted-zone"] in [row.split()[:3] for row in rows]
    assert ["healthy", "web-0.corp.internal", "load-balancer"] in [row.split()[:3] for row in rows]
    assert "What to do: sddoctor check gone-0.corp.internal" in scanned.out


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("markdown", "| healthy | `web-0.corp.internal` | load-balancer |"),
        ("prometheus", 'namespace="",zone="corp.internal",name="*.corp.internal"'),
        ("junit", 'name="hand-0.corp.internal"'),
    ],
)
def test_other_formats_have_the_names_of_zones(scan: Scan, form: str, text: str) -> None:
    assert text in scan(mixed(1), "--zones", "-o", form).out
