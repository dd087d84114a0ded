"""Service Connect: whose endpoint the name is, since when, and which tasks can have learned it.

Names of Service Connect are in no DNS server. ECS writes them into the hosts file of each task when it is deployed, with the
addresses of the proxy in that task.
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-connect-concepts-deploy.html
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct

from sddoctor.case.address import is_service_connect
from sddoctor.case.cloudmap import CloudMapService
from sddoctor.case.ecs import EcsService, ServiceConnect
from sddoctor.trail.ecs import primary_deployment
from sddoctor.trail.trail import Trail, optional


class Endpoint(Struct, frozen=True):
    """The ECS service that has the name from Service Connect, and its setting on the deployment that has it.

    ``created_at`` is when the Cloud Map service of the endpoint was created: before that nobody can have learned its name.
    """

    service: EcsService
    connect: ServiceConnect
    created_at: datetime | None = None


def endpoint(trail: Trail) -> Endpoint | None:
    """Return whose the name is, ``None`` when no ECS service is seen to have it.

    It is a client alias, or ``DISCOVERY_NAME.NAMESPACE`` where there is no alias, or the Cloud Map service behind the name is
    one that Service Connect keeps.
    """
    behind = _behind(trail)
    for service in trail.ecs.seen_services:
        for deployment in service.deployments:
            connect = deployment.service_connect
            if connect is None or not connect.enabled:
                continue
            kept = {_last(a) for a in connect.discovery_arns}
            if behind is not None and behind.id in kept:
                return Endpoint(service, connect, behind.created_at)
            if trail.name in names(trail, connect):
                return Endpoint(service, connect, _created_at(trail, kept))
    return None


def names(trail: Trail, connect: ServiceConnect) -> tuple[str, ...]:
    """Return the names that tasks of its namespace use for the endpoints."""
    suffix = _names_of_namespaces(trail).get(_last(connect.namespace), _last(connect.namespace)).lower()
    found = (n for e in connect.services for n in (e.aliases or (f"{e.discovery_name}.{suffix}",)))
    return tuple(dict.fromkeys(found))


def is_member(trail: Trail, service: EcsService, of: Endpoint) -> bool:
    """Tell whether a service has joined the namespace of an endpoint: it is named by ARN, by id or by name."""
    deployment = primary_deployment(service)
    connect = deployment.service_connect if deployment is not None else None
    if connect is None or not connect.enabled:
        return False
    return _namespace(trail, connect) == _namespace(trail, of.connect)


def client(trail: Trail, of: Endpoint) -> EcsService | None:
    """Return the ECS service that the user named, where it is not the endpoint's own: then it is the client."""
    asked = trail.case.asked
    found = (
        s
        for s in trail.ecs.seen_services
        if s.name == asked.service and (asked.cluster is None or s.cluster_name == _last(asked.cluster))
    )
    return next((s for s in found if s.arn != of.service.arn), None)


def older_members(trail: Trail, of: Endpoint) -> list[EcsService]:
    """Return other members whose deployment is known to be older than the endpoint: none of their tasks has its name.

    Replacements of tasks do not help: they are like those of the most recent deployment.
    """
    since = of.created_at
    if since is None:
        return []
    others = (s for s in trail.ecs.seen_services if s.arn != of.service.arn and is_member(trail, s, of))
    return [s for s in others if (at := deployed_at(s)) is not None and at < since]


def deployed_at(service: EcsService) -> datetime | None:
    """Return when the service was deployed for the last time."""
    deployment = primary_deployment(service)
    return deployment.created_at if deployment is not None else None


def are_proxies(addresses: Iterable[str]) -> bool:
    """Tell whether all of the addresses, of which there is one, are those of the proxy in a task."""
    found = tuple(addresses)
    return bool(found) and all(is_service_connect(a) for a in found)


def has_other_names(trail: Trail) -> bool:
    """Tell whether this host is a task with Service Connect whose hosts file lacks the name."""
    file = optional(lambda: trail.host.facts.hosts.value)
    return (
        file is not None and file.has_service_connect and not any(is_service_connect(e.address) for e in file.entries)
    )


def _created_at(trail: Trail, kept: set[str]) -> datetime | None:
    known = {s.id: s.created_at for s in _cloud_map_services(trail)}
    return max((at for i in kept if (at := known.get(i)) is not None), default=None)


def _cloud_map_services(trail: Trail) -> Iterable[CloudMapService]:
    facts = trail.cloudmap.facts
    for listing in (*(v.services for v in facts.views), *(e.services for e in facts.elsewhere)):
        yield from listing.seen_or(())


def _behind(trail: Trail) -> CloudMapService | None:
    view = optional(lambda: trail.cloudmap.view)
    return view.service.seen_or(None) if view is not None else None


def _names_of_namespaces(trail: Trail) -> dict[str, str]:
    return {n.id: n.name for n in trail.cloudmap.facts.namespaces.seen_or(())}


def _namespace(trail: Trail, connect: ServiceConnect) -> str:
    """Return the namespace by its id where that is known, else as it is written."""
    written = _last(connect.namespace)
    same = {n.id for n in trail.cloudmap.facts.namespaces.seen_or(()) if n.name == written.lower()}
    return next(iter(same)) if len(same) == 1 else written


def _last(arn: str) -> str:
    return arn.rsplit("/", 1)[-1]
