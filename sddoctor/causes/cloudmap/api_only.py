"""Registered for API discovery only: there is no DNS record."""

from __future__ import annotations

from sddoctor.case.seen import FactError
from sddoctor.causes.cloudmap.attach import create_and_attach, create_namespace, publish_as, registering
from sddoctor.causes.commands import read_only
from sddoctor.causes.model import Evidence, Finding, Fix, cause
from sddoctor.text.shell import aws, variable
from sddoctor.trail.trail import Trail, optional
from sddoctor.trail.zone_answers import vpc_of_tasks


@cause(
    "api-only",
    hop="cloudmap",
    at=("registry", "records"),
    symptoms=("missing",),
    title="Registered for API discovery only: there is no DNS record",
    # A name that is not published by DNS has no zone to miss.
    explains=("hosted-zone-missing",),
)
def api_only(trail: Trail) -> Finding | None:
    """The namespace is of type HTTP, or the service is, and neither belongs to Service Connect.

    https://docs.aws.amazon.com/cloud-map/latest/dg/creating-namespaces.html
    """
    namespace = trail.cloudmap.namespace
    service = trail.cloudmap.view.service.or_none()
    by_namespace = namespace.type == "HTTP"
    by_service = service is not None and service.type == "HTTP" and not service.records
    if not by_namespace and not by_service:
        return None
    if _belongs_to_service_connect(trail):
        return None
    if optional(lambda: trail.answered_itself):
        return None  # something else answers for it: another zone, a rule, a file
    answer = optional(lambda: trail.answers.vpc("A"))
    if answer is not None and answer.addresses:
        return None
    what = f"the namespace {namespace.name} is" if by_namespace else f"the service {trail.cloudmap.label} is"
    evidence = [
        Evidence("servicediscovery:ListNamespaces Type", namespace.name, namespace.type, "DNS_PRIVATE or DNS_PUBLIC")
        if by_namespace
        else Evidence("servicediscovery:ListServices Type", trail.cloudmap.label, "HTTP", "DNS_HTTP")
    ]
    if answer is not None:
        evidence.append(Evidence(f"dns @{trail.answers.vpc_server} A", trail.name, answer.rcode, "addresses"))
    return Finding(
        summary=f"{trail.name} can never resolve by DNS, because {what} for API discovery only (type HTTP).",
        detail=(
            "Its instances can be found with DiscoverInstances, but no record exists and none ever will; the types "
            "cannot be converted."
        ),
        evidence=tuple(evidence),
        fixes=(*_with_records(trail, by_namespace), _discover(trail)),
        would_tell=_would_tell(trail),
    )


def _belongs_to_service_connect(trail: Trail) -> bool:
    """Tell whether Service Connect made the service: its tag says so, or an ECS deployment names it."""
    service = trail.cloudmap.view.service.or_none()
    if service is None:
        label = trail.cloudmap.label
        return any(
            label in (c.discovery_name, *c.aliases) or trail.name in c.aliases
            for connect in trail.ecs.service_connects
            for c in connect.services
        )
    named = {arn.rsplit("/", 1)[-1] for connect in trail.ecs.service_connects for arn in connect.discovery_arns}
    if service.id in named or service.description.startswith("Managed by arn:"):
        return True
    return any(t.key == "AmazonECSManaged" for t in trail.cloudmap.view.tags.or_none() or ())


def _would_tell(trail: Trail) -> str | None:
    """Return what would tell whether Service Connect has the name; ``None`` where a service of Cloud Map has it, or all were seen."""
    if trail.cloudmap.view.service.or_none() is not None or _were_all_seen(trail):
        return None
    return "ecs:ListServices and DescribeServices in every cluster, to see whether Service Connect has the name"


def _were_all_seen(trail: Trail) -> bool:
    try:
        trail.ecs.require_full_walk()
    except FactError:
        return False
    return True


def _with_records(trail: Trail, by_namespace: bool) -> tuple[Fix, ...]:
    """Return how to get a record: a DNS namespace where there is none, a service with records, and ECS attached to it."""
    namespace, label = trail.cloudmap.namespace, trail.cloudmap.label
    namesake = next(iter(trail.cloudmap.namesakes), None) if by_namespace else None
    if by_namespace and namesake is None:
        return _dns_namespace(trail)
    target = namesake.namespace if namesake is not None else namespace
    new = label if namesake is not None else f"{label}-dns"
    service = trail.cloudmap.view.service.or_none()
    attached = optional(lambda: trail.ecs.active) if service is not None else None
    return (
        publish_as(
            "Make a Cloud Map service with DNS records",
            new,
            target,
            next(iter(attached or ()), None),
            verified_by="The zone lists a record for the new name once a task has registered.",
        ),
    )


def _dns_namespace(trail: Trail) -> tuple[Fix, ...]:
    vpc = vpc_of_tasks(trail)
    name, label = trail.cloudmap.namespace.name, trail.cloudmap.label
    if vpc is None:
        return ()
    service = registering(trail)
    attach = f" in which the tasks of {service.name} register" if service is not None else ""
    return (
        Fix(
            "Make a DNS namespace with the service in it",
            "aws",
            commands=(
                *create_namespace(name, vpc),
                *create_and_attach(label, variable("NAMESPACE_ID"), service),
            ),
            changes=f"Creates a private DNS namespace {name} for {vpc}, and a service {label} in it{attach}.",
            verified_by="list-namespaces shows it with type DNS_PRIVATE, and its zone has a record of the name.",
        ),
    )


def _discover(trail: Trail) -> Fix:
    namespace = trail.cloudmap.namespace
    names = {"namespace_name": namespace.http_name or namespace.name, "service_name": trail.cloudmap.label}
    find = aws("servicediscovery", "discover-instances", **names)
    return read_only("Or let the client find the instances through the API", find, "app")
