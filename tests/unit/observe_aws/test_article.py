"""The healthy article: right facts, no call twice, none that writes, three calls deep."""

from __future__ import annotations

import json

import msgspec

from sddoctor.case.cloudmap import RecordConfig
from sddoctor.case.dns import Server, VpcResolver
from sddoctor.case.seen import Denied, NotAttempted, Unreachable
from sddoctor.case.vpc import ClientVpc
from tests.unit.observe_aws.conftest import NAMESPACE, OTHER_TASK, SERVICE, TASK, VPC, ZONE, Observe, Observed

READS = ("Describe", "Discover", "Get", "List")


def unseen(look: Observed) -> list[object]:
    """Everything in the facts that was denied or did not come."""
    found: list[object] = []

    def walk(value: object) -> None:
        if isinstance(value, (Denied, Unreachable)):
            found.append(value)
        elif isinstance(value, msgspec.Struct):
            for field in value.__struct_fields__:
                walk(getattr(value, field))
        elif isinstance(value, tuple):
            for item in value:
                walk(item)

    walk(look.facts)
    return found


def test_cloud_map_and_its_zone_are_seen(observe: Observe):
    look = observe()
    assert look.facts.region == "ap-northeast-1"
    assert look.facts.identity.value.account == "111122223333"
    assert [v.namespace.id for v in look.facts.cloudmap.views] == [NAMESPACE]
    assert look.view.namespace.owner == "SELF"
    assert look.view.namespace.soa_ttl == 15
    service = look.view.service.value
    assert (service.id, service.health, service.routing_policy) == (SERVICE, "custom", "MULTIVALUE")
    assert service.records == (RecordConfig("A", 10),)
    assert {i.id: i.addresses for i in look.view.instances.value} == {
        TASK: ("10.10.211.50",),
        OTHER_TASK: ("10.10.212.150",),
    }
    assert {h.id: h.status for h in look.view.health.value} == {TASK: "HEALTHY", OTHER_TASK: "HEALTHY"}
    zone = look.view.zone.value
    assert (zone.id, zone.name, zone.private) == (ZONE, "example.internal", True)
    assert [v.vpc_id for v in zone.vpcs] == [VPC]
    assert {(r.name, r.type, r.set_identifier, r.values) for r in look.view.records.value} == {
        ("dev-api.example.internal", "A", TASK, ("10.10.211.50",)),
        ("dev-api.example.internal", "A", OTHER_TASK, ("10.10.212.150",)),
    }


def test_ecs_is_found_through_the_instances(observe: Observe):
    look = observe()
    (service,) = look.facts.ecs.services.value
    assert (service.name, service.cluster_name, service.desired, service.running) == ("dev-api-service", "dev", 2, 2)
    assert [r.service_id for r in service.registries] == [SERVICE]
    (tasks,) = look.facts.ecs.tasks
    assert {t.id: t.addresses for t in tasks.running.value} == {TASK: ("10.10.211.50",), OTHER_TASK: ("10.10.212.150",)}
    assert {t.health for t in tasks.running.value} == {"HEALTHY"}
    assert {r.instance_id: r.task.value.id for r in look.facts.ecs.registered} == {TASK: TASK, OTHER_TASK: OTHER_TASK}
    (definition,) = look.facts.ecs.task_definitions
    containers = {c.name: c for c in definition.definition.value.containers}
    assert containers["dev-api"].health_check is not None
    assert containers["dev-api"].health_check.start_period == 60
    assert containers["datadog-agent"].health_check is None
    assert containers["datadog-agent"].essential


def test_the_vpc_of_the_zone_is_looked_at(observe: Observe):
    look = observe()
    assert look.facts.vpc.client.value == ClientVpc(VPC, "zone")
    (vpc,) = look.facts.vpc.looks
    assert (vpc.dns_support.value, vpc.dns_hostnames.value) == (True, True)
    assert [z.id for z in vpc.zones.value] == [ZONE]
    assert vpc.rules.value == ()
    assert vpc.firewall.value == ()
    assert vpc.profile_zones.value == ()
    assert look.observer.resolvers().value == (VpcResolver(Server("10.10.0.2"), VPC, "vpc+2"),)
    assert look.observer.zone_names() == ("example.internal",)


def test_nothing_is_missing_and_nothing_more_is_asked(observe: Observe):
    look = observe()
    assert unseen(look) == []
    assert isinstance(look.facts.ecs.clusters, NotAttempted)
    assert isinstance(look.facts.ecs.tasks[0].stopped, NotAttempted)
    assert isinstance(look.view.operations, NotAttempted)
    assert look.reads.warnings() == ()
    assert len(look.calls) <= 23


def test_no_call_is_made_twice_and_none_writes(observe: Observe):
    look = observe()
    each = [json.dumps([c.action, c.params], sort_keys=True, default=str) for c in look.calls]
    assert len(each) == len(set(each))
    assert {a for a in look.asked if not a.split(":")[1].startswith(READS)} == set()
    assert look.asked["ecs:DescribeTasks"] == 1


def test_the_longest_chain_is_three(observe: Observe):
    # With answers in no time it would be chance who asks first.
    look = observe({"faults": {"latency_ms": 150}})
    assert look.depth == 3
    first = {t.call for t in look.reads.calls.timings() if t.round == 1}
    assert {"servicediscovery:DiscoverInstances", "servicediscovery:ListNamespaces", "ec2:DescribeVpcs"} <= first
    second = {t.call for t in look.reads.calls.timings() if t.round == 2}
    assert {"ecs:DescribeServices", "route53:GetHostedZone", "servicediscovery:ListServices"} <= second


def test_the_rounds_are_what_a_slow_account_shows(observe: Observe):
    """A call of round N begins when N-1 answers have come, one after another: the log of the other side agrees."""
    look = observe({"faults": {"latency_ms": 150}})
    began = min(c.start for c in look.calls)
    ended = max(c.end for c in look.calls)
    assert (ended - began).total_seconds() >= 3 * 0.15
    described = next(c for c in look.calls if c.action == "ecs:DescribeTasks")
    assert (described.start - began).total_seconds() >= 0.3


def test_few_calls_go_to_the_apis_that_allow_five_a_second(observe: Observe):
    look = observe()
    assert sum(n for a, n in look.asked.items() if a.startswith("route53:")) <= 4
    assert sum(n for a, n in look.asked.items() if a.startswith("route53resolver:")) <= 4


def test_the_environment_of_containers_is_never_kept(observe: Observe):
    look = observe()
    text = msgspec.json.encode(look.facts).decode()
    assert "never-shown" not in text
    assert "DATABASE_URL" not in text
