"""Instances that are not as ECS would register them: registered by others, or with another address or port."""

from __future__ import annotations

from msgspec import Struct

from sddoctor.case.cloudmap import Instance
from sddoctor.case.ecs import Task
from sddoctor.causes.commands import deregister, new_tasks
from sddoctor.causes.model import Evidence, Finding, Fix, cause
from sddoctor.text.words import count, in_order, listed
from sddoctor.trail.cloudmap import is_task_id
from sddoctor.trail.trail import Trail, optional


@cause(
    "unmanaged-instance",
    hop="cloudmap",
    at=("registry",),
    symptoms=("foreign",),
    kind="note",
    severity="info",
    title="An instance that ECS did not register",
)
def unmanaged_instance(trail: Trail) -> Finding | None:
    """An instance has no task's id and no attribute of ECS. It is a fault when no interface has its address and the name returns it."""
    instances = [
        i for i in trail.cloudmap.instances if not i.from_ecs and not is_task_id(i.id) and not i.get("DeploymentId")
    ]
    if not instances:
        return None
    ownerless = trail.promise.ownerless
    answered = optional(lambda: trail.client_answer.addresses) or frozenset()
    answered |= optional(lambda: trail.answers.vpc_addresses) or frozenset()
    dead = in_order(a for i in instances for a in i.addresses if a in ownerless and a in answered)
    ids = listed(i.id for i in instances)
    fix = Fix(
        "Remove the instance, if its owner says that it is dead",
        "aws",
        commands=tuple(deregister(trail, i.id) for i in instances if not dead or set(i.addresses) & set(dead)),
        changes="Takes the instance and its DNS record away.",
        verified_by="list-instances no longer has it.",
    )
    evidence = [
        Evidence("servicediscovery:ListInstances", i.id, listed(i.addresses) or "no address") for i in instances[:4]
    ]
    if dead:
        evidence.append(Evidence("ec2:DescribeNetworkInterfaces", listed(dead), "no interface has it", "an interface"))
        return Finding(
            summary=f"{trail.name} returns {listed(dead)}, which no network interface has; ECS did not register it ({ids}).",
            detail="Somebody or something else put the instance there, and nobody took it away.",
            evidence=tuple(evidence),
            fixes=(fix,),
            severity="warning",
            kind="fault",
            addresses=dead,
        )
    return Finding(
        summary=f"{count(len(instances), 'instance')} of {trail.name} {'was' if len(instances) == 1 else 'were'} not registered by ECS ({ids}).",
        detail="ECS will neither update nor remove what it did not register. It is legal, and it is where dead addresses come from.",
        evidence=tuple(evidence),
        fixes=(fix,),
    )


@cause(
    "instance-address-mismatch",
    hop="cloudmap",
    at=("registry",),
    symptoms=("missing", "foreign"),
    title="The registered address or port is not the task's own",
)
def instance_address_mismatch(trail: Trail) -> Finding | None:
    """A running task's instance has another address than its interface, or a port that the task does not offer.

    In bridge and host mode the port is the host port.
    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-discovery.html
    """
    registered = [(t, i) for t in trail.ecs.running if (i := trail.cloudmap.instance(t.id)) is not None]
    found = [_wrong_address(task, instance) or _wrong_port(trail, task, instance) for task, instance in registered]
    wrong = [mismatch for mismatch in found if mismatch is not None]
    return _finding(trail, wrong) if wrong else None


class Mismatch(Struct, frozen=True):
    """An attribute of a task's instance with another value than the task's ``own``."""

    instance: Instance
    attribute: str
    registered: str
    own: str

    @property
    def is_port(self) -> bool:
        """Whether it is the port, and not an address, that is wrong."""
        return self.attribute == "AWS_INSTANCE_PORT"


def _wrong_address(task: Task, instance: Instance) -> Mismatch | None:
    for attribute, version in (("AWS_INSTANCE_IPV4", 4), ("AWS_INSTANCE_IPV6", 6)):
        registered = instance.get(attribute)
        own = [a for a in task.addresses if (":" in a) == (version == 6)]
        if registered and own and registered not in own:
            return Mismatch(instance, attribute, registered, listed(own))
    return None


def _wrong_port(trail: Trail, task: Task, instance: Instance) -> Mismatch | None:
    found = trail.promise.wrong_port(task)
    return Mismatch(instance, "AWS_INSTANCE_PORT", found[0], listed(sorted(found[1]))) if found is not None else None


def _finding(trail: Trail, wrong: list[Mismatch]) -> Finding:
    first, main = wrong[0], trail.ecs.main
    what = "port" if first.is_port else "address"
    more = f", and {count(len(wrong) - 1, 'more instance')} like it" if len(wrong) > 1 else ""
    addresses = [a for m in wrong for a in (m.instance.addresses if m.is_port else (m.registered,))]
    return Finding(
        summary=(
            f"Cloud Map has {first.registered} as the {what} of task {first.instance.id}, whose own is {first.own}{more}."
        ),
        detail=f"Clients of {trail.name} are sent to a place where this service does not listen.",
        evidence=tuple(
            Evidence(f"servicediscovery:ListInstances Attributes.{m.attribute}", m.instance.id, m.registered, m.own)
            for m in wrong[:4]
        ),
        fixes=(
            new_tasks(
                "Remove the wrong entry and let a new task register",
                main,
                "Each instance has the address and port of its task.",
                tuple(deregister(trail, m.instance.id) for m in wrong),
            ),
        ),
        severity=None if len(wrong) == len(trail.ecs.running) else "warning",
        addresses=in_order(addresses),
    )
