"""``iam-policy --command scan`` is what scans call: no action is missing, and none is idle."""

from __future__ import annotations

from pathlib import Path

import pytest

import sddoctor.lab
from sddoctor.lab.runner import Lab
from sddoctor.lab.world import World, load
from sddoctor.observe.aws.policy import SCAN
from tests.estates import REGION, estate
from tests.unit.scan.conftest import scan_in

WORLDS = Path(sddoctor.lab.__file__).parent / "worlds"
#: Worlds that need every action between them.
BROAD = (
    "registration-failed",
    "dns-firewall-blocks",
    "resolver-rule-overrides",
    "agent-disconnected-bridge",
    "api-only",
    "unmanaged-instance",
    "client-vpn-without-dns",
    "inbound-endpoint-blocked",
    "zone-shadowed-profile",
)


def _with_targets() -> World:
    """Return a world whose zone has an alias of each thing that AWS can be asked about."""
    suffix = f"cq7xexample1.{REGION}.rds.amazonaws.com"
    targets = {
        "web": f"internal-web-1.{REGION}.elb.amazonaws.com",
        "db": f"ledger-1.{suffix}",
        "cluster": f"ledger.cluster-{suffix}",
        "proxy": f"pool.proxy-{suffix}",
        "endpoint": f"ecs.{REGION}.amazonaws.com",
    }
    records = [{"name": f"{n}.corp.internal", "type": "CNAME", "values": [t]} for n, t in targets.items()]
    databases = {
        "suffix": "cq7xexample1",
        "instances": [{"id": "ledger-1", "address": "10.16.7.1"}],
        "clusters": [{"id": "ledger", "writer": "ledger-1"}],
        "proxies": [{"name": "pool", "addresses": ["10.16.7.9"]}],
    }
    zone = {"id": "Z0CORP", "name": "corp.internal", "vpcs": ["vpc-0a1b2c3d4e5f60718"], "records": records}
    groups = [{"name": "web", "port": 80, "targets": [{"id": "10.16.1.8"}]}]
    balancers = [{"name": "web", "id": "1", "addresses": ["10.16.5.1"], "groups": groups}]
    return estate(1, zones=[zone], databases=databases, load_balancers=balancers)


@pytest.mark.slow
def test_every_action_is_called_and_no_other() -> None:
    rules = [{"id": f"rslvr-rr-{n}", "domain": f"d{n}.example", "vpcs": ["vpc-0a1b2c3d4e5f60718"]} for n in range(4)]
    worlds = [*(load(WORLDS / f"{name}.yaml") for name in BROAD), estate(1, rules=rules), _with_targets()]
    called: set[str] = set()
    for world in worlds:
        with Lab(world) as lab:
            called |= set(scan_in(lab, *world.args, "--api-only", "--zones", "-o", "jsonl").asked)
    permissions = {a.replace("elbv2:", "elasticloadbalancing:") for a in called}  # as IAM calls that service
    assert permissions - {"sts:GetCallerIdentity"} == set(SCAN)


@pytest.mark.parametrize(
    "action",
    [
        "servicediscovery:ListServices",
        "servicediscovery:ListInstances",
        "ecs:ListTasks",
        "ecs:DescribeTasks",
        "ecs:DescribeServices",
        "route53:ListResourceRecordSets",
    ],
)
def test_an_action_that_is_denied_is_named_by_every_row(action: str) -> None:
    with Lab(estate(2, faults={"deny": [action]})) as lab:
        scanned = scan_in(lab, "-o", "jsonl", "--asker", "records")
    assert scanned.lines
    for line in scanned.lines:
        assert action in {gap["needs"] for gap in line["gaps"]}
        assert line["verdict"] == "inconclusive"
