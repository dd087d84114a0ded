"""Gaps are found wherever a fact may be, and lists without facts are not walked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec import Struct

import sddoctor.lab
from sddoctor.case.cloudmap import CloudMapService, NamespaceView
from sddoctor.case.ecs import EcsService, Task
from sddoctor.case.host import HostFacts
from sddoctor.case.seen import Denied, Gap, Opaque, Seen, Unreachable
from sddoctor.case.vpc import FirewallRule, VpcDnsSetup
from sddoctor.diagnosis import gaps
from sddoctor.lab.aws.server import AwsStandIn
from sddoctor.lab.world import load
from sddoctor.observe.aws.observer import AwsObserver
from sddoctor.observe.aws.options import AwsOptions
from sddoctor.observe.aws.shared import begin_reads
from sddoctor.observe.budget import Budget

WORLDS = Path(sddoctor.lab.__file__).parent / "worlds"


@pytest.mark.parametrize("kind", [Seen, NamespaceView, VpcDnsSetup, FirewallRule, HostFacts])
def test_structures_with_facts_are_walked(kind: type[Struct]) -> None:
    assert gaps._may_hold_facts(kind)


@pytest.mark.parametrize("kind", [CloudMapService, EcsService, Task])
def test_structures_without_facts_are_not(kind: type[Struct]) -> None:
    assert not gaps._may_hold_facts(kind)


def _everything(value: object) -> Iterator[Gap]:
    """Walk all there is, whatever its type says."""
    if isinstance(value, (Denied, Opaque, Unreachable)):
        yield value.gap()
    elif isinstance(value, Struct):
        for field in value.__struct_fields__:
            yield from _everything(getattr(value, field))
    elif isinstance(value, tuple):
        for item in value:
            yield from _everything(item)


@pytest.mark.parametrize(
    "world", ["zone-shadowed-profile", "dns-firewall-blocks", "all-instances-unhealthy-tasks-denied"]
)
def test_no_gap_is_passed_over(world: str, monkeypatch: pytest.MonkeyPatch) -> None:
    it = load(WORLDS / f"{world}.yaml")
    with AwsStandIn(it) as aws:
        for key, value in aws.environment().items():
            monkeypatch.setenv(key, value)
        facts = AwsObserver(it.name, AwsOptions(), begin_reads(None, None, Budget(20))).facts()
    assert list(gaps._walk(facts)) == list(_everything(facts))
