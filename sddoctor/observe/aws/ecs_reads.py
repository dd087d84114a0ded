"""Reads of ECS, each of which returns a fact."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

from sddoctor.case.ecs import ClusterWalk, ContainerInstance, EcsService, Task, TaskDefinition
from sddoctor.case.seen import Absent, Denied, Fact, Seen, Unreachable, is_unseen
from sddoctor.formats.aws import ecs as shapes
from sddoctor.observe.aws.calls import Batch, Calls, Described, incomplete

#: Tasks of each cluster that are described to find those outside services.
MOST_LOOSE = 200
#: The most clusters in which stopped tasks are looked for.
MOST_CLUSTERS = 20
#: The only failure reason that says that a thing does not exist.
#: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/api_failures_messages.html
MISSING = "MISSING"
#: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeServices.html
SERVICES_AT_ONCE = 10
_SERVICES = Batch("ecs", "DescribeServices", "services", "services", SERVICES_AT_ONCE)
_TASKS = Batch("ecs", "DescribeTasks", "tasks", "tasks", 100)
_HOSTS = Batch("ecs", "DescribeContainerInstances", "containerInstances", "containerInstances", 100)
#: Tasks, and by id why others were left out.
KnownTasks = tuple[tuple[Task, ...], dict[str, str]]


class EcsReader:
    """Reads ECS. Safe to use from several threads."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    def services(self, cluster: str, names: tuple[str, ...]) -> Fact[tuple[EcsService, ...]]:
        """Describe services of a cluster, ten at a time. What ECS does not find is left out."""
        what = f"the ECS services of cluster {cluster.rsplit('/', 1)[-1]}"
        fact = self._calls.in_batches(_SERVICES, what, names, cluster=short_name(cluster))
        return _found(fact, what).map(lambda seen: tuple(shapes.service(s) for s in seen))

    def clusters(self) -> Fact[tuple[str, ...]]:
        """List the clusters of the region."""
        return self._calls.pages("ecs", "ListClusters", "the ECS clusters", "clusterArns", page_key="nextToken")

    def service_arns(self, cluster: str) -> Fact[tuple[str, ...]]:
        """List the ARNs of every service of a cluster."""
        what = f"the ECS services of cluster {short_name(cluster)}"
        name = short_name(cluster)
        return self._calls.pages(
            "ecs", "ListServices", what, "serviceArns", page_key="nextToken", cluster=name, maxResults=100
        )

    def walk(self, cluster: str) -> ClusterWalk:
        """Describe every service of a cluster."""
        fact = self.service_arns(cluster)
        if not isinstance(fact, Seen):
            return ClusterWalk(cluster, fact)
        if not fact.value:
            return ClusterWalk(cluster, Seen((), fact.source, fact.at))
        return ClusterWalk(cluster, self.services(cluster, fact.value))

    def tasks_of(self, cluster: str, service: str, status: str) -> Fact[tuple[Task, ...]]:
        """List and describe the tasks of a service with a desired status (``RUNNING`` or ``STOPPED``)."""
        fact = self.list_tasks(cluster, service, status)
        if not isinstance(fact, Seen):
            return fact
        return self.tasks(cluster, fact.value, _the_tasks(service, status))

    def list_tasks(self, cluster: str, service: str, status: str = "RUNNING") -> Fact[tuple[str, ...]]:
        """List the ARNs of the tasks of a service with a desired status."""
        return self._calls.pages(
            "ecs",
            "ListTasks",
            _the_tasks(service, status),
            "taskArns",
            page_key="nextToken",
            cluster=short_name(cluster),
            serviceName=service,
            desiredStatus=status,
        )

    def tasks(self, cluster: str, ids: tuple[str, ...], what: str) -> Fact[tuple[Task, ...]]:
        """Describe tasks, a hundred at a time. Tasks that ECS has forgotten are left out."""
        if not ids:
            return Seen((), "ecs:ListTasks")
        fact = self._calls.in_batches(_TASKS, what, ids, cluster=short_name(cluster))
        return _found(fact, what).map(lambda seen: tuple(shapes.task(t) for t in seen))

    def known_tasks(self, cluster: str, ids: tuple[str, ...]) -> Fact[KnownTasks]:
        """Describe tasks whose ids are known, and say why others of them were left out."""
        what = "the registered tasks"
        fact = self._calls.in_batches(_TASKS, what, ids, cluster=short_name(cluster))
        if not isinstance(fact, Seen):
            return fact
        found, failures = fact.value
        reasons = {short_name(f.get("arn", "")): f.get("reason", "") for f in failures}
        return Seen((tuple(shapes.task(t) for t in found), reasons), fact.source, fact.at, fact.unread)

    def definition(self, arn: str) -> Fact[TaskDefinition]:
        """Describe a task definition."""
        fact = self._calls.get("ecs", "DescribeTaskDefinition", f"the task definition {arn}", taskDefinition=arn)
        if not isinstance(fact, Seen):
            return fact
        if "taskDefinition" not in fact.value:
            return incomplete(fact.source, fact.source, "taskDefinition")
        return fact.map(lambda seen: shapes.task_definition(seen["taskDefinition"]))

    def container_instances(self, cluster: str, arns: tuple[str, ...]) -> Fact[tuple[ContainerInstance, ...]]:
        """Describe the hosts of tasks."""
        what = "the container instances"
        fact = self._calls.in_batches(_HOSTS, what, arns, cluster=short_name(cluster))
        return _found(fact, what).map(lambda seen: tuple(shapes.container_instance(c) for c in seen))

    def loose_tasks(self, clusters: Iterable[str]) -> Fact[tuple[Task, ...]]:
        """Describe running tasks that belong to no service."""
        begun = [
            self._calls.pending(partial(self._loose_tasks_of, c), f"the tasks of {short_name(c)}") for c in clusters
        ]
        found: list[Task] = []
        unread: dict[str, None] = {}
        for read in begun:
            fact = read.fact()
            if isinstance(fact, Seen):
                found += fact.value
                unread |= dict.fromkeys(fact.unread)
            elif is_unseen(fact):
                return fact
        return Seen(tuple(found), "ecs:DescribeTasks", unread=tuple(unread))

    def ended_with(self, addresses: frozenset[str]) -> Fact[tuple[Task, ...]]:
        """Describe the stopped tasks that had one of the addresses: ECS keeps them for about an hour.

        https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-errors.html
        """
        clusters = self.clusters()
        if not isinstance(clusters, Seen):
            return clusters
        begun = [
            self._calls.pending(partial(self._stopped_of, c), f"the stopped tasks of {short_name(c)}")
            for c in clusters.value[:MOST_CLUSTERS]
        ]
        found = [t for read in begun for t in read.fact().seen_or(()) if not addresses.isdisjoint(t.addresses)]
        return Seen(tuple(found), "ecs:DescribeTasks")

    def _stopped_of(self, cluster: str) -> Fact[tuple[Task, ...]]:
        what = f"the stopped tasks of cluster {short_name(cluster)}"
        fact = self._calls.pages(
            "ecs", "ListTasks", what, "taskArns", page_key="nextToken",
            cluster=short_name(cluster), desiredStatus="STOPPED",
        )  # fmt: skip
        if not isinstance(fact, Seen):
            return fact
        return self.tasks(cluster, fact.value[:MOST_LOOSE], what)

    def _loose_tasks_of(self, cluster: str) -> Fact[tuple[Task, ...]]:
        what = f"the tasks of cluster {short_name(cluster)}"
        fact = self._calls.pages(
            "ecs", "ListTasks", what, "taskArns", page_key="nextToken", cluster=short_name(cluster)
        )
        if not isinstance(fact, Seen):
            return fact
        tasks = self.tasks(cluster, fact.value[:MOST_LOOSE], what)
        return tasks.map(lambda seen: tuple(t for t in seen if not t.group.startswith("service:")))


def _the_tasks(service: str, status: str) -> str:
    return f"the {'running' if status == 'RUNNING' else 'stopped'} tasks of {service}"


def _found(fact: Fact[Described], what: str) -> Fact[tuple[Any, ...]]:
    """Return what was described. A failure for another reason than that the thing does not exist is a gap."""
    if not isinstance(fact, Seen):
        return fact
    found, failures = fact.value
    failure = next((f for f in failures if f.get("reason") != MISSING), None)
    if failure is not None:
        return left_out(what, fact.source, failure.get("reason") or "no reason", failure.get("arn") or "*")
    return Seen(found, fact.source, fact.at, fact.unread)


def one_task(fact: Fact[KnownTasks], task_id: str) -> Fact[Task]:
    """Return one of the tasks that were described; only ``MISSING`` says that there is none."""
    what, source = f"task {task_id}", "ecs:DescribeTasks"
    if not isinstance(fact, Seen):
        return fact if is_unseen(fact) else Absent(what, source)
    tasks, reasons = fact.value
    found = next((t for t in tasks if t.id == task_id), None)
    if found is not None:
        return Seen(found, fact.source, fact.at, fact.unread)
    reason = reasons.get(task_id, "no reason")
    return Absent(what, source, fact.at) if reason == MISSING else left_out(what, source, reason, "*")


def left_out(what: str, source: str, reason: str, arn: str) -> Denied | Unreachable:
    """Say that ECS left out something that may exist.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/api_failures_messages.html
    """
    if "DENIED" in reason.upper():
        return Denied(what, source, arn, reason)
    return Unreachable(what, f"{source} left it out ({reason})", "a later try")


def short_name(cluster: str) -> str:
    """Return the name in a cluster's ARN: equal calls must have equal parameters."""
    return cluster.rsplit("/", 1)[-1]
