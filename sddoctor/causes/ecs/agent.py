"""The container agent is disconnected, so task health is stale."""

from __future__ import annotations

from sddoctor.case.ecs import Task
from sddoctor.causes.commands import read_only, replace_later
from sddoctor.causes.model import Evidence, Finding, Fix, cause
from sddoctor.text.shell import aws
from sddoctor.text.words import age, count, in_order, listed
from sddoctor.trail.trail import Trail, optional


@cause(
    "agent-disconnected",
    hop="ecs",
    at=("tasks", "registry"),
    symptoms=("not-serving", "foreign", "missing"),
    severity="warning",
    title="The container agent is disconnected, so task health is stale",
)
def agent_disconnected(trail: Trail) -> Finding | None:
    """ECS has not heard from the agent of a running task.

    It acts where an answered task accepts no connection, and likely where just the addresses of such tasks are missing.
    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Task.html
    """
    if not trail.lost.tasks:
        return None
    answered = optional(lambda: trail.client_answer.addresses) or frozenset()
    dead = in_order(a for t in trail.lost.dead for a, _ in trail.lost.endpoints(t) if a in answered)
    return _finding(trail, trail.lost.tasks, dead, () if dead else _absent(trail, answered))


def _absent(trail: Trail, answered: frozenset[str]) -> tuple[Task, ...]:
    """Return the lost tasks that are not answered, if no other address is missing."""
    absent = [t for t in trail.lost.tasks if answered.isdisjoint(trail.promise.addresses_of(t))]
    theirs = {a for t in absent for a in trail.promise.addresses_of(t)}
    others = optional(lambda: trail.promise.wanted - answered - theirs)
    return () if others is None or others else tuple(absent)


def _finding(trail: Trail, tasks: tuple[Task, ...], dead: tuple[str, ...], absent: tuple[Task, ...]) -> Finding:
    service = trail.ecs.main
    since = max((trail.ecs.age(t.connectivity_at) or 0 for t in tasks if t.connectivity_at), default=None)
    lost = f" for {age(since)}" if since is not None else ""
    of = f"{count(len(tasks), 'task')} of {service.cluster_name}/{service.name}"
    if dead:
        summary = (
            f"{trail.name} returns {listed(dead)}, where nothing accepts a connection: ECS has not heard from the "
            f"agent of {of}{lost} and still shows the last health it heard."
        )
    elif absent:
        where = listed(in_order(a for t in absent for a in trail.promise.addresses_of(t))) or "an address"
        summary = (
            f"{trail.name} lacks {where} of {count(len(absent), 'task')} of {service.cluster_name}/{service.name}, and "
            f"ECS has not heard from the agent of just {'that one' if len(absent) == 1 else 'these'}{lost}."
        )
    else:
        summary = (
            f"ECS has not heard from the agent of {of}{lost}, so the health that it shows is old; whether "
            f"{'it serves' if len(tasks) == 1 else 'they serve'} is not known."
        )
    return Finding(
        summary=summary,
        detail=(
            "Without contact ECS keeps the last health and does not change it, and Cloud Map gets no news either, so "
            "DNS may return a dead host. The host may also serve all the same."
        ),
        evidence=tuple(e for t in tasks[:3] for e in _evidence(trail, t, dead)),
        fixes=_fixes(trail, tasks),
        would_tell=None if dead else _would_tell(tasks),
        addresses=dead or in_order(a for t in absent or tasks for a in trail.promise.addresses_of(t)),
    )


def _would_tell(tasks: tuple[Task, ...]) -> str:
    """Return what shows whether the tasks are there: their host's state, or a connection to them."""
    hosted = next((t for t in tasks if t.container_instance), None)
    if hosted is not None and hosted.container_instance is not None:
        host = _last(hosted.container_instance)
        return aws("ecs", "describe-container-instances", cluster=hosted.cluster_name, container_instances=host)
    return aws("ecs", "describe-tasks", cluster=tasks[0].cluster_name, tasks=tasks[0].id)


def _evidence(trail: Trail, task: Task, dead: tuple[str, ...]) -> list[Evidence]:
    seconds = trail.ecs.age(task.connectivity_at)
    since = f" for {age(seconds)}" if seconds is not None and task.connectivity == "DISCONNECTED" else ""
    found = [
        Evidence("ecs:DescribeTasks tasks[].connectivity", task.id, f"{task.connectivity}{since}", "CONNECTED"),
        Evidence("ecs:DescribeTasks tasks[].healthStatus", task.id, task.health),
    ]
    if trail.lost.host_is_lost(task) and task.container_instance:
        source = "ecs:DescribeContainerInstances containerInstances[].agentConnected"
        found.append(Evidence(source, _last(task.container_instance), False, True))
    found += [
        Evidence("tcp connect", f"{a}:{p}", "no connection", "accepted")
        for a, p in trail.lost.endpoints(task)
        if a in dead
    ]
    return found


def _last(arn: str) -> str:
    return arn.rsplit("/", 1)[-1]


def _fixes(trail: Trail, tasks: tuple[Task, ...]) -> tuple[Fix, ...]:
    if (first := replace_later(trail)) is not None:
        return (first,)
    hosted = next((t for t in tasks if t.container_instance), None)
    if hosted is None or hosted.container_instance is None:
        replace = aws("ecs", "stop-task", cluster=tasks[0].cluster_name, task=tasks[0].id, reason="agent disconnected")
        return (
            Fix(
                "Stop the task if it does not serve; its service starts another",
                "aws",
                commands=(replace,),
                changes=f"Stops task {tasks[0].id}.",
                verified_by="connectivity of every task is CONNECTED.",
            ),
        )
    cluster, host = hosted.cluster_name, _last(hosted.container_instance)
    return (
        read_only(
            "Find the host, then restart its agent or replace it",
            aws("ecs", "describe-container-instances", cluster=cluster, container_instances=host),
        ),
        Fix(
            "Move its tasks away",
            "aws",
            commands=(
                aws(
                    "ecs",
                    "update-container-instances-state",
                    cluster=cluster,
                    container_instances=host,
                    status="DRAINING",
                ),
            ),
            changes=f"Drains container instance {host}: ECS replaces its tasks on other hosts.",
            verified_by="connectivity of every task is CONNECTED, and the answered addresses accept connections.",
        ),
    )
