"""Published by Service Connect, which creates no DNS record."""

from __future__ import annotations

from sddoctor.case.cloudmap import CloudMapService, Namespace
from sddoctor.case.ecs import EcsService
from sddoctor.case.seen import AbsentFactError
from sddoctor.causes.cloudmap.attach import publish_as
from sddoctor.causes.commands import redeploy, update
from sddoctor.causes.model import Evidence, Finding, Fix, cause
from sddoctor.text.shell import aws
from sddoctor.text.words import listed
from sddoctor.trail.service_connect import (
    Endpoint,
    are_proxies,
    client,
    endpoint,
    has_other_names,
    is_member,
    names,
    older_members,
)
from sddoctor.trail.trail import Trail, optional


@cause(
    "service-connect-only",
    hop="cloudmap",
    at=("registry", "records"),
    symptoms=("missing",),
    title="Published by Service Connect, which creates no DNS record",
    # A name that is not published by DNS has no zone to miss.
    explains=("hosted-zone-missing",),
)
def service_connect_only(trail: Trail) -> Finding | None:
    """An ECS deployment has the name as its Service Connect name, no registry publishes it, and the zone has no record.

    A registry under another name does not matter: one service may well have both.
    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-connect-concepts-deploy.html
    """
    found = endpoint(trail)
    if found is None or _is_published(trail, found.service) or _has_records(trail):
        return None
    if optional(lambda: trail.answered_itself) or optional(lambda: trail.answers.vpc_addresses):
        return None
    if not trail.client_is_in_vpc:
        trail.case.place.host.value  # noqa: B018 - raises where nothing of the asker was seen: it may be such a task
    if are_proxies(optional(lambda: trail.client_answer.addresses) or ()):
        return None
    namespace = optional(lambda: trail.cloudmap.namespace)
    service, older = found.service, older_members(trail, found)
    outsider = _outsider(trail, found)
    return Finding(
        summary=(
            f"{trail.name} is a Service Connect name of {service.cluster_name}/{service.name}: it exists only inside tasks "
            f"of the same Service Connect namespace, never in DNS.{_why_not(outsider, found) or _why_not_here(trail)}"
        ),
        detail=(
            "Service Connect makes no Route 53 record. Its names work in tasks of services that joined its namespace and "
            "started after the endpoint existed; laptops, functions, stand-alone tasks and other services cannot resolve them."
            + (f" {listed(s.name for s in older)} {'is' if len(older) == 1 else 'are'} older than it." if older else "")
        ),
        evidence=(
            Evidence(
                "ecs:DescribeServices deployments[].serviceConnectConfiguration",
                service.name,
                names(trail, found.connect),
                None,
            ),
            Evidence(
                "ecs:DescribeServices services[].serviceRegistries",
                service.name,
                tuple(r.service_id for r in service.all_registries) or "none",
                f"one that publishes {trail.name}",
            ),
        ),
        fixes=(
            *((_join(outsider, found),) if outsider is not None else ()),
            *_fixes(trail, found, namespace if namespace and namespace.type != "HTTP" else None),
        ),
    )


def _outsider(trail: Trail, found: Endpoint) -> EcsService | None:
    """Return the client's ECS service, if the user named it and it has not joined the endpoint's namespace."""
    service = client(trail, found)
    return service if service is not None and not is_member(trail, service, found) else None


def _why_not(outsider: EcsService | None, found: Endpoint) -> str:
    if outsider is None:
        return ""
    return f" {outsider.cluster_name}/{outsider.name} has not joined {_last(found.connect.namespace)}."


def _why_not_here(trail: Trail) -> str:
    if not has_other_names(trail):
        return ""
    return (
        " This host is a task of Service Connect whose hosts file lacks the name: its service was deployed before the endpoint "
        "existed, or joined another namespace."
    )


def _join(outsider: EcsService, found: Endpoint) -> Fix:
    """Return how the client's service joins. Its new tasks know every endpoint that exists by then.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceConnectConfiguration.html
    """
    setting = f"enabled=true,namespace={found.connect.namespace}"
    return Fix(
        "Let the client's service join the Service Connect namespace",
        "aws",
        commands=(update(outsider, service_connect_configuration=setting),),
        changes=f"Starts a new deployment of {outsider.name}, as a client of that namespace only.",
        verified_by="In a new task, getent hosts prints an address for the name.",
    )


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


def _fixes(trail: Trail, found: Endpoint, namespace: Namespace | None) -> tuple[Fix, ...]:
    service = found.service
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
        *_members(trail, found),
        Fix("Or reach it through an internal load balancer, or by DiscoverInstances", "app"),
    )


def _members(trail: Trail, found: Endpoint) -> tuple[Fix, ...]:
    """Return what helps a client in the same Service Connect namespace: tasks that know the endpoint.

    A task gets the list of names when it starts.
    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-connect-concepts-deploy.html
    """
    older = older_members(trail, found)
    if not older:
        read = aws("ecs", "list-services-by-namespace", namespace=found.connect.namespace)
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


def _last(arn: str) -> str:
    return arn.rsplit("/", 1)[-1]
