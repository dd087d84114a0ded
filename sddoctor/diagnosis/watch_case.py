"""The case of one observation of a watch: the first case, updated with what was observed again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from msgspec import structs

from sddoctor.case.case import AwsFacts, Case
from sddoctor.case.cloudmap import CloudMapFacts, Instance
from sddoctor.case.dns import Answer, Probe, Rr
from sddoctor.case.ecs import ClusterWalk, EcsFacts, EcsService, RegisteredTask, ServiceTasks, Task
from sddoctor.case.route53 import HostedZone
from sddoctor.case.seen import NOT_NEEDED, Absent, Fact, NotAttempted, Seen, Unreachable
from sddoctor.case.vpc import VpcFacts
from sddoctor.case.watch import Answered, State
from sddoctor.resolution.zones import alias_of, answering
from sddoctor.trail.cloudmap import is_task_id
from sddoctor.trail.trail import Trail, optional

_SOURCE = "ecs:DescribeTasks"


def case_of(first: Case, state: State, at: datetime) -> Case:
    """Return the first case as it is at a later time. What is not observed again stays as it was first.

    The namespace that is followed stays the same, whatever is registered in others meanwhile.
    """
    if state.of_records:
        return _of_records(first, state, at)
    trail = Trail(first)
    instances = state.instances.map(lambda seen: tuple(i.instance() for i in seen))
    aws = structs.replace(
        first.aws,
        ecs=_ecs(trail, state, instances),
        cloudmap=_cloudmap(trail, state, instances),
        vpc=_vpc(trail, instances),
    )
    return structs.replace(first, at=at, aws=aws)


def _of_records(first: Case, state: State, at: datetime) -> Case:
    """Return the first case with the records of now, and with what the VPC resolver answers now where that is the promise."""
    now = {z.zone_id: z.records for z in state.zones}

    def again(fact: Fact[tuple[HostedZone, ...]]) -> Fact[tuple[HostedZone, ...]]:
        return fact.map(lambda zones: tuple(structs.replace(z, records=now.get(z.id, z.records)) for z in zones))

    aws = structs.replace(first.aws, zones=again(first.aws.zones), target_zones=again(first.aws.target_zones))
    if _recorded(aws) - _recorded(first.aws):
        why = "a record has got the address after they were looked for"
        unseen = NotAttempted("the owners of the addresses", why, "another look")
        aws = structs.replace(aws, vpc=structs.replace(aws.vpc, interfaces=unseen))
    if _leads_elsewhere(first, aws.zones):
        aws = structs.replace(aws, alias=(), target_zones=NOT_NEEDED, target=NOT_NEEDED)
    place = structs.replace(first.place, dns=structs.replace(first.place.dns, probes=tuple(_probes(first, state))))
    return structs.replace(first, at=at, aws=aws, places=(place, *first.places[1:]))


def _recorded(aws: AwsFacts) -> set[str]:
    zones = (*aws.zones.seen_or(()), *aws.target_zones.seen_or(()))
    return {v for z in zones for r in z.records.seen_or(()) if r.type == "A" for v in r.values}


def _leads_elsewhere(first: Case, zones: Fact[tuple[HostedZone, ...]]) -> bool:
    """Tell whether the name has another alias by now: what it leads to was not looked at then."""
    if not first.aws.alias:
        return False
    step = first.aws.alias[0]
    here = next((z for z in zones.seen_or(()) if z.id == step.zone_id), None)
    records = here.records.seen_or(None) if here is not None else None
    return (
        here is not None
        and records is not None
        and alias_of(answering(records, here.name, first.name)) != (step.target,)
    )


def _probes(first: Case, state: State) -> Iterator[Probe]:
    """Yield the first probes, with the answers of now in those that asked the VPC's resolvers for addresses."""
    now = {a.who.removeprefix("VPC "): a for a in state.answers if a.who.startswith("VPC ")}
    for probe in first.place.dns.probes:
        answered = now.get(str(probe.server))
        if probe.role != "vpc" or answered is None or probe.type not in ("A", "AAAA") or not probe.plain:
            yield probe
        elif probe.name in (first.name, first.subject):
            yield structs.replace(probe, outcome=_outcome(probe, answered))


def _outcome(probe: Probe, answered: Answered) -> Fact[Answer]:
    if not answered.reached:
        return Unreachable(
            f"the answer of {answered.who}", answered.error or "no answer", "a way to it", kind="silence"
        )
    six = probe.type == "AAAA"
    found = tuple(Rr(probe.name, probe.type, 0, a) for a in answered.addresses if (":" in a) == six)
    error = answered.error if answered.error in ("NXDOMAIN", "SERVFAIL", "REFUSED") else "NOERROR"
    return Seen(Answer("NOERROR" if answered.addresses else error, answers=found), f"dns @{probe.server} {probe.type}")


def _cloudmap(trail: Trail, state: State, instances: Fact[tuple[Instance, ...]]) -> CloudMapFacts:
    facts = trail.cloudmap.facts
    view = optional(lambda: trail.cloudmap.view)
    if view is None or view.service.seen_or(None) is None:
        return facts
    return structs.replace(facts, views=(structs.replace(view, instances=instances, health=state.health),))


def _vpc(trail: Trail, instances: Fact[tuple[Instance, ...]]) -> VpcFacts:
    """Return the VPCs. The owners of addresses were looked up once: those of addresses registered since are unknown."""
    facts = trail.case.aws.vpc
    known = {a for v in trail.case.aws.cloudmap.views for i in v.instances.seen_or(()) for a in i.addresses}
    if all(a in known for i in instances.seen_or(()) for a in i.addresses):
        return facts
    why = "an address was registered after they were looked for"
    return structs.replace(facts, interfaces=NotAttempted("the owners of the addresses", why, "another look"))


def _ecs(trail: Trail, state: State, instances: Fact[tuple[Instance, ...]]) -> EcsFacts:
    followed = {s.arn for s in optional(lambda: trail.ecs.active) or ()}
    if not followed:
        return trail.ecs.facts
    facts = trail.ecs.facts

    def again(fact: Fact[tuple[EcsService, ...]]) -> Fact[tuple[EcsService, ...]]:
        if followed.isdisjoint(s.arn for s in fact.seen_or(())):
            return fact
        others = tuple(s for s in fact.seen_or(()) if s.arn not in followed)
        return state.services.map(lambda seen: (*(_with_events(s) for s in seen if s.arn in followed), *others))

    events = {s.arn: s.events for s in trail.ecs.seen_services}

    def _with_events(service: EcsService) -> EcsService:
        return service if service.events else structs.replace(service, events=events.get(service.arn, ()))

    tasks = state.tasks.map(lambda seen: tuple(t.task() for t in seen))
    listed = tuple(s for f in (facts.services, *(w.services for w in facts.walks)) for s in f.seen_or(()))
    return structs.replace(
        facts,
        services=again(facts.services),
        walks=tuple(ClusterWalk(w.cluster, again(w.services)) for w in facts.walks),
        tasks=(
            *(_tasks_of(s, tasks) for s in {s.arn: s for s in listed if s.arn in followed}.values()),
            *(t for t in facts.tasks if t.service_arn not in followed),
        ),
        registered=tuple(_registered(trail, tasks, instances)),
    )


def _tasks_of(service: EcsService, tasks: Fact[tuple[Task, ...]]) -> ServiceTasks:
    def of(desired: str) -> Fact[tuple[Task, ...]]:
        return tasks.map(lambda seen: tuple(t for t in seen if t.desired_status == desired and _is_of(t, service)))

    return ServiceTasks(service.arn, of("RUNNING"), of("STOPPED"))


def _is_of(task: Task, service: EcsService) -> bool:
    return task.group == f"service:{service.name}" and task.cluster == service.cluster


def _registered(
    trail: Trail, tasks: Fact[tuple[Task, ...]], instances: Fact[tuple[Instance, ...]]
) -> Iterator[RegisteredTask]:
    """Yield the task behind each instance: as it is listed now, or else as it was seen first."""
    before = {r.instance_id: r for r in trail.ecs.facts.registered}
    for instance in instances.seen_or(()):
        if is_task_id(instance.id):
            cluster = instance.get("ECS_CLUSTER_NAME") or ""
            known = before.get(instance.id, RegisteredTask(instance.id, cluster, _not_seen(instance.id)))
            yield structs.replace(known, task=_again(trail, known, tasks))


def _again(trail: Trail, known: RegisteredTask, tasks: Fact[tuple[Task, ...]]) -> Fact[Task]:
    """Return the task as it is listed; one of a followed service that is not is gone, others are not listed at all."""
    listed = next((t for t in tasks.seen_or(()) if t.id == known.instance_id), None)
    if listed is not None:
        return Seen(listed, _SOURCE)
    first = known.task.seen_or(None)
    if first is None or not any(_is_of(first, s) for s in trail.ecs.active):
        return known.task
    return Absent(f"task {first.id}", _SOURCE) if isinstance(tasks, Seen) else tasks


def _not_seen(task_id: str) -> NotAttempted:
    return NotAttempted(f"task {task_id}", "no followed service has it", "--cluster and --service")
