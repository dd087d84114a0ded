"""What is being made, failed, is another account's, or of a kind that is not known, does not count as acting."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from sddoctor.case.seen import Opaque, Seen, Unreachable
from tests.unit.observe_aws.conftest import VPC, Observe

Change = Callable[[dict[str, Any]], None]
ChangeAnswers = Callable[[str, Change], None]
#: A VPC with a Profile that brings a zone, a rule and a firewall group, and rules and a group of its own.
WORLD: dict[str, Any] = {
    "vpcs": [{"id": VPC, "cidr": "10.10.0.0/16", "profiles": ["rp-1"]}],
    "zones": [{"id": "ZPROFILE", "name": "api.example.internal", "vpcs": []}],
    "rules": [
        {"id": "rslvr-rr-1", "domain": "corp", "targets": ["192.0.2.1"]},
        {"id": "rslvr-rr-2", "domain": "own.corp", "targets": ["192.0.2.1"], "vpcs": [VPC]},
    ],
    "firewall": [
        {"id": "rslvr-frg-1", "rules": [{"name": "p", "priority": 1, "domains": ["x.example"], "list_id": "rslvr-fdl-1"}]},
        {"id": "rslvr-frg-2", "vpcs": [VPC], "rules": [{"name": "o", "priority": 1, "domains": ["y.example"], "list_id": "rslvr-fdl-2"}]},
    ],
    "profiles": [{"id": "rp-1", "zones": ["ZPROFILE"], "rules": ["rslvr-rr-1"], "firewall_groups": ["rslvr-frg-1"]}],
    "endpoints": [{"id": "rslvr-in-1", "vpc": VPC, "addresses": ["10.10.5.5", "10.10.6.6"]}],
}  # fmt: skip
PROFILE = "route53profiles:ListProfileAssociations"
RESOURCES = "route53profiles:ListProfileResourceAssociations"


def put(items: str, **members: Any) -> Change:
    """Change members of every item of a list in an answer; ``None`` takes one away."""

    def change(answer: dict[str, Any]) -> None:
        found = answer[items] if isinstance(answer[items], list) else [answer[items]]
        for item in found:
            for key, value in members.items():
                if value is None:
                    item.pop(key, None)
                else:
                    item[key] = value

    return change


def test_all_of_it_is_read(observe: Observe) -> None:
    (vpc,) = observe(WORLD).facts.vpc.looks
    assert [z.id for z in vpc.profile_zones.whole] == ["ZPROFILE"]
    assert {(r.id, r.status) for r in vpc.rules.whole} == {("rslvr-rr-1", "COMPLETE"), ("rslvr-rr-2", "COMPLETE")}
    assert {(r.name, r.status) for r in vpc.firewall.whole} == {("p", "COMPLETE"), ("o", "COMPLETE")}


@pytest.mark.parametrize("status", ["FAILED", "DELETED"])
def test_a_profile_that_is_not_associated_brings_nothing(
    observe: Observe, change_answers: ChangeAnswers, status: str
) -> None:
    change_answers(PROFILE, put("ProfileAssociations", Status=status))
    (vpc,) = observe(WORLD).facts.vpc.looks
    assert vpc.profile_zones.whole == ()
    assert [r.id for r in vpc.rules.whole] == ["rslvr-rr-2"]
    assert [r.name for r in vpc.firewall.whole] == ["o"]


@pytest.mark.parametrize("status", ["CREATING", "DELETING", "UPDATING", "LIMPING", None])
@pytest.mark.parametrize(
    ("operation", "items"), [(PROFILE, "ProfileAssociations"), (RESOURCES, "ProfileResourceAssociations")]
)
def test_what_a_profile_may_bring_is_not_all_seen(
    observe: Observe, change_answers: ChangeAnswers, operation: str, items: str, status: str | None
) -> None:
    change_answers(operation, put(items, Status=status))
    (vpc,) = observe(WORLD).facts.vpc.looks
    assert vpc.profile_zones.value == ()
    assert vpc.profile_zones.unread  # type: ignore[union-attr]
    assert {r.status for r in vpc.rules.value if r.via_profile} == {status or "unknown"}
    assert {r.status for r in vpc.firewall.value if r.via_profile} == {status or "unknown"}


def test_a_profile_with_a_lower_number_comes_first(observe: Observe, change_answers: ChangeAnswers) -> None:
    def two(answer: dict[str, Any]) -> None:
        (one,) = answer["ProfileAssociations"]
        answer["ProfileAssociations"] = [{**one, "Priority": 300}, {**one, "ProfileId": "rp-2"}]  # 100 if none is given

    change_answers(PROFILE, two)
    world = {**WORLD, "profiles": [*WORLD["profiles"], {"id": "rp-2", "zones": ["ZPROFILE"]}]}
    (vpc,) = observe(world).facts.vpc.looks
    assert [z.via_profile for z in vpc.profile_zones.value] == ["rp-2", "rp-1"]


@pytest.mark.parametrize(
    ("kind", "all_seen"),
    [("vpc-endpoint/vpce-1", True), ("resolver-query-log-config/rqlc-1", True), ("oracle/o-1", False)],
)
def test_a_resource_of_another_kind(observe: Observe, change_answers: ChangeAnswers, kind: str, all_seen: bool) -> None:
    arn = f"arn:aws:ec2:ap-northeast-1:111122223333:{kind}"

    def add(answer: dict[str, Any]) -> None:
        answer["ProfileResourceAssociations"].append({"ProfileId": "rp-1", "ResourceArn": arn, "Status": "COMPLETE"})

    change_answers(RESOURCES, add)
    (vpc,) = observe(WORLD).facts.vpc.looks
    assert isinstance(vpc.profile_zones, Seen)
    assert vpc.profile_zones.unread == (() if all_seen else (arn,))


def test_without_its_priority_the_place_of_a_group_is_not_known(
    observe: Observe, change_answers: ChangeAnswers
) -> None:
    change_answers(RESOURCES, put("ProfileResourceAssociations", ResourceProperties=None))
    (vpc,) = observe(WORLD).facts.vpc.looks
    assert isinstance(vpc.profile_zones, Unreachable)


@pytest.mark.parametrize(
    ("operation", "items", "status", "of_rule"),
    [
        ("route53resolver:ListResolverRuleAssociations", "ResolverRuleAssociations", "FAILED", "FAILED"),
        ("route53resolver:ListResolverRuleAssociations", "ResolverRuleAssociations", None, "unknown"),
        ("route53resolver:ListResolverRuleAssociations", "ResolverRuleAssociations", "LIMPING", "LIMPING"),
        ("route53resolver:GetResolverRule", "ResolverRule", "FAILED", "FAILED"),
        ("route53resolver:GetResolverRule", "ResolverRule", "UPDATING", "UPDATING"),
    ],
)
def test_a_rule_acts_with_its_association(
    observe: Observe, change_answers: ChangeAnswers, operation: str, items: str, status: str | None, of_rule: str
) -> None:
    change_answers(operation, put(items, Status=status))
    (vpc,) = observe(WORLD).facts.vpc.looks
    assert [r.status for r in vpc.rules.value if r.id == "rslvr-rr-2"] == [of_rule]


def test_an_associated_rule_that_is_not_there_is_another_accounts(observe: Observe) -> None:
    code = "ResourceNotFoundException: [RSLVR-00703] no such rule"
    facts = observe({**WORLD, "faults": {"codes": {"route53resolver:GetResolverRule": code}}}).facts
    assert isinstance(facts.vpc.looks[0].rules, Opaque)


@pytest.mark.parametrize(
    ("items", "operation", "members", "expected"),
    [
        ("FirewallRuleGroupAssociations", "ListFirewallRuleGroupAssociations", {"Status": "DELETING"}, "DELETING"),
        ("FirewallRuleGroupAssociations", "ListFirewallRuleGroupAssociations", {"Status": None}, "unknown"),
        ("FirewallRules", "ListFirewallRules", {"Status": "CREATION_FAILED"}, "CREATION_FAILED"),
        ("FirewallRules", "ListFirewallRules", {"Status": "CREATING"}, "CREATING"),
        ("FirewallRules", "ListFirewallRules", {"Status": None}, "COMPLETE"),
    ],
)
def test_a_firewall_rule_acts_with_its_group(
    observe: Observe, change_answers: ChangeAnswers, items: str, operation: str, members: dict[str, Any], expected: str
) -> None:
    change_answers(f"route53resolver:{operation}", put(items, **members))
    (vpc,) = observe(WORLD).facts.vpc.looks
    assert [r.status for r in vpc.firewall.value if r.name == "o"] == [expected]


@pytest.mark.parametrize("status", ["FAILED_RESOURCE_GONE", "CREATING", "ISOLATED", "LIMPING"])
def test_an_address_that_is_not_attached_takes_no_queries(
    observe: Observe, change_answers: ChangeAnswers, status: str
) -> None:
    def change(answer: dict[str, Any]) -> None:
        answer["IpAddresses"][0]["Status"] = status

    change_answers("route53resolver:ListResolverEndpointIpAddresses", change)
    (endpoint,) = observe(WORLD).facts.vpc.endpoints.value
    assert endpoint.addresses == ("10.10.6.6",)
    assert [(d.address, d.status) for d in endpoint.detached] == [("10.10.5.5", status)]


@pytest.mark.parametrize(
    ("operation", "items", "members"),
    [
        ("ecs:DescribeTasks", "tasks", {"healthStatus": "LIMPING"}),
        ("ecs:DescribeTasks", "tasks", {"lastStatus": "NAPPING"}),
        ("ecs:DescribeServices", "services", {"status": "PAUSED"}),
        ("servicediscovery:ListServices", "Services", {"Type": "ORACLE"}),
        ("servicediscovery:ListNamespaces", "Namespaces", {"Type": "DNS_SECRET"}),
    ],
)
def test_a_value_that_is_not_known_is_a_gap(
    observe: Observe, change_answers: ChangeAnswers, operation: str, items: str, members: dict[str, str]
) -> None:
    from sddoctor.diagnosis.gaps import _walk

    change_answers(operation, put(items, **members))
    told = [g.text() for g in _walk(observe().facts)]
    ((member, value),) = members.items()
    assert any(f"{items}[].{member}: {value}" in text for text in told), told
