"""Whose an address is: what is said, and what is not said because it was not seen."""

from __future__ import annotations

from typing import Any

import pytest

from sddoctor.case.seen import Denied, NotAttempted, Seen, Unreachable
from sddoctor.case.vpc import Vpc
from sddoctor.whois.judge import judge, special
from sddoctor.whois.model import Ownership, Whois
from tests.unit.whois.owner_facts import (
    ARN,
    DENIED,
    HOST,
    ID,
    OTHER_ID,
    A,
    below,
    bridged,
    facts,
    instance,
    interface,
    stopped,
    task,
)

GAP = Unreachable("the network interfaces", "it did not answer", "a later try")


def look(*args: Any, address: str = A, **changes: Any) -> Whois:
    return judge((address,), facts(*args, **changes))


def answer(*args: Any, **changes: Any) -> Ownership:
    return look(*args, **changes).answers[0]


def test_a_running_task_with_its_interface_and_name() -> None:
    result = look((task(),), (), (interface(),), (below(instance()),))
    (said,) = result.answers
    assert said.status == "held"
    assert [(t.id, t.service, t.cluster, t.how) for t in said.tasks] == [(ID, "api", "dev", "interface")]
    assert [(i.id, i.what, i.vpc_name, i.subnet_id) for i in said.interfaces] == [
        ("eni-1", "an ECS task", "dev", "subnet-1")
    ]
    assert [(r.standing, r.name, r.health) for r in said.registrations] == [
        ("current", "api.example.internal", "HEALTHY")
    ]
    assert said.summary == f"It belongs to task {ID} of service api in cluster dev. Registered as api.example.internal."
    assert (result.has_problem, result.is_undecided) == (False, False)
    assert said.reverse == "ip-10-10-211-50.eu-west-1.compute.internal"


def test_ipv6_of_a_task() -> None:
    both = task(addresses=(A, "2406:da14::50"))
    said = answer((both,), (), (interface(addresses=(A, "2406:da14::50")),), address="2406:da14::50")
    assert [t.id for t in said.tasks] == [ID]
    assert said.reverse is None


def test_a_container_instance_with_several_tasks_and_their_ports() -> None:
    host = interface(description="Primary network interface", instance_id="i-0a")
    said = answer((bridged(ID, 32768), bridged(OTHER_ID, 32769)), (), (host,))
    assert [(t.id, t.how, t.ports[0].host_port) for t in said.tasks] == [
        (ID, "host", 32768), (OTHER_ID, "host", 32769),
    ]  # fmt: skip
    assert [h.ec2_instance_id for h in said.hosts] == ["i-0a"]
    assert "container instance i-0a with 2 tasks behind it" in said.summary


def test_without_interfaces_a_registration_leads_to_a_task_behind_a_host() -> None:
    said = answer((bridged(ID, 80),), (), GAP, (below(instance()),))
    assert (said.status, [t.how for t in said.tasks]) == ("held", ["registration"])


def test_a_task_that_has_stopped() -> None:
    result = look((), (stopped(stopped_reason="Essential container in task exited"),))
    (said,) = result.answers
    assert said.status == "left"
    assert said.summary == f"Nobody has it now: task {ID} of service api in cluster dev had it until 20 min ago."
    assert result.has_problem


def test_an_address_that_went_from_one_task_to_another() -> None:
    said = answer((task(OTHER_ID),), (stopped(),), (interface(),), (below(instance(), instance(OTHER_ID)),))
    assert ([t.id for t in said.tasks], [t.id for t in said.former]) == ([OTHER_ID], [ID])
    assert [(r.instance_id, r.standing) for r in said.registrations] == [(OTHER_ID, "current"), (ID, "stale")]
    assert said.summary.endswith("1 registration of it is stale.")


def test_two_owners_in_vpcs_with_the_same_range() -> None:
    other = interface(id="eni-2", vpc_id="vpc-2", description="ELB app/web/1", kind="interface")
    said = answer((task(),), (), (interface(), other))
    assert "task" in said.summary
    assert "load balancer app/web/1" in said.summary


def test_nobody_has_it_only_if_all_that_decides_was_seen() -> None:
    assert answer().status == "nobody"
    assert answer().summary.startswith("Nobody in account 111122223333 in eu-west-1 has it now.")
    for unseen in ({"interfaces": GAP}, {"vpcs": GAP}, {"subnets": GAP}, {"identity": GAP}):
        result = look(**unseen)
        assert (result.answers[0].status, result.has_problem, result.is_undecided) == ("unknown", False, True)
        assert GAP.gap() in result.gaps


def test_nobody_does_not_speak_of_stopped_tasks_that_were_not_seen() -> None:
    result = look(clusters=DENIED)
    assert result.answers[0].status == "nobody"
    assert "was not seen" in result.answers[0].summary
    assert [g.needs for g in result.gaps] == ["ecs:ListTasks"]


def test_a_vpc_of_another_account_may_hide_an_owner() -> None:
    shared = Seen((Vpc("vpc-9", "10.10.0.0/16", ("10.10.0.0/16",), owner="999988887777"),), "x")
    result = look(vpcs=shared)
    assert result.answers[0].status == "unknown"
    assert "account 999988887777" in result.answers[0].summary
    assert result.is_undecided


def test_an_address_of_no_vpc_here() -> None:
    said = answer(address="192.168.1.5")
    assert "no VPC there has it in its ranges" in said.summary
    assert (said.networks, said.reverse) == ((), None)


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("10.10.0.2", "the resolver of vpc-1"),
        ("10.10.211.1", "the VPC router in subnet-1"),
        ("10.10.211.255", "AWS itself in subnet-1"),
    ],
)
def test_what_aws_reserves_is_not_nobodys(address: str, words: str) -> None:
    said = answer(address=address)
    assert said.status == "held"
    assert words in said.summary


def test_an_interface_of_ecs_whose_task_was_not_seen() -> None:
    result = look(interfaces=(interface(),), clusters=DENIED)
    assert result.answers[0].summary == "It belongs to an ECS task, which was not seen."
    assert result.is_undecided


def test_a_delegated_prefix_has_its_addresses() -> None:
    said = answer(interfaces=(interface(addresses=("10.10.211.9",), prefixes=("10.10.211.48/28",), description="x"),))
    assert said.status == "held"


@pytest.mark.parametrize(
    ("running", "gone", "missing", "standing", "why"),
    [
        ((), (), (ID,), "stale", "ECS does not know task"),
        ((), (stopped(ago=3000),), (), "stale", "stopped 50 min ago"),
        ((), (stopped(ago=30),), (), "leaving", "stopped 30 s ago"),
        ((task(addresses=("10.10.1.1",)),), (), (), "stale", "runs with 10.10.1.1"),
        ((task(desired_status="STOPPED"),), (), (), "leaving", "is being stopped"),
        ((), (), (), "unknown", "no task of this id was seen"),
    ],
)
def test_the_standing_of_a_registration_by_ecs(
    running: tuple[Any, ...], gone: tuple[Any, ...], missing: tuple[str, ...], standing: str, why: str
) -> None:
    said = answer(running, gone, (), (below(instance()),), missing)
    assert [r.standing for r in said.registrations] == [standing]
    assert why in said.registrations[0].why


def test_a_task_that_may_not_be_described_makes_nothing_stale() -> None:
    from sddoctor.case.ecs import RegisteredTask

    denied = Denied(f"task {ID}", "ecs:DescribeTasks")
    result = look((), (), (), (below(instance()),), looked_up=(RegisteredTask(ID, "dev", denied),))
    assert [r.standing for r in result.answers[0].registrations] == ["unknown"]
    assert "ecs:DescribeTasks" in [g.needs for g in result.gaps]


def test_a_task_of_a_shared_namespace_may_run_in_its_owners_account() -> None:
    result = look((), (), (), (below(instance(), owner="OTHER_ACCOUNTS"),), (ID,))
    (said,) = result.answers
    assert [r.standing for r in said.registrations] == ["unknown"]
    assert said.status == "unknown"
    assert said.summary.startswith("Nobody in account 111122223333 in eu-west-1 has it. It is registered: ")
    assert (result.has_problem, result.is_undecided) == (False, True)


def test_registered_by_hand() -> None:
    by_hand = below(instance("box-1", cluster=None))
    assert answer((), (), (interface(description="x"),), (by_hand,)).registrations[0].standing == "other"
    assert answer((), (), (), (by_hand,)).registrations[0].standing == "stale"
    assert answer((), (), GAP, (by_hand,)).registrations[0].standing == "unknown"
    # A machine outside AWS may be registered too, and nothing here can say whether it is there.
    outside = below(instance("box-1", "192.168.1.5", None))
    assert answer((), (), (), (outside,), address="192.168.1.5").registrations[0].standing == "unknown"


def test_a_registered_task_whose_address_is_not_shown_may_have_it() -> None:
    result = look((task(addresses=()),), (), (), (below(instance()),))
    assert (result.answers[0].status, result.has_problem, result.is_undecided) == ("unknown", False, True)
    assert result.answers[0].summary.startswith("Cloud Map has it for a running task")


def test_an_id_like_that_of_a_task_is_not_enough() -> None:
    by_tool = below(instance(OTHER_ID, cluster=None))
    said = answer((task(),), (), (interface(),), (by_tool,))
    assert [(r.standing, r.why) for r in said.registrations] == [("other", "it was not ECS that registered it")]


def test_a_service_without_dns_has_no_name() -> None:
    said = answer((task(),), (), (interface(),), (below(instance(), kind="HTTP"),))
    assert (said.registrations[0].name, said.names) == (None, ())


def test_a_public_address_is_that_of_the_task_behind_it() -> None:
    public = "52.95.110.1"
    said = answer((task(),), (), (interface(public=(public,)),), (below(instance(address=public)),), address=public)
    assert [t.id for t in said.tasks] == [ID]
    assert [r.standing for r in said.registrations] == ["current"]


def test_a_bridge_task_on_another_host_is_stale() -> None:
    holder = interface(description="Primary network interface", instance_id="i-0other")
    said = answer((bridged(ID, 80),), (), (holder,), (below(instance()),))
    assert said.registrations[0].standing == "stale"
    assert HOST.ec2_instance_id == "i-0a"


def test_services_that_were_not_read_are_one_gap() -> None:
    from sddoctor.case.seen import Fact
    from sddoctor.case.whois import NamespaceInstances

    gap: Fact[Any] = NotAttempted("the instances of a", "too many")
    other: Fact[Any] = NotAttempted("the instances of b", "too many")
    found = below()
    looks = tuple(
        type(s)(s.service, f)
        for s in found.services.value
        for f in (gap, other)  # type: ignore[union-attr]
    )
    result = look((task(),), (), (interface(),), (NamespaceInstances(found.namespace, Seen(looks, "x")),))
    assert [g.what for g in result.gaps] == ["the instances of a and 1 more like it"]
    assert (result.answers[0].status, result.is_undecided) == ("held", True)


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "169.254.169.253", "169.254.1.1", "0.0.0.0", "::1", "224.0.0.1", "fe80::1"]
)
def test_what_nobody_can_own_is_not_asked_for(address: str) -> None:
    said = special(address)
    assert said is not None
    assert said.status == "special"
    result = judge((address,), facts(interfaces=GAP))
    assert (result.gaps, result.has_problem, result.is_undecided) == ((), False, False)


def test_the_order_is_that_of_the_question() -> None:
    asked = ("10.10.0.2", "127.0.0.1", A)
    assert [a.address for a in judge(asked, facts((task(),))).answers] == list(asked)
    assert ARN.startswith("arn:")
