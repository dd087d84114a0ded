"""What cannot be seen is said as such, whatever the reason, and nothing ever hangs.

The stand-in holds a call that hangs until it is stopped: a test that ends has not waited for the answer.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from sddoctor.case.case import AwsFacts
from sddoctor.case.seen import Absent, Denied, NotAttempted, Opaque, Seen, Unreachable
from sddoctor.lab.aws.server import AwsStandIn
from sddoctor.observe.aws.observer import AwsObserver
from sddoctor.observe.aws.options import AwsOptions
from sddoctor.observe.aws.shared import Reads, begin_reads
from sddoctor.observe.budget import Budget
from tests.unit.observe_aws.conftest import NAME, OTHER_TASK, TASK, Observe

SLOW = pytest.mark.slow
#: Where each operation ends up in the facts of a healthy check.
SHOWN: dict[str, Callable[[AwsFacts], Any]] = {
    "servicediscovery:ListNamespaces": lambda f: f.cloudmap.namespaces,
    "servicediscovery:ListServices": lambda f: f.cloudmap.views[0].services,
    "servicediscovery:ListInstances": lambda f: f.cloudmap.views[0].instances,
    "servicediscovery:GetInstancesHealthStatus": lambda f: f.cloudmap.views[0].health,
    "route53:GetHostedZone": lambda f: f.cloudmap.views[0].zone,
    "route53:ListResourceRecordSets": lambda f: f.cloudmap.views[0].records,
    "route53:ListHostedZonesByVPC": lambda f: f.vpc.looks[0].zones,
    "route53resolver:ListResolverRuleAssociations": lambda f: f.vpc.looks[0].rules,
    "route53resolver:ListFirewallRuleGroupAssociations": lambda f: f.vpc.looks[0].firewall,
    "route53resolver:ListResolverEndpoints": lambda f: f.vpc.endpoints,
    "route53profiles:ListProfileAssociations": lambda f: f.vpc.looks[0].profile_zones,
    "ec2:DescribeVpcs": lambda f: f.vpc.vpcs,
    "ec2:DescribeVpcAttribute": lambda f: f.vpc.looks[0].dns_support,
    "ec2:DescribeClientVpnEndpoints": lambda f: f.vpc.client_vpns,
    "ecs:ListTasks": lambda f: f.ecs.tasks[0].running,
    "ecs:DescribeTasks": lambda f: f.ecs.tasks[0].running,
    "ecs:DescribeServices": lambda f: f.ecs.services,
    "ecs:DescribeTaskDefinition": lambda f: f.ecs.task_definitions[0].definition,
    "sts:GetCallerIdentity": lambda f: f.identity,
}


@pytest.mark.parametrize("operation", SHOWN)
def test_a_denial_names_the_action_and_is_never_absent(observe: Observe, operation: str):
    fact = SHOWN[operation](observe({"faults": {"deny": [operation]}}).facts)
    assert isinstance(fact, Denied)
    assert fact.action == operation


@pytest.mark.parametrize("how", [pytest.param("http-500", marks=SLOW), "empty", pytest.param("garbage", marks=SLOW)])
@pytest.mark.parametrize("operation", sorted(set(SHOWN) - {"ecs:DescribeServices"}))
def test_an_answer_that_is_none_is_a_gap(observe: Observe, operation: str, how: str):
    facts = observe({"faults": {"errors": {operation: how}}}).facts
    assert isinstance(SHOWN[operation](facts), Unreachable)


def test_a_service_that_answers_nonsense_is_a_gap(observe: Observe):
    facts = observe({"faults": {"errors": {"ecs:DescribeServices": "garbage"}}}).facts
    assert isinstance(facts.ecs.services, Unreachable)
    assert all(isinstance(w.services, Unreachable) for w in facts.ecs.walks)


def test_what_is_denied_about_ecs_is_denied_wherever_it_is_looked_for(observe: Observe):
    facts = observe({"faults": {"deny": ["ecs:*"]}}).facts
    assert isinstance(facts.ecs.services, Denied)
    assert isinstance(facts.ecs.clusters, Denied)
    assert facts.ecs.tasks == ()
    assert all(isinstance(r.task, Denied) for r in facts.ecs.registered)
    assert len(facts.ecs.registered) == 2


def test_without_discover_instances_the_lists_lead_to_the_same_facts(observe: Observe):
    look = observe({"faults": {"deny": ["servicediscovery:DiscoverInstances"]}})
    assert [s.name for s in look.facts.ecs.services.value] == ["dev-api-service"]
    assert {t.id for t in look.facts.ecs.tasks[0].running.value} == {TASK, OTHER_TASK}
    assert isinstance(look.facts.ecs.clusters, NotAttempted)


def test_one_throttled_answer_is_tried_again(observe: Observe):
    facts = observe({"faults": {"throttle": {"servicediscovery:ListInstances": 1}}}).facts
    assert len(facts.cloudmap.views[0].instances.value) == 2


def test_endless_throttling_is_a_gap(observe: Observe):
    fact = observe({"faults": {"throttle": {"route53:GetHostedZone": -1}}}).facts.cloudmap.views[0].zone
    assert isinstance(fact, Unreachable)
    assert "throttled" in fact.why


def test_an_expired_sign_in_is_no_missing_permission(observe: Observe):
    look = observe({"faults": {"errors": {"*": "expired"}}})
    fact = look.facts.cloudmap.namespaces
    assert isinstance(fact, Unreachable)
    assert "sign-in" in fact.needs
    (warning,) = look.reads.warnings()
    assert "sign in again" in warning


@pytest.mark.slow
def test_an_answer_that_never_comes_costs_no_more_than_the_budget(observe: Observe):
    facts = observe({"faults": {"errors": {"servicediscovery:ListInstances": "hang"}}}, seconds=7.5).facts
    fact = facts.cloudmap.views[0].instances
    assert isinstance(fact, Unreachable)
    assert "7.5 s" in fact.why
    assert len(facts.cloudmap.views[0].health.value) == 2


def test_a_budget_that_is_over_at_once_leaves_only_gaps(observe: Observe):
    facts = observe(seconds=0.01).facts
    assert isinstance(facts.cloudmap.namespaces, Unreachable)
    assert isinstance(facts.vpc.vpcs, Unreachable)
    assert not isinstance(facts.ecs.services, (Seen, Absent))


def look_at(seconds: float = 60.0, **options: Any) -> tuple[AwsFacts, Reads]:
    reads = begin_reads(options.pop("region", None), options.pop("profile", None), Budget(seconds))
    return AwsObserver(NAME, AwsOptions(**options), reads).facts(), reads


def test_no_credentials(serve: Callable[..., AwsStandIn], monkeypatch: pytest.MonkeyPatch):
    aws = serve()
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    facts, reads = look_at()
    fact = facts.cloudmap.namespaces
    assert isinstance(fact, Unreachable)
    assert fact.needs == "AWS credentials"
    assert len(reads.warnings()) == 1
    assert aws.log.calls == []


def test_no_region(serve: Callable[..., AwsStandIn], monkeypatch: pytest.MonkeyPatch):
    serve()
    monkeypatch.delenv("AWS_REGION")
    monkeypatch.delenv("AWS_DEFAULT_REGION")
    facts, _ = look_at()
    assert facts.region is None
    fact = facts.cloudmap.namespaces
    assert isinstance(fact, Unreachable)
    assert "region" in fact.why


def test_a_profile_that_does_not_exist(serve: Callable[..., AwsStandIn]):
    serve()
    facts, _ = look_at(profile="nope")
    fact = facts.cloudmap.namespaces
    assert isinstance(fact, Unreachable)
    assert "nope" in fact.why


def test_a_broken_configuration_file(serve: Callable[..., AwsStandIn], monkeypatch: pytest.MonkeyPatch, tmp_path: Any):
    serve()
    broken = tmp_path / "config"
    broken.write_text("[default\nregion = x\n")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(broken))
    facts, _ = look_at()
    assert isinstance(facts.cloudmap.namespaces, Unreachable)


def test_an_endpoint_where_nobody_listens(serve: Callable[..., AwsStandIn], monkeypatch: pytest.MonkeyPatch):
    aws = serve()
    aws.stop()
    facts, reads = look_at()
    fact = facts.cloudmap.namespaces
    assert isinstance(fact, Unreachable)
    assert "cannot be reached" in fact.why
    assert len(reads.warnings()) == 1


def test_a_zone_of_another_account_is_opaque(observe: Observe):
    world = {
        "namespaces": {"ns-exampleinternal01": {"owner": "999988887777"}},
        "faults": {"deny": ["route53:GetHostedZone", "route53:ListResourceRecordSets"]},
    }
    look = observe(world)
    assert look.view.namespace.owner == "OTHER_ACCOUNTS"
    assert isinstance(look.view.zone, Opaque)
    assert look.view.zone.owner == "999988887777"
    assert isinstance(look.view.records, Opaque)
    listed = next(c for c in look.calls if c.action == "servicediscovery:ListServices")
    assert listed.params["Filters"][0]["Values"] == [look.view.namespace.arn]
