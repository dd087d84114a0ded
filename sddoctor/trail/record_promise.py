"""What should be returned for a name that is no matter of Cloud Map: what its records say, or who answers for it in the VPC."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import NamedTuple

from sddoctor.case.address import contains
from sddoctor.case.case import Case
from sddoctor.case.cloudmap import Instance
from sddoctor.case.ecs import Task
from sddoctor.case.name import is_srv_form
from sddoctor.case.route53 import Record
from sddoctor.case.seen import AbsentFactError, FactError, Gap, UnseenFactError
from sddoctor.resolution.zones import alias_of
from sddoctor.text.words import in_order, listed
from sddoctor.trail.answers import AnswersTrail
from sddoctor.trail.cloudmap import CloudMapTrail
from sddoctor.trail.ecs import EcsTrail
from sddoctor.trail.lost import LostTrail
from sddoctor.trail.owner import OwnerTrail
from sddoctor.trail.promise import PromiseTrail
from sddoctor.trail.reach import ReachTrail
from sddoctor.trail.target_serving import serving
from sddoctor.trail.task_serving import Serving
from sddoctor.trail.thresholds import MULTIVALUE_LIMIT
from sddoctor.trail.zone import ZoneTrail

#: An answer shows all records of a set, whose values are all there is.
_WHOLE = 1000


class PromiseParts(NamedTuple):
    """What every promise is made of."""

    case: Case
    cloudmap: CloudMapTrail
    ecs: EcsTrail
    lost: LostTrail
    reach: ReachTrail


class RecordPromise(PromiseTrail):
    """What the records of a name promise. There are no tasks, so nothing starts, leaves or is registered."""

    def __init__(self, parts: PromiseParts, zone: ZoneTrail, owner: OwnerTrail, answers: AnswersTrail) -> None:
        super().__init__(*parts)
        self._zone = zone
        self._owner = owner
        self._answers = answers

    @cached_property
    def _records(self) -> tuple[Record, ...] | None:
        """The records with the addresses; ``None`` where none are seen to have them, so that an answer must tell."""
        if self._owner.owner.kind in ("resolver-rule", "public"):
            return None
        try:
            zone = self._zone.of_subject
            if zone.is_of_aws or self._zone.delegation is not None:
                return None
            records = self._zone.subject_records
        except AbsentFactError:
            return None  # AWS's own name, or the alias of one
        return None if alias_of(records) or any(r.type == "SRV" for r in records) else records

    @cached_property
    def values(self) -> frozenset[str]:
        """The addresses of the name: those of its records, or those that the VPC resolver gives for what it stands for."""
        records = self._records
        if records is not None:
            return frozenset(v for r in records if r.type in ("A", "AAAA") for v in r.values)
        if is_srv_form(self._case.name):
            return self._answers.vpc_srv_addresses
        found = self._of_target | self._answered
        found |= self._of_the_same_set(found)
        if not found and self._owner.owner.kind in ("resolver-rule", "public"):
            why = "no record was seen, and the VPC resolver has no address"
            raise UnseenFactError(Gap("what should be answered", why, "a look at the servers that have the name"))
        return found

    @property
    def _answered(self) -> frozenset[str]:
        """What the VPC resolver returns for the name; of AWS's own public name, where no VPC is meant, what anybody returns."""
        try:
            return self._answers.vpc_addresses
        except FactError:
            target = self._case.aws.target.seen_or(None)
            if target is None:
                raise
        probes = [p for p in self._answers.probes if p.name == self._case.name and p.type in ("A", "AAAA")]
        return frozenset(a for p in probes if (answer := p.outcome.seen_or(None)) for a in answer.addresses)

    def _of_the_same_set(self, known: frozenset[str]) -> frozenset[str]:
        """Return what other answers for the name hold besides known addresses: of a large load balancer each shows a part."""
        names = {self._case.name, self._case.subject}
        answers = [p.outcome.seen_or(None) for p in self._answers.probes if p.name in names and p.type in ("A", "AAAA")]
        sets = (frozenset(answer.addresses) for answer in answers if answer is not None)
        return frozenset().union(*(s for s in sets if s & known))

    @property
    def _of_target(self) -> frozenset[str]:
        """What the VPC resolver returns for the name at the end of the aliases, when it is queried for that."""
        if not self._case.aws.alias:
            return frozenset()
        answers = (
            p.outcome.seen_or(None)
            for p in self._answers.probes
            if p.role == "vpc" and p.name == self._case.subject and p.type in ("A", "AAAA")
        )
        return frozenset(a for answer in answers if answer is not None for a in answer.addresses)

    @cached_property
    def most_in_an_answer(self) -> int:
        """How many records of a type one answer shows at most, by the routing policy of the records.

        https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/routing-policy.html
        """
        try:
            policies = {r.routing for r in (*self._zone.records, *self._zone.subject_records)}
        except FactError:
            return 1
        if policies <= {"simple"}:
            return _WHOLE if self._records is not None else 1
        return MULTIVALUE_LIMIT if policies <= {"simple", "multivalue"} else 1

    @cached_property
    def recorded(self) -> tuple[str, ...]:
        """The value of each record."""
        records = self._records
        if records is None:
            return tuple(self.values)
        return tuple(v for r in records if r.type in ("A", "AAAA") for v in r.values)

    @cached_property
    def may_be_withheld(self) -> frozenset[str]:
        """The values whose records Route 53 leaves out while a health check fails, which was not looked at.

        https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/health-checks-how-route-53-chooses-records.html
        """
        checked = [r for r in self._records or () if r.health_check_id is not None]
        return frozenset(v for r in checked for v in r.values)

    @property
    def all_recorded_are_seen(self) -> bool:
        """Whether everything was seen that may have a record."""
        return True

    @cached_property
    def ownerless(self) -> frozenset[str]:
        """Values in a VPC of this very account that no network interface has; only the owner of a VPC sees all of them.

        https://docs.aws.amazon.com/vpc/latest/userguide/vpc-sharing.html
        """
        identity = self._case.aws.identity.seen_or(None)
        interfaces = self._case.aws.vpc.interfaces.seen_or(None)
        if interfaces is None or identity is None or self._records is None:
            return frozenset()
        own = [v for v in self._case.aws.vpc.vpcs.seen_or(()) if v.owner == identity.account]
        inside = {a for a in self.values if ":" not in a and any(contains(c, a) for v in own for c in v.cidrs)}
        return frozenset(a for a in inside if not self._has_an_interface(a) and all(a != v.resolver for v in own))

    def _has_an_interface(self, address: str) -> bool:
        return any(i.holds(address) for i in self._case.aws.vpc.interfaces.seen_or(()))

    @cached_property
    def owned(self) -> frozenset[str]:
        """Values that a network interface is seen to have."""
        return frozenset(a for a in self.values if self._has_an_interface(a))

    @cached_property
    def ended(self) -> Mapping[str, Task]:
        """The stopped tasks that had values which nothing has now, by address; ECS keeps them for about an hour."""
        tasks = self._case.aws.ecs.ended.seen_or(())
        return {a: t for t in tasks if t.last_status == "STOPPED" for a in t.addresses if a in self.ownerless}

    def require_owners(self, addresses: frozenset[str]) -> None:
        """Nobody registers an address of a record: there is nothing to require."""

    def in_doubt(self, addresses: frozenset[str]) -> Gap | None:
        """Return the gap where AWS leaves open whether the target serves, or where nothing is seen to have a wildcard's address.

        A wildcard answers for every name, whether it is meant or not, so that something must have its addresses.
        """
        target = self._case.aws.target.seen_or(None)
        if target is not None and self.target_serves.state == "unknown":
            return Gap(f"whether {target.words} serves", f"it {self.target_serves.why}", "a later look")
        is_wildcard = any(r.name.startswith("*.") for r in self._records or ())
        # What a plain record names, its owner meant; one with a health check is answered even if every check fails.
        nobodys = addresses - self.owned if is_wildcard else addresses & self.ownerless & self.may_be_withheld
        if not nobodys:
            return None
        which = listed(in_order(nobodys), most=3)
        why = f"no network interface is seen to have {'it' if len(nobodys) == 1 else 'them'}"
        verb = "serves" if len(nobodys) == 1 else "serve"
        return Gap(f"whether {which} {verb} this name", why, "a connection to its port")

    @cached_property
    def addresses(self) -> frozenset[str]:
        """The addresses that should be returned: those of what serves."""
        return self.values - frozenset(self.not_serving)

    @cached_property
    def target_serves(self) -> Serving:
        """Whether what the name leads to serves, where AWS tells."""
        target = self._case.aws.target.seen_or(None)
        return serving(target) if target is not None else Serving("unknown", "AWS does not say")

    @cached_property
    def wanted(self) -> frozenset[str]:
        """The same."""
        return self.addresses

    @cached_property
    def welcome(self) -> frozenset[str]:
        """The same."""
        return self.addresses

    @cached_property
    def alive(self) -> frozenset[str]:
        """The same."""
        return self.addresses

    @cached_property
    def possible(self) -> frozenset[str]:
        """Every address that comes from the right place, one that nobody has included."""
        return self.values

    def serving(self, address: str) -> Serving:
        """Return whether an address serves: it is taken to if the records name it, and AWS says nothing else."""
        if address in self.not_serving:
            return Serving("does-not-serve", self.not_serving[address])
        if address in self.addresses:
            return Serving("serves", "its record names it")
        return Serving("unknown", "no record names it")

    @cached_property
    def not_serving(self) -> Mapping[str, str]:
        """The addresses of what AWS says not to serve, and of tasks that have stopped; what else is behind a plain record is not seen."""
        serves = self.target_serves
        if serves.state == "does-not-serve":
            return dict.fromkeys(self.values, serves.why)
        return {a: f"was that of task {t.id}, which has stopped" for a, t in self.ended.items()}

    @cached_property
    def published_families(self) -> frozenset[int]:
        """The IP versions that the name has."""
        return frozenset({4, 6})

    def addresses_of(self, task: Task) -> tuple[str, ...]:  # noqa: ARG002 - there are no tasks
        """Return nothing: no task has such a name."""
        return ()

    def task_serves(self, task: Task) -> Serving:  # noqa: ARG002 - there are no tasks
        """Return that no task serves under such a name."""
        return Serving("unknown", "no task has such a name")

    def wrong_port(self, task: Task) -> tuple[str, frozenset[str]] | None:  # noqa: ARG002 - there are no tasks
        """Return nothing: no task has such a name."""
        return None

    serving_tasks: tuple[Task, ...] = ()
    sick: tuple[Task, ...] = ()
    starting: tuple[Task, ...] = ()
    unproven: tuple[Task, ...] = ()
    unregistered: tuple[Task, ...] = ()
    nowhere: tuple[Task, ...] = ()
    leaving_tasks: tuple[Task, ...] = ()
    unmanaged: tuple[Instance, ...] = ()
    of_aliases: frozenset[str] = frozenset()
    leaving: frozenset[str] = frozenset()
    is_alias: bool = False
    shortfall: int = 0
    due: int = 0
