"""What is made of a recording: the seconds of each kind, and when each task came and went."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from msgspec import structs

from sddoctor.case.seen import Denied, Fact, Seen
from sddoctor.case.watch import Answered, InstanceState, Recording, State, TaskState
from sddoctor.diagnosis.watch_phases import judge
from sddoctor.diagnosis.watch_summary import Downtime, summarise

BEGAN = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
OLD, NEW = "10.10.0.11", "10.10.0.12"


def task(address: str, status: str = "RUNNING", desired: str = "RUNNING", health: str = "HEALTHY") -> TaskState:
    started = BEGAN + timedelta(seconds=2) if address == NEW else BEGAN - timedelta(days=1)
    stopping = BEGAN + timedelta(seconds=6) if desired == "STOPPED" else None
    return TaskState(f"task-{address}", (address,), status, desired, health, started, stopping)


def instance(address: str, health: str = "HEALTHY") -> InstanceState:
    return InstanceState(f"task-{address}", (address,), health)


def state(
    tasks: Fact[tuple[TaskState, ...]] | tuple[TaskState, ...],
    answers: tuple[str, ...],
    instances: tuple[InstanceState, ...] = (),
    desired: int = 1,
    error: str | None = None,
) -> State:
    seen = Seen(tasks, "ecs:DescribeTasks") if isinstance(tasks, tuple) else tasks
    return State(
        Seen(desired, "ecs:DescribeServices"),
        seen,
        Seen(instances, "servicediscovery:ListInstances"),
        (Answered("VPC", answers, error),),
    )


def recording(*states: State, most: int = 8) -> Recording:
    """A look every two seconds; the last one lasts two more."""
    made = Recording("api.example.internal", BEGAN, BEGAN, 2.0, 10, most)
    for number, one in enumerate(states):
        made = made.with_state(BEGAN + timedelta(seconds=2 * number), one)
    return made.lasting_until(BEGAN + timedelta(seconds=2 * len(states)))


def kind_of(seen: State, most: int = 8) -> str:
    """A look at noon, when every task here has run for long."""
    (found,) = judge(recording(seen, most=most), seen, BEGAN + timedelta(hours=9))
    return found.kind


@pytest.mark.parametrize(
    ("seen", "kind"),
    [
        (state((task(OLD),), (OLD,)), "whole"),
        (state((task(OLD),), (), error="NXDOMAIN"), "no-answer"),
        (state((), (), desired=0), "no-answer"),
        (state((task(OLD, desired="STOPPED"),), (OLD,)), "only-stale"),
        (state((task(OLD, health="UNHEALTHY"),), (OLD,)), "only-stale"),
        (state((task(OLD), task(NEW)), (OLD,), desired=2), "fewer"),
        (state((task(OLD), task(NEW, desired="STOPPED")), (OLD, NEW)), "some-dead"),
        (state((task(OLD),), (OLD, "10.10.9.9")), "some-dead"),
        (state(Denied("the tasks", "ecs:ListTasks"), (OLD,)), "unknown"),
        (state(Denied("the tasks", "ecs:ListTasks"), ()), "no-answer"),
    ],
)
def test_what_an_answer_is_worth(seen: State, kind: str) -> None:
    assert kind_of(seen) == kind


def test_an_answer_of_one_record_is_whole_where_routing_gives_one() -> None:
    seen = state((task(OLD), task(NEW)), (NEW,), desired=2)
    assert kind_of(seen, most=1) == "whole"


def test_a_server_that_is_not_reached_from_here_is_not_known_to_answer_nothing() -> None:
    answers = (Answered("VPC", error="no answer", reached=False),)
    assert kind_of(structs.replace(state((task(OLD),), (OLD,)), answers=answers)) == "unknown"


@pytest.mark.parametrize(
    ("reached", "judged"),
    [((False, False), ["VPC"]), ((False, True), ["VPC", "OUT"])],
    ids=["never", "now-and-then"],
)
def test_a_server_that_is_never_reached_is_not_judged(reached: tuple[bool, bool], judged: list[str]) -> None:
    looks = [
        structs.replace(
            state((task(OLD),), (OLD,)),
            answers=(Answered("VPC", (OLD,)), Answered("OUT", (OLD,) if there else (), reached=there)),
        )
        for there in reached
    ]
    found = summarise(recording(*looks))
    assert [g.who for g in found.judged] == judged
    assert [g.unknown for g in found.downtimes] == [0.0, 2.0 if any(reached) else 4.0]


def test_a_state_lasts_until_the_next_one_and_equal_looks_are_one_stretch() -> None:
    made = recording(state((task(OLD),), (OLD,)), state((task(OLD),), (OLD,)), state((task(OLD),), ()))
    assert [s.times for s in made.stretches] == [2, 1]
    assert [p.seconds for p in summarise(made).phases] == [4.0, 2.0]
    assert summarise(made).samples == 3


def test_a_state_is_judged_anew_while_it_grows_old() -> None:
    """A task that runs and is not registered is missed a minute after its start, although nothing changes."""
    seen = state((task(OLD), task(NEW)), (OLD,), (instance(OLD),), desired=2)
    made = recording(*[seen] * 60)
    assert len(made.stretches) == 1
    first, second = summarise(made).phases
    assert [(p.kind("VPC"), p.seconds) for p in (first, second)] == [("whole", 62.0), ("fewer", 58.0)]
    assert summarise(made).downtimes == (Downtime("VPC", fewer=58.0),)


def test_seconds_of_each_kind() -> None:
    made = recording(
        state((task(OLD),), (OLD,)),
        state((task(OLD, desired="STOPPED"),), (OLD,)),
        state((), (), error="NXDOMAIN"),
        state((task(NEW),), (OLD, NEW)),
        state((task(NEW),), (NEW,)),
    )
    (downtime,) = summarise(made).downtimes
    assert downtime == Downtime("VPC", no_answer=2.0, only_stale=2.0, some_dead=2.0)
    assert downtime.without == 4.0


def test_the_story_of_a_task_that_comes_and_of_one_that_goes() -> None:
    made = recording(
        state((task(OLD),), (OLD,), (instance(OLD),)),
        state((task(NEW, health="UNKNOWN"), task(OLD)), (OLD,), (instance(OLD),)),
        state((task(NEW), task(OLD)), (OLD,), (instance(NEW, "UNHEALTHY"), instance(OLD))),
        state((task(NEW), task(OLD, desired="STOPPED")), (NEW, OLD), (instance(NEW), instance(OLD))),
        state((task(NEW),), (NEW,), (instance(NEW),)),
    )

    def after(seconds: float) -> datetime:
        return BEGAN + timedelta(seconds=seconds)

    old, new = summarise(made).tasks
    assert (old.running, old.healthy, old.registered, old.first) == (None, None, None, {})
    assert (old.stopping, old.deregistered, old.last) == (after(6), after(8), {"VPC": after(6)})
    assert (new.running, new.healthy, new.registered, new.published) == (after(2), after(4), after(4), after(6))
    assert (new.first, new.last, new.deregistered) == ({"VPC": after(6)}, {}, None)
    spreads = {s.what: (s.count, s.median, s.longest) for s in summarise(made).spreads}
    assert spreads["RUNNING to registered"] == (1, 2.0, 2.0)
    assert spreads["registered to healthy in Cloud Map"] == (1, 2.0, 2.0)
    assert spreads["healthy in Cloud Map to answered by VPC"] == (1, 0.0, 0.0)
    assert spreads["stopping to last answered by VPC"] == (1, 0.0, 0.0)
