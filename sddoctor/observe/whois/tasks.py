"""The tasks of every cluster, with the hosts that they run on."""

from __future__ import annotations

from functools import partial

from sddoctor.case.ecs import ContainerInstance, RegisteredTask, Task
from sddoctor.case.seen import NOT_NEEDED, Fact, NotAttempted, Seen
from sddoctor.case.whois import ClusterTasks
from sddoctor.observe.aws.calls import Calls
from sddoctor.observe.aws.ecs_reads import EcsReader, one_task, short_name

#: Clusters that are read, and tasks of each with one desired status: a bound for very large accounts.
MOST_CLUSTERS = 100
MOST_TASKS = 2000


class ClusterReader:
    """Reads the tasks of a region; a stopped one is listed for about an hour.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ListTasks.html
    """

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._read = EcsReader(calls)

    def clusters(self) -> Fact[tuple[ClusterTasks, ...]]:
        """Read every cluster. One that was not seen is in the result, with the gap."""
        listed = self._read.clusters()
        if not isinstance(listed, Seen):
            return listed
        begun = [
            (c, self._calls.pending(partial(self._cluster, c), f"the tasks of cluster {short_name(c)}"))
            for c in listed.value[:MOST_CLUSTERS]
        ]
        found = [_cluster_or_gap(c, f.fact()) for c, f in begun]
        for cluster in listed.value[MOST_CLUSTERS:]:
            gap = NotAttempted(f"the tasks of cluster {short_name(cluster)}", f"more than {MOST_CLUSTERS} clusters")
            found.append(ClusterTasks(cluster, gap, gap))
        return Seen(tuple(found), listed.source, listed.at)

    def named(self, wanted: dict[str, tuple[str, ...]]) -> tuple[RegisteredTask, ...]:
        """Describe tasks by cluster and id: those that instances name and no list has."""
        begun = [
            (c, ids, self._calls.pending(partial(self._read.known_tasks, c, ids), f"registered tasks of cluster {c}"))
            for c, ids in wanted.items()
        ]
        return tuple(
            RegisteredTask(i, c, one_task(fact, i)) for c, ids, f in begun for fact in (f.fact(),) for i in ids
        )

    def _cluster(self, cluster: str) -> Fact[ClusterTasks]:
        begun = [
            self._calls.pending(partial(self._tasks, cluster, status), f"the tasks of cluster {short_name(cluster)}")
            for status in ("RUNNING", "STOPPED")
        ]
        running, stopped = (f.fact() for f in begun)
        hosts = {t.container_instance for f in (running, stopped) for t in f.seen_or(()) if t.container_instance}
        fact: Fact[tuple[ContainerInstance, ...]] = NOT_NEEDED
        if hosts:
            fact = self._read.container_instances(cluster, tuple(sorted(hosts)))
        return Seen(ClusterTasks(cluster, running, stopped, fact), "ecs:ListTasks")

    def _tasks(self, cluster: str, status: str) -> Fact[tuple[Task, ...]]:
        what = f"the {status.lower()} tasks of cluster {short_name(cluster)}"
        listed = self._calls.pages(
            "ecs", "ListTasks", what, "taskArns", page_key="nextToken",
            cluster=short_name(cluster), desiredStatus=status,
        )  # fmt: skip
        if not isinstance(listed, Seen):
            return listed
        if len(listed.value) > MOST_TASKS:
            return NotAttempted(what, f"there are {len(listed.value)}, more than the {MOST_TASKS} that are read")
        return self._read.tasks(cluster, listed.value, what)


def _cluster_or_gap(cluster: str, fact: Fact[ClusterTasks]) -> ClusterTasks:
    if isinstance(fact, Seen):
        return fact.value
    return ClusterTasks(cluster, fact, fact)
