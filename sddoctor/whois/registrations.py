"""The Cloud Map registrations of an address, and whether they should exist."""

from __future__ import annotations

import re

from sddoctor.case.address import usual_form
from sddoctor.case.cloudmap import CloudMapService, Instance, Namespace
from sddoctor.case.ecs import Task
from sddoctor.case.seen import Absent, Seen, is_unseen
from sddoctor.text.words import age, listed
from sddoctor.trail.thresholds import STOP_GRACE
from sddoctor.whois.index import Index
from sddoctor.whois.model import Registration, Standing

#: The ids that ECS gives to tasks, and so to the instances that it registers.
_TASK_ID = re.compile(r"[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def of(index: Index, address: str, *, owned: bool, unused: bool) -> tuple[Registration, ...]:
    """Return the registrations of an address.

    ``owned``: something has it now. ``unused``: it is certain that nothing in this account and region has it, and that
    it is an address of one of their VPCs.
    """
    found = []
    for namespace, service, instance, health in index.registered():
        if address not in {usual_form(a) for a in instance.addresses}:
            continue
        standing, why = _standing(
            index, address, instance, foreign=namespace.owner != "SELF", owned=owned, unused=unused
        )
        found.append(
            Registration(
                namespace=namespace.name,
                namespace_id=namespace.id,
                service=service.name,
                service_id=service.id,
                instance_id=instance.id,
                name=_name(namespace, service),
                health=health,
                port=instance.get("AWS_INSTANCE_PORT"),
                standing=standing,
                why=why,
            )
        )
    order: dict[Standing, int] = {"current": 0, "other": 1, "leaving": 2, "stale": 3, "unknown": 4}
    return tuple(sorted(found, key=lambda r: (order[r.standing], r.namespace, r.service, r.instance_id)))


def _standing(
    index: Index, address: str, instance: Instance, *, foreign: bool, owned: bool, unused: bool
) -> tuple[Standing, str]:
    fact = index.task_fact(instance.id)
    # Other tools use ids of this form as well, but not the attributes of ECS.
    if not _TASK_ID.fullmatch(instance.id) or (fact is None and not instance.from_ecs):
        if owned:
            return "other", "it was not ECS that registered it"
        if unused:
            return "stale", "it was not ECS that registered it, and nothing has the address"
        return "unknown", "it was not ECS that registered it, and who has the address was not seen"
    if isinstance(fact, Seen):
        return _standing_by_task(index, address, fact.value)
    if foreign:
        # https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-discovery.html
        return "unknown", "the namespace is shared, and its task may run in the account that owns it"
    if isinstance(fact, Absent):
        return "stale", f"ECS does not know task {instance.id} any more"
    if fact is not None and is_unseen(fact):
        return "unknown", f"its task was not seen: {fact.gap().why}"
    return "unknown", "the instance does not say in which cluster its task runs, and no task of this id was seen"


def _standing_by_task(index: Index, address: str, task: Task) -> tuple[Standing, str]:
    if task.last_status == "STOPPED":
        ago = (index.facts.at - task.stopped_at).total_seconds() if task.stopped_at else None
        when = f" {age(ago)} ago" if ago is not None else ""
        if ago is not None and ago < STOP_GRACE:
            return "leaving", f"task {task.id} stopped{when}"
        return "stale", f"task {task.id} stopped{when}"
    if any((":" in a) == (":" in address) for a in task.addresses) and not index.task_has(task, address):
        return "stale", f"task {task.id} runs with {listed(task.addresses)}"
    if not task.addresses and _is_on_another_host(index, address, task):
        return "stale", f"task {task.id} runs on a container instance that does not have the address"
    if task.desired_status == "STOPPED":
        return "leaving", f"task {task.id} is being stopped"
    return "current", f"task {task.id} runs"


def _is_on_another_host(index: Index, address: str, task: Task) -> bool:
    """Tell whether the address certainly belongs to a host other than the one that the task runs on."""
    host = index.hosts.get(task.container_instance or "")
    holders = index.interfaces(address)
    if host is None or not host.ec2_instance_id or not holders:
        return False
    return all(i.instance_id is not None and i.instance_id != host.ec2_instance_id for i in holders)


def _name(namespace: Namespace, service: CloudMapService) -> str | None:
    """Return the DNS name that the service publishes; those of type HTTP publish none.

    https://docs.aws.amazon.com/cloud-map/latest/api/API_Service.html
    """
    if namespace.type == "HTTP" or service.type == "HTTP" or not service.records:
        return None
    return f"{service.name}.{namespace.name}".lower()
