"""The zone has a record that no instance stands behind."""

from __future__ import annotations

from sddoctor.case.cloudmap import Instance
from sddoctor.case.ecs import Task
from sddoctor.case.route53 import Record
from sddoctor.case.seen import Absent, Seen
from sddoctor.causes.model import Evidence, Finding, Fix, cause
from sddoctor.causes.route53.evidence import answer_evidence
from sddoctor.text.shell import aws
from sddoctor.text.words import count, in_order, listed
from sddoctor.trail.thresholds import REGISTRATION_GRACE, STOP_GRACE
from sddoctor.trail.trail import Trail, optional

#: The service that a zone of Cloud Map is linked to.
CLOUD_MAP = "servicediscovery.amazonaws.com"


@cause(
    "record-orphaned",
    hop="route53",
    at=("records",),
    symptoms=("foreign",),
    severity="warning",
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
    """Tell whether a task with that id or address has just begun or ended: its entry is still about to change."""
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
    parts = record.values[0].split()
    return parts[2] if len(parts) == 4 else None
