"""The model of what a scan costs is what a scan costs, and the document holds its numbers."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sddoctor.observe.aws.cost import Estate, calls_of, groups_of, seconds_of
from tests.estates import estate
from tests.unit.scan.conftest import Scan

DOCUMENT = (Path(__file__).parents[3] / "docs" / "scale.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("services", "tasks", "namespaces", "clusters"), [(1, 1, 1, 1), (12, 3, 2, 2), (120, 2, 1, 1), (2, 130, 1, 1)]
)
def test_the_model_counts_what_is_called(scan: Scan, services: int, tasks: int, namespaces: int, clusters: int) -> None:
    world = estate(services, tasks, namespaces=namespaces, clusters=clusters)
    scanned = scan(world, "-o", "jsonl", "--asker", "records", "--pace", "100")
    assert set(scanned.verdicts.values()) == {"healthy"}
    expected = calls_of(Estate(services, tasks, namespaces, clusters))
    # Who asks from elsewhere needs to know nothing of ways in.
    for way_in in ("ec2:DescribeClientVpnEndpoints", "route53resolver:ListResolverEndpoints"):
        del expected[way_in]
    assert dict(scanned.asked - expected) == {"ec2:DescribeDhcpOptions": 1}
    assert dict(expected - scanned.asked) == {}


def test_time_is_that_of_the_slowest_group() -> None:
    assert seconds_of({"ecs:ListTasks": 300, "route53:GetHostedZone": 1}) == (300 - 100) / 20
    assert seconds_of({"route53:GetHostedZone": 30}, regions=2) == (60 - 5) / 5
    assert seconds_of({"ecs:ListTasks": 300}, share=0.5) == (300 - 50) / 10


def _table(heading: str) -> list[list[str]]:
    (text,) = re.findall(rf"(?ms)^## {heading}\n(.*?)(?=^## |\Z)", DOCUMENT)
    rows = [line.strip("|").split("|") for line in text.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row] for row in rows[2:]]


def test_the_document_has_the_numbers_of_the_model() -> None:
    sizes = {"10": Estate(10, 10), "100": Estate(100, 10, vpcs=2, clusters=2), "1,000": Estate(1000, 10, 5, 5, 5)}
    rows = _table("One account and region")
    assert len(rows) == len(sizes)
    for size, calls, slowest, seconds in rows:
        cost = calls_of(sizes[size])
        groups = groups_of(cost)
        assert calls == f"{cost.total():,}"
        assert slowest == f"{groups['servicediscovery reads']:,}"
        assert seconds == f"{max(0, seconds_of(cost)):.0f} s"


def test_the_document_has_the_numbers_of_a_hundred_accounts() -> None:
    one = calls_of(Estate(100, 10, vpcs=2, clusters=2))
    found = dict(_table("A hundred accounts"))
    assert found["calls in all"] == f"{one.total() * 100 * 2:,}"
    assert found["calls of one account"] == f"{one.total() * 2:,}"
    one_account = max(0, seconds_of(one, regions=2))
    assert found["time of one account, by AWS's rates"] == f"{one_account:.0f} s"
    assert (
        found["time of all, four accounts and regions at a time"] == f"{max(0, seconds_of(one)) * 200 / 4 / 60:.0f} min"
    )
    assert found["time of all, one task for each account"] == f"{one_account:.0f} s"
