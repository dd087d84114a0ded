"""The facts, indexed as judgement needs them: tasks by id, hosts by ARN, owners by address, and what is missing."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any, NamedTuple

from sddoctor.case.address import contains, usual_form
from sddoctor.case.cloudmap import CloudMapService, Instance, Namespace
from sddoctor.case.ecs import ContainerInstance, Task
from sddoctor.case.seen import NOT_NEEDED, Denied, Fact, Gap, Opaque, Seen, is_unseen
from sddoctor.case.vpc import Vpc
from sddoctor.case.whois import HeldInterface, WhoisFacts


class RegisteredInstance(NamedTuple):
    """An instance with its namespace and service, and its health if that was seen."""

    namespace: Namespace
    service: CloudMapService
    instance: Instance
    health: str | None


class Index:
    """Reads the facts; each table is computed once."""

    def __init__(self, facts: WhoisFacts) -> None:
        self.facts = facts

    @cached_property
    def tasks(self) -> dict[str, Task]:
        """Every task that was seen, by id."""
        found: dict[str, Task] = {}
        for cluster in self.facts.clusters.seen_or(()):
            for fact in (cluster.stopped, cluster.running):
                found.update({t.id: t for t in fact.seen_or(())})
        found.update({t.id: t for r in self.facts.looked_up if (t := r.task.seen_or(None)) is not None})
        return found

    @cached_property
    def hosts(self) -> dict[str, ContainerInstance]:
        """Every container instance that runs a task, by ARN."""
        return {h.arn: h for c in self.facts.clusters.seen_or(()) for h in c.hosts.seen_or(())}

    @cached_property
    def vpcs(self) -> dict[str, Vpc]:
        """The VPCs by id."""
        return {v.id: v for v in self.facts.vpcs.seen_or(())}

    @property
    def account(self) -> str | None:
        """The account that was observed."""
        identity = self.facts.identity.seen_or(None)
        return identity.account if identity is not None else None

    def interfaces(self, address: str) -> tuple[HeldInterface, ...]:
        """Return the interfaces that have an address."""
        return tuple(i for i in self.facts.interfaces.seen_or(()) if i.holds(address))

    def task_has(self, task: Task, address: str) -> bool:
        """Tell whether a task has an address: its own, or another one (a public one) of the interface ECS made for it."""
        own = {usual_form(a) for a in task.addresses}
        return address in own or any(
            i.of_ecs and not own.isdisjoint(i.addresses) and task.subnet_id in (None, i.subnet_id)
            for i in self.interfaces(address)
        )

    def registered(self) -> Iterator[RegisteredInstance]:
        """Yield every instance that was read."""
        for below in self.facts.namespaces.seen_or(()):
            for listed in below.services.seen_or(()):
                health = {h.id: h.status for h in listed.health.seen_or(())}
                for instance in listed.instances.seen_or(()):
                    yield RegisteredInstance(below.namespace, listed.service, instance, health.get(instance.id))

    def task_fact(self, task_id: str) -> Fact[Task] | None:
        """Return what is known of a task that an instance names; ``None`` when it was not looked up."""
        if task_id in self.tasks:
            return Seen(self.tasks[task_id], "ecs:DescribeTasks")
        return next((r.task for r in self.facts.looked_up if r.instance_id == task_id), None)

    def all_clusters_seen(self) -> bool:
        """Tell whether all tasks of this account and region were seen."""
        clusters = self.facts.clusters
        return isinstance(clusters, Seen) and all(
            isinstance(f, Seen) for c in clusters.value for f in (c.running, c.stopped)
        )

    def foreign_vpcs(self, address: str) -> tuple[Vpc, ...]:
        """Return VPCs of other accounts, shared with this one, whose range contains the address.

        A participant of a shared VPC sees its own interfaces only.
        https://docs.aws.amazon.com/vpc/latest/userguide/vpc-share-limitations.html
        """
        return tuple(
            v
            for v in self.vpcs.values()
            if v.owner and v.owner != self.account and any(contains(c, address) for c in v.cidrs)
        )

    def gaps(self, addresses: tuple[str, ...]) -> tuple[Gap, ...]:
        """Return the decisive facts that were not seen; those with the same reason are one gap."""
        facts = self.facts
        decisive: list[Fact[Any]] = [facts.interfaces, facts.vpcs, facts.subnets, facts.clusters, facts.namespaces]
        for cluster in facts.clusters.seen_or(()):
            decisive += [cluster.running, cluster.stopped]
            if cluster.hosts != NOT_NEEDED:
                decisive.append(cluster.hosts)
        for below in facts.namespaces.seen_or(()):
            decisive.append(below.services)
            decisive += [s.instances for s in below.services.seen_or(())]
        decisive += [r.task for r in facts.looked_up]
        decisive += [facts.zones] if facts.zones != NOT_NEEDED else []
        decisive += [z.records for z in facts.zones.seen_or(())]
        ownerless = [a for a in addresses if not self.interfaces(a)]
        if ownerless:
            decisive.append(facts.identity)
        decisive += [
            Opaque(f"interfaces of other accounts in {v.id}", v.owner, "a look from the account that owns the VPC")
            for a in ownerless
            for v in self.foreign_vpcs(a)
        ]
        return _merged([f.gap() for f in decisive if is_unseen(f)])  # type: ignore[union-attr]

    def missing_health(self) -> tuple[Gap, ...]:
        """Return the gaps of health that was denied: it is not decisive, and belongs in the report all the same."""
        services = [s for n in self.facts.namespaces.seen_or(()) for s in n.services.seen_or(())]
        return _merged([s.health.gap() for s in services if isinstance(s.health, Denied)])


def _merged(gaps: list[Gap]) -> tuple[Gap, ...]:
    by_reason: dict[tuple[str, str], dict[str, None]] = {}
    said: dict[tuple[str, str], str] = {}
    for gap in gaps:
        # A denial may name the resource; what is needed is the same.
        why = f"{gap.needs} is denied" if gap.needs and gap.why.startswith(f"{gap.needs} is denied") else gap.why
        by_reason.setdefault((why, gap.needs), {})[gap.what] = None
        said.setdefault((why, gap.needs), gap.said)
    return tuple(Gap(_summary(list(whats)), *reason, said[reason]) for reason, whats in by_reason.items())


def _summary(whats: list[str]) -> str:
    return whats[0] if len(whats) == 1 else f"{whats[0]} and {len(whats) - 1} more like it"
