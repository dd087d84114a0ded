"""The station ``registry``: the instances that Cloud Map holds for the name, and their health."""

from __future__ import annotations

from collections.abc import Iterator

from sddoctor.case.cloudmap import Instance
from sddoctor.case.ecs import Task
from sddoctor.case.name import is_below
from sddoctor.case.seen import AbsentFactError, FactError, Gap, UnseenFactError
from sddoctor.stations.before import Before
from sddoctor.stations.model import Denier, Difference, Output
from sddoctor.text.words import count, in_order, listed
from sddoctor.trail.creations import failed_for_name
from sddoctor.trail.denials import vpc_denier
from sddoctor.trail.owners import is_nobodys, names_meant
from sddoctor.trail.thresholds import PROPAGATION_GRACE
from sddoctor.trail.trail import Trail, optional


def look(trail: Trail, before: Before) -> tuple[Output, tuple[Difference, ...]]:
    """Return the addresses that Cloud Map publishes. Raises where the namespace, its service or its instances were not seen."""
    if trail.owner.is_of_records:
        raise AbsentFactError("an entry of Cloud Map: the name is no matter of Cloud Map")
    if not trail.cloudmap.facts.views and trail.vpc.facts.rules_elsewhere.seen_or(()):
        raise AbsentFactError("an entry of Cloud Map: a Resolver rule is meant for the name")
    if not trail.cloudmap.facts.views and trail.cloudmap.facts.namespaces.value and not _is_meant(trail):
        raise UnseenFactError(Gap(f"whose name {trail.name} is", "no namespace has it", "the zones of every VPC"))
    if not trail.cloudmap.facts.views and (zone := _answering_zone(trail)):
        why = f"the VPC resolver answers from it, and no list shows {zone}"
        raise UnseenFactError(Gap(f"the hosted zone {zone}", why, "route53:ListHostedZonesByName"))
    try:
        trail.cloudmap.view.service.value  # noqa: B018 - raises where there is none, or it was not seen
    except AbsentFactError as absent:
        nothing = str(absent).removeprefix("a ").removeprefix("an ").removeprefix("the ")
        if trail.cloudmap.facts.views and not trail.cloudmap.label:
            nothing = "service in front of the namespace in this name"
        output = Output("registry", f"Cloud Map has no {nothing}", symptom="missing", denier=_denier(trail))
        return output, (Difference("missing", f"no {nothing}", "a service with instances"),)
    instances = trail.cloudmap.instances
    states = {i.id: _health(trail, i) for i in instances}
    of_aliases = optional(lambda: trail.promise.of_aliases) or frozenset()
    published = _published(trail, [i for i in instances if states[i.id] != "UNHEALTHY"]) | of_aliases
    registered = _published(trail, instances) | of_aliases
    unnamed = not registered and bool(optional(lambda: trail.promise.is_alias))
    output = Output(
        "registry",
        f"Cloud Map has {_tally(list(states.values()))} of {trail.cloudmap.service.name}",
        published,
        registered,
        symptom=None if published or unnamed else "missing",
        denier="zone",
        source="servicediscovery:ListInstances",
    )
    if unnamed:
        return output, tuple(_behind(trail))
    return output, tuple(_differences(trail, before, output, states))


def _behind(trail: Trail) -> Iterator[Difference]:
    """Yield that what the instances are another name for does not serve."""
    target, down = trail.case.aws.target.seen_or(None), trail.promise.target_is_down
    if target is not None and down is not None:
        says = f"{target.words} {down.why}"
        yield Difference(
            "not-serving", down.why, "something that serves", frozenset(trail.promise.not_serving), says=says
        )


def _answering_zone(trail: Trail) -> str:
    """Return the zone whose own SOA the VPC resolver's denial carries, if that is a parent of the name and no public one."""
    answer = optional(lambda: trail.answers.vpc(trail.rdtype))
    if answer is None or not answer.denied or answer.soa is None or optional(lambda: vpc_denier(trail)) == "public":
        return ""
    return answer.soa.owner if answer.soa.owner and is_below(trail.name, answer.soa.owner) else ""


def _is_meant(trail: Trail) -> bool:
    """Tell whether a name in no namespace is short of one, was meant for another or one that could not be created, or is nobody's."""
    meant = bool(names_meant(trail)) or bool(optional(lambda: failed_for_name(trail)))
    return "." not in trail.name or meant or is_nobodys(trail)


def _differences(trail: Trail, before: Before, now: Output, states: dict[str, str | None]) -> Iterator[Difference]:
    registered, published = now.possible, now.addresses
    if before.output is None or before.output.station != "tasks":
        possible = optional(lambda: trail.promise.possible)
        if not (registered if possible is None else registered & possible):
            yield Difference("missing", "no instance of a task", "an instance for each task")
        elif not published:
            yield Difference("missing", "UNHEALTHY in Cloud Map", "HEALTHY instances", registered)
        yield from _foreign(trail, before, published)
        return
    absent = before.promised - registered
    if absent:
        says = f"Cloud Map has no instance for {listed(in_order(absent))}"
        yield Difference("missing", "not registered", "an instance for each task that serves", absent, says=says)
    if nowhere := optional(lambda: trail.promise.nowhere):
        number = count(len(nowhere), "task")
        says = f"Cloud Map has no instance for {number} of {listed(s.name for s in trail.ecs.attached)}"
        expected = "an instance for each task that serves"
        yield Difference("missing", f"{number} not registered", expected, says=says)
    withheld = (before.promised & registered) - published
    if withheld:
        young = all(_is_young(trail, t) for t in trail.ecs.running if withheld & set(_addresses(trail, t)))
        says = f"{listed(in_order(withheld))} {'is' if len(withheld) == 1 else 'are'} UNHEALTHY in Cloud Map"
        yield Difference("missing", "UNHEALTHY in Cloud Map", "HEALTHY, as in ECS", withheld, young, says=says)
    yield from _wrong_ports(trail)
    disagreeing = frozenset(a for i in trail.cloudmap.instances if states[i.id] == "HEALTHY" for a in i.addresses)
    unhealthy = frozenset(a for t in trail.promise.sick if t.health == "UNHEALTHY" for a in _addresses(trail, t))
    sick = disagreeing & before.wrong & unhealthy
    if sick:
        says = f"Cloud Map has {listed(in_order(sick))} as HEALTHY"
        yield Difference("not-serving", "HEALTHY in Cloud Map", "UNHEALTHY, as in ECS", sick, says=says)
    yield from _foreign(trail, before, published)


def _wrong_ports(trail: Trail) -> Iterator[Difference]:
    """Yield the tasks whose SRV records lead to a port that they do not offer, all as one fault."""
    found: dict[str, tuple[str, str]] = {}
    for task in trail.ecs.running:
        wrong = optional(lambda t=task: trail.promise.wrong_port(t))  # type: ignore[misc]
        if wrong is not None:
            offered = listed(f"port {p}" for p in sorted(wrong[1]))
            found |= dict.fromkeys(_addresses(trail, task), (f"port {wrong[0]}", offered))
    if found:
        ports, offers = (listed(sorted({f[n] for f in found.values()}), most=3) for n in (0, 1))
        each = "which offers" if len(found) == 1 else "which offer"
        says = f"Cloud Map has {ports} for {listed(in_order(found), most=4)}, {each} {offers}"
        yield Difference("foreign", ports, offers, frozenset(found), says=says)


def _foreign(trail: Trail, before: Before, published: frozenset[str]) -> Iterator[Difference]:
    """Yield what is registered although nothing that serves, starts or leaves has it."""
    try:
        foreign = published - trail.promise.welcome - before.possible
    except FactError:
        return
    if foreign:
        observed = listed(in_order(foreign))
        says = f"Cloud Map has {observed} registered, which no task has that runs"
        yield Difference("foreign", observed, "instances of tasks that run", foreign, says=says)


def _tally(states: list[str | None]) -> str:
    """Return how many instances are in which health: ``2 HEALTHY instances``, ``3 instances (HEALTHY and UNHEALTHY)``."""
    distinct = sorted({s or "no health yet" for s in states})
    if len(distinct) == 1 and states[0]:
        return f"{len(states)} {states[0]} {'instance' if len(states) == 1 else 'instances'}"
    return count(len(states), "instance") + (f" ({listed(distinct)})" if distinct else "")


def _denier(trail: Trail) -> Denier:
    """Return who denies a name without a service: the namespace's zone, if there is a namespace."""
    return "zone" if trail.cloudmap.facts.views else "public"


def _published(trail: Trail, instances: tuple[Instance, ...] | list[Instance]) -> frozenset[str]:
    return frozenset(a for i in instances for a in trail.promise.published(i.addresses))


def _health(trail: Trail, instance: Instance) -> str | None:
    """Return what Cloud Map says of the instance; what could not be read withholds nothing."""
    try:
        return trail.cloudmap.health(instance.id)
    except UnseenFactError:
        return None


def _addresses(trail: Trail, task: Task) -> tuple[str, ...]:
    return optional(lambda: trail.promise.addresses_of(task)) or ()


def _is_young(trail: Trail, task: Task) -> bool:
    age = trail.ecs.age(task.started_at)
    return age is not None and age < PROPAGATION_GRACE
