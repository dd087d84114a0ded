"""The ECS side of a name: from registered instances, hints or a walk over the clusters to services and their tasks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import partial
from types import MappingProxyType

from msgspec import Struct, structs

from sddoctor.case.cloudmap import Instance
from sddoctor.case.ecs import (
    ClusterWalk,
    ContainerInstance,
    EcsFacts,
    EcsService,
    ObservedDefinition,
    RegisteredTask,
    ServiceTasks,
    Task,
)
from sddoctor.case.seen import NOT_NEEDED, Absent, Fact, NotAttempted, Opaque, Seen, is_unseen
from sddoctor.case.targets import TargetHealth
from sddoctor.observe.aws.calls import joined
from sddoctor.observe.aws.ecs_reads import one_task
from sddoctor.observe.aws.shared import Reads
from sddoctor.observe.aws.targets import group_health
from sddoctor.observe.work import Pending
from sddoctor.text.likeness import RESEMBLES, likeness

_TASK_ID = re.compile(r"[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
#: Up to this age in seconds a task may be one of a series that fail one after another.
YOUNG = 600
#: Target groups whose targets are read.
MOST_GROUPS = 4
#: Services that are read as candidates when none registers under the name.
MOST_CANDIDATES = 3


class _Found(Struct, frozen=True):
    """The services that are read on, and the walk over the clusters that it took to find them, if any."""

    services: tuple[EcsService, ...]
    clusters: Fact[tuple[str, ...]]
    walks: tuple[ClusterWalk, ...] = ()
    siblings: Fact[tuple[EcsService, ...]] = NOT_NEEDED
    loose: Pending[tuple[Task, ...]] | None = None


class EcsObserver:
    """Observes the ECS side of a name whose instances ``discovered`` returns early.

    ``cluster`` and ``service`` are those that the user named, ``label`` is the service's name in DNS.
    """

    def __init__(
        self,
        reads: Reads,
        label: str,
        cluster: str | None,
        service: str | None,
        discovered: Pending[tuple[Instance, ...]],
    ) -> None:
        self._calls = calls = reads.calls
        self._reads = reads
        self._read = reads.ecs
        self._label = label
        self._cluster, self._service = cluster, service
        self._discovered = discovered
        self._named: Pending[tuple[EcsService, ...]] = calls.pending(self._services_named, "the ECS service")

    def _services_named(self) -> Fact[tuple[EcsService, ...]]:
        """Describe the services that the user, or the instances' attributes, name, and prefetch what comes next."""
        discovered = self._discovered.fact()
        pairs = self._pairs(discovered.seen_or(()))
        if not pairs and isinstance(discovered, Seen):
            # Nothing is registered, so only a walk finds the service: it begins now, not when every list was read.
            self._reads.prefetch(self._walked, "the ECS services")
        for cluster, names in pairs.items():
            for name in names:
                self._reads.prefetch(partial(self._read.tasks_of, cluster, name, "RUNNING"), f"tasks of {name}")
            self._reads.prefetch(
                partial(self._reads.siblings, cluster, names), f"the ECS services of cluster {cluster}"
            )
        services = self._describe(pairs)
        for service in services.seen_or(()):
            self._prefetch_definition(service)
        return services

    def _pairs(self, instances: Iterable[Instance]) -> dict[str, tuple[str, ...]]:
        wanted: dict[str, dict[str, None]] = {}
        if self._service is not None:
            wanted.setdefault(self._cluster or "default", {})[self._service] = None
        for instance in instances:
            name, of_cluster = instance.get("ECS_SERVICE_NAME"), instance.get("ECS_CLUSTER_NAME")
            if name and of_cluster:
                wanted.setdefault(of_cluster, {})[name] = None
        # Sorted, because the order of instances is random and an equal call must have equal parameters.
        return {c: tuple(sorted(names)) for c, names in wanted.items()}

    def _describe(self, pairs: dict[str, tuple[str, ...]]) -> Fact[tuple[EcsService, ...]]:
        if not pairs:
            return NotAttempted("the ECS service", "no registered instance names it", "a registered instance")
        begun = [
            self._calls.pending(partial(self._read.services, c, names), f"the ECS services of cluster {c}")
            for c, names in pairs.items()
        ]
        found: list[EcsService] = []
        unread: dict[str, None] = {}
        unseen: Fact[tuple[EcsService, ...]] | None = None
        for read in begun:
            fact = read.fact()
            if isinstance(fact, Seen):
                found += fact.value
                unread |= dict.fromkeys(fact.unread)
            elif is_unseen(fact):
                unseen = fact
        # The service that was not seen may be the one that matters, so the others do not answer the question.
        return unseen or Seen(tuple(found), "ecs:DescribeServices", unread=tuple(unread))

    def facts(
        self,
        service_ids: frozenset[str],
        instances: Fact[tuple[Instance, ...]],
        wanted: bool,
        owners: Mapping[str, str] = MappingProxyType({}),
    ) -> EcsFacts:
        """Read the rest.

        ``service_ids`` are the Cloud Map services of this name, one for each namespace that has it; ``wanted`` is false
        when there is none. ``owners`` are the accounts of instances that are in a shared namespace.
        """
        listed = instances.seen_or(())
        # The lists decide; what was discovered only came earlier, and may never come.
        services = self._describe(self._pairs(listed)) if listed else self._named.fact()
        if not wanted:
            reason = NotAttempted("the ECS clusters", "no Cloud Map service stands behind the name")
            return EcsFacts(services=services, clusters=reason)
        found = self._find(services.seen_or(()), service_ids)
        for service in found.services:
            self._prefetch_definition(service)
        tasks = self._tasks(found.services, listed)
        registered = self._registered(listed, tasks, owners)
        return EcsFacts(
            services=services,
            clusters=found.clusters,
            walks=found.walks,
            siblings=found.siblings,
            tasks=tasks,
            registered=registered,
            task_definitions=self._definitions(found.services, tasks, registered),
            container_instances=self._hosts(tasks, registered),
            targets=self._targets(found.services, tasks),
            loose_tasks=found.loose.fact() if found.loose is not None else NOT_NEEDED,
        )

    def _find(self, named: tuple[EcsService, ...], service_ids: frozenset[str]) -> _Found:
        """Find the services that register there, with a walk over the clusters unless those named are all of them.

        Where none registers, return candidates, and begin to read the tasks outside services.
        """
        attached = _attached(named, service_ids)
        if attached and not service_ids - {r.service_id for s in attached for r in s.all_registries}:
            siblings = self._siblings(attached, service_ids)
            not_needed = NotAttempted("the ECS clusters", "a registered instance named the service")
            return _Found((*attached, *siblings.seen_or(())), not_needed, siblings=siblings)
        clusters, walks = self._walk()
        attached = _attached((s for w in walks for s in w.services.seen_or(())), service_ids) or attached
        if attached:
            return _Found(attached, clusters, walks)
        loose = self._reads.loose_tasks(tuple(w.cluster for w in walks)) if walks else None
        return _Found(self._candidates(named, walks), clusters, walks, loose=loose)

    def _siblings(self, attached: tuple[EcsService, ...], service_ids: frozenset[str]) -> Fact[tuple[EcsService, ...]]:
        """Look in the clusters of the attached services for others that register there and have no instance to name them."""
        by_cluster: dict[str, list[str]] = {}
        for service in attached:
            by_cluster.setdefault(service.cluster_name, []).append(service.name)
        facts = [self._reads.siblings(c, tuple(sorted(names))) for c, names in by_cluster.items()]
        known = {s.arn for s in attached}
        return joined(facts, "ecs:DescribeServices").map(
            lambda seen: tuple(s for s in _attached(seen, service_ids) if s.arn not in known)
        )

    def _prefetch_definition(self, service: EcsService) -> None:
        self._reads.prefetch(partial(self._read.definition, service.task_definition), "a task definition")

    def _walk(self) -> tuple[Fact[tuple[str, ...]], tuple[ClusterWalk, ...]]:
        clusters = self._read.clusters()
        begun = [(c, self._reads.ecs_services(c)) for c in clusters.seen_or(())]
        return clusters, tuple(ClusterWalk(c, f.fact()) for c, f in begun)

    def _walked(self) -> Fact[tuple[str, ...]]:
        return self._walk()[0]

    def _candidates(self, named: tuple[EcsService, ...], walks: tuple[ClusterWalk, ...]) -> tuple[EcsService, ...]:
        """Return services that are not attached and may be the one meant: named by the user, or with a similar name."""
        by_arn = {s.arn: s for s in (*named, *(s for w in walks for s in w.services.seen_or(())))}
        alike = [s for s in by_arn.values() if s.name == self._service or likeness(self._label, s.name) >= RESEMBLES]
        return tuple(sorted(alike, key=lambda s: likeness(self._label, s.name), reverse=True)[:MOST_CANDIDATES])

    def _tasks(self, services: Iterable[EcsService], instances: tuple[Instance, ...]) -> tuple[ServiceTasks, ...]:
        begun = [(s, self._pending_tasks(s, "RUNNING")) for s in services]
        running = [(s, f.fact()) for s, f in begun]
        stopped = [
            (s, r, self._calls.pending(partial(self._stopped, s, r, instances), f"the stopped tasks of {s.name}"))
            for s, r in running
        ]
        return tuple(ServiceTasks(s.arn, r, f.fact()) for s, r, f in stopped)

    def _pending_tasks(self, service: EcsService, status: str) -> Pending[tuple[Task, ...]]:
        work = partial(self._read.tasks_of, service.cluster, service.name, status)
        return self._calls.pending(work, f"the {status.lower()} tasks of {service.name}")

    def _stopped(
        self, service: EcsService, running: Fact[tuple[Task, ...]], instances: tuple[Instance, ...]
    ) -> Fact[tuple[Task, ...]]:
        """Read the stopped tasks, which show why others do not run, unless the service is as it should be."""
        tasks = running.seen_or(())
        ids = {t.id for t in tasks}
        healthy = (
            isinstance(running, Seen)
            and sum(t.runs for t in tasks) >= service.desired > 0
            and all(t.health != "UNHEALTHY" and not _may_replace_another(t) for t in tasks)
            and all(i.id in ids for i in instances if _TASK_ID.fullmatch(i.id))
        )
        if healthy:
            return NotAttempted(f"the stopped tasks of {service.name}", "every desired task runs", "")
        return self._read.tasks_of(service.cluster, service.name, "STOPPED")

    def with_stopped(self, facts: EcsFacts, answered: frozenset[str]) -> EcsFacts:
        """Read the stopped tasks after all if no running task has an address that was answered: one of them may."""
        running = {a for st in facts.tasks for t in st.running.seen_or(()) for a in t.addresses}
        if answered <= running:
            return facts
        by_arn = {s.arn: s for f in (facts.services, *(w.services for w in facts.walks)) for s in f.seen_or(())}
        begun = {
            st.service_arn: self._pending_tasks(s, "STOPPED")
            for st in facts.tasks
            if isinstance(st.stopped, NotAttempted) and (s := by_arn.get(st.service_arn)) is not None
        }
        tasks = (
            structs.replace(st, stopped=begun[st.service_arn].fact()) if st.service_arn in begun else st
            for st in facts.tasks
        )
        return structs.replace(facts, tasks=tuple(tasks))

    def _registered(
        self, instances: tuple[Instance, ...], tasks: tuple[ServiceTasks, ...], owners: Mapping[str, str]
    ) -> tuple[RegisteredTask, ...]:
        known = {t.id: t for st in tasks for f in (st.running, st.stopped) for t in f.seen_or(())}
        of_ecs = [i for i in instances if _TASK_ID.fullmatch(i.id)]
        likely = next((st.service_arn.split("/")[1] for st in tasks if st.service_arn.count("/") == 2), "")
        missing: dict[str, list[str]] = {}
        for instance in of_ecs:
            cluster = instance.get("ECS_CLUSTER_NAME") or likely
            if instance.id not in known and cluster:
                missing.setdefault(cluster, []).append(instance.id)
        begun = {
            c: self._calls.pending(partial(self._read.known_tasks, c, tuple(ids)), "registered tasks")
            for c, ids in missing.items()
        }
        registered = []
        for instance in of_ecs:
            named = instance.get("ECS_CLUSTER_NAME")
            cluster = named or likely
            fact: Fact[Task] = _cluster_unknown(instance.id)
            if instance.id in known:
                fact = Seen(known[instance.id], "ecs:DescribeTasks")
            elif cluster:
                fact = one_task(begun[cluster].fact(), instance.id)
                if isinstance(fact, Absent) and not named:
                    # It may be in another cluster.
                    fact = _cluster_unknown(instance.id)
            if instance.id in owners and not isinstance(fact, Seen):
                # ECS registers only within its account, so the owner has the task.
                # https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-discovery.html
                fact = Opaque(f"task {instance.id}", owners[instance.id], "a look from the account that runs it")
            registered.append(RegisteredTask(instance.id, cluster, fact))
        return tuple(registered)

    def _definitions(
        self, services: Iterable[EcsService], tasks: tuple[ServiceTasks, ...], registered: tuple[RegisteredTask, ...]
    ) -> tuple[ObservedDefinition, ...]:
        arns: dict[str, None] = {s.task_definition: None for s in services if s.task_definition}
        for st in tasks:
            for fact in (st.running, st.stopped):
                arns.update({t.task_definition: None for t in fact.seen_or(()) if t.task_definition})
        arns.update({t.task_definition: None for r in registered if (t := r.task.seen_or(None)) and t.task_definition})
        begun = [
            (a, self._calls.pending(partial(self._read.definition, a), f"the task definition {a}"))
            for a in list(arns)[:20]
        ]
        return tuple(ObservedDefinition(a, f.fact()) for a, f in begun)

    def _targets(
        self, services: Iterable[EcsService], tasks: tuple[ServiceTasks, ...]
    ) -> Fact[tuple[TargetHealth, ...]]:
        """Read what load balancers say of the targets of services that lack tasks: their checks may be the reason."""
        running = {st.service_arn: sum(t.runs for t in st.running.seen_or(())) for st in tasks}
        lacking = [s for s in services if s.desired > min(running.get(s.arn, 0), s.running)]
        groups = dict.fromkeys(a for s in lacking for b in s.all_load_balancers for a in b.target_groups)
        begun = [
            self._calls.pending(partial(group_health, self._calls, a), f"the targets of {a.rpartition(':')[2]}")
            for a in list(groups)[:MOST_GROUPS]
        ]
        if not begun:
            return NOT_NEEDED
        return joined((f.fact() for f in begun), "elbv2:DescribeTargetHealth")

    def _hosts(
        self, tasks: tuple[ServiceTasks, ...], registered: tuple[RegisteredTask, ...]
    ) -> Fact[tuple[ContainerInstance, ...]]:
        found = [t for st in tasks for t in st.running.seen_or(())]
        found += [t for r in registered if (t := r.task.seen_or(None)) is not None]
        by_cluster: dict[str, dict[str, None]] = {}
        for task in found:
            if task.container_instance:
                by_cluster.setdefault(task.cluster, {})[task.container_instance] = None
        if not by_cluster:
            return NotAttempted("the container instances", "no task runs on one")
        hosts = (self._reads.container_instances(cluster, tuple(arns)) for cluster, arns in by_cluster.items())
        return joined(hosts, "ecs:DescribeContainerInstances")


def _may_replace_another(task: Task) -> bool:
    """Tell whether the task is young and not healthy yet: it may be the replacement of one that has just failed."""
    if task.health == "HEALTHY" or task.started_at is None:
        return False
    return (datetime.now(UTC) - task.started_at).total_seconds() < YOUNG


def _attached(services: Iterable[EcsService], service_ids: frozenset[str]) -> tuple[EcsService, ...]:
    """Return the services that register there. A deleted one is still described for a while, and does not count."""
    return tuple(
        s for s in services if s.status != "INACTIVE" and any(r.service_id in service_ids for r in s.all_registries)
    )


def _cluster_unknown(task_id: str) -> NotAttempted:
    return NotAttempted(f"task {task_id}", "the instance does not say in which cluster it runs", "its cluster's name")
