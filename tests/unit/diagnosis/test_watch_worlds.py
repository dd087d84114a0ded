"""Every world by the first sample of a watch: the verdict of a check, from what a sample keeps."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest
from msgspec import structs

from sddoctor.case.case import Case
from sddoctor.case.cloudmap import Attribute, NamespaceView
from sddoctor.case.ecs import EcsService
from sddoctor.case.seen import Fact, FactError, NotAttempted, Seen, Unreachable
from sddoctor.case.watch import HOST_LOOKUP, Answered, InstanceState, Recording, State, TaskState
from sddoctor.diagnosis.verdict import compare
from sddoctor.diagnosis.watch_phases import Judgement, judge
from sddoctor.lab import gallery
from sddoctor.trail.trail import Trail, optional
from tests.world_cases import observed

NOBODY = NotAttempted("anything", "nobody is followed", "")
#: Worlds in which nothing says what should be answered, so that nothing can be compared. A check lets a cause that is proven
#: decide; a watch has no causes.
DECIDED_BY_A_CAUSE = (
    "name-not-fully-qualified-and-dns-support-off",
    "namespace-not-found-and-dns-support-off",
    "record-orphaned-without-service",
    "service-connect-only-and-dns-support-off",
    "namespace-creation-failed-and-dns-support-off",
    "service-connect-client-too-old-and-dns-support-off",
    "service-not-found-and-hosts-file",
    "service-not-found-and-search-domain-wildcard",
)
#: Worlds in which the name resolves only now and then: one sample asks once, and sees that it resolves.
NOW_AND_THEN = ("resolver-drops-queries", "udp-53-blocked-lookalike")


def first_sample(case: Case) -> State:
    """What a sample would see at the moment of the check, who asks being the one whom the check is about."""
    trail = Trail(case)
    services: tuple[EcsService, ...] = optional(lambda: trail.ecs.active) or ()
    view = optional(lambda: trail.cloudmap.view if trail.cloudmap.service else None)
    seen = tuple(structs.replace(s, events=()) for s in services)
    return State(
        desired=Seen(sum(s.desired for s in seen), "ecs") if seen else NOBODY,
        tasks=_tasks(case, {s.arn for s in seen}) if seen else NOBODY,
        instances=_instances(view) if view is not None else NOBODY,
        answers=(_answer(trail),),
        services=Seen(seen, "ecs") if seen else NOBODY,
        health=view.health if view is not None else NOBODY,
    )


def _tasks(case: Case, services: set[str]) -> Fact[tuple[TaskState, ...]]:
    found: dict[str, TaskState] = {}
    for tasks in case.aws.ecs.tasks:
        if tasks.service_arn in services:
            if not isinstance(tasks.running, Seen):
                return tasks.running
            found |= {t.id: TaskState.of(t) for t in (*tasks.running.value, *tasks.stopped.seen_or(()))}
    return Seen(tuple(found.values()), "ecs")


def _instances(view: NamespaceView) -> Fact[tuple[InstanceState, ...]]:
    health = {h.id: h.status for h in view.health.seen_or(())}
    return view.instances.map(lambda seen: tuple(InstanceState.of(i, health.get(i.id)) for i in seen))


def _answer(trail: Trail) -> Answered:
    who = "VPC 10.10.0.2" if trail.client_is_in_vpc else HOST_LOOKUP
    try:
        answer = trail.client_answer
    except FactError:
        return Answered(who, error="not seen", reached=False)
    return Answered(who, tuple(sorted(answer.addresses)), answer.error)


def judged(case: Case) -> Judgement:
    """What is made of it after it was saved and read again."""
    first = Recording(case.name, case.at, case.at, 10.0, None, 8, first=case).with_state(case.at, first_sample(case))
    read = msgspec.json.decode(msgspec.json.encode(first), type=Recording)
    (found,) = judge(read, read.stretches[0].state, read.ended)
    return found


@pytest.mark.parametrize("name", gallery.names())
def test_the_first_sample_gives_the_verdict_of_a_check(name: str) -> None:
    case = observed(name).case
    found = judged(case).comparison
    expected = "inconclusive" if name in DECIDED_BY_A_CAUSE else gallery.find(name).expect.verdict
    assert found.verdict == ("healthy" if name in NOW_AND_THEN else expected), found.gap
    checked = compare(Trail(case))
    assert structs.replace(found, gap=None) == structs.replace(checked, gap=None)


def worth(case: Case, state: State, after: float = 0.0) -> str:
    """What the answer of a later sample is worth."""
    recording = Recording(case.name, case.at, case.at, 10.0, None, 8, first=case)
    (found,) = judge(recording, state, case.at + timedelta(seconds=after))
    return found.kind


def test_what_is_registered_anew_is_somebodys_until_its_owner_was_looked_for() -> None:
    case = observed("healthy-reconciler").case
    state = first_sample(case)
    new = InstanceState("new", ("172.20.80.99",), None, (Attribute("AWS_INSTANCE_IPV4", "172.20.80.99"),))
    (given,) = state.answers
    answers = (Answered(given.who, (*given.addresses, "172.20.80.99")),)
    grown = structs.replace(state, instances=state.instances.map(lambda seen: (*seen, new)), answers=answers)
    assert worth(case, grown) == "whole"
    assert worth(case, structs.replace(grown, instances=state.instances)) == "some-dead"


def test_a_task_that_ecs_does_not_list_any_more_is_gone_although_it_was_seen_to_run() -> None:
    case = observed("article").case
    state = first_sample(case)
    assert worth(case, state) == "whole"
    gone = structs.replace(state, tasks=state.tasks.map(lambda seen: seen[1:]))
    assert worth(case, gone) == "some-dead"


@pytest.mark.parametrize(("after", "kind"), [(500, "whole"), (700, "fewer")])
def test_a_task_that_does_not_start_is_missing_when_the_time_for_it_is_over(after: float, kind: str) -> None:
    case = observed("article").case
    state = first_sample(case)
    new = TaskState("n", (), "PENDING", "RUNNING", "UNKNOWN", arn="n", created_at=case.at)
    (service,) = state.services.value
    new = structs.replace(new, cluster=service.cluster, group=f"service:{service.name}")
    wanted = structs.replace(service, desired=3, running=2)
    state = structs.replace(
        state, tasks=state.tasks.map(lambda seen: (*seen, new)), services=Seen((wanted,), "ecs:DescribeServices")
    )
    assert worth(case, state, after) == kind


def test_what_was_not_seen_this_time_is_not_what_was_seen_before() -> None:
    case = observed("article").case
    state = first_sample(case)
    slow = Unreachable("it", "throttled", "a later try")
    for name in ("tasks", "instances", "services"):
        assert worth(case, structs.replace(state, **{name: slow})) == "unknown", name
