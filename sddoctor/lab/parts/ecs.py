"""ECS as a world describes it."""

from __future__ import annotations

from typing import Any, Literal

from sddoctor.lab.parts.base import Part


class Container(Part, frozen=True):
    """A container of a running task. ``health`` follows from the task's when left out."""

    name: str
    health: Literal["HEALTHY", "UNHEALTHY", "UNKNOWN"] | None = None
    last_status: str = "RUNNING"
    reason: str = ""
    exit_code: int | None = None
    host_port: int | None = None


class Task(Part, frozen=True):
    """A task. ``registered`` false: Cloud Map has no instance for it. ``instance_*`` override its instance.

    ``listens`` are the ports on which it accepts connections (left out: those of its containers); ``silent``: packets to
    it are lost, as to a dead host.
    """

    id: str
    address: str | None = None
    ipv6: str | None = None
    last_status: str = "RUNNING"
    desired_status: str = "RUNNING"
    health: Literal["HEALTHY", "UNHEALTHY", "UNKNOWN"] = "HEALTHY"
    connectivity: str = "CONNECTED"
    started_ago: float | None = 3600
    created_ago: float | None = None
    stopping_ago: float | None = None
    stopped_ago: float | None = None
    stop_code: str | None = None
    stopped_reason: str = ""
    containers: tuple[Container, ...] = ()
    task_definition: str | None = None
    deployment: str | None = None
    group: str | None = None
    started_by: str | None = None
    launch_type: str | None = None
    container_instance: str | None = None
    registered: bool | None = None
    instance_address: str | None = None
    instance_port: int | None = None
    instance_health: Literal["HEALTHY", "UNHEALTHY", "UNKNOWN"] | None = None
    health_known: bool = True
    record: bool = True
    listens: tuple[int, ...] | None = None
    silent: bool = False


class Registry(Part, frozen=True):
    """A service registry: ``service`` is a Cloud Map service id of this world, or ``arn`` any text."""

    service: str | None = None
    arn: str | None = None
    container_name: str | None = None
    container_port: int | None = None
    port: int | None = None


class Deployment(Part, frozen=True):
    """A deployment of an ECS service; the default one is an old, completed PRIMARY."""

    id: str = "ecs-svc/1000000000000000001"
    status: str = "PRIMARY"
    rollout_state: str = "COMPLETED"
    rollout_reason: str = ""
    created_ago: float = 86400
    task_definition: str | None = None
    desired: int | None = None
    running: int | None = None
    pending: int = 0
    failed: int = 0
    service_connect: dict[str, Any] | None = None


class TaskSet(Part, frozen=True):
    """A task set of a service with an external or CodeDeploy controller."""

    id: str
    external_id: str | None = None
    status: str = "PRIMARY"
    registries: tuple[Registry, ...] = ()
    task_definition: str | None = None
    created_ago: float = 86400
    running: int | None = None


class Event(Part, frozen=True):
    """A message of a service."""

    message: str
    ago: float = 60


class LoadBalancer(Part, frozen=True):
    """A target group that the tasks of a service register in."""

    target_group: str
    container: str
    port: int


class EcsService(Part, frozen=True):
    """An ECS service. ``running`` and ``pending`` are counted from the tasks when left out.

    ``circuit_breaker``: a deployment whose tasks do not start is given up, and not rolled back. ``grace_period``: seconds
    for which health checks do not count after a start.
    """

    name: str
    task_definition: str
    desired: int | None = None
    running: int | None = None
    pending: int | None = None
    status: str = "ACTIVE"
    launch_type: str | None = "FARGATE"
    controller: Literal["ECS", "CODE_DEPLOY", "EXTERNAL"] = "ECS"
    registries: tuple[Registry, ...] = ()
    deployments: tuple[Deployment, ...] = (Deployment(),)
    task_sets: tuple[TaskSet, ...] = ()
    events: tuple[Event, ...] = ()
    minimum_healthy_percent: int = 100
    maximum_percent: int = 200
    strategy: Literal["ROLLING", "BLUE_GREEN", "LINEAR", "CANARY"] | None = None
    circuit_breaker: bool = False
    load_balancers: tuple[LoadBalancer, ...] = ()
    grace_period: int | None = None
    capacity_providers: tuple[str, ...] = ()
    scheduling: Literal["REPLICA", "DAEMON"] = "REPLICA"
    created_ago: float = 30 * 86400
    tasks: tuple[Task, ...] = ()


class ContainerInstance(Part, frozen=True):
    """An EC2 or external host of a cluster."""

    id: str
    status: str = "ACTIVE"
    agent_connected: bool = True
    address: str | None = None
    ec2_instance_id: str | None = "i-0123456789abcdef0"


class Cluster(Part, frozen=True):
    """A cluster. ``tasks`` are those that belong to no service."""

    name: str
    services: tuple[EcsService, ...] = ()
    tasks: tuple[Task, ...] = ()
    container_instances: tuple[ContainerInstance, ...] = ()


class HealthCheck(Part, frozen=True):
    """A container health check; times in seconds."""

    command: tuple[str, ...]
    interval: int = 30
    timeout: int = 5
    retries: int = 3
    start_period: int = 0


class ContainerDefinition(Part, frozen=True):
    """A container definition. ``environment`` is there to test that it is never read into a case."""

    name: str
    image: str = "example/app:1"
    essential: bool = True
    health_check: HealthCheck | None = None
    port: int | None = None
    host_port: int | None = None
    depends_on: dict[str, str] = {}
    start_timeout: int | None = None
    environment: dict[str, str] = {}


class TaskDefinition(Part, frozen=True):
    """A task definition."""

    family: str
    revision: int = 1
    network_mode: Literal["awsvpc", "bridge", "host", "none"] = "awsvpc"
    containers: tuple[ContainerDefinition, ...] = ()
