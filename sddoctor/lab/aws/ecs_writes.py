"""Amazon ECS, writing: what the fixes of sddoctor need.

https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Operations.html
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sddoctor.lab.aws import ecs_rollout
from sddoctor.lab.aws.account import Account, Params, Wire, serves
from sddoctor.lab.aws.ecs import SERVICE, find_cluster, find_definition, find_service, last, missing
from sddoctor.lab.aws.errors import ApiError, invalid


def _check_registries(account: Account, registries: list[Wire]) -> None:
    for registry in registries:
        arn = registry.get("registryArn", "")
        parts = arn.split(":")
        if len(parts) != 6 or parts[2] != "servicediscovery" or not parts[5].startswith("service/"):
            raise invalid(SERVICE, f"The format of the supplied service registry ARN is invalid: {arn}")
        if last(arn) not in account.state.services:
            raise invalid(SERVICE, f"The service registry {arn} does not exist.")


def _definition_arn(account: Account, name: str) -> str:
    found = find_definition(account, name)
    if found is None:
        raise ApiError("ClientException", "TaskDefinition not found.")
    return str(found["taskDefinitionArn"])


@serves(SERVICE, "UpdateService")
def update_service(account: Account, params: Params) -> Wire:
    """Change a service. A new task definition or registry, or force, is a new deployment, complete at once.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html
    """
    cluster = find_cluster(account, params)
    service = find_service(cluster, params["service"])
    if service["status"] != "ACTIVE":
        raise ApiError("ServiceNotActiveException", "Service was not ACTIVE.")
    controller = service["deploymentController"]["type"]
    rolling_only = {"serviceRegistries", "taskDefinition", "forceNewDeployment", "networkConfiguration"} & set(params)
    if controller != "ECS" and rolling_only:
        raise invalid(SERVICE, f"Cannot update {min(rolling_only)} on services with a {controller} controller.")
    deploys = bool(params.get("forceNewDeployment"))
    if "serviceRegistries" in params:
        _check_registries(account, params["serviceRegistries"])
        service["serviceRegistries"] = params["serviceRegistries"]
        deploys = True
    if "taskDefinition" in params:
        arn = _definition_arn(account, params["taskDefinition"])
        deploys = deploys or arn != service["taskDefinition"]
        service["taskDefinition"] = arn
    for key in ("networkConfiguration", "enableExecuteCommand"):
        if key in params:
            service[key] = params[key]
            deploys = deploys or key == "networkConfiguration"
    if "deploymentConfiguration" in params:
        service["deploymentConfiguration"] |= params["deploymentConfiguration"]
    if "healthCheckGracePeriodSeconds" in params:
        service["healthCheckGracePeriodSeconds"] = params["healthCheckGracePeriodSeconds"]
    service["desiredCount"] = params.get("desiredCount", service["desiredCount"])
    if deploys:
        ecs_rollout.redeploy(account.state, cluster, service)
    elif "desiredCount" in params:
        ecs_rollout.scale(account.state, cluster, service)
    account.state.changed()
    return {"service": service}


@serves(SERVICE, "CreateService")
def create_service(account: Account, params: Params) -> Wire:
    """Create a service with its tasks."""
    cluster = find_cluster(account, params)
    name = params["serviceName"]
    if name in cluster.services and cluster.services[name]["status"] == "ACTIVE":
        raise invalid(SERVICE, "Creation of service was not idempotent.")
    _check_registries(account, params.get("serviceRegistries", []))
    service: dict[str, Any] = {
        "serviceArn": account.state.arn(SERVICE, f"service/{cluster.name}/{name}"),
        "serviceName": name,
        "clusterArn": cluster.arn,
        "status": "ACTIVE",
        "desiredCount": params.get("desiredCount", 1),
        "launchType": params.get("launchType", "EC2"),
        "taskDefinition": _definition_arn(account, params["taskDefinition"]),
        "deploymentController": params.get("deploymentController", {"type": "ECS"}),
        "deploymentConfiguration": {"minimumHealthyPercent": 100, "maximumPercent": 200}
        | params.get("deploymentConfiguration", {}),
        "schedulingStrategy": "REPLICA",
        "loadBalancers": [],
        "serviceRegistries": params.get("serviceRegistries", []),
        "events": [],
        "createdAt": datetime.now(UTC),
    }
    if "networkConfiguration" in params:
        service["networkConfiguration"] = params["networkConfiguration"]
    cluster.services[name] = service
    ecs_rollout.redeploy(account.state, cluster, service)
    return {"service": service}


@serves(SERVICE, "StopTask")
def stop_task(account: Account, params: Params) -> Wire:
    """Stop a task; its service starts another at once."""
    cluster = find_cluster(account, params)
    task = cluster.tasks.get(last(params["task"]))
    if task is None:
        raise invalid(SERVICE, "The referenced task was not found.")
    if task["lastStatus"] != "STOPPED":
        ecs_rollout.stop(account.state, task, "UserInitiated", params.get("reason", "Task stopped by user"))
        service = cluster.services.get(task.get("group", "").removeprefix("service:"))
        if service is not None:
            ecs_rollout.scale(account.state, cluster, service)
    return {"task": task}


@serves(SERVICE, "RegisterTaskDefinition")
def register_task_definition(account: Account, params: Params) -> Wire:
    """Register the next revision of a family."""
    state = account.state
    previous = find_definition(account, params["family"])
    revision = previous["revision"] + 1 if previous else 1
    kept = ("family", "taskRoleArn", "executionRoleArn", "networkMode", "containerDefinitions", "cpu", "memory")
    definition = {
        **{key: params[key] for key in kept if key in params},
        "taskDefinitionArn": state.arn(SERVICE, f"task-definition/{params['family']}:{revision}"),
        "revision": revision,
        "status": "ACTIVE",
        "networkMode": params.get("networkMode", "bridge"),
        "registeredAt": datetime.now(UTC),
        "registeredBy": account.caller,
    }
    for part in definition["containerDefinitions"]:
        part.setdefault("essential", True)
    state.task_definitions[f"{params['family']}:{revision}"] = definition
    state.changed()
    return {"taskDefinition": definition, "tags": []}


@serves(SERVICE, "UpdateContainerInstancesState")
def update_container_instances_state(account: Account, params: Params) -> Wire:
    """Set instances to ACTIVE or DRAINING. Draining moves the tasks of services elsewhere.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateContainerInstancesState.html
    """
    cluster = find_cluster(account, params)
    if params["status"] not in ("ACTIVE", "DRAINING"):
        raise invalid(SERVICE, "Container instance status should be one of [ACTIVE,DRAINING]")
    found, failures = [], []
    for name in params["containerInstances"]:
        instance = cluster.container_instances.get(last(name))
        if instance is None:
            failures.append(missing(name))
            continue
        instance["status"] = params["status"]
        found.append(instance)
        if params["status"] == "DRAINING":
            _drain(account, cluster.name, instance["containerInstanceArn"])
    account.state.changed()
    return {"containerInstances": found, "failures": failures}


def _drain(account: Account, cluster_name: str, arn: str) -> None:
    cluster = account.state.clusters[cluster_name]
    for service in cluster.services.values():
        leaving = [t for t in ecs_rollout.running(cluster, service) if t.get("containerInstanceArn") == arn]
        for task in leaving:
            ecs_rollout.stop(account.state, task, "ServiceSchedulerInitiated", "Container instance is draining.")
        if leaving:
            ecs_rollout.scale(account.state, cluster, service)
