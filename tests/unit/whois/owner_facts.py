"""Facts about owners made by hand: one task, one interface, one registration, all of which agree."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from msgspec import structs

from sddoctor.case.case import Identity
from sddoctor.case.cloudmap import Attribute, CloudMapService, Instance, InstanceHealth, Namespace, RecordConfig
from sddoctor.case.ecs import Container, ContainerInstance, PortBinding, RegisteredTask, Task
from sddoctor.case.seen import Absent, Denied, Fact, Seen
from sddoctor.case.vpc import Vpc
from sddoctor.case.whois import ClusterTasks, HeldInterface, NamespaceInstances, ServiceInstances, Subnet, WhoisFacts

AT = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
ACCOUNT = "111122223333"
ARN = f"arn:aws:ecs:eu-west-1:{ACCOUNT}"
A = "10.10.211.50"
ID = "0f4a1c5be0d34e7fa1b2c3d4e5f60701"
OTHER_ID = "7b29d8e6c1f24a3b9c8d7e6f5a4b3c02"
DENIED = Denied("anything", "ecs:ListTasks")
HOST = ContainerInstance(f"{ARN}:container-instance/dev/h1", "ACTIVE", True, "i-0a")


def task(task_id: str = ID, **changes: Any) -> Task:
    made = Task(
        arn=f"{ARN}:task/dev/{task_id}",
        cluster=f"{ARN}:cluster/dev",
        last_status="RUNNING",
        desired_status="RUNNING",
        health="HEALTHY",
        group="service:api",
        task_definition=f"{ARN}:task-definition/api:7",
        addresses=(A,),
        started_at=AT - timedelta(hours=3),
    )
    return structs.replace(made, **changes)


def bridged(task_id: str, port: int) -> Task:
    bindings = (PortBinding(80, port),)
    return task(task_id, addresses=(), container_instance=HOST.arn, containers=(Container("web", bindings=bindings),))


def stopped(task_id: str = ID, ago: int = 1200, **changes: Any) -> Task:
    ended = AT - timedelta(seconds=ago)
    return task(task_id, last_status="STOPPED", desired_status="STOPPED", stopped_at=ended, **changes)


def interface(**changes: Any) -> HeldInterface:
    made = HeldInterface(
        id="eni-1",
        addresses=(A,),
        subnet_id="subnet-1",
        vpc_id="vpc-1",
        zone="eu-west-1a",
        description=f"{ARN}:attachment/1",
        kind="interface",
        status="in-use",
    )
    return structs.replace(made, **changes)


def instance(instance_id: str = ID, address: str = A, cluster: str | None = "dev") -> Instance:
    found = {"AWS_INSTANCE_IPV4": address, "ECS_CLUSTER_NAME": cluster}
    return Instance(instance_id, tuple(Attribute(k, v) for k, v in found.items() if v))


def below(*instances: Instance, name: str = "api", owner: str = "SELF", kind: str = "DNS_HTTP") -> NamespaceInstances:
    service = CloudMapService(f"srv-{name}", "arn", name, "ns-1", kind, records=(RecordConfig("A", 10),))
    health = Seen(tuple(InstanceHealth(i.id, "HEALTHY") for i in instances), "x")
    look = ServiceInstances(service, Seen(instances, "x"), health)
    return NamespaceInstances(Namespace("ns-1", "arn", "example.internal", "DNS_PRIVATE", owner), Seen((look,), "x"))


def facts(
    running: tuple[Task, ...] = (),
    gone: tuple[Task, ...] = (),
    interfaces: Fact[tuple[HeldInterface, ...]] | tuple[HeldInterface, ...] = (),
    registered: tuple[NamespaceInstances, ...] = (),
    missing: tuple[str, ...] = (),
    **changes: Any,
) -> WhoisFacts:
    cluster = ClusterTasks(f"{ARN}:cluster/dev", Seen(running, "x"), Seen(gone, "x"), Seen((HOST,), "x"))
    made = WhoisFacts(
        at=AT,
        region="eu-west-1",
        identity=Seen(Identity(ACCOUNT, "arn"), "x"),
        interfaces=Seen(interfaces, "x") if isinstance(interfaces, tuple) else interfaces,
        vpcs=Seen((Vpc("vpc-1", "10.10.0.0/16", ("10.10.0.0/16",), owner=ACCOUNT, name="dev"),), "x"),
        subnets=Seen((Subnet("subnet-1", "vpc-1", ("10.10.211.0/24",)),), "x"),
        clusters=Seen((cluster,), "x"),
        namespaces=Seen(registered, "x"),
        looked_up=tuple(RegisteredTask(i, "dev", Absent(f"task {i}", "ecs:DescribeTasks")) for i in missing),
    )
    return structs.replace(made, **changes)
