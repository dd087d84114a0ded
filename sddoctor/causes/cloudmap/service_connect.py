"""Published by Service Connect, which makes no DNS record."""

from __future__ import annotations

from sddoctor.case.cloudmap import CloudMapService, Namespace
from sddoctor.case.ecs import EcsService
from sddoctor.case.seen import AbsentFactError
from sddoctor.causes.cloudmap.attach import publish_as
from sddoctor.causes.commands import redeploy
from sddoctor.causes.model import Evidence, Finding, Fix, cause
from sddoctor.text.shell import aws
from sddoctor.text.words import listed
from sddoctor.trail.ecs import primary_deployment
from sddoctor.trail.trail import Trail, optional


@cause(
    "service-connect-only",
    hop="cloudmap",
    at=("registry", "records"),
    symptoms=("missing",),
    title="Published by Service Connect, which makes no DNS record",
    # A name that is not published by DNS has no zone to miss.
    explains=("hosted-zone-missing",),
)
def service_connect_only(trail: Trail) -> Finding | None:
    """An ECS deployment has the name as its Service Connect name, no registry publishes it, and the zone has no record.

    A registry under another name does not matter: one service may well have both.
    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-connect-concepts-deploy.html
    """
    service = aliased(trail)
    if service is None or _is_published(trail, service) or _has_records(trail):
        return None
    if optional(lambda: trail.answered_itself) or optional(lambda: trail.answers.vpc_addresses):
        return None
    namespace = optional(lambda: trail.cloudmap.namespace)
    names, older = _all_names(service), older_members(trail, service)
    return Finding(
        summary=(
            f"{trail.name} is a Service Connect name of {service.cluster_name}/{service.name}: it exists only inside tasks "
            "of the same Service Connect namespace, never in DNS."
        ),
        detail=(
            "Service Connect makes no Route 53 record. Its names work in tasks of services that joined its namespace and "
            "started after the endpoint existed; laptops, functions, stand-alone tasks and other services cannot resolve them."
            + (f" {listed(s.name for s in older)} {'is' if len(older) == 1 else 'are'} older than it." if older else "")
        ),
        evidence=(
            Evidence("ecs:DescribeServices deployments[].serviceConnectConfiguration", service.name, names, None),
            Evidence(
                "ecs:DescribeServices services[].serviceRegistries",
                service.name,
                tuple(r.service_id for r in service.all_registries) or "none",
                f"one that publishes {trail.name}",
            ),
        ),
        fixes=_fixes(trail, service, namespace if namespace and namespace.type != "HTTP" else None),
    )


def aliased(trail: Trail) -> EcsService | None:
    """Return the ECS service that has the name from Service Connect, ``None`` when none is seen to.

    That is its alias, or the Cloud Map service behind the name is one that Service Connect keeps for it.
    """
    behind = _behind(trail)
    for service in trail.ecs.seen_services:
        for deployment in service.deployments:
            connect = deployment.service_connect
            if connect is None or not connect.enabled:
                continue
            if behind is not None and behind.id in {_last(a) for a in connect.discovery_arns}:
                return service
            for endpoint in connect.services:
                if trail.name in _names(trail, endpoint.discovery_name, endpoint.aliases, connect.namespace):
                    return service
    return None


def _all_names(service: EcsService) -> tuple[str, ...]:
    endpoints = [e for d in service.deployments if d.service_connect for e in d.service_connect.services]
    return tuple(dict.fromkeys(n for e in endpoints for n in (e.aliases or (e.discovery_name,))))


def _names(trail: Trail, discovery_name: str, aliases: tuple[str, ...], namespace: str) -> set[str]:
    if aliases:
        return set(aliases)
    last = _last(namespace)
    names = {n.id: n.name for n in trail.cloudmap.facts.namespaces.seen_or(())}
    return {f"{discovery_name}.{names.get(last, last).lower()}"}


def _behind(trail: Trail) -> CloudMapService | None:
    view = optional(lambda: trail.cloudmap.view)
    return view.service.seen_or(None) if view is not None else None


def _is_published(trail: Trail, service: EcsService) -> bool:
    """Tell whether a Cloud Map service with records carries the name: then that is the one to follow."""
    if not service.all_registries:
        return False
    behind = _behind(trail)
    return behind is not None and bool(behind.records)


def _has_records(trail: Trail) -> bool:
    """Tell whether the zone has a record of the name. An HTTP namespace, or none at all, has no zone."""
    try:
        return bool(trail.cloudmap.records)
    except AbsentFactError:
        return False


def _fixes(trail: Trail, service: EcsService, namespace: Namespace | None) -> tuple[Fix, ...]:
    publish: tuple[Fix, ...] = ()
    if namespace is not None:
        label = f"{trail.cloudmap.label.split('.', 1)[0]}-dns"
        publish = (
            publish_as(
                "Publish the service by DNS as well, under a name of its own",
                label,
                namespace,
                service,
                verified_by=f"{label}.{namespace.name} answers once a task has registered.",
            ),
        )
    return (
        *publish,
        *_members(trail, service),
        Fix("Or reach it through an internal load balancer, or by DiscoverInstances", "app"),
    )


def _members(trail: Trail, service: EcsService) -> tuple[Fix, ...]:
    """Return what helps a client in the same Service Connect namespace: tasks that know the endpoint.

    A task gets the list of names when it starts.
    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-connect-concepts-deploy.html
    """
    older = older_members(trail, service)
    if not older:
        read = aws("ecs", "list-services-by-namespace", namespace=_namespace_of(service))
        return (
            Fix(
                "If the client is a member whose tasks are older than the endpoint: start new tasks of the client",
                "aws",
                commands=(read,),
                changes="Nothing: it lists the members; then force a new deployment of the client's service.",
            ),
        )
    return (
        Fix(
            "Start new tasks of the members that are older than the endpoint: only they can learn its name",
            "aws",
            commands=tuple(redeploy(s) for s in older[:4]),
            changes=f"Replaces the tasks of {listed(s.name for s in older[:4])}.",
            verified_by="In a new task, getent hosts prints an address for the name.",
        ),
    )


def older_members(trail: Trail, service: EcsService) -> list[EcsService]:
    """Return other services of the same Service Connect namespace whose deployment is older than this endpoint."""
    own = primary_deployment(service)
    if own is None or own.created_at is None or own.service_connect is None:
        return []
    namespace = _last(own.service_connect.namespace)
    found = []
    for other in trail.ecs.seen_services:
        deployment = primary_deployment(other)
        if other.arn == service.arn or deployment is None or deployment.created_at is None:
            continue
        connect = deployment.service_connect
        if connect is None or not connect.enabled or _last(connect.namespace) != namespace:
            continue
        if deployment.created_at < own.created_at:
            found.append(other)
    return found


def _last(arn: str) -> str:
    return arn.rsplit("/", 1)[-1]


def _namespace_of(service: EcsService) -> str:
    return next((d.service_connect.namespace for d in service.deployments if d.service_connect is not None), "")
