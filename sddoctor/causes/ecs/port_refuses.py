"""The name resolves rightly, and the port of an address does not answer."""

from __future__ import annotations

from sddoctor.case.ecs import Task
from sddoctor.causes.ecs.check_fixes import fragment, wget_check
from sddoctor.causes.model import Evidence, Finding, Fix, cause
from sddoctor.text.words import count, in_order, listed
from sddoctor.trail.lacking import in_turn
from sddoctor.trail.trail import Trail


@cause(
    "port-does-not-answer",
    hop="ecs",
    at=("port",),
    symptoms=("not-serving",),
    severity="warning",
    title="The name resolves rightly, but the port does not answer",
)
def port_does_not_answer(trail: Trail) -> Finding | None:
    """An answered task runs, its port refuses connections, and ECS and Cloud Map say nothing against it.

    Where ECS calls the task HEALTHY one look from one place is no reason to call it dead. Silence proves nothing at all.
    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/healthcheck.html
    """
    answered = in_turn(trail.promise, trail.client_answer.addresses)
    refusing = [
        t
        for t in trail.ecs.running
        if (serving := trail.promise.task_serves(t)).port == "refused"
        and (not serving.doubt or serving.serves)
        and not answered.isdisjoint(trail.promise.addresses_of(t))
    ]
    if not refusing:
        return None
    dead = [t for t in refusing if not trail.promise.task_serves(t).serves]
    return _finding(trail, dead or refusing, is_dead=bool(dead))


def _finding(trail: Trail, tasks: list[Task], *, is_dead: bool) -> Finding:
    addresses = in_order(a for t in tasks for a in trail.promise.addresses_of(t))
    refused = {t.id: _refused(trail, t) for t in tasks}
    ends = [f"{a}:{p}" if p else a for t in tasks for a, p in refused[t.id]]
    ports = {p for found in refused.values() for _, p in found if p}
    service = trail.ecs.main
    where = f"{count(len(tasks), 'task')} of {service.cluster_name}/{service.name}"
    vouches = "no health check vouches for" if is_dead else "ECS calls HEALTHY"
    return Finding(
        summary=(
            f"{trail.name} rightly returns {listed(addresses, most=4)}, of {where} that {vouches}, and a connection to "
            f"{listed(ends, most=4)} is refused: nothing listens there."
        ),
        detail=(
            "Refused means that the host is there and no program listens on that port, or only on 127.0.0.1. DNS has done "
            "its work; what is left is the program."
            + ("" if is_dead else " ECS says that it serves, so this one look may have met another port or a restart.")
        ),
        evidence=tuple(
            evidence
            for t in tasks[:3]
            for evidence in (
                *(Evidence("tcp connect", f"{a}:{p}" if p else a, "refused", "accepted") for a, p in refused[t.id]),
                Evidence("ecs:DescribeTasks tasks[].healthStatus", t.id, t.health),
            )
        ),
        fixes=(
            Fix("Listen on 0.0.0.0 (and [::]), not on 127.0.0.1, and on the port that is registered", "app"),
            Fix(
                "So that a task that does not listen is not returned, give the serving container a health check",
                "terraform",
                config=fragment(healthCheck=wget_check(ports.pop() if len(ports) == 1 else None)),
                verified_by="A TCP connection to each answered address succeeds from where the client runs.",
            ),
        ),
        kind=None if is_dead else "risk",
        addresses=addresses,
    )


def _refused(trail: Trail, task: Task) -> tuple[tuple[str, int | None], ...]:
    """Return where the task refused a connection, with the port."""
    addresses = trail.promise.addresses_of(task)
    tried = [(a, p) for a, p in trail.reach.tried(addresses) if trail.reach.port(a, p) == "refused"]
    return tuple(tried) or tuple((a, None) for a in addresses)
