"""Facts about Amazon ECS: services, tasks, containers and the task definitions behind them.

Environment variables and secrets of a task definition are never read into these types.
https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Types.html
"""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from sddoctor.case.seen import NOT_NEEDED, Fact
from sddoctor.case.targets import TargetHealth


class Registry(Struct, frozen=True):
    """One entry of ``serviceRegistries``: the Cloud Map service that tasks register in."""

    arn: str
    container_name: str | None = None
    container_port: int | None = None
    port: int | None = None

    @property
    def service_id(self) -> str:
        """The ``srv-...`` id at the end of the ARN: compare this, never whole ARNs."""
        return self.arn.rsplit("/", 1)[-1]


class LoadBalancing(Struct, frozen=True):
    """One entry of ``loadBalancers``: where tasks are registered as targets.

    ``target_group`` is an ARN. A Classic Load Balancer has none and is known by its ``name``. ``alternate`` is the target
    group of the other side of a blue/green deployment.
    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_LoadBalancer.html
    """

    target_group: str | None = None
    name: str | None = None
    container: str | None = None
    port: int | None = None
    alternate: str | None = None

    @property
    def target_groups(self) -> tuple[str, ...]:
        """The ARNs of its target groups."""
        return tuple(a for a in (self.target_group, self.alternate) if a)


class ServiceConnectService(Struct, frozen=True):
    """A Service Connect endpoint. ``aliases`` are the DNS names that member tasks use."""

    discovery_name: str
    port_name: str = ""
    aliases: tuple[str, ...] = ()


class ServiceConnect(Struct, frozen=True):
    """Service Connect as configured on a deployment."""

    enabled: bool
    namespace: str = ""
    services: tuple[ServiceConnectService, ...] = ()
    discovery_arns: tuple[str, ...] = ()


class Deployment(Struct, frozen=True):
    """A deployment of a service. ``status`` is ``PRIMARY``, ``ACTIVE`` or ``INACTIVE``."""

    id: str
    status: str
    rollout_state: str | None = None
    rollout_reason: str = ""
    task_definition: str = ""
    desired: int = 0
    running: int = 0
    pending: int = 0
    failed: int = 0
    created_at: datetime | None = None
    updated_at: datetime | None = None
    service_connect: ServiceConnect | None = None


class TaskSet(Struct, frozen=True):
    """A task set of a service with an external or CodeDeploy controller."""

    id: str
    external_id: str | None = None
    status: str = ""
    registries: tuple[Registry, ...] = ()
    task_definition: str = ""
    running: int = 0
    created_at: datetime | None = None
    load_balancers: tuple[LoadBalancing, ...] = ()


class Event(Struct, frozen=True):
    """A message of a service's event list."""

    at: datetime
    message: str


class EcsService(Struct, frozen=True):
    """An ECS service. Percentages and ``strategy`` (``ROLLING``, ``BLUE_GREEN``...) are ``deploymentConfiguration``'s.

    ``capacity_providers`` are those of ``capacityProviderStrategy``: ``FARGATE``, ``FARGATE_SPOT``, ``other``.
    ``scheduling`` is ``REPLICA`` or ``DAEMON``: of a daemon ECS itself counts how many tasks are desired.
    """

    arn: str
    name: str
    cluster: str
    status: str
    desired: int
    running: int
    pending: int
    launch_type: str | None = None
    controller: str = "ECS"
    task_definition: str = ""
    registries: tuple[Registry, ...] = ()
    deployments: tuple[Deployment, ...] = ()
    task_sets: tuple[TaskSet, ...] = ()
    events: tuple[Event, ...] = ()
    minimum_healthy_percent: int | None = None
    maximum_percent: int | None = None
    grace_period_seconds: int | None = None
    created_at: datetime | None = None
    strategy: str | None = None
    load_balancers: tuple[LoadBalancing, ...] = ()
    capacity_providers: tuple[str, ...] = ()
    scheduling: str = "REPLICA"

    @property
    def cluster_name(self) -> str:
        """The short name of the cluster, as ``--cluster`` takes it."""
        return self.cluster.rsplit("/", 1)[-1]

    @property
    def all_registries(self) -> tuple[Registry, ...]:
        """The registries of the service and of its task sets."""
        return self.registries + tuple(r for ts in self.task_sets for r in ts.registries)

    @property
    def all_load_balancers(self) -> tuple[LoadBalancing, ...]:
        """The load balancers of the service and of its task sets."""
        return self.load_balancers + tuple(b for ts in self.task_sets for b in ts.load_balancers)


class PortBinding(Struct, frozen=True):
    """A container port and the host port that it is bound to."""

    container_port: int
    host_port: int | None = None
    protocol: str = "tcp"


class Container(Struct, frozen=True):
    """A container of a task. ``health`` is ``HEALTHY``, ``UNHEALTHY`` or ``UNKNOWN``."""

    name: str
    last_status: str = ""
    health: str = "UNKNOWN"
    reason: str = ""
    exit_code: int | None = None
    bindings: tuple[PortBinding, ...] = ()


class Task(Struct, frozen=True):
    """A task. ``addresses`` are those of its network interface (awsvpc), IPv4 first."""

    arn: str
    cluster: str
    last_status: str
    desired_status: str
    health: str = "UNKNOWN"
    group: str = ""
    started_by: str = ""
    connectivity: str | None = None
    connectivity_at: datetime | None = None
    launch_type: str | None = None
    task_definition: str = ""
    container_instance: str | None = None
    addresses: tuple[str, ...] = ()
    subnet_id: str | None = None
    created_at: datetime | None = None
    started_at: datetime | None = None
    stopping_at: datetime | None = None
    stopped_at: datetime | None = None
    stop_code: str | None = None
    stopped_reason: str = ""
    containers: tuple[Container, ...] = ()

    @property
    def id(self) -> str:
        """The task id: last part of the ARN, and the id of its Cloud Map instance."""
        return self.arn.rsplit("/", 1)[-1]

    @property
    def cluster_name(self) -> str:
        """The short name of the cluster."""
        return self.cluster.rsplit("/", 1)[-1]

    @property
    def runs(self) -> bool:
        """Whether the task runs and is not being stopped."""
        return self.last_status == "RUNNING" and self.desired_status == "RUNNING"


class HealthCheck(Struct, frozen=True):
    """A container health check; all times in seconds.

    Defaults: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HealthCheck.html
    """

    command: tuple[str, ...]
    interval: int = 30
    timeout: int = 5
    retries: int = 3
    start_period: int = 0


class Dependency(Struct, frozen=True):
    """``dependsOn``: this container waits for another."""

    container: str
    condition: str


class ContainerDefinition(Struct, frozen=True):
    """A container of a task definition, without its environment."""

    name: str
    image: str = ""
    essential: bool = True
    health_check: HealthCheck | None = None
    ports: tuple[PortBinding, ...] = ()
    depends_on: tuple[Dependency, ...] = ()
    start_timeout: int | None = None


class TaskDefinition(Struct, frozen=True):
    """A revision of a task definition."""

    arn: str
    family: str
    revision: int
    network_mode: str
    containers: tuple[ContainerDefinition, ...] = ()


class ContainerInstance(Struct, frozen=True):
    """An EC2 or external host of a cluster."""

    arn: str
    status: str
    agent_connected: bool
    ec2_instance_id: str | None = None


class ServiceTasks(Struct, frozen=True):
    """Tasks of one ECS service: those with desired status RUNNING, and those that have stopped lately."""

    service_arn: str
    running: Fact[tuple[Task, ...]]
    stopped: Fact[tuple[Task, ...]]


class RegisteredTask(Struct, frozen=True):
    """The task behind a Cloud Map instance; ``Absent`` when ECS says ``MISSING``."""

    instance_id: str
    cluster: str
    task: Fact[Task]


class ObservedDefinition(Struct, frozen=True):
    """One task definition that was looked up."""

    arn: str
    definition: Fact[TaskDefinition]


class ClusterWalk(Struct, frozen=True):
    """All ECS services of one cluster, read when no instance named the service."""

    cluster: str
    services: Fact[tuple[EcsService, ...]]


class EcsFacts(Struct, frozen=True):
    """Everything seen of ECS.

    ``clusters`` and ``walks`` are read only when no registered instance named the ECS service. ``services`` are those
    that were found by instances, hints or the walk; which of them are attached is judged later. ``siblings`` are further
    services of the same clusters that register under the name and have no instance. ``loose_tasks`` are running tasks of
    the walked clusters that belong to no service. ``targets`` are those of the services' target groups, with their health;
    they are read only while tasks are missing.
    ``ended`` are stopped tasks that had addresses of a name's records which
    nothing has now.
    """

    services: Fact[tuple[EcsService, ...]]
    clusters: Fact[tuple[str, ...]]
    walks: tuple[ClusterWalk, ...] = ()
    tasks: tuple[ServiceTasks, ...] = ()
    registered: tuple[RegisteredTask, ...] = ()
    task_definitions: tuple[ObservedDefinition, ...] = ()
    container_instances: Fact[tuple[ContainerInstance, ...]] = NOT_NEEDED
    loose_tasks: Fact[tuple[Task, ...]] = NOT_NEEDED
    siblings: Fact[tuple[EcsService, ...]] = NOT_NEEDED
    targets: Fact[tuple[TargetHealth, ...]] = NOT_NEEDED
    ended: Fact[tuple[Task, ...]] = NOT_NEEDED
