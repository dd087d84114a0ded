"""The ECS service registers elsewhere, cannot register at all, or is none: the task runs outside any service."""

from __future__ import annotations

from sddoctor.case.ecs import EcsService, Task
from sddoctor.causes.cloudmap.attach import attach
from sddoctor.causes.cloudmap.evidence import registered
from sddoctor.causes.commands import reference, register
from sddoctor.causes.model import Evidence, Finding, Fix, cause
from sddoctor.text.shell import command
from sddoctor.text.words import in_order, listed
from sddoctor.trail.candidates import family_of, is_registered, outside_services, resembling, tasks_of
from sddoctor.trail.trail import Trail, optional


@cause(
    "registry-arn-mismatch",
    hop="cloudmap",
    at=("registry",),
    symptoms=("missing",),
    title="The ECS service registers under another Cloud Map service",
)
def registry_arn_mismatch(trail: Trail) -> Finding | None:
    """The ECS service that is meant has a registry with another id, and none of its tasks is registered under this name.

    Ids are compared, never whole ARNs. https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceRegistry.html
    """
    if not trail.cloudmap.service.records or trail.ecs.attached:
        return None
    candidates = resembling(trail)
    if not candidates or not candidates[0].all_registries:
        return None
    service = candidates[0]
    if any(is_registered(trail, t) for t in tasks_of(trail, service)):
        return None
    registry = service.all_registries[0]
    names = {s.id: f"{s.name}.{v.namespace.name}" for v in trail.cloudmap.facts.views for s in v.services.seen_or(())}
    names |= {s.id: s.name for listing in trail.cloudmap.facts.elsewhere for s in listing.services.seen_or(())}
    where = names.get(registry.service_id, "a Cloud Map service that is not in this namespace")
    return Finding(
        summary=(
            f"The ECS service {service.cluster_name}/{service.name} registers its tasks in {registry.service_id} ({where}), "
            f"not in {trail.cloudmap.service.id}, which is behind {trail.name}."
        ),
        detail="Its tasks are registered elsewhere or nowhere, so this name has no instance.",
        evidence=(
            Evidence(
                "ecs:DescribeServices services[].serviceRegistries[].registryArn",
                service.name,
                registry.arn,
                trail.cloudmap.service.arn,
            ),
            registered(trail),
        ),
        fixes=(
            attach(service, trail.cloudmap.service.arn, "Point the ECS service at the right Cloud Map service"),
            Fix(
                "Take registry_arn from the resource, never from a literal or a variable of another stack", "terraform"
            ),
        ),
        would_tell=_which_is_meant(trail, service),
    )


def _which_is_meant(trail: Trail, service: EcsService) -> str | None:
    """Return how to say which ECS service is meant; ``None`` where it is named, or is called exactly like the label."""
    if trail.case.asked.service == service.name or service.name.lower() == trail.cloudmap.service.name.lower():
        return None
    return command("sddoctor", "check", trail.name, "--cluster", service.cluster_name, "--service", service.name)


@cause(
    "task-outside-service",
    hop="cloudmap",
    at=("registry",),
    symptoms=("missing",),
    ceiling="likely",
    title="The running task belongs to no ECS service",
)
def task_outside_service(trail: Trail) -> Finding | None:
    """Nothing is registered, and a task of the right family runs that no ECS service started.

    Registries belong to services and task sets: a task of RunTask or of a schedule never registers.
    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-discovery.html
    """
    if not trail.cloudmap.is_empty or trail.ecs.attached:
        return None
    tasks = outside_services(trail)
    if not tasks:
        return None
    ids = listed(t.id for t in tasks)
    family = family_of(tasks[0].task_definition)
    return Finding(
        summary=f"The task {ids} of {family} runs, but no ECS service started it, so it was never registered as {trail.name}.",
        detail=(
            "Registries belong to an ECS service or task set. A task started by RunTask, a schedule or a workflow is probably "
            "what was meant here, and its address is in no record."
        ),
        evidence=(
            Evidence("ecs:DescribeTasks tasks[].group", tasks[0].id, tasks[0].group or "none", "service:NAME"),
            Evidence(
                "ecs:DescribeTasks tasks[].startedBy", tasks[0].id, tasks[0].started_by or "nobody", "ecs-svc/..."
            ),
            Evidence("servicediscovery:ListInstances", trail.cloudmap.service.id, 0, "1 or more"),
        ),
        fixes=_run_as_service(trail, tasks[0]),
        addresses=in_order(a for t in tasks for a in t.addresses),
    )


def _run_as_service(trail: Trail, task: Task) -> tuple[Fix, ...]:
    fixes = [Fix("Run the workload as an ECS service with this registry", "terraform")]
    if task.addresses:
        fixes.append(
            Fix(
                "As a stopgap register the task by hand, and deregister it when it stops",
                "aws",
                commands=(register(reference(trail), task.id, {"AWS_INSTANCE_IPV4": task.addresses[0]}),),
                changes=f"Registers {task.addresses[0]}; nobody will take it away but you.",
                verified_by="The name answers with that address.",
            )
        )
    return tuple(fixes)


@cause(
    "registration-unsupported",
    hop="cloudmap",
    at=("registry",),
    symptoms=("missing",),
    title="ECS cannot register tasks in this Cloud Map service",
)
def registration_unsupported(trail: Trail) -> Finding | None:
    """External capacity, network mode none, or a namespace of another account; no registry; no task registered.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-discovery.html
    """
    if not trail.cloudmap.service.records or trail.ecs.attached:
        return None
    candidates = resembling(trail)
    if not candidates or candidates[0].all_registries:
        return None
    service = candidates[0]
    tasks = tasks_of(trail, service)
    if any(is_registered(trail, t) for t in tasks) or trail.cloudmap.instances:
        return None
    why = _why_not(trail, service, tasks)
    if why is None:
        return None
    return Finding(
        summary=f"ECS cannot register the tasks of {service.cluster_name}/{service.name} as {trail.name}: {why}.",
        detail="The ECS service runs without a registry, and no setting can add one here.",
        evidence=(
            Evidence("ecs:DescribeServices services[].serviceRegistries", service.name, "none"),
            Evidence("what ECS service discovery does not do", service.name, why),
            registered(trail),
        ),
        fixes=_without_ecs(trail, tasks),
        would_tell=_which_is_meant(trail, service),
    )


def _why_not(trail: Trail, service: EcsService, tasks: tuple[Task, ...]) -> str | None:
    if service.launch_type == "EXTERNAL" or any(t.launch_type == "EXTERNAL" for t in tasks):
        return "it runs on external capacity (ECS Anywhere)"
    namespace, owner = trail.cloudmap.namespace, trail.cloudmap.service.account
    ecs_account = service.arn.split(":")[4] if service.arn.count(":") > 4 else ""
    if namespace.owner != "SELF" or (owner and ecs_account and owner != ecs_account):
        return f"the namespace belongs to account {owner or namespace.account}"
    definition = optional(lambda: trail.ecs.definition(service.task_definition))
    if definition is not None and definition.network_mode == "none":
        return "its network mode is none"
    return None


def _without_ecs(trail: Trail, tasks: tuple[Task, ...]) -> tuple[Fix, ...]:
    keep = Fix(
        "Keep a namespace in the account of the ECS service, and associate its zone with the VPCs that need it", "aws"
    )
    task = next((t for t in tasks if t.addresses), None)
    if task is None:
        return (keep,)
    by_hand = Fix(
        "Or register the addresses from a job of your own, with a role in the owner's account",
        "aws",
        commands=(register(trail.cloudmap.service.arn, task.id, {"AWS_INSTANCE_IPV4": task.addresses[0]}),),
        changes=f"Registers {task.addresses[0]}; ECS will neither update nor remove it.",
    )
    return (keep, by_hand)
