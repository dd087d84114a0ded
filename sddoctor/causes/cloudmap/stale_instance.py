"""An instance of a task that no longer runs is still registered."""

from __future__ import annotations

from sddoctor.case.cloudmap import Instance
from sddoctor.case.seen import Absent
from sddoctor.causes.commands import deregister
from sddoctor.causes.model import Evidence, Finding, Fix, cause
from sddoctor.text.words import age, in_order, listed
from sddoctor.trail.trail import Trail, optional


@cause(
    "stale-instance",
    hop="cloudmap",
    at=("registry",),
    symptoms=("foreign",),
    severity="warning",
    title="An instance of a task that no longer runs is still registered",
)
def stale_instance(trail: Trail) -> Finding | None:
    """The address of an instance whose task ECS does not know, or that stopped long ago, is still returned or in a record."""
    dead = {a: i for a, i in trail.promise.dead.items() if _still_out(trail, a)}
    if not dead:
        return None
    addresses = in_order(dead)
    answered = _answered(trail)
    instances = list({i.id: i for i in dead.values()}.values())
    return Finding(
        summary=(
            f"{_holder(trail, answered & set(dead))} {listed(addresses)}, the {'address' if len(addresses) == 1 else 'addresses'} "
            f"of {'a task that no longer runs' if len(instances) == 1 else f'{len(instances)} tasks that no longer run'}."
        ),
        detail=(
            "Cloud Map keeps the instance although its task has ended, so some clients are sent to an address where "
            "nothing, or by now something else, listens."
        ),
        evidence=tuple(e for i in instances[:3] for e in _evidence(trail, i)),
        fixes=(
            Fix(
                "Remove the dead entry, after checking that its task is really gone",
                "aws",
                commands=tuple(deregister(trail, i.id) for i in instances),
                changes="Takes the instance and its DNS record away.",
                verified_by=f"list-instances and a fresh answer no longer have {listed(addresses)}.",
            ),
        ),
        addresses=addresses,
    )


def _holder(trail: Trail, returned: frozenset[str]) -> str:
    """Say who has the address: the name that hands it out, or only its zone."""
    return f"{trail.name} still returns" if returned else f"The zone's records of {trail.name} still have"


def _still_out(trail: Trail, address: str) -> bool:
    """Tell whether a record or an answer still has the address. Raises when neither could be seen."""
    if address in _answered(trail):
        return True
    return any(address in r.values for r in trail.cloudmap.view.records.value)


def _answered(trail: Trail) -> frozenset[str]:
    returned = optional(lambda: trail.client_answer.addresses) or frozenset()
    vpc = optional(lambda: trail.answers.vpc_addresses) or frozenset()
    return returned | vpc


def _evidence(trail: Trail, instance: Instance) -> tuple[Evidence, ...]:
    fact = trail.ecs.task_of(instance.id)
    task = fact.seen_or(None)
    state = (
        "MISSING" if isinstance(fact, Absent) or task is None else f"STOPPED {age(trail.ecs.age(task.stopped_at))} ago"
    )
    return (
        Evidence("servicediscovery:ListInstances", instance.id, listed(instance.addresses), "a running task"),
        Evidence("ecs:DescribeTasks", instance.id, state, "RUNNING"),
    )
