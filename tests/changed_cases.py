"""Cases of worlds with one fact replaced: what a cause must not say of them, or says of them all the same."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, TypeAlias

from msgspec.structs import replace

from sddoctor.case.case import Case
from sddoctor.case.dns import Answer, Probe, Rr, unanswered
from sddoctor.case.ecs import EcsService, Task
from sddoctor.case.host import LookupResult
from sddoctor.case.seen import Absent, Denied, Fact, NoAnswer, NotAttempted, Opaque, Seen, Unreachable
from sddoctor.causes.model import Finding
from sddoctor.causes.registry import BY_CODE
from sddoctor.trail.trail import Trail
from tests.world_cases import observed

Change: TypeAlias = Callable[[Case], Case]
#: The address of the only task of most worlds, and one that nobody has.
ADDRESS, FOREIGN = "10.10.211.50", "10.9.9.9"
UNSEEN = NotAttempted("a fact", "nobody looked", "a look")
ABSENT = Absent("the thing", "its owner")
_FACTS = Seen, Absent, Denied, Unreachable, Opaque, NotAttempted
EMPTY, SERVFAIL = Answer("NOERROR"), Answer("SERVFAIL")


def said(code: str, world: str | Case, *changes: Change) -> Finding | None:
    """Return what a cause says of a world after the changes. Raises where it cannot decide."""
    case = _case(world) if isinstance(world, str) else world
    for change in changes:
        case = change(case)
    return BY_CODE[code].decide(Trail(case))


@cache
def _case(world: str) -> Case:
    return observed(world).case


def a(*addresses: str, owner: str = "dev-api.example.internal") -> Answer:
    """An answer with these addresses."""
    return Answer("NOERROR", answers=tuple(Rr(owner, "AAAA" if ":" in x else "A", 10, x) for x in addresses))


#: As Route 53 writes it, but for the minimum.
_SOA = "ns-1536.awsdns-00.co.uk awsdns-hostmaster.amazon.com 1 7200 900 1209600 15"


def denied_by(zone: str) -> Answer:
    """A denial with the SOA of a zone."""
    return Answer("NXDOMAIN", authority=(Rr(zone, "SOA", 15, _SOA),))


def host(**facts: Any) -> Change:
    """Replace facts of this host; plain values of what is a fact are seen."""
    return lambda case: _at_place(case, host=Seen(_with(case.place.host.value, facts), "test"))


def lists(*servers: str) -> Change:
    """resolv.conf names these servers."""

    def change(case: Case) -> Case:
        conf = replace(case.place.host.value.resolv_conf.value, listed=servers, effective=servers)
        return host(resolv_conf=conf)(case)

    return change


def gets(*addresses: str) -> Change:
    """Programs on this host get these addresses, whether they ask with the final dot or not."""
    return _each_lookup(LookupResult(addresses, None if addresses else "not found"))


def fails(error: str, *, by: str | None = None) -> Change:
    """Programs on this host fail in these words; ``by`` is what looked up, if it was another."""
    return _each_lookup(LookupResult((), error), **({} if by is None else {"source": by}))


def _each_lookup(result: LookupResult, **fields: str) -> Change:
    def change(case: Case) -> Case:
        outcome = Seen(result, "test")
        lookups = tuple(replace(x, outcome=outcome, **fields) for x in case.place.host.value.lookups)
        return host(lookups=lookups)(case)

    return change


def answers(
    answer: Answer, *, of: str | None = None, role: str | None = None, type_: str | None = None, plain: bool = False
) -> Change:
    """A server, or all of a role, says this of the name whenever it is asked (``plain``: as programs ask)."""

    def is_meant(probe: Probe) -> bool:
        return type_ in (None, probe.type) and (probe.plain or not plain)

    return _each_answer(lambda p: replace(p, outcome=Seen(answer, "test")) if is_meant(p) else p, of, role)


def silent(*, of: str | None = None, role: str | None = None, kind: NoAnswer = "silence") -> Change:
    """A server, or all of a role, has no usable answer for the name."""
    return _each_answer(lambda p: replace(p, outcome=unanswered("an answer", p.server, kind, kind)), of, role)


def _each_answer(change: Callable[[Probe], Probe], of: str | None, role: str | None) -> Change:
    def changed(probe: Probe, case: Case) -> Probe:
        is_meant = probe.name == case.name and of in (None, probe.server.address) and role in (None, probe.role)
        return change(probe) if is_meant else probe

    return lambda case: _at_dns(case, probes=tuple(changed(p, case) for p in case.place.dns.probes))


def without_probes(unwanted: Callable[[Probe], bool]) -> Change:
    """What is unwanted was not queried."""
    return lambda case: _at_dns(case, probes=tuple(p for p in case.place.dns.probes if not unwanted(p)))


def more_probes(more: Callable[[Case], tuple[Probe, ...]]) -> Change:
    """Something was queried besides."""
    return lambda case: _at_dns(case, probes=(*case.place.dns.probes, *more(case)))


def called(name: str) -> Change:
    """Everything that was seen of the name was seen of this one."""

    def change(case: Case) -> Case:
        probes = tuple(replace(p, name=name) if p.name == case.name else p for p in case.place.dns.probes)
        lookups = tuple(replace(x, name=name) for x in case.place.host.value.lookups)
        return host(lookups=lookups)(replace(_at_dns(case, probes=probes), name=name))

    return change


def view(index: int = 0, **facts: Any) -> Change:
    """Replace facts of a namespace that the name ends in; plain values are seen."""

    def change(case: Case) -> Case:
        views = list(case.aws.cloudmap.views)
        views[index] = _with(views[index], facts)
        return _at_aws(case, cloudmap=replace(case.aws.cloudmap, views=tuple(views)))

    return change


def namespace(**fields: Any) -> Change:
    """Replace fields of the namespace."""
    return lambda case: view(namespace=replace(case.aws.cloudmap.views[0].namespace, **fields))(case)


def service(**fields: Any) -> Change:
    """Replace fields of the Cloud Map service."""
    return lambda case: view(service=replace(case.aws.cloudmap.views[0].service.value, **fields))(case)


def zone(**fields: Any) -> Change:
    """Replace fields of the hosted zone."""
    return lambda case: view(zone=replace(case.aws.cloudmap.views[0].zone.value, **fields))(case)


def vpc(**facts: Any) -> Change:
    """Replace facts of VPCs."""
    return lambda case: _at_aws(case, vpc=_with(case.aws.vpc, facts))


def look(**facts: Any) -> Change:
    """Replace facts of the DNS of each VPC that was looked at."""
    return lambda case: vpc(looks=tuple(_with(x, facts) for x in case.aws.vpc.looks))(case)


def tasks(change: Callable[[Task], Task | None], *, part: str = "running") -> Change:
    """Change, or take away, each task that should run, or (``part="stopped"``) has stopped."""

    def changed(fact: Fact[tuple[Task, ...]]) -> Fact[tuple[Task, ...]]:
        return fact.map(lambda found: tuple(t for task in found if (t := change(task)) is not None))

    def changed_case(case: Case) -> Case:
        looks = tuple(replace(x, **{part: changed(getattr(x, part))}) for x in case.aws.ecs.tasks)
        return _at_aws(case, ecs=replace(case.aws.ecs, tasks=looks))

    return changed_case


def each_ecs_service(new: Callable[[EcsService], EcsService]) -> Change:
    """Change every ECS service."""

    def changed(fact: Fact[tuple[EcsService, ...]]) -> Fact[tuple[EcsService, ...]]:
        return fact.map(lambda found: tuple(map(new, found)))

    def change(case: Case) -> Case:
        facts = case.aws.ecs
        walks = tuple(replace(w, services=changed(w.services)) for w in facts.walks)
        return _at_aws(case, ecs=replace(facts, services=changed(facts.services), walks=walks))

    return change


def asked(**fields: Any) -> Change:
    """Replace what the user asked for."""
    return lambda case: replace(case, asked=replace(case.asked, **fields))


def _with(value: Any, changes: dict[str, Any]) -> Any:
    def fact(name: str, new: Any) -> Any:
        is_fact = isinstance(getattr(value, name), _FACTS)
        return Seen(new, "test") if is_fact and not isinstance(new, _FACTS) else new

    return replace(value, **{name: fact(name, new) for name, new in changes.items()})


def _at_aws(case: Case, **parts: Any) -> Case:
    return replace(case, aws=replace(case.aws, **parts))


def _at_place(case: Case, **parts: Any) -> Case:
    return replace(case, places=(replace(case.place, **parts), *case.places[1:]))


def _at_dns(case: Case, **parts: Any) -> Case:
    return _at_place(case, dns=replace(case.place.dns, **parts))
