"""Cloud Map has the instance, the zone has no record for it."""

from __future__ import annotations

from sddoctor.case.cloudmap import Instance
from sddoctor.case.seen import Absent
from sddoctor.causes.commands import new_tasks, register
from sddoctor.causes.model import Evidence, Finding, Fix, cause
from sddoctor.causes.route53.evidence import answer_evidence
from sddoctor.text.shell import aws
from sddoctor.text.words import count, in_order, listed
from sddoctor.trail.thresholds import REGISTRATION_GRACE
from sddoctor.trail.trail import Trail, optional
from sddoctor.trail.zone_answers import vpc_resolver_addresses


@cause(
    "record-missing",
    hop="route53",
    at=("records",),
    symptoms=("missing",),
    title="Cloud Map has the instance, the zone has no record for it",
)
def record_missing(trail: Trail) -> Finding | None:
    """An instance that is not unhealthy, and not brand-new, has no record by id or address, and is not answered.

    https://docs.aws.amazon.com/cloud-map/latest/api/API_RegisterInstance.html
    """
    service = trail.cloudmap.service
    if not service.records or service.type == "HTTP" or trail.cloudmap.target_instance is not None:
        return None
    found = _without_record(trail)
    if not found:
        return None
    addresses = in_order(a for i in found for a in trail.promise.published(i.addresses))
    has, them = ("has", "it") if len(found) == 1 else ("have", "them")
    return Finding(
        summary=(
            f"{count(len(found), 'instance')} of {trail.name} ({listed(addresses)}) {has} no record in the zone "
            f"{_zone(trail)}, so DNS cannot hand {them} out."
        ),
        detail=(
            "Cloud Map lists the instance and does not call it unhealthy, but Route 53 has no record with its id or address. "
            "The zone can be written by Cloud Map only, so the instance has to be registered again."
        ),
        evidence=(*_evidence(trail, found), *answer_evidence(trail, addresses)),
        fixes=_register_again(trail, found),
        severity=None if len(found) == len(_live(trail)) else "warning",
        would_tell=None if any(_age(trail, i) is not None for i in found) else _later(trail),
        addresses=addresses,
    )


def _without_record(trail: Trail) -> list[Instance]:
    """Return the live, settled instances of which no record of the zone has the id or an address, and no answer an address.

    An answer may have addresses of an older record, or of a zone of the same name.
    """
    records = trail.cloudmap.records
    ids = {r.set_identifier for r in records}
    values = {v for r in records for v in r.values}
    found = [
        i
        for i in trail.cloudmap.instances
        if _published(trail, i)
        and trail.cloudmap.health(i.id) != "UNHEALTHY"
        and i.id not in ids
        and values.isdisjoint(_published(trail, i))
    ]
    found = [i for i in found if _has_settled(trail, i)]
    answered = (optional(lambda: vpc_resolver_addresses(trail)) or frozenset()) | _of_namesakes(trail)
    return [i for i in found if answered.isdisjoint(_published(trail, i))]


def _live(trail: Trail) -> list[Instance]:
    return [i for i in trail.cloudmap.instances if trail.cloudmap.health(i.id) != "UNHEALTHY"]


def _published(trail: Trail, instance: Instance) -> tuple[str, ...]:
    return trail.promise.published(instance.addresses)


def _has_settled(trail: Trail, instance: Instance) -> bool:
    """Tell whether the instance is past the registration grace and its task, if it is one's, still runs."""
    fact = optional(lambda: trail.ecs.task_of(instance.id))
    if isinstance(fact, Absent):
        return False  # its task is gone: another cause
    task = fact.seen_or(None) if fact is not None else None
    if task is None:
        return True  # Cloud Map does not say since when it has an instance
    age = trail.ecs.age(task.started_at)
    return task.runs and age is not None and age >= REGISTRATION_GRACE


def _age(trail: Trail, instance: Instance) -> float | None:
    """Return the age of the task behind the instance, ``None`` where there is none or it was not seen."""
    fact = optional(lambda: trail.ecs.task_of(instance.id))
    task = fact.seen_or(None) if fact is not None else None
    return trail.ecs.age(task.started_at) if task else None


def _later(trail: Trail) -> str:
    """Return how to see whether the record is still missing when the instance can no longer be new."""
    read = aws("route53", "list-resource-record-sets", hosted_zone_id=_zone(trail), start_record_name=trail.name)
    return f"sleep {REGISTRATION_GRACE}; {read}"


def _zone(trail: Trail) -> str:
    return trail.cloudmap.namespace.hosted_zone_id or trail.cloudmap.namespace.name


def _evidence(trail: Trail, found: list[Instance]) -> tuple[Evidence, ...]:
    records = tuple(sorted(r.set_identifier or r.type for r in trail.cloudmap.records)[:8])
    return (
        *(
            Evidence("servicediscovery:ListInstances", i.id, listed(i.addresses), "a record in the zone")
            for i in found[:4]
        ),
        Evidence(
            "route53:ListResourceRecordSets SetIdentifier",
            f"{trail.name} in {_zone(trail)}",
            records or "no record",
            tuple(i.id for i in found[:4]),
        ),
    )


def _of_namesakes(trail: Trail) -> set[str]:
    """Return the addresses that a zone of the same name, of another namespace, has for the name."""
    records = [r for v in trail.cloudmap.namesakes for r in v.records.seen_or(())]
    return {a for r in records if r.name == trail.name for a in r.values}


def _attributes(trail: Trail, instance: Instance) -> dict[str, str]:
    """Return the attributes to register again. The initial health would be applied again, so it has to be the present one.

    https://docs.aws.amazon.com/cloud-map/latest/api/API_RegisterInstance.html
    """
    health = trail.cloudmap.health(instance.id)
    now = {"AWS_INIT_HEALTH_STATUS": health} if health == "HEALTHY" else {}
    return {a.key: now.get(a.key, a.value) for a in instance.attributes}


def _register_again(trail: Trail, instances: list[Instance]) -> tuple[Fix, ...]:
    service_id = trail.cloudmap.service.id
    fixes = [
        Fix(
            "Register the instance again with all its attributes, which writes the record",
            "aws",
            commands=tuple(register(service_id, i.id, _attributes(trail, i)) for i in instances[:8]),
            changes="Writes the record of each instance. Compare with list-instances first: attributes left out are removed.",
            verified_by="list-resource-record-sets has one record for each instance, and the name answers.",
        )
    ]
    main = optional(lambda: trail.ecs.main)
    if main is not None:
        fixes.append(
            new_tasks("Or let new tasks register", main, "list-resource-record-sets has one record for each instance.")
        )
    return tuple(fixes)
