"""Every registered instance is marked UNHEALTHY."""

from __future__ import annotations

from sddoctor.causes.commands import set_health
from sddoctor.causes.model import Evidence, Finding, Fix, Severity, cause
from sddoctor.text.words import count, in_order
from sddoctor.trail.propagation import ecs_and_cloudmap_disagree, is_past_propagation
from sddoctor.trail.trail import Trail, optional

UNSEEN = " The tasks could not be seen, so they may also have just begun, and pass their first checks in a moment."


@cause(
    "all-instances-unhealthy",
    hop="cloudmap",
    at=("tasks", "registry"),
    symptoms=("missing", "not-serving"),
    title="Every registered instance is marked UNHEALTHY",
)
def all_instances_unhealthy(trail: Trail) -> Finding | None:
    """Every instance is UNHEALTHY. AWS does not settle what DNS then returns, so the finding says what is seen.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-discovery.html
    """
    instances = trail.cloudmap.instances
    if not instances or any(trail.cloudmap.health(i.id) != "UNHEALTHY" for i in instances):
        return None
    still_evaluated = optional(lambda: _still_evaluated(trail))
    if trail.cloudmap.service.health == "route53" or still_evaluated:
        return None
    answered = None if trail.queries_srv else optional(lambda: trail.answers.vpc_addresses)
    if answered is None:
        answered = optional(lambda: trail.client_answer.addresses)
    records = optional(lambda: trail.cloudmap.records)
    sick = optional(lambda: frozenset(trail.promise.not_serving)) or frozenset()
    severity: Severity = "warning" if answered and not answered <= sick else "error"
    seen = (
        "DNS answers all the same, with tasks that do not serve"
        if answered and answered & sick
        else "DNS answers all the same"
        if answered
        else "DNS answers nothing"
        if answered is not None
        else "DNS was not seen"
    )
    return Finding(
        summary=(
            f"The only registered instance of {trail.name} is UNHEALTHY, and {seen}."
            if len(instances) == 1
            else f"{_all_of(len(instances))} registered instances of {trail.name} are UNHEALTHY, and {seen}."
        ),
        detail=(
            "Cloud Map knows the tasks and calls none of them healthy. It is nearly always the consequence of failing "
            "container health checks. Whether DNS answers in this state is not settled by AWS's documents."
            f"{UNSEEN if still_evaluated is None else ''}"
        ),
        evidence=(
            Evidence(
                "servicediscovery:GetInstancesHealthStatus", trail.cloudmap.service.id, "UNHEALTHY for every instance"
            ),
            *(
                (Evidence("route53:ListResourceRecordSets", trail.name, count(len(records), "record")),)
                if records is not None
                else ()
            ),
        ),
        fixes=(
            Fix("Repair the container health check first", "app"),
            Fix(
                "As a stopgap, when the tasks are known to serve",
                "aws",
                commands=tuple(set_health(trail, i.id, "HEALTHY") for i in instances[:4]),
                changes="Sets what DNS goes by, until ECS reports again.",
                verified_by="The name answers.",
            ),
        ),
        severity=severity,
        would_tell="ecs:ListTasks, ecs:DescribeTasks: how old the tasks are" if still_evaluated is None else None,
        addresses=in_order(a for i in instances for a in i.addresses),
    )


def _still_evaluated(trail: Trail) -> bool:
    """Tell whether the tasks are too young for their health to be decided, or for ECS and Cloud Map to agree on it."""
    starting = {t.id for t in trail.promise.starting}
    young = {
        t.id
        for t in trail.ecs.running
        if t.health == "HEALTHY" and not is_past_propagation(trail, t) and ecs_and_cloudmap_disagree(trail, t)
    }
    return any(i.id in starting | young for i in trail.cloudmap.instances)


def _all_of(number: int) -> str:
    return "Both" if number == 2 else f"All {number}"
