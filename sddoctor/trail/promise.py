"""What should be returned: the addresses of tasks that should serve, of those that start, of those that leave."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from sddoctor.case.address import contains
from sddoctor.case.case import Case
from sddoctor.case.cloudmap import Instance
from sddoctor.case.dns import Probe
from sddoctor.case.ecs import Task
from sddoctor.case.name import fold_name, is_srv_form
from sddoctor.case.seen import Absent, AbsentFactError, Fact, Gap, Seen, UnseenFactError, is_unseen
from sddoctor.trail.cloudmap import CloudMapTrail, is_task_id
from sddoctor.trail.ecs import EcsTrail
from sddoctor.trail.lost import LostTrail
from sddoctor.trail.reach import ReachTrail
from sddoctor.trail.shortage import ShortageTrail
from sddoctor.trail.target_serving import serving
from sddoctor.trail.task_serving import Serving, ServingTrail
from sddoctor.trail.thresholds import MULTIVALUE_LIMIT, REGISTRATION_GRACE, STOP_GRACE
from sddoctor.trail.vpc import is_private


class PromiseTrail:
    """What ECS and Cloud Map promise about the name."""

    def __init__(self, case: Case, cloudmap: CloudMapTrail, ecs: EcsTrail, lost: LostTrail, reach: ReachTrail) -> None:
        self._case = case
        self._cloudmap = cloudmap
        self._ecs = ecs
        self._tasks = ServingTrail(cloudmap, ecs, lost, reach)
        self.shortage = ShortageTrail(cloudmap, ecs)

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
    def most_in_an_answer(self) -> int:
        """How many records of a type one answer shows at most.

        https://docs.aws.amazon.com/cloud-map/latest/api/API_DnsConfig.html
        """
        return 1 if self._cloudmap.service.routing_policy == "WEIGHTED" else MULTIVALUE_LIMIT

    @cached_property
    def recorded(self) -> tuple[str, ...]:
        """The address of each record that should be there, as often as it is: health that may not be read withholds none."""
        instances = self._cloudmap.view.instances.seen_or(())
        return tuple(a for i in instances if self._may_have_a_record(i) for a in self.published(i.addresses))

    @cached_property
    def may_be_withheld(self) -> frozenset[str]:
        """Addresses that may be left out of an answer for a reason that was not looked at: none."""
        return frozenset()

    @property
    def all_recorded_are_seen(self) -> bool:
        """Whether everything was seen that may have a record."""
        return isinstance(self._cloudmap.view.instances, Seen)

    def _may_have_a_record(self, instance: Instance) -> bool:
        try:
            return self._cloudmap.health(instance.id) != "UNHEALTHY"
        except UnseenFactError:
            return True

    @cached_property
    def _judged(self) -> dict[str, Serving]:
        """Whether each task serves that has not ended: those of attached services, and others that are registered."""
        starting = {t.arn for t in self.starting}
        others = (t for i in self._cloudmap.view.instances.seen_or(()) if (t := self._other_task(i)) is not None)
        return {
            t.arn: Serving("starts", "it has just started") if t.arn in starting else self._tasks.of(t)
            for t in (*self._ecs.running, *self.starting, *self._ecs.leaving, *others)
        }

    def _other_task(self, instance: Instance) -> Task | None:
        """Return the running task of an instance that no attached service lists, where it was seen."""
        fact = self._task_fact(instance)
        return fact.value if isinstance(fact, Seen) and fact.value.runs else None

    def task_serves(self, task: Task) -> Serving:
        """Return whether a task serves. A task that has ended, or does not run yet, does not."""
        ended = Serving("does-not-serve", "it has ended" if task.last_status == "STOPPED" else "it does not run yet")
        return self._judged.get(task.arn, ended)

    @cached_property
    def serving_tasks(self) -> tuple[Task, ...]:
        """Tasks that should be answered: they are wanted, run, have had the time to start, and serve."""
        return tuple(t for t in self._ecs.running if self._judged[t.arn].serves)

    @cached_property
    def sick(self) -> tuple[Task, ...]:
        """Tasks that are wanted and run, and do not serve."""
        return tuple(t for t in self._ecs.running if self._judged[t.arn].state == "does-not-serve")

    @cached_property
    def starting(self) -> tuple[Task, ...]:
        """Young tasks that do not run yet, or whose health has not been decided for the first time."""
        return self.shortage.starting

    @cached_property
    def unproven(self) -> tuple[Task, ...]:
        """Tasks that have not passed their check, and replace others that failed one after another."""
        starting = {t.arn for t in self.starting}
        return tuple(
            t for t in self._ecs.running if t.arn not in starting and t.health == "UNKNOWN" and self.shortage.starts(t)
        )

    @cached_property
    def unregistered(self) -> tuple[Task, ...]:
        """Tasks that serve, and are in no instance although they run for longer than registration takes."""
        known = {i.id for i in self._cloudmap.instances}
        return tuple(
            t
            for t in self.serving_tasks
            if t.id not in known and (self._ecs.age(t.started_at) or 0) >= REGISTRATION_GRACE
        )

    @cached_property
    def nowhere(self) -> tuple[Task, ...]:
        """Those of them that are needed, and whose address only a registration would show."""
        hidden = tuple(t for t in self.unregistered if not self.addresses_of(t))
        return hidden if len(self.serving_tasks) - len(hidden) < self._ecs.desired else ()

    @cached_property
    def _owners(self) -> dict[str, list[Serving]]:
        found: dict[str, list[Serving]] = {}
        others = (t for i in self._cloudmap.view.instances.seen_or(()) if (t := self._other_task(i)) is not None)
        for task in (*self._ecs.running, *self.starting, *self._ecs.leaving, *others):
            for address in self.addresses_of(task):
                found.setdefault(address, []).append(self._judged[task.arn])
        return found

    def serving(self, address: str) -> Serving:
        """Return whether an address serves: it does if one of its tasks does, or if it is another target's."""
        owners = self._owners.get(address, [])
        for state in ("serves", "starts", "does-not-serve"):
            if found := next((s for s in owners if s.state == state), None):
                return found
        if address in self.addresses:
            return Serving("serves", "it was registered by hand")
        return Serving("unknown", "no task is known to have it")

    @cached_property
    def not_serving(self) -> Mapping[str, str]:
        """The addresses of tasks that are there and do not serve: sick, stopping or refusing ones; with the reason."""
        found = {a: self.serving(a) for a in self._owners}
        down = self.target_is_down
        behind = dict.fromkeys(self._given_for_aliases, down.why) if down is not None else {}
        return {a: s.why for a, s in found.items() if s.state == "does-not-serve"} | behind

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
        inside = [a for i in self.unmanaged for a in i.addresses if any(contains(c, a) for v in vpcs for c in v.cidrs)]
        return frozenset(a for a in inside if ":" not in a and not any(i.holds(a) for i in interfaces))

    def require_owners(self, addresses: frozenset[str]) -> None:
        """Raise where it was not seen whether anything has those of the addresses that somebody registered by hand."""
        by_hand = {a for i in self.unmanaged for a in i.addresses if ":" not in a and is_private(a)} & addresses
        facts = self._case.aws.vpc
        ranges = [c for v in (facts.vpcs.or_none() or () if by_hand else ()) for c in v.cidrs]
        if any(contains(c, a) for c in ranges for a in by_hand):
            facts.interfaces.or_none()

    def in_doubt(self, addresses: frozenset[str]) -> Gap | None:  # noqa: ARG002 - of tasks ECS tells
        """Return why it is not known whether right addresses serve; ``None``: of tasks ECS tells."""
        return None

    @cached_property
    def addresses(self) -> frozenset[str]:
        """The addresses that should be returned: they serve."""
        if (target := self._cloudmap.target_instance) is not None:
            instance = self._cloudmap.instance(target)
            return frozenset(self.published(instance.addresses) if instance else ())
        found = [a for t in self.serving_tasks for a in self.addresses_of(t)]
        found += [a for i in self.unmanaged for a in self.published(i.addresses) if a not in self.ownerless]
        return frozenset(found) - self._misdirected

    @cached_property
    def wanted(self) -> frozenset[str]:
        """The addresses that a sound service would have: of tasks that serve, and of sick ones while too few serve."""
        enough = len(self.serving_tasks) + len(self.starting) >= self._ecs.desired
        sick = () if enough else self.sick
        return (self.addresses | {a for t in sick for a in self.addresses_of(t)}) - self._misdirected

    @cached_property
    def welcome(self) -> frozenset[str]:
        """Addresses that may be in an answer without harm: of tasks that serve, start, or have begun to leave."""
        found = self.addresses | self._of_starting | self.leaving | self._of_other_services | self.of_aliases
        return found - self._misdirected

    @cached_property
    def of_aliases(self) -> frozenset[str]:
        """What the VPC resolver returns for instances that are another name, or an alias of a load balancer.

        They have no address of their own: what their target's name leads to is right.
        https://docs.aws.amazon.com/cloud-map/latest/api/API_RegisterInstance.html
        """
        return frozenset() if self.target_is_down else self._given_for_aliases

    @property
    def target_is_down(self) -> Serving | None:
        """Why what the instances are another name for does not serve, where AWS says so."""
        target = self._case.aws.target.seen_or(None)
        state = serving(target) if target is not None and self.is_alias else None
        return state if state is not None and state.state == "does-not-serve" else None

    @cached_property
    def _given_for_aliases(self) -> frozenset[str]:
        names = {fold_name(n) for i in self.unmanaged if (n := i.get("AWS_INSTANCE_CNAME"))}
        is_alias = any(i.get("AWS_ALIAS_DNS_NAME") for i in self.unmanaged)
        if not names and not is_alias:
            return frozenset()
        answers = [p.outcome.seen_or(None) for p in self._case.place.dns.probes if self._is_of_vpc(p)]
        return frozenset(
            address
            for answer in answers
            if answer is not None
            and (is_alias or any(r.type == "CNAME" and fold_name(r.data) in names for r in answer.answers))
            for address in answer.addresses
        )

    @cached_property
    def is_alias(self) -> bool:
        """Whether all instances are other names, so that an address is promised and Cloud Map does not say which."""
        instances = self.unmanaged
        return len(instances) == len(self._cloudmap.instances) > 0 and all(
            i.get("AWS_INSTANCE_CNAME") or i.get("AWS_ALIAS_DNS_NAME") for i in instances
        )

    def _is_of_vpc(self, probe: Probe) -> bool:
        return probe.role == "vpc" and probe.name == self._case.name and probe.type in ("A", "AAAA")

    @cached_property
    def alive(self) -> frozenset[str]:
        """Addresses of what is there, whether it serves or not: an answer with them comes from the right place."""
        return self.welcome | frozenset(self.not_serving)

    @cached_property
    def leaving(self) -> frozenset[str]:
        """Addresses that only tasks have that leave and still serve: they may be in an answer for a while."""
        found = frozenset(a for t in self.leaving_tasks for a in self.addresses_of(t))
        return found - self.addresses - self._of_starting

    @cached_property
    def leaving_tasks(self) -> tuple[Task, ...]:
        """Tasks that leave and still serve."""
        return tuple(t for t in self._ecs.leaving if self._judged[t.arn].serves)

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
        """Addresses that may be right as far as is known: those alive; where that was not seen, all registered ones."""
        try:
            return self.alive
        except UnseenFactError:
            instances = self._cloudmap.view.instances.seen_or(())
            return frozenset(a for i in instances for a in i.addresses)

    @cached_property
    def _of_other_services(self) -> frozenset[str]:
        """Addresses of registered tasks that run and serve although no attached service lists them."""
        found: list[str] = []
        for instance in self._cloudmap.instances:
            fact = self._task_fact(instance)
            if fact is not None and is_unseen(fact):
                fact.value  # noqa: B018 - raises: it is not known whether that task runs
            if isinstance(fact, Seen) and fact.value.runs and self._judged[fact.value.arn].state != "does-not-serve":
                found += [a for a in self.published(instance.addresses) if _may_be(fact.value, a)]
        return frozenset(found)

    def _task_fact(self, instance: Instance) -> Fact[Task] | None:
        try:
            return self._ecs.task_of(instance.id)
        except AbsentFactError:
            return None

    @property
    def owned(self) -> frozenset[str]:
        """Addresses of records by hand that a network interface has: Cloud Map's names have none."""
        return frozenset()

    @property
    def ended(self) -> Mapping[str, Task]:
        """Stopped tasks that had the addresses of records by hand."""
        return {}

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
        return sum(self.shortage.lasting(s) for s in self._ecs.active)

    @cached_property
    def due(self) -> int:
        """How many desired tasks are missing whose predecessors have only begun to leave."""
        return sum(self.shortage.due(s) for s in self._ecs.active if self._ecs.young_deployment(s) is None)


def _may_be(task: Task, address: str) -> bool:
    """Tell whether the address is the task's own, or the task has none of that family to compare with."""
    own = [a for a in task.addresses if (":" in a) == (":" in address)]
    return not own or address in own
