"""Several cases of one name become one, and nothing is judged by what another time said."""

from __future__ import annotations

from datetime import timedelta
from pathlib import PurePosixPath
from typing import Any

import pytest
from msgspec import structs

from sddoctor.case.case import Case, Identity
from sddoctor.case.dns import DnsFacts, Server
from sddoctor.case.ecs import ServiceTasks, Task
from sddoctor.case.host import HostFacts, InterfaceAddress
from sddoctor.case.seen import NOT_NEEDED, Absent, Denied, NotAttempted, Seen
from sddoctor.case.surroundings import Mark
from sddoctor.case.vpc import ClientVpc
from sddoctor.places import labels
from sddoctor.places.fill import fill
from sddoctor.places.merge import merge
from sddoctor.places.same_moment import fits
from tests.cases import AT, empty_case
from tests.resolver_cases import ADDRESS, SERVER, VPC, addresses, case, probe, seen

DENIED = Denied("something", "an:Action")
CLUSTER = "arn:aws:ecs:r:1:cluster/dev"


def _informed(label: str = "bastion", minutes: float = 0, *tasks: Task, **changes: Any) -> Case:
    """A case that saw AWS; with the tasks of a service."""
    it = case(probe(addresses(ADDRESS)), how="host", **changes)
    ecs = structs.replace(it.aws.ecs, tasks=(ServiceTasks("arn:service", seen(tasks), seen(())),))
    aws = structs.replace(it.aws, identity=seen(Identity("1", "arn:me")), ecs=ecs)
    asked = structs.replace(it.asked, client_vpc=None)
    return _placed(structs.replace(it, aws=aws, asked=asked), label, minutes)


def _placed(it: Case, label: str, minutes: float = 0) -> Case:
    return structs.replace(it, at=AT + timedelta(minutes=minutes), places=(structs.replace(it.place, label=label),))


def _blind(label: str = "laptop", minutes: float = 0, *got: str) -> Case:
    """A case that saw nothing of AWS, and got these addresses of its own server."""
    it = _placed(empty_case(), label, minutes)
    probes = (probe(addresses(*got), server=Server("192.168.1.1")),) if got else ()
    dns = DnsFacts(it.place.dns.resolvers, probes)
    return structs.replace(it, places=(structs.replace(it.place, dns=dns),))


def _task(**times: Any) -> Task:
    return Task("arn:aws:ecs:r:1:task/dev/1", CLUSTER, "RUNNING", "RUNNING", addresses=(ADDRESS,), **times)


def test_what_one_saw_fills_what_another_did_not() -> None:
    assert fill(DENIED, Seen(1, "here")) == Seen(1, "here")
    assert fill(NOT_NEEDED, Absent("it", "there")) == Absent("it", "there")
    assert fill(Seen(1, "here"), Seen(2, "there")) == Seen(1, "here")
    assert fill(Absent("it", "here"), Seen(2, "there")) == Absent("it", "here")
    assert fill(DENIED, NotAttempted("something", "nobody looked")) == DENIED


def test_a_list_that_was_seen_gets_no_further_entries_and_looks_do() -> None:
    mine, other = _informed("a", instances=DENIED).aws, _informed("b", 0, _task()).aws
    filled = fill(mine, other)
    assert filled.cloudmap.views[0].instances == other.cloudmap.views[0].instances
    assert filled.ecs.tasks[0].running == seen(())  # seen to be empty, and so it stays
    without = structs.replace(mine, ecs=structs.replace(mine.ecs, tasks=()))
    assert fill(without, other).ecs.tasks == other.ecs.tasks


def test_one_case_stays_as_it_is() -> None:
    it = _informed()
    assert merge([it]) is it


def test_the_first_place_is_judged_by_what_another_one_saw_of_aws() -> None:
    both = merge([_blind(), _informed("bastion", 1)])
    assert [p.label for p in both.places] == ["laptop", "bastion"]
    assert both.aws.cloudmap == _informed().aws.cloudmap
    assert (both.at, both.aws_from) == (AT + timedelta(minutes=1), ("bastion",))
    assert [p.at for p in both.places] == [AT, AT + timedelta(minutes=1)]


def test_each_place_keeps_its_own_vpc() -> None:
    """The bastion is in the VPC, and the laptop is not for that."""
    both = merge([_blind(), _informed()])
    assert both.aws.vpc.client.value == ClientVpc(VPC, "zone")
    assert both.seen_from(1).aws.vpc.client.value == ClientVpc(VPC, "host")
    assert both.seen_from(1).place.label == "bastion"
    other_way = merge([_informed(), _blind()])
    assert other_way.aws.vpc.client.value == ClientVpc(VPC, "host")
    assert other_way.seen_from(1).aws.vpc.client.value == ClientVpc(VPC, "zone")


@pytest.mark.parametrize(("address", "how"), [("10.10.3.4", "host"), ("10.99.3.4", "zone")])
def test_a_task_that_could_not_ask_aws_is_put_into_its_vpc(address: str, how: str) -> None:
    host = HostFacts(
        "linux",
        marks=(Mark("ecs", "the variable", "it is set"),),
        addresses=seen((InterfaceAddress("eth0", address, 20),)),
    )
    task = _blind("task")
    task = structs.replace(task, places=(structs.replace(task.place, host=seen(host)),))
    assert merge([task, _informed()]).aws.vpc.client.value == ClientVpc(VPC, how)


def test_a_server_that_was_asked_is_known_for_the_resolver_and_one_that_was_not_is_a_gap() -> None:
    task = _blind("task")
    dns = structs.replace(task.place.dns, probes=(probe(addresses(ADDRESS)),))
    asked = structs.replace(task, places=(structs.replace(task.place, dns=dns),))
    assert [r.server for r in merge([asked, _informed()]).place.dns.resolvers.value] == [SERVER]
    gap = merge([task, _informed()]).place.dns.resolvers.gap()
    assert gap.why == "task did not ask 10.10.0.2, whose address was not known there"
    assert gap.needs == "a look from there with --nameserver 10.10.0.2"


def test_what_was_denied_here_is_taken_from_there() -> None:
    both = merge([_informed("laptop", 0, instances=DENIED), _informed("bastion", 1)])
    assert both.aws.cloudmap.views[0].instances.peek()
    assert (both.at, both.aws_from) == (AT, ("laptop", "bastion"))


def test_another_account_fills_nothing() -> None:
    other = _informed("bastion")
    other = structs.replace(other, aws=structs.replace(other.aws, identity=seen(Identity("2", "arn:other"))))
    both = merge([_informed("laptop", 0, instances=DENIED), other])
    assert both.aws.cloudmap.views[0].instances == DENIED
    assert both.aws_from == ("laptop",)


STARTED, BEFORE = {"started_at": AT + timedelta(minutes=5)}, {"started_at": AT - timedelta(hours=5)}


@pytest.mark.parametrize(
    ("minutes", "times", "got", "together"),
    [
        (1, STARTED, ("10.10.9.9",), True),  # at once: nothing can be told apart
        (10, BEFORE, (ADDRESS,), True),
        (10, BEFORE, (), True),
        (10, STARTED, (ADDRESS,), False),  # a task began after the laptop was looked at
        (-10, BEFORE, ("10.10.9.9",), False),  # an address of the VPC that was not known ten minutes before
        (-10, BEFORE, ("8.8.8.8",), True),  # not one of AWS's
        (16, BEFORE, (ADDRESS,), False),
        (-16, BEFORE, (ADDRESS,), False),
    ],
)
def test_looks_at_different_times_are_judged_together_only_where_nothing_changed(
    minutes: float, times: dict[str, Any], got: tuple[str, ...], together: bool
) -> None:
    laptop, bastion = _blind("laptop", 0, *got), _informed("bastion", minutes, _task(**times))
    both = merge([laptop, bastion])
    assert (both.aws_from == ("bastion",)) is together
    assert isinstance(both.aws.cloudmap.namespaces, Seen) is together
    other_way = merge([bastion, laptop])
    assert fits(other_way.places[1], other_way) is together


def test_a_merged_case_can_be_merged_again() -> None:
    both = merge([_blind(), _informed("bastion", 1)])
    three = merge([both, _blind("task", 2)])
    assert [p.label for p in three.places] == ["laptop", "bastion", "task"]
    assert [p.at for p in three.places] == [AT + timedelta(minutes=m) for m in (0, 1, 2)]
    assert three.places[:2] == both.places
    assert three.aws_from == ("bastion",)


@pytest.mark.parametrize(
    ("paths", "expected"),
    [
        (["laptop.json", "bastion.json.gz"], ["laptop", "bastion"]),
        (["a/case.json", "b/case.json"], ["a/case", "b/case"]),
        (["-", ".hidden"], ["-", ".hidden"]),
    ],
)
def test_places_are_called_after_their_files(paths: list[str], expected: list[str]) -> None:
    assert labels.of_files([PurePosixPath(p) for p in paths]) == expected


def test_a_place_that_has_a_name_keeps_it_and_no_two_have_the_same() -> None:
    cases = [("one", _blind("this host")), ("two", _blind("task")), ("three", _blind("task"))]
    assert [c.place.label for c in labels.labelled(cases)] == ["one", "task", "task (2)"]
    rooted = _blind("/some/where")
    host = seen(HostFacts("macos", root="/some/where"))
    rooted = structs.replace(rooted, places=(structs.replace(rooted.place, host=host),))
    assert [c.place.label for c in labels.labelled([("mac", rooted)])] == ["mac"]
