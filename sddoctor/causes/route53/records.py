"""Cloud Map and the zone have drifted apart: an instance without its record, a record without its instance."""

from __future__ import annotations

from sddoctor.case.cloudmap import Instance
from sddoctor.case.ecs import Task
from sddoctor.case.route53 import Record
from sddoctor.case.seen import Absent, Seen
from sddoctor.causes.model import Evidence, Finding, Fix, cause
from sddoctor.causes.route53.readings import answer_evidence, given
from sddoctor.causes.shell import aws
from sddoctor.causes.words import count, in_order, listed
from sddoctor.trail.thresholds import REGISTRATION_GRACE, STOP_GRACE
from sddoctor.trail.trail import Trail, optional

CLOUD_MAP = "servicediscovery.amazonaws.com"


@cause(
    "record-missing",
    hop="route53",
    kind="fault",
    severity="error",
    certainty="certain",
    title="Cloud Map has the instance, the zone has no record for it",
)
def record_missing(trail: Trail) -> Finding | None:
    """An instance that is not unhealthy, and not brand-new, has no record by id or address, and is not answered.

    https://docs.aws.amazon.com/cloud-map/latest/api/API_RegisterInstance.html
    """
    service = trail.cloudmap.service
    if not service.records or service.type == "HTTP" or trail.cloudmap.target_instance is not None:
        return None
    records = trail.cloudmap.records
    answered = optional(lambda: given(trail)) or frozenset()
    found = [i for i in trail.cloudmap.instances if _lacks_record(trail, i, records)]
    found = [i for i in found if not set(trail.promise.published(i.addresses)) & (answered | _of_twins(trail))]
    sure = [i for i in found if _age_of(trail, i) is not None]
    if not found:
        return None
    addresses = in_order(a for i in found for a in trail.promise.published(i.addresses))
    zone = trail.cloudmap.namespace.hosted_zone_id or trail.cloudmap.namespace.name
    got = optional(lambda: trail.asker.addresses) or frozenset()
    return Finding(
        summary=(
            f"{count(len(found), 'instance')} of {trail.name} ({listed(addresses)}) {'has' if len(found) == 1 else 'have'} "
            f"no record in the zone {zone}, so DNS cannot answer {'it' if len(found) == 1 else 'them'}."
        ),
        detail=(
            "Cloud Map lists the instance and does not call it unhealthy, but Route 53 has no record with its id or address. "
            "The zone can be written by Cloud Map only, so the instance has to be registered again."
        ),
        evidence=(
            *(
                Evidence("servicediscovery:ListInstances", i.id, listed(i.addresses), "a record in the zone")
                for i in found[:4]
            ),
            Evidence(
                "route53:ListResourceRecordSets SetIdentifier",
                f"{trail.name} in {zone}",
                tuple(sorted(r.set_identifier or r.type for r in records)[:8]) or "no record",
                tuple(i.id for i in found[:4]),
            ),
            *answer_evidence(trail, addresses),
        ),
        fixes=_register_again(trail, found),
        severity=None if len(found) == len(_live(trail)) else "warning",
        certainty=None if sure else "likely",
        acts=not set(addresses) <= got,
        addresses=addresses,
    )


def _live(trail: Trail) -> list[Instance]:
    return [i for i in trail.cloudmap.instances if trail.cloudmap.health(i.id) != "UNHEALTHY"]


def _lacks_record(trail: Trail, instance: Instance, records: tuple[Record, ...]) -> bool:
    addresses = trail.promise.published(instance.addresses)
    if not addresses or trail.cloudmap.health(instance.id) == "UNHEALTHY" or not _has_settled(trail, instance):
        return False
    return not any(r.set_identifier == instance.id or set(r.values) & set(addresses) for r in records)


def _has_settled(trail: Trail, instance: Instance) -> bool:
    """Tell whether the instance is past the registration grace and its task, if it is one's, still runs."""
    look = optional(lambda: trail.ecs.task_of(instance.id))
    if isinstance(look, Absent):
        return False  # its task is gone: another cause
    task = look.peek() if look is not None else None
    if task is None:
        return True  # Cloud Map does not say since when it has an instance
    age = trail.ecs.age(task.started_at)
    return task.runs and age is not None and age >= REGISTRATION_GRACE


def _age_of(trail: Trail, instance: Instance) -> float | None:
    look = optional(lambda: trail.ecs.task_of(instance.id))
    task = look.peek() if look is not None else None
    return trail.ecs.age(task.started_at) if task else None


def _of_twins(trail: Trail) -> set[str]:
    """Return the addresses that a zone of the same name, of another namespace, has for the name."""
    records = [r for v in trail.cloudmap.twins for r in v.records.peek() or ()]
    return {a for r in records if r.name == trail.name for a in r.values}


def _attributes(trail: Trail, instance: Instance) -> list[tuple[str, str]]:
    """Return the attributes to register again. The initial health would be taken anew, so it has to be the present one.

    https://docs.aws.amazon.com/cloud-map/latest/api/API_RegisterInstance.html
    """
    health = trail.cloudmap.health(instance.id)
    now = {"AWS_INIT_HEALTH_STATUS": health} if health == "HEALTHY" else {}
    return [(a.key, now.get(a.key, a.value)) for a in instance.attributes]


def _register_again(trail: Trail, instances: list[Instance]) -> tuple[Fix, ...]:
    service_id = trail.cloudmap.service.id
    fixes = [
        Fix(
            "Register the instance again with all its attributes, which writes the record",
            "aws",
            commands=tuple(
                aws(
                    "servicediscovery",
                    "register-instance",
                    service_id=service_id,
                    instance_id=i.id,
                    attributes=",".join(f"{k}={v}" for k, v in _attributes(trail, i)),
                )
                for i in instances[:8]
            ),
            changes="Writes the record of each instance. Compare with list-instances first: attributes left out are removed.",
            verified_by="list-resource-record-sets has one record for each instance, and the name answers.",
        )
    ]
    main = optional(lambda: trail.ecs.main)
    if main is not None:
        deploy = aws("ecs", "update-service", "--force-new-deployment", cluster=main.cluster_name, service=main.name)
        fixes.append(
            Fix(
                "Or let new tasks register",
                "aws",
                commands=(deploy,),
                changes=f"Replaces every task of {main.name}.",
                verified_by="list-resource-record-sets has one record for each instance.",
            )
        )
    return tuple(fixes)


@cause(
    "record-orphaned",
    hop="route53",
    kind="fault",
    severity="warning",
    certainty="certain",
    title="The zone has a record that no instance stands behind",
)
def record_orphaned(trail: Trail) -> Finding | None:
    """A record of the name has the id of no instance, or another address than its instance; Cloud Map owns the zone.

    https://docs.aws.amazon.com/Route53/latest/APIReference/API_LinkedService.html
    """
    namespace, zone = trail.cloudmap.namespace, trail.cloudmap.view.zone.value
    if zone.linked_service != CLOUD_MAP or trail.cloudmap.target_instance is not None:
        return None
    orphans = [r for r in trail.cloudmap.records if r.type in ("A", "AAAA", "SRV") and _is_orphan(trail, r)]
    if not orphans:
        return None
    addresses = in_order(a for r in orphans for a in _addresses_of(trail, r))
    answered = _answered(trail)
    names = list(dict.fromkeys(r.set_identifier or "without an id" for r in orphans))
    return Finding(
        summary=(
            f"The zone of {namespace.name} has {count(len(orphans), 'record')} for {trail.name} ({listed(addresses)}) that no "
            "Cloud Map instance stands behind."
        ),
        detail=(
            "Cloud Map and Route 53 have drifted apart, so DNS hands out an address that neither ECS nor Cloud Map can "
            "explain. The zone can be changed by Cloud Map only."
        ),
        evidence=(
            *(
                Evidence(
                    "route53:ListResourceRecordSets SetIdentifier",
                    f"{r.type} {listed(r.values)}",
                    r.set_identifier or "none",
                    "an instance with this id and address",
                )
                for r in orphans[:4]
            ),
            Evidence("servicediscovery:ListInstances", trail.name, _ids(trail), tuple(names)),
            *answer_evidence(trail, None),
        ),
        fixes=_remove(trail, orphans),
        acts=bool(answered & set(addresses)),
        addresses=addresses,
    )


def _instances(trail: Trail) -> tuple[Instance, ...]:
    """Return the instances that may stand behind records; none when the service itself is gone."""
    if isinstance(trail.cloudmap.view.service, Absent):
        return ()
    return trail.cloudmap.instances


def _ids(trail: Trail) -> tuple[str, ...] | str:
    return tuple(i.id for i in _instances(trail)[:8]) or "none"


def _is_orphan(trail: Trail, record: Record) -> bool:
    by_id = {i.id: i for i in _instances(trail)}
    addresses = _addresses_of(trail, record)
    behind = by_id.get(record.set_identifier or "")
    if behind is not None:
        return bool(addresses) and bool(behind.addresses) and not addresses & set(behind.addresses)
    if record.set_identifier is None and any(addresses & set(i.addresses) for i in by_id.values()):
        return False
    return not _is_moving(trail, record.set_identifier, addresses)


def _addresses_of(trail: Trail, record: Record) -> set[str]:
    if record.type != "SRV":
        return set(record.values)
    targets = {v.rsplit(" ", 1)[-1].removesuffix(".") for v in record.values}
    return {a for r in trail.cloudmap.view.records.value if r.name in targets for a in r.values}


def _is_moving(trail: Trail, task_id: str | None, addresses: set[str]) -> bool:
    """Tell whether a task with that id or address began or ended a moment ago: its entry is on its way."""
    tasks: list[Task] = [*(optional(lambda: trail.ecs.tasks) or ()), *(optional(lambda: trail.ecs.stopped) or ())]
    for task in tasks:
        if task.id != task_id and not addresses & set(task.addresses):
            continue
        if task.runs:
            began = trail.ecs.age(task.started_at)
            if began is None or began < REGISTRATION_GRACE:
                return True
            continue
        ended = trail.ecs.age(task.stopped_at or task.stopping_at)
        if ended is None or ended < STOP_GRACE:
            return True
    return False


def _answered(trail: Trail) -> frozenset[str]:
    asker = optional(lambda: trail.asker.addresses) or frozenset()
    return asker | (optional(lambda: given(trail)) or frozenset())


def _remove(trail: Trail, orphans: list[Record]) -> tuple[Fix, ...]:
    service = trail.cloudmap.view.service
    support = Fix(
        "If that fails, ask AWS Support to remove it: nobody but Cloud Map may change the zone",
        "aws",
        verified_by="Every record of the name has its instance.",
    )
    if not isinstance(service, Seen):
        return (support,)
    by_id = {i.id for i in _instances(trail)}
    commands: list[str] = []
    for record in orphans[:4]:
        instance_id = record.set_identifier
        address = next(iter(in_order(_addresses_of(trail, record))), None)
        if instance_id is None or instance_id in by_id or address is None:
            continue
        key = "AWS_INSTANCE_IPV6" if ":" in address else "AWS_INSTANCE_IPV4"
        port = _port(record)
        attributes = f"{key}={address}" + (f",AWS_INSTANCE_PORT={port}" if port else "")
        target = {"service_id": service.value.id, "instance_id": instance_id}
        commands.append(aws("servicediscovery", "register-instance", attributes=attributes, **target))
        commands.append(aws("servicediscovery", "deregister-instance", **target))
    if not commands:
        return (support,)
    return (
        Fix(
            "Try to let Cloud Map write and remove it: the same id again, then away",
            "aws",
            commands=tuple(commands),
            changes="Registers the lost id for a moment and takes it away together with its record.",
            verified_by="list-resource-record-sets no longer has it, and a fresh answer neither.",
        ),
        support,
    )


def _port(record: Record) -> str | None:
    if record.type != "SRV" or not record.values:
        return None
    parts = record.values[0].split()
    return parts[2] if len(parts) == 4 else None
