"""What is withheld, incomplete or late is unseen: never taken for gone, and never in the way of the rest."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from sddoctor.case.seen import Absent, Denied, NotAttempted, Seen, Unreachable, is_unseen
from sddoctor.formats.aws import ecs, resolver
from sddoctor.lab.aws.server import AwsStandIn
from sddoctor.observe.aws.ecs_reads import EcsReader
from tests import yaml_files
from tests.unit.observe_aws.conftest import NAME, NAMESPACE, OTHER_VPC, TASK, VPC, WORLDS, Observe
from tests.unit.observe_aws.test_calls import calls_of

Change = Callable[[dict[str, Any]], object]


def fail(items: str, reason: str) -> Change:
    """Let ECS leave everything out of an answer for a reason."""

    def change(answer: dict[str, Any]) -> None:
        arns = [x.get("serviceArn") or x.get("taskArn") for x in answer[items]]
        answer[items] = []
        answer["failures"] = [{"arn": a, "reason": reason} for a in arns]

    return change


def lose(member: str) -> Change:
    """Let an answer lack a member, as one does that something on the way has made up."""

    def change(answer: dict[str, Any]) -> None:
        del answer[member]

    return change


def test_a_service_that_is_missing_is_not_there(observe: Observe, change_answers: Callable[[str, Change], None]):
    change_answers("ecs:DescribeServices", fail("services", "MISSING"))
    assert observe().facts.ecs.services.value == ()


@pytest.mark.parametrize(("reason", "kind"), [("ACCESS_DENIED", Denied), ("TIMEOUT", Unreachable), ("", Unreachable)])
def test_a_service_that_is_withheld_is_not_seen(
    observe: Observe, change_answers: Callable[[str, Change], None], reason: str, kind: type
):
    change_answers("ecs:DescribeServices", fail("services", reason))
    facts = observe().facts.ecs
    assert isinstance(facts.services, kind)
    assert all(isinstance(w.services, kind) for w in facts.walks)


@pytest.mark.parametrize("cidr", ["10.10.0.0/16\u200b", "", "2406::/48", "10.10.0.0/99"])
def test_a_range_that_is_none_is_not_computed_with(
    observe: Observe, change_answers: Callable[[str, Change], None], cidr: str
):
    change_answers("ec2:DescribeVpcs", lambda answer: [v.update(CidrBlock=cidr) for v in answer["Vpcs"]])
    assert isinstance(observe().facts.vpc.vpcs, Unreachable)


def test_tasks_that_are_withheld_are_not_gone(observe: Observe, change_answers: Callable[[str, Change], None]):
    change_answers("ecs:DescribeTasks", fail("tasks", "ACCESS_DENIED"))
    facts = observe().facts.ecs
    assert isinstance(facts.tasks[0].running, Denied)
    assert facts.tasks[0].running.action == "ecs:DescribeTasks"
    assert {type(r.task) for r in facts.registered} == {Denied}


@pytest.mark.parametrize(
    ("operation", "member"),
    [
        ("servicediscovery:ListServices", "Services"),
        ("servicediscovery:ListInstances", "Instances"),
        ("servicediscovery:GetInstancesHealthStatus", "Status"),
        ("servicediscovery:DiscoverInstances", "Instances"),
        ("servicediscovery:ListNamespaces", "Namespaces"),
        ("ecs:DescribeServices", "services"),
        ("ecs:DescribeTasks", "tasks"),
        ("ecs:DescribeTaskDefinition", "taskDefinition"),
        ("ec2:DescribeVpcs", "Vpcs"),
        ("sts:GetCallerIdentity", "Account"),
    ],
)
def test_an_answer_without_what_it_must_have_is_no_answer(
    observe: Observe, change_answers: Callable[[str, Change], None], operation: str, member: str
):
    change_answers(operation, lose(member))
    facts = observe().facts
    shown: dict[str, Any] = {
        "servicediscovery:ListServices": lambda: facts.cloudmap.views[0].services,
        "servicediscovery:ListInstances": lambda: facts.cloudmap.views[0].instances,
        "servicediscovery:GetInstancesHealthStatus": lambda: facts.cloudmap.views[0].health,
        "servicediscovery:DiscoverInstances": lambda: facts.cloudmap.discovered,
        "servicediscovery:ListNamespaces": lambda: facts.cloudmap.namespaces,
        "ecs:DescribeServices": lambda: facts.ecs.services,
        "ecs:DescribeTasks": lambda: facts.ecs.tasks[0].running,
        "ecs:DescribeTaskDefinition": lambda: facts.ecs.task_definitions[0].definition,
        "ec2:DescribeVpcs": lambda: facts.vpc.vpcs,
        "sts:GetCallerIdentity": lambda: facts.identity,
    }
    assert isinstance(shown[operation](), Unreachable)


def test_a_service_that_does_not_say_how_many_tasks_it_wants_is_not_scaled_to_zero():
    data = {"serviceArn": "a", "serviceName": "s", "clusterArn": "c", "status": "ACTIVE", "runningCount": 0}
    with pytest.raises(KeyError, match="desiredCount"):
        ecs.service({**data, "pendingCount": 0})


def test_a_rule_without_a_domain_does_not_forward_everything():
    with pytest.raises(KeyError, match="DomainName"):
        resolver.rule({"Id": "r", "RuleType": "FORWARD"})
    assert resolver.rule({"Id": "r", "RuleType": "DELEGATE"}).type == "DELEGATE"


def test_of_several_services_one_that_is_not_seen_leaves_the_whole_unseen(
    observe: Observe, change_answers: Callable[[str, Change], None]
):
    def withhold(answer: dict[str, Any]) -> None:
        if any(s["serviceName"] == "other" for s in answer["services"]):
            fail("services", "ACCESS_DENIED")(answer)

    change_answers("ecs:DescribeServices", withhold)
    other = {
        "name": "second",
        "services": [
            {
                "name": "other",
                "task_definition": "dev-api",
                "desired": 1,
                "registries": [{"service": "srv-devapi0000000001"}],
                "tasks": [{"id": "9" * 32, "address": "10.10.213.9"}],
            }
        ],
    }
    clusters = yaml_files.read(WORLDS / "article.yaml")["clusters"]
    look = observe({"clusters": [*clusters, other]})
    assert isinstance(look.facts.ecs.services, Denied)


def test_a_walk_over_a_cluster_counts_what_is_withheld_as_unseen(
    serve: Callable[..., AwsStandIn], change_answers: Callable[[str, Change], None]
):
    serve()
    change_answers("ecs:DescribeServices", fail("services", "ACCESS_DENIED"))
    assert isinstance(EcsReader(calls_of()).walk("dev").services, Denied)


def test_an_operation_that_cannot_be_read_is_unseen(observe: Observe, change_answers: Callable[[str, Change], None]):
    """The failed operations are read at the very end, in the thread that everybody waits for."""
    change_answers("servicediscovery:GetOperation", lambda answer: answer["Operation"].clear())
    tasks = [{"id": TASK, "address": "10.10.211.50", "registered": False}]
    operation = {"id": "op-1", "error_code": "HOSTED_ZONE_NOT_FOUND", "instance_id": TASK}
    world = {
        "clusters": {"dev": {"services": {"dev-api-service": {"tasks": tasks, "desired": 1}}}},
        "namespaces": {NAMESPACE: {"services": {"srv-devapi0000000001": {"operations": [operation]}}}},
    }
    assert isinstance(observe(world).view.operations, Unreachable)


# DiscoverInstances is a short cut


@pytest.mark.parametrize("how", ["http-500", "garbage", pytest.param("hang", marks=pytest.mark.slow)])
def test_what_keeps_discover_instances_away_hides_nothing_else(observe: Observe, how: str):
    look = observe({"faults": {"errors": {"servicediscovery:DiscoverInstances": how}}}, seconds=60)
    assert [s.name for s in look.facts.ecs.services.value] == ["dev-api-service"]
    assert len(look.facts.ecs.tasks[0].running.value) == 2
    assert all(isinstance(r.task, Seen) for r in look.facts.ecs.registered)
    assert isinstance(look.facts.ecs.clusters, NotAttempted)
    gap = look.facts.cloudmap.discovered
    assert isinstance(gap, Unreachable)
    assert "DiscoverInstances" in gap.why


def test_a_denied_short_cut_is_named(observe: Observe):
    look = observe({"faults": {"deny": ["servicediscovery:DiscoverInstances"]}})
    gap = look.facts.cloudmap.discovered
    assert isinstance(gap, Denied)
    assert gap.action == "servicediscovery:DiscoverInstances"
    assert observe().facts.cloudmap.discovered.value == tuple(sorted(i.id for i in look.view.instances.value))


@pytest.mark.slow
def test_an_identity_that_never_comes_costs_nothing_else(observe: Observe):
    look = observe({"faults": {"errors": {"sts:*": "hang"}}}, seconds=600)
    assert isinstance(look.facts.identity, Unreachable)
    assert look.view.namespace.owner == "SELF"
    assert len(look.facts.ecs.tasks[0].running.value) == 2


# Facts that come late


@pytest.mark.slow
@pytest.mark.parametrize(
    "operation",
    [
        "servicediscovery:*",
        "ecs:*",
        "route53:*",
        "ec2:*",
        "route53resolver:*",
        "route53profiles:*",
        "*",
        "servicediscovery:ListNamespaces",
        "ecs:DescribeTasks",
        "route53:GetHostedZone",
    ],
)
def test_the_budget_is_the_end_whatever_hangs(observe: Observe, operation: str):
    facts = observe({"faults": {"errors": {operation: "hang"}}}, seconds=2).facts
    service = operation.partition(":")[0]
    if service not in ("ecs", "route53profiles", "*"):
        assert facts.cloudmap.namespaces.peek() or isinstance(facts.cloudmap.namespaces, Unreachable)


@pytest.mark.slow
def test_the_process_ends_with_the_budget(serve: Callable[..., AwsStandIn]):
    serve({"faults": {"errors": {"*": "hang"}}})
    script = (
        "from sddoctor.observe.aws.observer import AwsObserver\n"
        "from sddoctor.observe.aws.options import AwsOptions\n"
        "from sddoctor.observe.aws.shared import begin_reads\n"
        "from sddoctor.observe.budget import Budget\n"
        f"observer = AwsObserver({NAME!r}, AwsOptions(), begin_reads(None, None, Budget(1.5)))\n"
        "print(type(observer.facts().cloudmap.namespaces).__name__)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], env=dict(os.environ), capture_output=True, text=True, timeout=120, check=True
    )
    assert done.stdout.strip() == "Unreachable"


# VPCs that are not shown here


def test_a_zone_of_other_accounts_vpcs_leaves_the_client_unknown(observe: Observe):
    facts = observe({"namespaces": {NAMESPACE: {"vpcs": ["vpc-0theirs00000000"]}}}).facts
    client = facts.vpc.client
    assert isinstance(client, NotAttempted)
    assert "vpc-0theirs00000000" in client.why
    assert "--client-vpc" in client.needs
    assert "--nameserver" in client.needs
    assert facts.vpc.looks == ()


def test_a_vpc_of_another_account_or_region_is_not_looked_at(observe: Observe):
    look = observe(client_vpc=OTHER_VPC)
    (seen,) = look.facts.vpc.looks
    facts = (seen.dns_support, seen.dns_hostnames, seen.zones, seen.profile_zones, seen.rules, seen.firewall, seen.dhcp)
    assert all(is_unseen(f) and not isinstance(f, Absent) for f in facts)
    assert "ec2:DescribeVpcAttribute" not in look.asked
    assert "route53resolver:ListResolverRuleAssociations" not in look.asked


def test_the_vpcs_that_may_not_be_listed_are_looked_at_all_the_same(observe: Observe):
    """Whoever may not list VPCs may still read the attributes of one."""
    (seen,) = observe({"faults": {"deny": ["ec2:DescribeVpcs"]}}, client_vpc=VPC).facts.vpc.looks
    assert seen.dns_support.value is True


# Names in other forms


@pytest.mark.parametrize(
    ("namespace", "service", "name"),
    [
        ("Example.INTERNAL", "dev-api", NAME),
        ("example.internal", "_http._tcp", "_http._tcp.example.internal"),
        ("example.internal", "xn--bcher-kva", "xn--bcher-kva.example.internal"),
        ("xn--bcher-kva.internal", "dev_api", "dev_api.xn--bcher-kva.internal"),
        ("example.internal", "a.b", "a.b.example.internal"),
    ],
)
def test_names_in_any_legal_form_lead_to_their_service(observe: Observe, namespace: str, service: str, name: str):
    world = {"namespaces": {NAMESPACE: {"name": namespace, "services": {"srv-devapi0000000001": {"name": service}}}}}
    look = observe(world, name=name)
    assert look.view.service.value.name == service
    assert TASK in {i.id for i in look.view.instances.value}
    assert len(look.facts.ecs.tasks[0].running.value) == 2


def test_the_region_that_is_asked_for_is_the_one_that_is_used(observe: Observe):
    look = observe(region="eu-central-1")
    assert look.facts.region == "eu-central-1"
    asked = next(c for c in look.calls if c.action == "route53:ListHostedZonesByVPC")
    assert asked.params["VPCRegion"] == "eu-central-1"
