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

#: ``RIGHT``: of that kind of fact nothing else can be said, and why.
_STANDS_IN = "what the server answers stands in for the look-up of a program, as with --root"
RIGHT: dict[tuple[str, str], str] = {
    ("instance-missing", "NamespaceView.operations"): "they are missing, whatever the reason",
    ("instance-missing", "EcsFacts.container_instances"): "they are missing, whatever the reason",
    ("tasks-stuck-before-running", "NamespaceView.operations"): "they are stuck, whatever the reason",
    ("broken to healthy", "Lookup.outcome"): _STANDS_IN,
    ("healthy to broken", "Lookup.outcome"): _STANDS_IN,
    ("degraded to healthy", "ObservedDefinition.definition"): "which port a task offers only its definition shows",
    ("healthy to degraded", "ObservedDefinition.definition"): "the same",
    ("healthy to broken", "ObservedDefinition.definition"): "the same",
    ("healthy to degraded", "Connection.accepted"): "without a connection what ECS says of a sick task counts",
    ("healthy to broken", "Connection.accepted"): "without a connection what ECS says of a sick task counts",
    ("degraded to healthy", "ServiceTasks.stopped"): "that tasks fail one after another only the stopped ones show",
}
#: Worlds in which more is said than may be, and of which kind of fact. It may only shrink.
NOT_YET: dict[str, set[tuple[str, str]]] = {
    "address-family-mismatch-ipv6-client": {("os-cache-stale", "HostFacts.addresses")},
    "all-instances-unhealthy-answered": {("healthy to degraded", "Place.host")},
    "api-only-lookalike-zone": {("api-only", "DnsFacts.resolvers")},
    "client-vpn-without-dns-lookalike": {("client-vpn-without-dns", "VpcFacts.vpcs")},
    "dns-hostnames-off-instance": {("cidr-overlap", "VpcFacts.client")},
    "dns-intercepted-and-resolver-of-another-vpc": {("resolver-file-wrong-nameserver", "VpcFacts.vpcs")},
    "dnssec-rejects-zone": {("split-dns-missing", "Probe 192.168.1.1 A udp")},
    "dnssec-rejects-zone-and-service-not-attached": {("split-dns-missing", "Probe 192.168.1.1 A udp")},
    "dnssec-rejects-zone-and-stale-instance": {("split-dns-missing", "Probe 192.168.1.1 A udp")},
    "health-check-start-period-too-short-unproven": {("tasks-not-starting", "ServiceTasks.stopped")},
    "ecs-service-draining": {("healthy to broken", "Place.host")},
    "healthy-mixed-case-hosts": {("healthy to degraded", "HostFacts.hosts")},
    "healthy-srv": {("healthy to broken", "Probe 10.10.0.2 A udp")},
    "hosts-file-override-right-today": {("healthy to degraded", "HostFacts.hosts")},
    "instance-address-mismatch-lookalike": {("healthy to broken", "Probe 10.10.0.2 A udp")},
    "nameserver-beyond-third-macos": {("resolver-file-wrong-nameserver", "HostFacts.resolver_files")},
    "namespace-duplicate-and-registry-arn-mismatch": {("zone-not-associated", "DnsFacts.resolvers")},
    "namespace-duplicate-and-service-scaled-to-zero": {("zone-not-associated", "DnsFacts.resolvers")},
    "no-route-to-resolver-lookalike-instance": {("no-route-to-resolver", "VpcFacts.client")},
    "registration-failed-timeout": {("tasks-not-starting", "ServiceTasks.stopped")},
    "resolver-of-another-vpc": {("resolver-file-wrong-nameserver", "VpcFacts.vpcs")},
    "resolver-of-another-vpc-and-stale-instance": {("resolver-file-wrong-nameserver", "VpcFacts.vpcs")},
    "resolver-of-another-vpc-vpn": {("split-dns-missing", "VpcFacts.vpcs")},
    "resolver-rule-overrides-and-zone-not-associated": {("zone-not-associated", "VpcDnsSetup.rules")},
    "reverse-lookup-generic-lookalike": {("reverse-lookup-generic", "Probe 10.10.0.2 PTR udp")},
    "service-connect-only-lookalike-zone": {("service-connect-only", "Place.host")},
    "service-connect-only-other-namespace": {("api-only", "ClusterWalk.services")},
    "service-not-found-and-hosts-file": {("service-not-found", "Place.host")},
    "srv-only-lookalike-zone": {("srv-only", "DnsFacts.resolvers")},
    "task-outside-service": {("service-not-attached", "EcsFacts.loose_tasks")},
    "task-outside-service-and-zone-not-associated": {("service-not-attached", "EcsFacts.loose_tasks")},
    "unmanaged-instance": {("degraded to healthy", "VpcFacts.interfaces"), ("degraded to healthy", "VpcFacts.vpcs")},
    "zone-not-associated-twins": {("resolver-of-another-vpc", "VpcFacts.client")},
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
    more = found - set(RIGHT)
    assert more == NOT_YET.get(world, set()), "what is right now, take out of NOT_YET"


def test_the_table_names_worlds_and_causes_that_exist() -> None:
    assert set(NOT_YET) <= set(gallery.names())
    codes = {what for found in NOT_YET.values() for what, _ in found if " to " not in what}
    assert codes <= set(BY_CODE)
