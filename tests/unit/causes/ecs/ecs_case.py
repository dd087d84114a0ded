"""A hand-made case at the hop ecs: one service with two sound tasks, and what a test changes of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from msgspec.structs import replace

from sddoctor.case.case import Asked, AwsFacts, Case, Place
from sddoctor.case.cloudmap import (
    Attribute,
    CloudMapFacts,
    CloudMapService,
    Instance,
    InstanceHealth,
    Namespace,
    NamespaceView,
    RecordConfig,
)
from sddoctor.case.dns import Answer, DnsFacts, Probe, Rr, Server, VpcResolver
from sddoctor.case.ecs import (
    Container,
    ContainerDefinition,
    ContainerInstance,
    Deployment,
    EcsFacts,
    EcsService,
    Event,
    HealthCheck,
    ObservedDefinition,
    PortBinding,
    Registry,
    ServiceTasks,
    Task,
    TaskDefinition,
)
from sddoctor.case.host import HostFacts, Lookup, LookupResult
from sddoctor.case.reach import Connection
from sddoctor.case.route53 import Record, Zone
from sddoctor.case.seen import Fact, NotAttempted, Seen
from sddoctor.case.vpc import ClientVpc, VpcFacts
from sddoctor.causes.model import Finding
from sddoctor.causes.registry import BY_CODE
from sddoctor.trail.trail import Trail

AT = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
NAME = "dev-api.example.internal"
CLUSTER = "arn:aws:ecs:eu-west-1:111122223333:cluster/dev"
DEFINITION = "arn:aws:ecs:eu-west-1:111122223333:task-definition/dev-api:7"
NOT = NotAttempted("a detail", "nothing made it matter")
RESOLVER = Server("10.10.0.2")
CHECK = HealthCheck(("CMD-SHELL", "wget -q -O /dev/null http://127.0.0.1:3000/health || exit 1"), start_period=60)


def ago(seconds: float) -> datetime:
    return AT - timedelta(seconds=seconds)


def container(**changes: Any) -> ContainerDefinition:
    base = ContainerDefinition("dev-api", "dev-api:1", health_check=CHECK, ports=(PortBinding(3000),))
    return replace(base, **changes)


def task(number: int, **changes: Any) -> Task:
    health = changes.get("health", "HEALTHY")
    base = Task(
        arn=f"{CLUSTER.replace(':cluster/', ':task/')}/{number:032x}",
        cluster=CLUSTER,
        last_status="RUNNING",
        desired_status="RUNNING",
        health=health,
        group="service:api",
        started_by="ecs-svc/1",
        connectivity="CONNECTED",
        task_definition=DEFINITION,
        addresses=(f"10.10.1.{number}",),
        created_at=ago(3640),
        started_at=ago(3600),
        containers=(Container("dev-api", "RUNNING", health),),
    )
    return replace(base, **changes)


def stopped(number: int, lived: float, ended: float, **changes: Any) -> Task:
    """Return a task that ran for ``lived`` seconds and ended ``ended`` seconds ago because of its check."""
    return task(
        number,
        **{
            "last_status": "STOPPED",
            "desired_status": "STOPPED",
            "health": "UNHEALTHY",
            "started_at": ago(ended + lived),
            "created_at": ago(ended + lived + 30),
            "stopped_at": ago(ended),
            "stopped_reason": "Task failed container health checks",
            "stop_code": "ServiceSchedulerInitiated",
        }
        | changes,
    )


def service(**changes: Any) -> EcsService:
    base = EcsService(
        arn="arn:aws:ecs:eu-west-1:111122223333:service/dev/api",
        name="api",
        cluster=CLUSTER,
        status="ACTIVE",
        desired=2,
        running=2,
        pending=0,
        task_definition=DEFINITION,
        registries=(Registry("arn:aws:servicediscovery:eu-west-1:111122223333:service/srv-1"),),
        deployments=(Deployment("ecs-svc/1", "PRIMARY", "COMPLETED", task_definition=DEFINITION, created_at=ago(9e4)),),
        events=(Event(ago(5000), "(service api) has reached a steady state."),),
        minimum_healthy_percent=100,
        maximum_percent=200,
    )
    return replace(base, **changes)


def definition(*containers: ContainerDefinition, arn: str = DEFINITION) -> TaskDefinition:
    return TaskDefinition(arn, "dev-api", int(arn.rsplit(":", 1)[-1]), "awsvpc", containers or (container(),))


def case(
    tasks: tuple[Task, ...] = (task(1), task(2)),
    *,
    of: EcsService | None = None,
    stopped: Fact[tuple[Task, ...]] | tuple[Task, ...] = (),
    definitions: tuple[TaskDefinition, ...] = (definition(),),
    registered: tuple[Task, ...] | None = None,
    answered: tuple[str, ...] | None = None,
    connections: dict[tuple[str, int], Fact[bool]] | None = None,
    hosts: tuple[ContainerInstance, ...] = (),
) -> Case:
    """Build a case. Registered are the running tasks unless told, answered the registered healthy ones."""
    of = of or service()
    if registered is None:
        registered = tuple(t for t in tasks if t.last_status in ("RUNNING", "DEACTIVATING"))
    if answered is None:
        answered = tuple(a for t in registered if t.health == "HEALTHY" for a in t.addresses)
    records = tuple(
        Record(NAME, "A", 10, (a,), t.id, multivalue=True) for t in registered for a in t.addresses if a in answered
    )
    view = NamespaceView(
        namespace=Namespace(
            "ns-1",
            "arn:aws:servicediscovery:eu-west-1:111122223333:namespace/ns-1",
            "example.internal",
            "DNS_PRIVATE",
            hosted_zone_id="Z1",
            soa_ttl=15,
        ),
        services=NOT,
        service=Seen(
            CloudMapService(
                "srv-1",
                "arn:...:service/srv-1",
                "dev-api",
                "ns-1",
                "DNS_HTTP",
                "MULTIVALUE",
                (RecordConfig("A", 10),),
                "custom",
                len(registered),
            ),
            "servicediscovery:ListServices",
        ),
        instances=Seen(
            tuple(
                Instance(t.id, (Attribute("AWS_INSTANCE_IPV4", t.addresses[0]), Attribute("ECS_SERVICE_NAME", "api")))
                for t in registered
            ),
            "servicediscovery:ListInstances",
        ),
        health=Seen(tuple(InstanceHealth(t.id, t.health) for t in registered), "servicediscovery"),
        tags=NOT,
        operations=NOT,
        zone=Seen(Zone("Z1", "example.internal", True), "route53:GetHostedZone"),
        records=Seen(records, "route53:ListResourceRecordSets"),
    )
    ecs = EcsFacts(
        services=Seen((of,), "ecs:DescribeServices"),
        clusters=NOT,
        tasks=(
            ServiceTasks(
                of.arn,
                Seen(tasks, "ecs:DescribeTasks"),
                Seen(stopped, "ecs:DescribeTasks") if isinstance(stopped, tuple) else stopped,
            ),
        ),
        task_definitions=tuple(ObservedDefinition(d.arn, Seen(d, "ecs:DescribeTaskDefinition")) for d in definitions),
        container_instances=Seen(hosts, "ecs:DescribeContainerInstances") if hosts else NOT,
    )
    answer = Answer("NOERROR" if answered else "NXDOMAIN", answers=tuple(Rr(NAME, "A", 10, a) for a in answered))
    host = HostFacts(
        "linux",
        lookups=(Lookup(NAME, False, Seen(LookupResult(answered, None if answered else "not found"), "getaddrinfo")),),
    )
    place = Place(
        "here",
        Seen(host, "this host"),
        DnsFacts(
            Seen((VpcResolver(RESOLVER, "vpc-1", "vpc+2"),), "ec2:DescribeVpcs"),
            (Probe(RESOLVER, "vpc", NAME, "A", "udp", Seen(answer, "dns")),),
        ),
        tuple(Connection(a, p, fact) for (a, p), fact in (connections or {}).items()),
    )
    aws = AwsFacts(
        "eu-west-1",
        NOT,
        ecs,
        CloudMapFacts(Seen((view.namespace,), "servicediscovery:ListNamespaces"), (view,)),
        VpcFacts(NOT, Seen(ClientVpc("vpc-1", "zone"), "route53:GetHostedZone")),
    )
    return Case(NAME, Asked(NAME), AT, aws, (place,))


def found(code: str, of: Case) -> Finding | None:
    """Return what the cause says about the case."""
    return BY_CODE[code].decide(Trail(of))
