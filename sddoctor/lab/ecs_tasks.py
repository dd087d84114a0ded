"""ECS tasks and their containers of a world, in the shape of the API.

The shapes are those of the API reference.
https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Task.html
"""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct

from sddoctor.lab import derive
from sddoctor.lab.parts.ecs import Cluster, Container, ContainerDefinition, EcsService, Task, TaskDefinition
from sddoctor.lab.world import World

NOT_STARTED = ("PROVISIONING", "PENDING", "ACTIVATING")
Wire = dict[str, Any]


def arn(world: World, resource: str) -> str:
    """Return an ECS ARN."""
    return f"arn:aws:ecs:{world.region}:{world.account}:{resource}"


def definition_arn(world: World, name: str) -> str:
    """Return the ARN of a task definition named ``family`` or ``family:revision``."""
    found = derive.task_definition(world, name)
    revision = str(found.revision) if found else name.partition(":")[2] or "1"
    return arn(world, f"task-definition/{name.split(':', maxsplit=1)[0]}:{revision}")


def present(values: Wire) -> Wire:
    """Return the mapping without ``None`` values."""
    return {key: value for key, value in values.items() if value is not None}


def build_task(world: World, cluster: Cluster, service: EcsService | None, task: Task, now: datetime) -> Wire:
    """Return a task. One that has not started has no ``startedAt``; one without an address has no attachment."""
    definition_name = task.task_definition or (service.task_definition if service else "standalone")
    definition = derive.task_definition(world, definition_name)
    health = derive.task_health(world, service, task)
    task_arn = arn(world, f"task/{cluster.name}/{task.id}")
    awsvpc = definition is None or definition.network_mode == "awsvpc"
    address = task.address if awsvpc else None
    created_ago = task.created_ago if task.created_ago is not None else (task.started_ago or 0) + 40
    started_ago = None if task.last_status in NOT_STARTED else task.started_ago
    primary = next((d.id for d in service.deployments if d.status == "PRIMARY"), None) if service else None
    task_set = derive.task_set_of(service, task) if service else None
    launch_type = task.launch_type or (service.launch_type if service else "FARGATE")
    in_task = TaskOfContainer(f"{cluster.name}/{task.id}", health, address, task.ipv6)

    def at(ago: float | None) -> datetime | None:
        return None if ago is None else now - timedelta(seconds=ago)

    return present(
        {
            "taskArn": task_arn,
            "clusterArn": arn(world, f"cluster/{cluster.name}"),
            "taskDefinitionArn": definition_arn(world, definition_name),
            "containerInstanceArn": arn(world, f"container-instance/{cluster.name}/{task.container_instance}")
            if task.container_instance
            else None,
            "lastStatus": task.last_status,
            "desiredStatus": task.desired_status,
            "healthStatus": health,
            "connectivity": task.connectivity,
            "connectivityAt": at(created_ago if task.connectivity == "CONNECTED" else min(created_ago, 600)),
            "group": task.group or (f"service:{service.name}" if service else None),
            "startedBy": task.started_by or task.deployment or (task_set.id if task_set else primary),
            "launchType": launch_type,
            "platformVersion": "1.4.0" if launch_type == "FARGATE" else None,
            "availabilityZone": derive.availability_zone(world.region, derive.task_address(cluster, task)),
            "createdAt": at(created_ago),
            "startedAt": at(started_ago),
            "stoppingAt": at(task.stopping_ago),
            "stoppedAt": at(task.stopped_ago if task.last_status == "STOPPED" else None),
            "stopCode": task.stop_code,
            "stoppedReason": task.stopped_reason or None,
            "cpu": "256",
            "memory": "512",
            "version": 5,
            "attachments": [attachment(world, task.id, address, deleted=task.last_status == "STOPPED")]
            if address
            else [],
            "containers": _containers(world, in_task, task, definition),
        }
    )


def attachment(world: World, task_id: str, address: str, *, deleted: bool = False) -> Wire:
    """Return the network interface of an awsvpc task as its attachment shows it."""
    _, cidr = derive.subnet_range(world, address)
    details = {
        "subnetId": derive.subnet_id(cidr),
        "networkInterfaceId": "eni-" + derive.made_up_id("eni", task_id),
        "macAddress": "0a:58:" + ":".join(f"{int(part):02x}" for part in address.split(".")),
        "privateDnsName": f"ip-{address.replace('.', '-')}.{world.region}.compute.internal",
        "privateIPv4Address": address,
    }
    return {
        "id": str(uuid.uuid5(uuid.NAMESPACE_OID, f"attachment/{task_id}")),
        "type": "ElasticNetworkInterface",
        "status": "DELETED" if deleted else "ATTACHED",
        "details": [{"name": name, "value": value} for name, value in details.items()],
    }


class TaskOfContainer(Struct, frozen=True):
    """What containers show of their task: its id (``CLUSTER/ID``), its health, and its addresses in awsvpc mode."""

    id: str
    health: str
    address: str | None
    ipv6: str | None = None


def _containers(world: World, of: TaskOfContainer, task: Task, definition: TaskDefinition | None) -> list[Wire]:
    declared = {c.name: c for c in definition.containers} if definition else {}
    named = {c.name: c for c in task.containers}
    default_status = "STOPPED" if task.last_status == "STOPPED" else "RUNNING"
    if task.last_status in NOT_STARTED:
        default_status = "PENDING"
    return [
        container(world, of, named.get(name) or Container(name=name, last_status=default_status), declared.get(name))
        for name in dict.fromkeys([*declared, *named])
    ]


def container(world: World, task: TaskOfContainer, state: Container, declared: ContainerDefinition | None) -> Wire:
    """Return a container of a task. Without a check of its own its health is UNKNOWN."""
    own = task.health if declared and declared.health_check else "UNKNOWN"
    host_port = state.host_port or (declared.host_port if declared else None)
    interface = present(
        {
            "attachmentId": str(uuid.uuid5(uuid.NAMESPACE_OID, f"attachment/{task.id.split('/')[1]}")),
            "privateIpv4Address": task.address,
            "ipv6Address": task.ipv6,
        }
    )
    bound = task.address is None and declared is not None and declared.port is not None and host_port is not None
    return present(
        {
            "containerArn": arn(world, f"container/{task.id}/{derive.made_up_id('container', task.id, state.name)}"),
            "taskArn": arn(world, f"task/{task.id}"),
            "name": state.name,
            "image": declared.image if declared else None,
            "lastStatus": state.last_status,
            "healthStatus": state.health or own,
            "reason": state.reason or None,
            "exitCode": state.exit_code,
            "networkInterfaces": [interface] if task.address or task.ipv6 else [],
            "networkBindings": [
                {
                    "bindIP": "0.0.0.0",
                    "containerPort": declared.port,
                    "hostPort": host_port,
                    "protocol": "tcp",
                }
            ]
            if bound and declared
            else [],
        }
    )
