"""What should be returned: the addresses of tasks that should serve, of those that start, of those that leave."""

from __future__ import annotations

from collections import Counter
from functools import cached_property

from sddoctor.case.address import contains
from sddoctor.case.case import Case
from sddoctor.case.cloudmap import Instance
from sddoctor.case.ecs import EcsService, Task
from sddoctor.case.name import is_srv_form
from sddoctor.case.seen import Absent, AbsentFactError, Opaque, Seen, UnseenFactError
from sddoctor.trail.cloudmap import CloudMapTrail, is_task_id
from sddoctor.trail.ecs import EcsTrail
from sddoctor.trail.lost import LostTrail
from sddoctor.trail.thresholds import PROPAGATION_GRACE, REGISTRATION_GRACE, START_GRACE, STOP_GRACE

#: stopCode of tasks that failed by themselves.
#: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Task.html
FAILED = ("TaskFailedToStart", "EssentialContainerExited")
#: How the reason of a task begins that ECS stopped because of its health check.
FAILED_CHECKS = "Task failed container health checks"


class PromiseTrail:
    """What ECS and Cloud Map promise about the name."""

    def __init__(self, case: Case, cloudmap: CloudMapTrail, ecs: EcsTrail, lost: LostTrail) -> None:
        self._case = case
        self._cloudmap = cloudmap
        self._ecs = ecs
        self._lost = lost

    @cached_property
    def published_families(self) -> frozenset[int]:
        """The IP versions that the name publishes: 4 with A (or SRV), 6 with AAAA (or SRV)."""
        types = self._cloudmap.published_types
        if "SRV" in types or "CNAME" in types or not types:
            return frozenset({4, 6})
        return frozenset(v for v, t in ((4, "A"), (6, "AAAA")) if t in types)

    def published(self, addresses: tuple[str, ...]) -> tuple[str, ...]:
        """Return those addresses whose family the service publishes."""
        return tuple(a for a in addresses if (6 if ":" in a else 4) in self.published_families)

    def addresses_of(self, task: Task) -> tuple[str, ...]:
        """Return the addresses at which the task is reached.

        Those of its network interface in awsvpc mode; in bridge and host mode those of the container instance, which only
        the registration shows.
        """
        if task.addresses:
            return self.published(task.addresses)
        instance = self._cloudmap.instance(task.id)
        return self.published(instance.addresses) if instance else ()

    @cached_property
    def serving_tasks(self) -> tuple[Task, ...]:
        """Tasks that should serve: they run and are neither being stopped, nor starting, nor proven dead."""
        starting = {t.arn for t in self.starting}
        return tuple(t for t in self._ecs.running if t.arn not in starting and t not in self._lost.dead)

    @cached_property
    def starting(self) -> tuple[Task, ...]:
        """Young tasks that do not run yet, or whose health has not been decided for the first time.

        A task that only replaces others which failed one after another counts as missing, not as starting.
        """
        return tuple(t for t in self._ecs.tasks if self._is_starting(t))

    def _is_starting(self, task: Task) -> bool:
        if task.desired_status != "RUNNING" or task.group in self._failing_groups:
            return False
        if task.last_status != "RUNNING":
            age = self._ecs.age(task.created_at)
            return age is None or age < START_GRACE
        age = self._ecs.age(task.started_at)
        if age is not None and age < REGISTRATION_GRACE and self._awaits_registration(task):
            return True
        if age is None or age >= START_GRACE or task.health != "UNKNOWN":
            return False
        return self._check_is_pending(task, age)

    def _awaits_registration(self, task: Task) -> bool:
        instances = self._cloudmap.view.instances.seen_or(None)
        return instances is not None and all(i.id != task.id for i in instances)

    def _check_is_pending(self, task: Task, age: float) -> bool:
        definition = self._ecs.seen_definition(task.task_definition)
        if definition is None:
            return age < PROPAGATION_GRACE
        checks = [c.health_check for c in definition.containers if c.essential and c.health_check]
        first_verdict = max((c.start_period + c.retries * (c.interval + c.timeout) for c in checks), default=0)
        return bool(checks) and age < first_verdict + PROPAGATION_GRACE

    @cached_property
    def unproven(self) -> tuple[Task, ...]:
        """Tasks that have not passed their check, and replace others that failed one after another."""
        starting = {t.arn for t in self.starting}
        return tuple(
            t
            for t in self._ecs.running
            if t.arn not in starting
            and t.health == "UNKNOWN"
            and t.group in self._failing_groups
            and self._check_is_pending(t, self._ecs.age(t.started_at) or 0)
        )

    @cached_property
    def _failing_groups(self) -> frozenset[str]:
        """The groups of services that lack healthy tasks while one task after another fails."""
        failed = Counter(
            t.group
            for tasks in self._ecs.facts.tasks
            for t in tasks.stopped.seen_or(())
            if (t.stop_code in FAILED or t.stopped_reason.startswith(FAILED_CHECKS))
            and (self._ecs.age(t.stopped_at) or 0) < 2 * START_GRACE
        )
        lacking = set()
        for service in self._ecs.seen_services:
            group = f"service:{service.name}"
            healthy = sum(t.runs and t.group == group and t.health == "HEALTHY" for t in self._ecs.tasks)
            young = self._ecs.young_deployment(service) is not None
            if failed[group] > 1 and healthy < service.desired and not young:
                lacking.add(group)
        return frozenset(lacking)

    @cached_property
    def unmanaged(self) -> tuple[Instance, ...]:
        """Instances that ECS did not register and that Cloud Map does not call unhealthy."""
        return tuple(
            i
            for i in self._cloudmap.instances
            if not i.from_ecs and not is_task_id(i.id) and self._cloudmap.health(i.id) != "UNHEALTHY"
        )

    @cached_property
    def ownerless(self) -> frozenset[str]:
        """Addresses of such instances that lie in a VPC of this account and that no network interface has.

        An address outside these VPCs may well be in use.
        """
        vpcs, interfaces = self._case.aws.vpc.vpcs.seen_or(()), self._case.aws.vpc.interfaces.seen_or(None)
        if interfaces is None:
            return frozenset()
        owned = {i.address for i in interfaces}
        inside = [a for i in self.unmanaged for a in i.addresses if any(contains(c, a) for v in vpcs for c in v.cidrs)]
        return frozenset(a for a in inside if ":" not in a and a not in owned)

    @cached_property
    def addresses(self) -> frozenset[str]:
        """The addresses that should be returned."""
        if (target := self._cloudmap.target_instance) is not None:
            instance = self._cloudmap.instance(target)
            return frozenset(self.published(instance.addresses) if instance else ())
        found = [a for t in self.serving_tasks for a in self.addresses_of(t)]
        found += [a for i in self.unmanaged for a in self.published(i.addresses) if a not in self.ownerless]
        return frozenset(found) - self._misdirected

    @cached_property
    def welcome(self) -> frozenset[str]:
        """Addresses that may be in an answer without harm: of tasks that serve, start, or have begun to leave."""
        return (self.addresses | self._of_starting | self.leaving | self._of_other_services) - self._misdirected

    @cached_property
    def leaving(self) -> frozenset[str]:
        """Addresses that only tasks have that have begun to leave: they may be in an answer for a while."""
        tasks = [t for t in self._ecs.leaving if (self._ecs.age(t.stopping_at) or 0) < STOP_GRACE]
        return frozenset(a for t in tasks for a in self.addresses_of(t)) - self.addresses - self._of_starting

    @cached_property
    def _of_starting(self) -> frozenset[str]:
        return frozenset(a for t in self.starting for a in self.addresses_of(t))

    def wrong_port(self, task: Task) -> tuple[str, frozenset[str]] | None:
        """Return the port that the task is registered with and those that it offers, if that is none of them.

        In bridge and host mode those are host ports. ``None`` also when the task definition was not seen.
        https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-discovery.html
        """
        instance = self._cloudmap.instance(task.id)
        registered = instance.get("AWS_INSTANCE_PORT") if instance is not None else None
        definition = self._ecs.seen_definition(task.task_definition)
        if registered is None or definition is None or "SRV" not in self._cloudmap.published_types:
            return None
        if definition.network_mode == "awsvpc":
            offered = frozenset(str(p.container_port) for c in definition.containers for p in c.ports)
        else:
            offered = frozenset(str(b.host_port) for c in task.containers for b in c.bindings if b.host_port)
        return (registered, offered) if offered and registered not in offered else None

    @cached_property
    def _misdirected(self) -> frozenset[str]:
        """Addresses that SRV records have with a wrong port only."""
        if not is_srv_form(self._case.name):
            return frozenset()
        wrong = {t.id for t in self._ecs.running if self.wrong_port(t) is not None}
        right = {a for i in self._cloudmap.instances if i.id not in wrong for a in i.addresses}
        return frozenset(a for i in self._cloudmap.instances if i.id in wrong for a in i.addresses) - right

    @cached_property
    def possible(self) -> frozenset[str]:
        """Addresses that may be right as far as is known: those welcome; where that was not seen, all registered ones."""
        try:
            return self.welcome
        except UnseenFactError:
            instances = self._cloudmap.view.instances.seen_or(())
            return frozenset(a for i in instances for a in i.addresses)

    @cached_property
    def _of_other_services(self) -> frozenset[str]:
        """Addresses of registered tasks that run although no attached service lists them."""
        found: list[str] = []
        for instance in self._cloudmap.instances:
            try:
                fact = self._ecs.task_of(instance.id)
            except AbsentFactError:
                continue
            if isinstance(fact, Seen) and fact.value.runs and fact.value not in self._lost.dead:
                found += [a for a in self.published(instance.addresses) if _may_be(fact.value, a)]
            elif isinstance(fact, Opaque):
                fact.value  # noqa: B018 - raises: only its account knows whether that task runs
        return frozenset(found)

    @cached_property
    def dead(self) -> dict[str, Instance]:
        """Registered instances whose task has ended, by address; still registered after the stop grace."""
        running = {a for t in self._ecs.running for a in t.addresses}
        found: dict[str, Instance] = {}
        for instance in self._cloudmap.instances:
            if not is_task_id(instance.id):
                continue
            observation = self._ecs.task_of(instance.id)
            task = observation.or_none() if not isinstance(observation, Absent) else None
            if task is not None:
                stopped = self._ecs.age(task.stopped_at)
                if task.last_status != "STOPPED" or stopped is None or stopped < STOP_GRACE:
                    continue
            for address in instance.addresses:
                if address not in running:
                    found[address] = instance
        return found

    @cached_property
    def shortfall(self) -> int:
        """How many desired tasks are missing although the start grace is over: their own, and that of successors."""
        return sum(max(0, self._missing(s) - self._to_be_replaced(s)) for s in self._ecs.active)

    @cached_property
    def due(self) -> int:
        """How many desired tasks are missing whose predecessors have only begun to leave."""
        return sum(min(self._missing(s), self._to_be_replaced(s)) for s in self._ecs.active)

    def _missing(self, service: EcsService) -> int:
        """Count the desired tasks that neither run nor start; none while a deployment is young."""
        if self._ecs.young_deployment(service) is not None:
            return 0
        tasks = [t for t in self._ecs.tasks if t.group == f"service:{service.name}" and t.desired_status == "RUNNING"]
        coming = sum(not t.runs for t in tasks if t in self.starting)
        running = max(service.running, sum(t.runs for t in tasks))
        return max(0, service.desired - running - coming)

    def _to_be_replaced(self, service: EcsService) -> int:
        """Count tasks that have only begun to leave, unless they fail one after another: their successors are due."""
        group = f"service:{service.name}"
        if group in self._failing_groups:
            return 0
        return sum(t.group == group and (self._ecs.age(t.stopping_at) or 0) < START_GRACE for t in self._ecs.leaving)


def _may_be(task: Task, address: str) -> bool:
    """Tell whether the address is the task's own, or the task has none of that family to compare with."""
    own = [a for a in task.addresses if (":" in a) == (":" in address)]
    return not own or address in own
