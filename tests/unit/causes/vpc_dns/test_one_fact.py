"""Causes of the VPC's DNS that are named in a world, and not when one fact of it is another."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from sddoctor.case.dns import Answer
from sddoctor.case.ecs import Task
from tests.changed_cases import ADDRESS, Change, a, answers, denied_by, said, tasks

#: The address of the task that has stopped in the world stale-answer-cached, whose records have a TTL of 60 s.
STALE = "10.10.211.99"


def _long_ago(task: Task) -> Task:
    assert task.stopped_at is not None
    return replace(task, stopped_at=task.stopped_at - timedelta(hours=1))


def _fresh() -> Answer:
    answer = a(ADDRESS, STALE)
    return replace(answer, answers=tuple(replace(r, ttl=60) for r in answer.answers))


NOT_NAMED: dict[str, tuple[str, str, tuple[Change, ...]]] = {
    "the answer is fresh": ("stale-answer-cached", "stale-answer-cached", (answers(_fresh(), role="vpc"),)),
    "the task stopped more than a TTL ago": (
        "stale-answer-cached",
        "stale-answer-cached",
        (tasks(_long_ago, part="stopped"),),
    ),
    "the VPC resolver gives nothing either": (
        "dhcp-custom-dns",
        "dhcp-custom-dns",
        (answers(denied_by("example.internal"), role="vpc"),),
    ),
}


@pytest.mark.parametrize("why", NOT_NAMED)
def test_it_is_not_named_when(why: str) -> None:
    code, world, changes = NOT_NAMED[why]
    assert said(code, world) is not None
    assert said(code, world, *changes) is None


def test_where_every_address_belongs_nobody_needs_the_stopped_tasks() -> None:
    assert said("stale-answer-cached", "address-family-mismatch") is None


def test_no_task_is_evidence_where_none_runs() -> None:
    def sources(case: str, *changes: Change) -> list[str]:
        found = said("negative-answer-cached", case, *changes)
        assert found is not None
        return [e.source for e in found.evidence]

    assert "ecs:DescribeTasks tasks[].startedAt" in sources("negative-answer-cached")
    assert "ecs:DescribeTasks tasks[].startedAt" not in sources("negative-answer-cached", tasks(lambda _: None))
