"""Observes whose a name is that no Cloud Map service has: the zones over it, the aliases it stands for, and their target."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Protocol

from msgspec import structs

from sddoctor.case.case import AwsFacts
from sddoctor.case.cloudmap import Instance
from sddoctor.case.ecs import Task
from sddoctor.case.name import fold_name, is_below, label_count
from sddoctor.case.route53 import AliasStep, HostedZone, Record
from sddoctor.case.seen import NOT_NEEDED, Absent, Fact, Seen
from sddoctor.case.targets import Target
from sddoctor.case.vpc import NetworkInterface, ResolverRule
from sddoctor.observe.aws.cloudmap import ViewObserver
from sddoctor.observe.aws.name_zones import Followed, follow, own_zones, with_zones_of_vpc
from sddoctor.observe.aws.resolver import ResolverReader
from sddoctor.observe.aws.shared import Reads
from sddoctor.observe.aws.targets import target_of
from sddoctor.observe.aws.vpcs import matching
from sddoctor.observe.aws.zone_lists import zones_over
from sddoctor.observe.work import Pending
from sddoctor.resolution.zones import answering, chosen


class OfTarget(Protocol):
    """The observation of the name at the end of aliases."""

    def facts(self) -> AwsFacts:
        """Return the facts about that name."""


def _publishes(view: ViewObserver) -> bool:
    """Tell whether a service of the name publishes it in DNS: one for the API alone leaves the name to others."""
    service = view.service.fact().seen_or(None)
    return service is not None and service.type != "HTTP" and view.namespace.type != "HTTP"


class OwnerObserver:
    """Looks for the owner of a name. Reading the zones begins in the constructor, unless a Cloud Map service has the name.

    ``discovered`` are its instances by the name alone, ``views`` the namespaces over it; ``vpc_id`` returns the client's VPC,
    and waits for it.
    """

    def __init__(
        self,
        name: str,
        reads: Reads,
        discovered: Pending[tuple[Instance, ...]],
        views: Pending[tuple[ViewObserver, ...]],
        vpc_id: Callable[[], str | None],
    ) -> None:
        self._name = name
        self._reads = reads
        self._discovered = discovered
        self._views = views
        self._vpc_id = vpc_id
        self.zones: Pending[tuple[HostedZone, ...]] = reads.calls.pending(self._find, f"the hosted zones over {name}")

    def follow(self, observe: Callable[[str], OfTarget]) -> None:
        """Begin to follow the aliases. ``observe`` begins to observe a name of a namespace."""
        self._observe = observe
        self._followed = self._reads.calls.pending(self._follow, f"the aliases of {self._name}")
        self._rules = self._reads.calls.pending(self._find_rules, f"the Resolver rules over {self._name}")
        self._target = self._reads.calls.pending(self._find_target, f"what {self._name} leads to")
        self._holders = self._reads.calls.pending(self._find_holders, "the owners of the addresses")
        self._ended = self._reads.calls.pending(self._find_ended, "the tasks that had the addresses")

    def answering(self) -> tuple[Record, ...]:
        """Return the records of the account's zones that answer for the name, if no Cloud Map service has it."""
        zone = chosen(self.zones.fact().seen_or(()), self._name, self._vpc_id())
        namespaces = (v.namespace.name for v in self._views.fact().seen_or(()) if v.namespace.hosted_zone_id)
        if zone is None or max(map(label_count, namespaces), default=0) >= label_count(zone.name):
            return ()
        return answering(zone.records.seen_or(()), zone.name, self._name)

    def completed(self, facts: AwsFacts, answered: tuple[AliasStep, ...]) -> AwsFacts:
        """Add the zones over the name, and put what its aliases lead to in the place of what it has itself.

        ``answered`` are the aliases that answers for the name show: they count where no record was seen.
        """
        if self.zones.fact() == NOT_NEEDED:
            return structs.replace(facts, target=self._target.fact())
        found = self._followed.fact()
        followed, target = found.value if isinstance(found, Seen) else (Followed(), None)
        if not followed.steps and answered and self._is_in_namespace(answered[-1].target):
            followed, target = Followed(answered, in_namespace=True), self._observe(answered[-1].target)
        facts = structs.replace(
            facts,
            zones=self._every_zone(facts),
            alias=followed.steps,
            target_zones=followed.zones,
            target=self._target.fact(),
            vpc=structs.replace(facts.vpc, rules_elsewhere=self._rules.fact()),
        )
        if target is None:
            holders = self._holders.fact()
            if holders == NOT_NEEDED:
                return facts
            ecs = structs.replace(facts.ecs, ended=self._ended.fact())
            return structs.replace(facts, ecs=ecs, vpc=structs.replace(facts.vpc, interfaces=holders))
        of_target = target.facts()
        vpc = structs.replace(facts.vpc, interfaces=of_target.vpc.interfaces)
        return structs.replace(facts, ecs=of_target.ecs, cloudmap=of_target.cloudmap, vpc=vpc)

    def _find(self) -> Fact[tuple[HostedZone, ...]]:
        """Look for other owners only where no Cloud Map service has the name.

        Where discovery by the name alone says that there is no such service, the zones are listed without waiting for more.
        """
        if isinstance(self._discovered.fact(), Absent):
            self._reads.prefetch(partial(zones_over, self._reads.calls, self._name), "the hosted zones")
        if any(_publishes(v) for v in self._views.fact().seen_or(())):
            return NOT_NEEDED
        return own_zones(self._reads, self._name, self._reads.namespaces().fact().seen_or(()))

    def _follow(self) -> Fact[tuple[Followed, OfTarget | None]]:
        zones = self.zones.fact()
        if not isinstance(zones, Seen):
            return zones
        followed = follow(self._reads, self._name, zones.value, self._vpc_id)
        target = self._observe(followed.steps[-1].target) if followed.in_namespace else None
        return Seen((followed, target), zones.source)

    def _find_rules(self) -> Fact[tuple[ResolverRule, ...]]:
        """Look for a rule that was meant for the name where neither namespace nor zone has it."""
        zones = self.zones.fact()
        if not isinstance(zones, Seen) or zones.value or self._views.fact().seen_or(()):
            return NOT_NEEDED
        return ResolverReader(self._reads.calls).over(self._name)

    def _find_target(self) -> Fact[Target]:
        if self.zones.fact() == NOT_NEEDED:
            return self._target_of_instances()
        found = self._followed.fact().seen_or(None)
        steps = found[0].steps if found is not None else ()
        name = steps[-1].target if steps else self._name
        return target_of(self._reads.calls, name, self._reads.region(), self._vpc_id())

    def _target_of_instances(self) -> Fact[Target]:
        """Read what the only instance leads to that is another name, or an alias of a load balancer.

        https://docs.aws.amazon.com/cloud-map/latest/api/API_RegisterInstance.html
        """
        instances = [i for v in self._views.fact().seen_or(()) for i in v.instances.fact().seen_or(())]
        names = {i.get("AWS_INSTANCE_CNAME") or i.get("AWS_ALIAS_DNS_NAME") for i in instances}
        name = names.pop() if len(names) == 1 else None
        if name is None:
            return NOT_NEEDED
        return target_of(self._reads.calls, fold_name(name), self._reads.region(), self._vpc_id())

    def _is_in_namespace(self, name: str) -> bool:
        return bool(matching(self._reads.namespaces().fact().seen_or(()), name))

    def _find_holders(self) -> Fact[tuple[NetworkInterface, ...]]:
        """Read who has the addresses that the records name."""
        addresses = self._recorded()
        if not addresses:
            return NOT_NEEDED
        return self._reads.holders(addresses)

    def _find_ended(self) -> Fact[tuple[Task, ...]]:
        """Read whether tasks that stopped lately had those of the addresses that nothing has now."""
        holders = self._holders.fact()
        if not isinstance(holders, Seen):
            return NOT_NEEDED
        inside = [a for a in self._recorded() if any(v.holds(a) for v in self._reads.vpcs().fact().seen_or(()))]
        left = frozenset(a for a in inside if not any(i.holds(a) for i in holders.value))
        return self._reads.ecs.ended_with(left) if left else NOT_NEEDED

    def _recorded(self) -> tuple[str, ...]:
        """Return the IPv4 addresses in the records of the name, or of the name at the end of its aliases."""
        zones = self.zones.fact()
        if zones == NOT_NEEDED:
            return ()
        found = self._followed.fact().seen_or(None)
        name = self._name
        if found is not None and found[0].steps:
            name, zones = found[0].steps[-1].target, found[0].zones
        zone = chosen(zones.seen_or(()), name, self._vpc_id())
        records = answering(zone.records.seen_or(()), zone.name, name) if zone is not None and zone.private else ()
        records += tuple(
            r for v in self._views.fact().seen_or(()) for r in v.records.fact().seen_or(()) if r.name == name
        )
        return tuple(dict.fromkeys(v for r in records if r.type == "A" for v in r.values))

    def _every_zone(self, facts: AwsFacts) -> Fact[tuple[HostedZone, ...]]:
        """Return the account's zones over the name, and those that the client's VPC lists beside them."""
        own = self.zones.fact()
        listed = [
            z
            for k in facts.vpc.looks
            for f in (k.zones, k.profile_zones)
            for z in f.seen_or(())
            if is_below(self._name, z.name)
        ]
        taken = frozenset(i for n in facts.cloudmap.namespaces.seen_or(()) if (i := n.hosted_zone_id))
        more = with_zones_of_vpc(self._reads, self._name, own.seen_or(()), tuple(listed), taken)
        if isinstance(own, Seen):
            return structs.replace(own, value=more)
        why = own.gap().text() if not isinstance(own, Absent) else own.what
        return Seen(more, "route53:ListHostedZonesByVPC", unread=(why,)) if more else own
