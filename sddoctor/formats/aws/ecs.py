"""ECS responses as facts. https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Types.html

Environment variables, secrets and log options are never read. Decisive members that ECS always returns are required:
a response without one is malformed, rather than a count of zero.
"""

from __future__ import annotations

from typing import Any

from sddoctor.case.ecs import (
    Container,
    ContainerDefinition,
    ContainerInstance,
    Dependency,
    Deployment,
    EcsService,
    Event,
    HealthCheck,
    LoadBalancing,
    PortBinding,
    Registry,
    ServiceConnect,
    ServiceConnectService,
    Task,
    TaskDefinition,
    TaskSet,
)
from sddoctor.case.name import fold_name

#: Capacity providers that AWS has; all others are the account's own.
#: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-capacity-providers.html
_OF_FARGATE = ("FARGATE", "FARGATE_SPOT")


def registry(data: dict[str, Any]) -> Registry:
    """Read an entry of ``serviceRegistries``."""
    return Registry(data.get("registryArn", ""), data.get("containerName"), data.get("containerPort"), data.get("port"))


def service(data: dict[str, Any]) -> EcsService:
    """Read a service."""
    configuration = data.get("deploymentConfiguration") or {}
    return EcsService(
        arn=data["serviceArn"],
        name=data["serviceName"],
        cluster=data["clusterArn"],
        status=data["status"],
        desired=data["desiredCount"],
        running=data["runningCount"],
        pending=data["pendingCount"],
        launch_type=data.get("launchType"),
        controller=(data.get("deploymentController") or {}).get("type", "ECS"),
        task_definition=data.get("taskDefinition", ""),
        registries=tuple(registry(r) for r in data.get("serviceRegistries") or ()),
        deployments=tuple(deployment(d) for d in data.get("deployments") or ()),
        task_sets=tuple(task_set(t) for t in data.get("taskSets") or ()),
        events=tuple(Event(e["createdAt"], e["message"]) for e in data.get("events") or () if "createdAt" in e),
        minimum_healthy_percent=configuration.get("minimumHealthyPercent"),
        maximum_percent=configuration.get("maximumPercent"),
        grace_period_seconds=data.get("healthCheckGracePeriodSeconds"),
        created_at=data.get("createdAt"),
        strategy=configuration.get("strategy"),
        load_balancers=_load_balancers(data),
        capacity_providers=tuple(
            p if (p := s.get("capacityProvider")) in _OF_FARGATE else "other"
            for s in data.get("capacityProviderStrategy") or ()
        ),
        scheduling=data.get("schedulingStrategy") or "REPLICA",
    )


def _load_balancers(data: dict[str, Any]) -> tuple[LoadBalancing, ...]:
    return tuple(
        LoadBalancing(
            target_group=b.get("targetGroupArn"),
            name=b.get("loadBalancerName"),
            container=b.get("containerName"),
            port=b.get("containerPort"),
            alternate=(b.get("advancedConfiguration") or {}).get("alternateTargetGroupArn"),
        )
        for b in data.get("loadBalancers") or ()
    )


def deployment(data: dict[str, Any]) -> Deployment:
    """Read a deployment."""
    return Deployment(
        id=data.get("id", ""),
        status=data.get("status", ""),
        rollout_state=data.get("rolloutState"),
        rollout_reason=data.get("rolloutStateReason") or "",
        task_definition=data.get("taskDefinition", ""),
        desired=data.get("desiredCount", 0),
        running=data.get("runningCount", 0),
        pending=data.get("pendingCount", 0),
        failed=data.get("failedTasks", 0),
        created_at=data.get("createdAt"),
        updated_at=data.get("updatedAt"),
        service_connect=_service_connect(data),
    )


def _service_connect(data: dict[str, Any]) -> ServiceConnect | None:
    configuration = data.get("serviceConnectConfiguration")
    if not configuration:
        return None
    services = tuple(
        ServiceConnectService(
            discovery_name=(s.get("discoveryName") or s.get("portName", "")).lower(),
            port_name=s.get("portName", ""),
            aliases=tuple(fold_name(a["dnsName"]) for a in s.get("clientAliases") or () if a.get("dnsName")),
        )
        for s in configuration.get("services") or ()
    )
    arns = tuple(r["discoveryArn"] for r in data.get("serviceConnectResources") or () if r.get("discoveryArn"))
    return ServiceConnect(bool(configuration.get("enabled")), configuration.get("namespace", ""), services, arns)


def task_set(data: dict[str, Any]) -> TaskSet:
    """Read a task set."""
    return TaskSet(
        id=data.get("id", ""),
        external_id=data.get("externalId"),
        status=data.get("status", ""),
        registries=tuple(registry(r) for r in data.get("serviceRegistries") or ()),
        task_definition=data.get("taskDefinition", ""),
        running=data.get("runningCount", 0),
        created_at=data.get("createdAt"),
        load_balancers=_load_balancers(data),
    )


def task(data: dict[str, Any]) -> Task:
    """Read a task."""
    return Task(
        arn=data["taskArn"],
        cluster=data["clusterArn"],
        last_status=data["lastStatus"],
        desired_status=data["desiredStatus"],
        health=data.get("healthStatus", "UNKNOWN"),
        group=data.get("group", ""),
        started_by=data.get("startedBy", ""),
        connectivity=data.get("connectivity"),
        connectivity_at=data.get("connectivityAt"),
        launch_type=data.get("launchType"),
        task_definition=data.get("taskDefinitionArn", ""),
        container_instance=data.get("containerInstanceArn"),
        addresses=_addresses(data),
        subnet_id=_details(data).get("subnetId"),
        created_at=data.get("createdAt"),
        started_at=data.get("startedAt"),
        stopping_at=data.get("stoppingAt"),
        stopped_at=data.get("stoppedAt"),
        stop_code=data.get("stopCode"),
        stopped_reason=data.get("stoppedReason") or "",
        containers=tuple(container(c) for c in data.get("containers") or ()),
    )


def _details(data: dict[str, Any]) -> dict[str, str]:
    """Return the details of the task's network interface; their keys are cased differently from the containers'."""
    found: dict[str, str] = {}
    for attachment in data.get("attachments") or ():
        if attachment.get("type") in ("ElasticNetworkInterface", "eni"):
            found.update(
                {d["name"]: d["value"] for d in attachment.get("details") or () if "name" in d and "value" in d}
            )
    return found


def _addresses(data: dict[str, Any]) -> tuple[str, ...]:
    four, six = [_details(data).get("privateIPv4Address")], [_details(data).get("privateIPv6Address")]
    for item in data.get("containers") or ():
        for interface in item.get("networkInterfaces") or ():
            four.append(interface.get("privateIpv4Address"))
            six.append(interface.get("ipv6Address"))
    return tuple(dict.fromkeys(a for a in (*four, *six) if a))


def container(data: dict[str, Any]) -> Container:
    """Read a container of a task."""
    return Container(
        name=data.get("name", ""),
        last_status=data.get("lastStatus", ""),
        health=data.get("healthStatus", "UNKNOWN"),
        reason=data.get("reason") or "",
        exit_code=data.get("exitCode"),
        bindings=tuple(
            PortBinding(b["containerPort"], b.get("hostPort"), b.get("protocol", "tcp"))
            for b in data.get("networkBindings") or ()
            if "containerPort" in b
        ),
    )


def task_definition(data: dict[str, Any]) -> TaskDefinition:
    """Read a task definition."""
    return TaskDefinition(
        arn=data["taskDefinitionArn"],
        family=data.get("family", ""),
        revision=data.get("revision", 0),
        network_mode=data.get("networkMode", "bridge"),
        containers=tuple(_container_definition(c) for c in data["containerDefinitions"]),
    )


def _container_definition(data: dict[str, Any]) -> ContainerDefinition:
    check = data.get("healthCheck")
    return ContainerDefinition(
        name=data.get("name", ""),
        image=data.get("image", ""),
        essential=data.get("essential", True),
        health_check=_health_check(check) if check else None,
        ports=tuple(
            PortBinding(p["containerPort"], p.get("hostPort"), p.get("protocol", "tcp"))
            for p in data.get("portMappings") or ()
            if "containerPort" in p
        ),
        depends_on=tuple(Dependency(d["containerName"], d["condition"]) for d in data.get("dependsOn") or ()),
        start_timeout=data.get("startTimeout"),
    )


def _health_check(data: dict[str, Any]) -> HealthCheck:
    return HealthCheck(
        command=tuple(data.get("command") or ()),
        interval=data.get("interval", 30),
        timeout=data.get("timeout", 5),
        retries=data.get("retries", 3),
        start_period=data.get("startPeriod") or 0,
    )


def container_instance(data: dict[str, Any]) -> ContainerInstance:
    """Read a container instance."""
    return ContainerInstance(
        arn=data["containerInstanceArn"],
        status=data["status"],
        agent_connected=bool(data["agentConnected"]),
        ec2_instance_id=data.get("ec2InstanceId"),
    )
