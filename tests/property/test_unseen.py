"""Unseen is never absent: with one kind of fact of a world unseen, no other cause becomes certain, and nothing well or ill.

What a world's ``expect`` lists may still be said.
"""

from __future__ import annotations

import pytest

from sddoctor.causes.registry import BY_CODE
from sddoctor.diagnosis.diagnose import diagnose
from sddoctor.lab import gallery
from tests.blanked import blanks
from tests.world_cases import observed, world_of

#: Of that kind of fact nothing else can be said, and why.
RIGHT: dict[tuple[str, str], str] = {
    ("instance-missing", "NamespaceView.operations"): "they are missing, whatever the reason",
    ("instance-missing", "EcsFacts.container_instances"): "they are missing, whatever the reason",
    ("tasks-stuck-before-running", "NamespaceView.operations"): "they are stuck, whatever the reason",
    ("tasks-not-starting", "ServiceTasks.stopped"): "the numbers of ECS prove it, and it names no reason",
    ("tasks-not-starting", "ServiceTasks.running"): "the numbers of ECS prove it, and it names no reason",
    ("service-not-found", "Place.host"): "there is none, whatever a hosts file says",
    (
        "split-dns-missing",
        "HostFacts.resolv_conf",
    ): "a Mac does not read it: nothing in force has the domain, whatever it says",
    (
        "split-dns-missing",
        "HostFacts.resolved",
    ): "by resolv.conf programs do not ask it: nothing in force has the domain",
    ("degraded to healthy", "ObservedDefinition.definition"): "which port a task offers only its definition shows",
    ("healthy to degraded", "ObservedDefinition.definition"): "without a port what ECS says of a sick task counts",
    ("degraded to healthy", "Connection.accepted"): "that a task refuses only a connection shows; the name resolves",
    ("healthy to degraded", "Connection.accepted"): "without a connection what ECS says of a sick task counts",
    ("broken to healthy", "AwsFacts.target"): "that a load balancer or database does not serve only AWS says",
    (
        "broken to healthy",
        "EcsFacts.ended",
    ): "that the task with the address has ended only ECS says; the record names it",
    ("broken to healthy", "VpcFacts.interfaces"): "that nothing has the address only EC2 says; the record names it",
    ("broken to healthy", "VpcFacts.vpcs"): "whether EC2 would know who has the address, its VPC shows",
    ("broken to healthy", "AwsFacts.identity"): "whether EC2 would know who has the address, the VPC's owner shows",
    ("degraded to healthy", "ServiceTasks.stopped"): "that tasks fail one after another only the stopped ones show",
    ("degraded to healthy", "Probe 10.10.0.2 A udp"): "that queries get lost at times only queries show",
}
_WRONG = ("broken", "degraded")


@pytest.mark.slow
@pytest.mark.parametrize("world", gallery.names())
def test_what_was_not_seen_proves_nothing(world: str) -> None:
    case, expect = observed(world).case, world_of(world).expect
    before = diagnose(case).verdict
    known = {*expect.root_causes, *expect.also}
    found: set[tuple[str, str]] = set()
    for kind, blank in blanks(case):
        said = diagnose(blank)
        assert not said.crashes, kind
        certain = {f.code for f in said.findings if f.role == "root-cause" and f.certainty == "certain"}
        found |= {(code, kind) for code in certain - known}
        pair = {before, said.verdict}
        if "healthy" in pair and pair & set(_WRONG):
            found.add((f"{before} to {said.verdict}", kind))
    assert found - set(RIGHT) == set()


def test_the_table_names_causes_that_exist() -> None:
    codes = {what for what, _ in RIGHT if " to " not in what}
    assert codes <= set(BY_CODE)
