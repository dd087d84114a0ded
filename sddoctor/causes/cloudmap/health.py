"""Health as Cloud Map sees it: never taken over, never asked for, asked by somebody who cannot reach, all unhealthy."""

from __future__ import annotations

from sddoctor.case.ecs import Task
from sddoctor.causes.cloudmap.attach import attach_new
from sddoctor.causes.cloudmap.not_found import create_service
from sddoctor.causes.cloudmap.propagating import disagrees
from sddoctor.causes.model import Evidence, Finding, Fix, Severity, cause
from sddoctor.causes.shell import aws
from sddoctor.causes.words import age, count, in_order, listed
from sddoctor.trail.thresholds import PROPAGATION_GRACE
from sddoctor.trail.trail import Trail, optional
from sddoctor.trail.vpc import is_private


@cause(
    "health-not-propagated",
    hop="cloudmap",
    kind="fault",
    severity="error",
    certainty="certain",
    title="ECS and Cloud Map have disagreed about health for minutes",
)
def health_not_propagated(trail: Trail) -> Finding | None:
    """A registered task's health differs for longer than propagation takes, and its agent is in contact.

    What ECS sends for a task whose health is UNKNOWN is not documented, so only HEALTHY and UNHEALTHY count.
    https://docs.aws.amazon.com/cloud-map/latest/api/API_UpdateInstanceCustomHealthStatus.html
    """
    if trail.cloudmap.service.health != "custom":
        return None
    tasks = [
        t for t in trail.ecs.running if t.connectivity != "DISCONNECTED" and disagrees(trail, t) and _old(trail, t)
    ]
    if not tasks:
        return None
    main = trail.ecs.main
    addresses = in_order(a for t in tasks for a in trail.promise.addresses_of(t))
    answered = optional(lambda: trail.asker.addresses)
    out = [t for t in tasks if t.health == "HEALTHY"]
    acts = answered is None or (bool(set(addresses) - answered) if out else bool(set(addresses) & answered))
    first = tasks[0]
    there = trail.cloudmap.health(first.id) or "nothing"
    return Finding(
        summary=(
            f"ECS says {first.health} and Cloud Map says {there} of {count(len(tasks), 'task')} of {main.name}, and has for "
            f"longer than the {PROPAGATION_GRACE} s that propagation takes."
        ),
        detail=(
            "The update was lost or throttled, or the status was set by hand. DNS follows Cloud Map, so a healthy task stays "
            "out of the answer, or a sick one in it."
        ),
        evidence=tuple(e for t in tasks[:3] for e in _evidence(trail, t)),
        fixes=(
            Fix(
                "Start new tasks, which report afresh",
                "aws",
                commands=(
                    aws(
                        "ecs", "update-service", "--force-new-deployment", cluster=main.cluster_name, service=main.name
                    ),
                ),
                changes=f"Starts a new deployment of {main.name}: its tasks are replaced.",
                verified_by="get-instances-health-status agrees with ECS.",
            ),
            Fix(
                "As a stopgap set the status by hand (it stays until ECS reports again)",
                "aws",
                commands=tuple(
                    aws(
                        "servicediscovery",
                        "update-instance-custom-health-status",
                        service_id=trail.cloudmap.service.id,
                        instance_id=t.id,
                        status=t.health,
                    )
                    for t in tasks[:3]
                ),
                changes="Sets what DNS goes by.",
                verified_by="get-instances-health-status agrees with ECS.",
            ),
        ),
        acts=acts,
        addresses=addresses,
    )


def _old(trail: Trail, task: Task) -> bool:
    seconds = trail.ecs.age(task.started_at)
    return seconds is not None and seconds >= PROPAGATION_GRACE


def _evidence(trail: Trail, task: Task) -> tuple[Evidence, ...]:
    there = trail.cloudmap.health(task.id) or "not in the map"
    return (
        Evidence("servicediscovery:GetInstancesHealthStatus", task.id, there, task.health),
        Evidence("ecs:DescribeTasks tasks[].startedAt", task.id, f"{age(trail.ecs.age(task.started_at))} ago"),
    )


@cause(
    "no-health-config",
    hop="cloudmap",
    kind="risk",
    severity="warning",
    certainty="certain",
    title="The Cloud Map service has no health check: all tasks are served",
)
def no_health_config(trail: Trail) -> Finding | None:
    """The service has neither health configuration, does not belong to Service Connect, and has instances.

    https://docs.aws.amazon.com/cloud-map/latest/dg/services-health-checks.html
    """
    service = trail.cloudmap.service
    if service.health != "none" or not service.records or service.description.startswith("Managed by arn:"):
        return None
    if trail.cloudmap.is_empty:
        return None
    new = f"{service.name}-checked"
    kind = "SRV" if trail.cloudmap.srv_only else "A"
    return Finding(
        summary=f"The Cloud Map service {service.name} has no health check, so every task is handed out, fit or not.",
        detail=(
            "ECS has nothing to report health to. Tasks that are still starting or already sick are in the answer. The "
            "configuration cannot be added to an existing service, and an empty block in Terraform counts as absent."
        ),
        evidence=(
            Evidence(
                "servicediscovery:ListServices HealthCheckCustomConfig", service.id, "absent", "FailureThreshold 1"
            ),
        ),
        fixes=(
            Fix(
                "Make a Cloud Map service with the configuration, attach the ECS service to it, and delete the old one",
                "aws",
                commands=(create_service(new, trail.cloudmap.namespace.id, record_type=kind),),
                changes=f"Creates the service {new}; clients must then use its name.",
                verified_by="list-services shows HealthCheckCustomConfig.",
            ),
            *_attach_new(trail, new),
            Fix(
                "As code: write the value, the provider does not send an empty block",
                "terraform",
                config="health_check_custom_config {\n  failure_threshold = 1\n}",
            ),
        ),
        acts=False,
    )


def _attach_new(trail: Trail, name: str) -> tuple[Fix, ...]:
    services = optional(lambda: trail.ecs.active) or ()
    return tuple(attach_new(s, name, trail.cloudmap.namespace.id) for s in services[:1])


@cause(
    "route53-health-check-cannot-reach",
    hop="cloudmap",
    kind="fault",
    severity="error",
    certainty="certain",
    title="A Route 53 health check cannot reach a private address",
)
def route53_health_check_cannot_reach(trail: Trail) -> Finding | None:
    """The service has a Route 53 check, the address is private, and it is UNHEALTHY though ECS does not say so.

    https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-router-firewall-rules.html
    """
    if trail.cloudmap.service.health != "route53":
        return None
    sick = [
        i
        for i in trail.cloudmap.instances
        if any(is_private(a) for a in i.addresses) and trail.cloudmap.health(i.id) == "UNHEALTHY"
    ]
    unfit = {t.id for t in trail.ecs.running if t.health == "UNHEALTHY"}
    sick = [i for i in sick if i.id not in unfit]
    if not sick:
        return None
    service = trail.cloudmap.service
    addresses = in_order(a for i in sick for a in i.addresses)
    records = ",".join(f"{{Type={r.type},TTL={r.ttl}}}" for r in service.records)
    return Finding(
        summary=f"Route 53 checks {listed(addresses)} from the internet, where private addresses cannot be reached.",
        detail=(
            "The checks can only fail, so healthy tasks are marked UNHEALTHY and left out, or handed out only because all of "
            "them are."
        ),
        evidence=(
            Evidence(
                "servicediscovery:ListServices HealthCheckConfig", service.id, "present", "HealthCheckCustomConfig"
            ),
            *(Evidence("servicediscovery:GetInstancesHealthStatus", i.id, "UNHEALTHY", "as in ECS") for i in sick[:3]),
        ),
        fixes=(
            Fix(
                "Take the Route 53 check off, by leaving it out of an update",
                "aws",
                commands=(
                    aws(
                        "servicediscovery",
                        "update-service",
                        id=service.id,
                        service=f"DnsConfig={{DnsRecords=[{records}]}}",
                    ),
                ),
                changes="Removes the health check: every instance is then handed out.",
                verified_by="get-instances-health-status no longer says UNHEALTHY.",
            ),
            Fix(
                "Or use a custom health check, which ECS reports to; a new Cloud Map service is needed",
                "aws",
                commands=(create_service(f"{service.name}-checked", trail.cloudmap.namespace.id),),
                changes=f"Creates the service {service.name}-checked; clients must then use its name.",
                verified_by="list-services shows HealthCheckCustomConfig.",
            ),
            *_attach_new(trail, f"{service.name}-checked"),
        ),
        addresses=addresses,
    )


@cause(
    "all-instances-unhealthy",
    hop="cloudmap",
    kind="fault",
    severity="error",
    certainty="certain",
    title="Every registered instance is marked UNHEALTHY",
)
def all_instances_unhealthy(trail: Trail) -> Finding | None:
    """Every instance is UNHEALTHY. Whether DNS then answers is not settled: what is seen is said.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-discovery.html
    """
    instances = trail.cloudmap.instances
    if not instances or any(trail.cloudmap.health(i.id) != "UNHEALTHY" for i in instances):
        return None
    if trail.cloudmap.service.health == "route53" or _still_evaluated(trail):
        return None
    answered = optional(lambda: trail.answers.vpc_addresses)
    if answered is None:
        answered = optional(lambda: trail.asker.addresses)
    records = optional(lambda: trail.cloudmap.records)
    severity: Severity = "warning" if answered else "error"
    seen = (
        "DNS answers all the same"
        if answered
        else "DNS answers nothing"
        if answered is not None
        else "DNS was not seen"
    )
    return Finding(
        summary=f"Every one of {count(len(instances), 'registered instance')} of {trail.name} is UNHEALTHY, and {seen}.",
        detail=(
            "Cloud Map knows the tasks and calls none of them healthy. It is nearly always the consequence of failing "
            "container health checks. Whether DNS answers in this state is not settled by AWS's documents."
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
                commands=tuple(
                    aws(
                        "servicediscovery",
                        "update-instance-custom-health-status",
                        service_id=trail.cloudmap.service.id,
                        instance_id=i.id,
                        status="HEALTHY",
                    )
                    for i in instances[:4]
                ),
                changes="Sets what DNS goes by, until ECS reports again.",
                verified_by="The name answers.",
            ),
        ),
        severity=severity,
        acts=not answered,
        addresses=in_order(a for i in instances for a in i.addresses),
    )


def _still_evaluated(trail: Trail) -> bool:
    """Tell whether the tasks are young and their checks undecided, or agree with nobody for a while yet."""
    starting = {t.id for t in trail.promise.starting}
    young = {t.id for t in trail.ecs.running if t.health == "HEALTHY" and not _old(trail, t) and disagrees(trail, t)}
    return any(i.id in starting | young for i in trail.cloudmap.instances)
