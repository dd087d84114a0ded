"""What a scan says of many names, and how few calls it needs."""

from __future__ import annotations

import json
import re
from pathlib import Path
from xml.etree import ElementTree

import jsonschema
import pytest

import sddoctor.lab
from sddoctor.lab.runner import Lab
from sddoctor.lab.world import load
from sddoctor.observe.aws.policy import SCAN
from tests.estates import estate
from tests.in_process import judge_in
from tests.unit.scan.conftest import Scan, scan_in

WORLDS = Path(sddoctor.lab.__file__).parent / "worlds"
SCHEMA = json.loads((Path(__file__).parents[3] / "docs" / "report.schema.json").read_text())
FAST = ("--pace", "100")
SCALED_TO_ZERO = {"desired": 0, "tasks": []}


def test_every_name_of_every_namespace_is_a_row(scan: Scan) -> None:
    scanned = scan(estate(6, namespaces=2, clusters=2, broken={3: SCALED_TO_ZERO}))
    assert len(scanned.verdicts) == 6
    assert {n for n, v in scanned.verdicts.items() if v != "healthy"} == {"svc-0003.n1.internal"}
    (ill,) = [line for line in scanned.lines if line["verdict"] != "healthy"]
    assert ill["root_causes"] == ["service-scaled-to-zero"]
    assert (ill["account"], ill["region"], ill["namespace"]) == ("111122223333", "ap-northeast-1", "n1.internal")
    assert scanned.status == 1


def test_calls_are_those_that_pages_and_batches_demand(scan: Scan) -> None:
    services, tasks = 23, 10
    scanned = scan(estate(services, tasks, clusters=2), "-o", "jsonl", *FAST)
    assert set(scanned.verdicts.values()) == {"healthy"}
    assert len(scanned.verdicts) == services
    per_service = {
        "servicediscovery:ListInstances": services,
        "servicediscovery:GetInstancesHealthStatus": services,
        "ecs:ListTasks": services,
        "ecs:DescribeTaskDefinition": services,
    }
    of_clusters = {"ecs:ListServices": 2, "ecs:DescribeServices": 2 * (2 + 2)}
    in_batches = {"ecs:DescribeTasks": 2 + 2, "route53:ListResourceRecordSets": 1}
    once = {
        "sts:GetCallerIdentity": 1, "servicediscovery:ListNamespaces": 1, "servicediscovery:ListServices": 1,
        "route53:GetHostedZone": 1, "ec2:DescribeVpcs": 1, "ec2:DescribeVpcAttribute": 2,
        "ec2:DescribeClientVpnEndpoints": 1, "route53:ListHostedZonesByVPC": 1,
        "route53resolver:ListResolverEndpoints": 1, "route53resolver:ListFirewallRuleGroupAssociations": 1,
        "route53resolver:ListResolverRuleAssociations": 1, "route53profiles:ListProfileAssociations": 1,
    }  # fmt: skip
    assert scanned.asked == per_service | of_clusters | in_batches | once


def test_calls_do_not_grow_with_instances_but_by_the_page(scan: Scan) -> None:
    few = scan(estate(1, 10), "-o", "jsonl", *FAST).asked
    many = scan(estate(1, 250), "-o", "jsonl", *FAST).asked
    more = {action: count for action, count in (many - few).items() if count}
    assert more == {
        "servicediscovery:ListInstances": 2,
        "servicediscovery:GetInstancesHealthStatus": 2,
        "ecs:ListTasks": 2,
        "ecs:DescribeTasks": 2,
    }


@pytest.mark.parametrize(
    "world",
    [
        "article",
        "split-dns-missing",
        "service-scaled-to-zero",
        "health-check-tool-missing",
        "registry-recreated",
        "zone-not-associated",
        "dns-firewall-blocks",
        "namespace-duplicate",
        "agent-disconnected-bridge",
        "dhcp-custom-dns-client-vpc",
    ],
)
def test_what_is_said_of_a_name_is_what_a_check_says(world: str) -> None:
    with Lab(load(WORLDS / f"{world}.yaml")) as lab:
        check = judge_in(lab)
        scanned = scan_in(lab, *lab.world.args, "-o", "json")
    jsonschema.validate(document := json.loads(scanned.out), SCHEMA)
    (row,) = [r for r in document["reports"] if r["name"] == check.report["name"]]
    for key in ("verdict", "headline", "root_causes", "gaps", "answered"):
        assert _timeless(row[key]) == _timeless(check.report[key])
    assert [f["code"] for f in row["findings"]] == [f["code"] for f in check.report["findings"]]
    assert [(h["hop"], h["status"]) for h in row["hops"]] == [(h["hop"], h["status"]) for h in check.report["hops"]]


def _timeless(value: object) -> str:
    return re.sub(r"TTL \d+|\d+ (s|seconds?|minutes?)\b", "?", json.dumps(value))


def test_with_throttling_nothing_is_lost(scan: Scan) -> None:
    throttled = {"servicediscovery:*": 4, "ecs:DescribeTasks": 2, "ecs:ListTasks": 3, "route53:*": 1, "ec2:*": 1}
    scanned = scan(estate(8, broken={5: SCALED_TO_ZERO}, faults={"throttle": throttled}), "-o", "jsonl", *FAST)
    assert len(scanned.verdicts) == 8
    assert [n for n, v in scanned.verdicts.items() if v != "healthy"] == ["svc-0005.n0.internal"]
    assert not any(line["gaps"] for line in scanned.lines)


def test_a_denied_list_is_a_row_and_no_abort(scan: Scan) -> None:
    scanned = scan(estate(2, faults={"deny": ["servicediscovery:ListNamespaces"]}))
    (row,) = scanned.lines
    assert (row["name"], row["verdict"], row["region"]) == ("*", "inconclusive", "ap-northeast-1")
    assert row["gaps"][0]["needs"] == "servicediscovery:ListNamespaces"
    assert scanned.status == 3


def test_denied_services_of_a_namespace_are_a_row_too(scan: Scan) -> None:
    scanned = scan(estate(2, namespaces=2, faults={"deny": ["servicediscovery:ListServices"]}), "-o", "text")
    assert scanned.out.count("*.n") == 2
    assert "servicediscovery:ListServices is denied" in scanned.out
    assert "In 2 places the names could not be listed." in scanned.out


def test_names_are_chosen_by_namespace_and_pattern(scan: Scan) -> None:
    world = estate(6, namespaces=2)
    assert set(scan(world, "-o", "jsonl", "--namespace", "n1.internal").verdicts) == {
        f"svc-000{n}.n1.internal" for n in (1, 3, 5)
    }
    picked = scan(world, "-o", "jsonl", "--name", "SVC-0002*", "--name", "*3.n1.internal")
    assert set(picked.verdicts) == {"svc-0002.n0.internal", "svc-0003.n1.internal"}
    assert picked.asked["servicediscovery:ListInstances"] == 2


def test_a_namespace_that_is_nowhere_is_wrong_usage(scan: Scan) -> None:
    scanned = scan(estate(1), "--namespace", "nowhere.internal")
    assert scanned.status == 2
    assert "There is no namespace nowhere.internal" in scanned.errors
    assert "n0.internal" in scanned.errors


def test_the_verdict_chooses_what_is_shown_and_not_the_status(scan: Scan) -> None:
    world = estate(3, broken={1: SCALED_TO_ZERO})
    scanned = scan(world, "-o", "jsonl", "--verdict", "healthy")
    assert list(scanned.verdicts.values()) == ["healthy"] * 2
    assert scanned.status == 1


def test_the_table_has_the_worst_first_and_fits(scan: Scan) -> None:
    scanned = scan(estate(3, broken={2: SCALED_TO_ZERO}), "-o", "text")
    lines = scanned.out.splitlines()
    assert lines[0].split() == ["VERDICT", "NAME", "WHY"]
    assert lines[1].split() == ["broken", "svc-0002.n0.internal", "service-scaled-to-zero"]
    assert [line.split()[0] for line in lines[2:4]] == ["healthy", "healthy"]
    assert "3 names: 2 healthy, 1 broken." in scanned.out
    assert "sddoctor check svc-0002.n0.internal" in scanned.out
    assert max(map(len, lines)) <= 80


def test_services_without_dns_are_counted_and_left_out(scan: Scan) -> None:
    world = load(WORLDS / "api-only.yaml")
    left_out = scan(world, "-o", "text")
    assert "--api-only" in left_out.out
    assert world.name not in left_out.out
    assert "api-only" in scan(world, "-o", "text", "--api-only").out


def test_junit_is_valid(scan: Scan) -> None:
    scanned = scan(estate(3, broken={1: SCALED_TO_ZERO}), "-o", "junit")
    root = ElementTree.fromstring(scanned.out)  # noqa: S314 - our own output
    assert root.attrib == {"tests": "3", "failures": "1", "errors": "0"}
    cases = root.findall("testsuite/testcase")
    assert len(cases) == 3
    assert [c.get("name") for c in cases if c.find("failure") is not None] == ["svc-0001.n0.internal"]


def test_markdown_has_a_row_for_each_name(scan: Scan) -> None:
    scanned = scan(estate(2, broken={1: SCALED_TO_ZERO}), "-o", "markdown")
    rows = [line for line in scanned.out.splitlines() if line.startswith(("| broken", "| healthy"))]
    assert len(rows) == 2
    assert "`service-scaled-to-zero`" in rows[0]


def test_the_policy_of_a_scan_is_what_it_calls() -> None:
    world = load(WORLDS / "article.yaml")
    with Lab(world) as lab:
        scanned = scan_in(lab, "-o", "jsonl")
    assert set(scanned.asked) - {"sts:GetCallerIdentity"} <= set(SCAN)
    assert "servicediscovery:DiscoverInstances" not in SCAN
