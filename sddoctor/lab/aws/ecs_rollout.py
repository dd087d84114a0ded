"""The service scheduler of ECS: it starts and stops tasks. In the lab this takes no time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address, IPv4Network
from typing import NamedTuple

from sddoctor.lab import derive
from sddoctor.lab.aws.account import Wire
from sddoctor.lab.aws.service_discovery_writes import put, remove
from sddoctor.lab.ecs_objects import event
from sddoctor.lab.ecs_tasks import TaskOfContainer, attachment, container
from sddoctor.lab.objects import LiveCluster, LiveService
from sddoctor.lab.parts.ecs import Container, ContainerDefinition, HealthCheck
from sddoctor.lab.state import LabState

#: The age of new tasks, so that nothing about them is still propagating.
STARTED_AGO = timedelta(seconds=200)


def running(cluster: LiveCluster, service: Wire) -> list[Wire]:
    """Return the tasks of a service whose desired status is RUNNING."""
    group = f"service:{service['serviceName']}"
    return [t for t in cluster.tasks.values() if t.get("group") == group and t["desiredStatus"] == "RUNNING"]


def redeploy(state: LabState, cluster: LiveCluster, service: Wire) -> None:
    """Begin a new deployment: every task is replaced, and registered by the service's present settings."""
    now = datetime.now(UTC)
    number = state.fresh_id("deployment", 16)
    deployment_id = f"ecs-svc/{int(number, 16) % 10**19:019d}"
    previous: Wire = next((d for d in service.get("deployments", []) if d["status"] == "PRIMARY"), {})
    kept = {k: v for k, v in previous.items() if k.startswith("serviceConnect") or k == "launchType"}
    service["deployments"] = [
        {
            **kept,
            "id": deployment_id,
            "status": "PRIMARY",
            "taskDefinition": service["taskDefinition"],
            "pendingCount": 0,
            "failedTasks": 0,
            "createdAt": now - STARTED_AGO,
            "updatedAt": now,
            "rolloutState": "COMPLETED",
            "rolloutStateReason": f"ECS deployment {deployment_id} completed.",
        }
    ]
    for task in running(cluster, service):
        stop(state, task, "ServiceSchedulerInitiated", f"Scaling activity initiated by (deployment {deployment_id})")
    scale(state, cluster, service)


def scale(state: LabState, cluster: LiveCluster, service: Wire) -> None:
    """Start or stop tasks until there are as many as desired, and record it."""
    tasks = running(cluster, service)
    desired = service["desiredCount"] if service["status"] == "ACTIVE" else 0
    for task in tasks[desired:]:
        stop(state, task, "ServiceSchedulerInitiated", f"Scaling activity initiated by {_deployment(service)}")
    for _ in range(desired - len(tasks)):
        _start(state, cluster, service)
    up = sum(t["lastStatus"] == "RUNNING" for t in running(cluster, service))
    counts = {"desiredCount": desired, "runningCount": up, "pendingCount": desired - up}
    service.update(counts)
    for deployment in service.get("deployments", []):
        if deployment["status"] == "PRIMARY":
            deployment.update(counts)
    if up == desired:
        message = f"(service {service['serviceName']}) has reached a steady state."
        service.setdefault("events", []).insert(0, event(message, datetime.now(UTC)))
    state.changed()


def stop(state: LabState, task: Wire, code: str, reason: str) -> None:
    """Stop a task: it stays visible, its interface and Cloud Map instance are deleted."""
    now = datetime.now(UTC)
    task.update(
        lastStatus="STOPPED",
        desiredStatus="STOPPED",
        stopCode=code,
        stoppedReason=reason,
        stoppingAt=now,
        stoppedAt=now,
    )
    for part in task.get("containers", []):
        part["lastStatus"] = "STOPPED"
    for interface in task.get("attachments", []):
        interface["status"] = "DELETED"
    task_id = task["taskArn"].rsplit("/", 1)[-1]
    for service in state.services.values():
        remove(service, task_id)
    state.changed()


def _deployment(service: Wire) -> str:
    found = next((d["id"] for d in service.get("deployments", []) if d["status"] == "PRIMARY"), "")
    return f"(deployment {found})"


def _start(state: LabState, cluster: LiveCluster, service: Wire) -> None:
    now = datetime.now(UTC)
    task_id = state.fresh_id("task", 32)
    definition = _definition(state, service["taskDefinition"])
    parts = definition["containerDefinitions"] if definition else []
    checked = any(p.get("essential", True) and p.get("healthCheck") for p in parts)
    health = "HEALTHY" if checked else "UNKNOWN"
    awsvpc = definition is None or definition.get("networkMode") == "awsvpc"
    host = next((i for i in cluster.container_instances.values() if i["status"] == "ACTIVE"), None)
    address = fresh_address(state, service) if awsvpc else _host_address(state, cluster, host)
    in_task = TaskOfContainer(f"{cluster.name}/{task_id}", "HEALTHY", address if awsvpc else None)
    cluster.tasks[task_id] = {
        "taskArn": state.arn("ecs", f"task/{cluster.name}/{task_id}"),
        "clusterArn": cluster.arn,
        "taskDefinitionArn": service["taskDefinition"],
        **({} if awsvpc or host is None else {"containerInstanceArn": host["containerInstanceArn"]}),
        "lastStatus": "RUNNING",
        "desiredStatus": "RUNNING",
        "healthStatus": health,
        "connectivity": "CONNECTED",
        "connectivityAt": now - STARTED_AGO,
        "group": f"service:{service['serviceName']}",
        "startedBy": next((d["id"] for d in service.get("deployments", []) if d["status"] == "PRIMARY"), "ecs-svc/0"),
        "launchType": service.get("launchType", "FARGATE"),
        "availabilityZone": derive.availability_zone(state.region, address),
        "createdAt": now - STARTED_AGO - timedelta(seconds=40),
        "startedAt": now - STARTED_AGO,
        "cpu": "256",
        "memory": "512",
        "version": 1,
        "attachments": [attachment(state.world, task_id, address)] if awsvpc and address else [],
        "containers": [container(state.world, in_task, Container(name=p["name"]), _declared(p)) for p in parts],
    }
    for registry in service.get("serviceRegistries", []):
        _register(state, cluster, service, NewTask(task_id, address, health, checked), registry)


class NewTask(NamedTuple):
    """A task to register; ``checked``: an essential container has a health check."""

    id: str
    address: str | None
    health: str
    checked: bool


def _declared(part: Wire) -> ContainerDefinition:
    ports = part.get("portMappings") or [{}]
    return ContainerDefinition(
        name=part["name"],
        image=part.get("image", ""),
        port=ports[0].get("containerPort"),
        host_port=ports[0].get("hostPort"),
        health_check=HealthCheck(command=()) if part.get("healthCheck") else None,
    )


def _definition(state: LabState, arn: str) -> Wire | None:
    return state.task_definitions.get(arn.rsplit("/", 1)[-1])


def _register(
    state: LabState,
    cluster: LiveCluster,
    service: Wire,
    task: NewTask,
    registry: Wire,
) -> None:
    target = state.services.get(registry["registryArn"].rsplit("/", 1)[-1])
    if target is None or not _has_zone(state, target):
        return
    definition = _definition(state, service["taskDefinition"])
    port = None
    if "SRV" in target.records:
        port = _host_port(definition, registry) or registry.get("containerPort") or registry.get("port")
    family = service["taskDefinition"].rsplit("/", 1)[-1].split(":", maxsplit=1)[0]
    origin = derive.TaskOrigin(state.region, cluster.name, service["serviceName"], family)
    attributes = derive.ecs_attributes(origin, task.address, port=port)
    if target.health == "custom" and task.checked:
        attributes["AWS_INIT_HEALTH_STATUS"] = "UNHEALTHY"
    reported = derive.reported_health(target.health, task.health, task.checked)
    put(target, derive.registered(task.id, attributes, target.health, reported))


def _has_zone(state: LabState, target: LiveService) -> bool:
    """Tell whether a task can be registered: a service with records needs its zone."""
    return not target.records or state.namespaces[target.namespace_id].zone_id in state.zones


def _host_port(definition: Wire | None, registry: Wire) -> int | None:
    if definition is None or definition.get("networkMode") == "awsvpc":
        return None
    for part in definition["containerDefinitions"]:
        if part["name"] == registry.get("containerName"):
            for mapping in part.get("portMappings", []):
                port: int | None = mapping.get("hostPort")
                return port
    return None


def _host_address(state: LabState, cluster: LiveCluster, host: Wire | None) -> str | None:
    if host is None:
        return None
    wanted = host["containerInstanceArn"].rsplit("/", 1)[-1]
    for known in state.world.clusters:
        if known.name == cluster.name:
            return next((i.address for i in known.container_instances if i.id == wanted), None)
    return None


def fresh_address(state: LabState, service: Wire) -> str | None:
    """Return an unused address, from the service's subnets in turn; ``None`` if all are full."""
    config = service.get("networkConfiguration", {}).get("awsvpcConfiguration", {})
    subnets = [state.subnets[s] for s in config.get("subnets", []) if s in state.subnets] or list(
        state.subnets.values()
    )
    if not subnets:
        return None
    used = addresses_in_use(state)
    for step in range(len(subnets) * 200):
        subnet = subnets[step % len(subnets)]
        candidate = str(IPv4Network(subnet.cidr).network_address + 20 + step // len(subnets))
        if IPv4Address(candidate) in IPv4Network(subnet.cidr) and candidate not in used:
            return candidate
    return None


def addresses_in_use(state: LabState) -> set[str]:
    """Return the addresses of all tasks, endpoints and instances, stopped and leftover ones included."""
    used = {a for e in state.endpoints.values() for a in e.addresses}
    used |= {i.ipv4 for s in state.services.values() for i in s.instances if i.ipv4}
    for cluster in state.clusters.values():
        for task in cluster.tasks.values():
            for interface in task.get("attachments", []):
                used |= {d["value"] for d in interface["details"] if d["name"] == "privateIPv4Address"}
    return used
