"""ECS clusters, services and task definitions of a world, in the shape of the API.

The shapes are those of the API reference.
https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Types.html
"""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from sddoctor.lab import derive
from sddoctor.lab.balancers import target_group_arn
from sddoctor.lab.ecs_tasks import NOT_STARTED, Wire, arn, build_task, definition_arn, present
from sddoctor.lab.objects import LiveCluster
from sddoctor.lab.parts.ecs import Cluster, ContainerDefinition, Deployment, EcsService, Registry, Task, TaskDefinition
from sddoctor.lab.world import World


def build_task_definitions(world: World, now: datetime) -> dict[str, Wire]:
    """Return the task definitions by ``family:revision``."""
    return {f"{d.family}:{d.revision}": _definition(world, d, now) for d in world.task_definitions}


def _definition(world: World, definition: TaskDefinition, now: datetime) -> Wire:
    return {
        "taskDefinitionArn": arn(world, f"task-definition/{definition.family}:{definition.revision}"),
        "family": definition.family,
        "revision": definition.revision,
        "networkMode": definition.network_mode,
        "status": "ACTIVE",
        "volumes": [],
        "placementConstraints": [],
        "compatibilities": ["EC2", "FARGATE"] if definition.network_mode == "awsvpc" else ["EC2"],
        "cpu": "256",
        "memory": "512",
        "registeredAt": now - timedelta(days=30),
        "registeredBy": f"arn:aws:iam::{world.account}:user/lab",
        "containerDefinitions": [_container_definition(c) for c in definition.containers],
    }


def _container_definition(container: ContainerDefinition) -> Wire:
    check = container.health_check
    mapping = present({"containerPort": container.port, "hostPort": container.host_port, "protocol": "tcp"})
    return present(
        {
            "name": container.name,
            "image": container.image,
            "cpu": 0,
            "essential": container.essential,
            "portMappings": [mapping] if container.port is not None else [],
            "environment": [{"name": k, "value": v} for k, v in container.environment.items()],
            "mountPoints": [],
            "volumesFrom": [],
            "dependsOn": [{"containerName": n, "condition": c} for n, c in container.depends_on.items()] or None,
            "startTimeout": container.start_timeout,
            "healthCheck": {
                "command": list(check.command),
                "interval": check.interval,
                "timeout": check.timeout,
                "retries": check.retries,
                "startPeriod": check.start_period,
            }
            if check
            else None,
        }
    )


def build_clusters(world: World, now: datetime) -> dict[str, LiveCluster]:
    """Return the clusters by name."""
    clusters = {}
    for cluster in world.clusters:
        live = LiveCluster(cluster.name, arn(world, f"cluster/{cluster.name}"))
        for instance in cluster.container_instances:
            live.container_instances[instance.id] = present(
                {
                    "containerInstanceArn": arn(world, f"container-instance/{cluster.name}/{instance.id}"),
                    "ec2InstanceId": instance.ec2_instance_id,
                    "status": instance.status,
                    "agentConnected": instance.agent_connected,
                    "runningTasksCount": sum(t.container_instance == instance.id for t in _tasks(cluster)),
                    "pendingTasksCount": 0,
                    "versionInfo": {"agentVersion": "1.89.0", "dockerVersion": "DockerVersion: 25.0.6"},
                    "registeredAt": now - timedelta(days=7),
                }
            )
        for service in cluster.services:
            live.services[service.name] = _service(world, cluster, service, now)
            for task in service.tasks:
                live.tasks[task.id] = build_task(world, cluster, service, task, now)
        for task in cluster.tasks:
            live.tasks[task.id] = build_task(world, cluster, None, task, now)
        clusters[cluster.name] = live
    return clusters


def _tasks(cluster: Cluster) -> list[Task]:
    return [t for s in cluster.services for t in s.tasks] + list(cluster.tasks)


def registry(world: World, entry: Registry) -> Wire:
    """Return a service registry; without an ARN of its own it gets that of its Cloud Map service."""
    default = f"arn:aws:servicediscovery:{world.region}:{world.account}:service/{entry.service}"
    return present(
        {
            "registryArn": entry.arn or default,
            "containerName": entry.container_name,
            "containerPort": entry.container_port,
            "port": entry.port,
        }
    )


def _service(world: World, cluster: Cluster, service: EcsService, now: datetime) -> Wire:
    running = [t for t in service.tasks if t.last_status == "RUNNING" and t.desired_status == "RUNNING"]
    pending = [t for t in service.tasks if t.last_status in NOT_STARTED and t.desired_status == "RUNNING"]
    desired = len(running) + len(pending) if service.desired is None else service.desired
    counts = {
        "desiredCount": desired,
        "runningCount": len(running) if service.running is None else service.running,
        "pendingCount": len(pending) if service.pending is None else service.pending,
    }
    definition = derive.task_definition(world, service.task_definition)
    network = None
    if definition is None or definition.network_mode == "awsvpc":
        network = {"awsvpcConfiguration": _awsvpc(world, service)}
    rolling = service.controller == "ECS"
    return present(
        {
            "serviceArn": arn(world, f"service/{cluster.name}/{service.name}"),
            "serviceName": service.name,
            "clusterArn": arn(world, f"cluster/{cluster.name}"),
            "status": service.status,
            **counts,
            "launchType": None if service.capacity_providers else service.launch_type,
            "platformVersion": "LATEST" if service.launch_type == "FARGATE" else None,
            "taskDefinition": definition_arn(world, service.task_definition),
            "deploymentController": {"type": service.controller},
            "deploymentConfiguration": present(
                {
                    "minimumHealthyPercent": service.minimum_healthy_percent,
                    "maximumPercent": service.maximum_percent,
                    "strategy": service.strategy,
                    "deploymentCircuitBreaker": {"enable": True, "rollback": False}
                    if service.circuit_breaker
                    else None,
                }
            ),
            "schedulingStrategy": service.scheduling,
            "healthCheckGracePeriodSeconds": service.grace_period,
            "capacityProviderStrategy": [
                {"capacityProvider": p, "weight": 1, "base": 0} for p in service.capacity_providers
            ]
            or None,
            "loadBalancers": [
                {
                    "targetGroupArn": target_group_arn(world, b.target_group),
                    "containerName": b.container,
                    "containerPort": b.port,
                }
                for b in service.load_balancers
            ],
            "serviceRegistries": [registry(world, r) for r in service.registries],
            "deployments": [_deployment(world, service, d, counts, now) for d in service.deployments]
            if rolling
            else [],
            "taskSets": [
                present(
                    {
                        "id": s.id,
                        "taskSetArn": arn(world, f"task-set/{cluster.name}/{service.name}/{s.id}"),
                        "serviceArn": arn(world, f"service/{cluster.name}/{service.name}"),
                        "clusterArn": arn(world, f"cluster/{cluster.name}"),
                        "externalId": s.external_id,
                        "status": s.status,
                        "taskDefinition": definition_arn(world, s.task_definition or service.task_definition),
                        "runningCount": counts["runningCount"] if s.running is None else s.running,
                        "pendingCount": 0,
                        "computedDesiredCount": desired,
                        "createdAt": now - timedelta(seconds=s.created_ago),
                        "updatedAt": now - timedelta(seconds=s.created_ago),
                        "serviceRegistries": [registry(world, r) for r in s.registries],
                        "stabilityStatus": "STEADY_STATE",
                    }
                )
                for s in service.task_sets
            ],
            "events": [event(e.message, now - timedelta(seconds=e.ago)) for e in service.events],
            "createdAt": now - timedelta(seconds=service.created_ago),
            "networkConfiguration": network,
            "enableECSManagedTags": True,
            "propagateTags": "NONE",
            "enableExecuteCommand": False,
        }
    )


def event(message: str, at: datetime) -> Wire:
    """Return an entry of a service's event list."""
    return {"id": str(uuid.uuid5(uuid.NAMESPACE_OID, f"{message}{at}")), "createdAt": at, "message": message}


def _awsvpc(world: World, service: EcsService) -> Wire:
    addresses = [t.address for t in service.tasks if t.address]
    if not addresses and world.vpcs:
        base, last = world.vpcs[0].cidr.split("/")[0].rsplit(".", 1)
        addresses = [f"{base}.{last}"]
    subnets = sorted({derive.subnet_id(derive.subnet_range(world, a)[1]) for a in addresses})
    return {"subnets": subnets, "securityGroups": ["sg-0tasks"], "assignPublicIp": "DISABLED"}


def _deployment(
    world: World, service: EcsService, deployment: Deployment, counts: dict[str, int], now: datetime
) -> Wire:
    created = now - timedelta(seconds=deployment.created_ago)
    primary = deployment.status == "PRIMARY"
    return present(
        {
            "id": deployment.id,
            "status": deployment.status,
            "taskDefinition": definition_arn(world, deployment.task_definition or service.task_definition),
            "desiredCount": (counts["desiredCount"] if primary else 0)
            if deployment.desired is None
            else deployment.desired,
            "runningCount": (counts["runningCount"] if primary else 0)
            if deployment.running is None
            else deployment.running,
            "pendingCount": deployment.pending or (counts["pendingCount"] if primary else 0),
            "failedTasks": deployment.failed,
            "createdAt": created,
            "updatedAt": created,
            "launchType": service.launch_type,
            "rolloutState": deployment.rollout_state,
            "rolloutStateReason": deployment.rollout_reason
            or f"ECS deployment {deployment.id} {deployment.rollout_state.lower().replace('_', ' ')}.",
            "serviceConnectConfiguration": deployment.service_connect,
            "serviceConnectResources": _connect_resources(world, deployment),
        }
    )


def _connect_resources(world: World, deployment: Deployment) -> list[Wire] | None:
    """Return the Cloud Map services of Service Connect endpoints, where the world has them."""
    config = deployment.service_connect
    if not config:
        return None
    by_name = {s.name: s.id for n in world.namespaces for s in n.services}
    names = [s.get("discoveryName") or s.get("portName", "") for s in config.get("services", ())]
    base = f"arn:aws:servicediscovery:{world.region}:{world.account}:service/"
    return [present({"discoveryName": n, "discoveryArn": base + by_name[n] if n in by_name else None}) for n in names]
