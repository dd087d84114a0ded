"""Two namespaces share this name, and the client sees the other one."""

from __future__ import annotations

from sddoctor.case.cloudmap import NamespaceView
from sddoctor.causes.cloudmap.attach import attach, create_and_attach, registering
from sddoctor.causes.commands import associate, dig_soa, disassociate
from sddoctor.causes.model import Evidence, Finding, Fix, cause
from sddoctor.stations.model import DENIED
from sddoctor.trail.denials import vpc_denier
from sddoctor.trail.trail import Trail, optional


@cause(
    "namespace-duplicate",
    hop="cloudmap",
    at=("registry", "vpc-answer"),
    symptoms=(*DENIED, "missing", "foreign"),
    title="Two namespaces share this name, and the client sees the other one",
    # The namespace that the client sees stays empty, whatever is registered in the other one.
    explains=("service-not-attached",),
)
def namespace_duplicate(trail: Trail) -> Finding | None:
    """The service lives in one namespace, and the client's VPC is associated with the zone of its namesake.

    https://docs.aws.amazon.com/cloud-map/latest/api/API_CreatePrivateDnsNamespace.html
    """
    if (pair := _registered_in_http_namesake(trail)) is not None:
        return _http_namesake(trail, *pair)
    view = trail.cloudmap.view
    if not trail.cloudmap.namesakes or view.namespace.type != "DNS_PRIVATE" or view.service.or_none() is None:
        return None
    vpc_id = _vpc_in_question(trail)
    namesake = next((t for t in trail.cloudmap.namesakes if vpc_id in _vpcs(t)), None)
    if vpc_id is None or namesake is None or (namesake.service.or_none() is not None and namesake.instances.value):
        return None
    answer = optional(lambda: trail.answers.vpc("A"))
    by = vpc_denier(trail) if answer is not None else None
    if answer is not None and (answer.answers or by not in ("zone", "nobody")):
        return None
    state = "no such service" if namesake.service.or_none() is None else "no instance of it"
    name, namesake_id = view.namespace.name, namesake.namespace.id
    return Finding(
        summary=(
            f"Two namespaces are called {name}: {vpc_id} sees {namesake_id}, which has {state}, and not {view.namespace.id}, "
            f"where {trail.cloudmap.service.name} is registered."
        ),
        detail=(
            "Cloud Map allows several namespaces of one name as long as their VPCs differ. The zone that this VPC sees is "
            "authoritative there and returns NXDOMAIN."
        ),
        evidence=(
            Evidence("servicediscovery:ListNamespaces", name, (view.namespace.id, namesake_id), "one namespace"),
            Evidence(
                "route53:GetHostedZone VPCs[].VPCId", view.namespace.hosted_zone_id or "", tuple(_vpcs(view)), vpc_id
            ),
            Evidence(
                "route53:GetHostedZone VPCs[].VPCId", namesake.namespace.hosted_zone_id or "", tuple(_vpcs(namesake))
            ),
        ),
        fixes=_fixes(trail, namesake, vpc_id),
        would_tell=dig_soa(trail) if by == "nobody" else None,
    )


def _registered_in_http_namesake(trail: Trail) -> tuple[NamespaceView, NamespaceView] | None:
    """Return an API-only namespace in which the service is registered, and its DNS namesake in which it is not.

    Tools that are given a namespace by name create such a second one. As long as the DNS namespace has the instances, the
    other is harmless.
    """
    views = [v for v in trail.cloudmap.facts.views if v.namespace.name == trail.cloudmap.namespace.name]
    http = next(
        (v for v in views if v.namespace.type == "HTTP" and v.service.seen_or(None) and v.instances.seen_or(None)), None
    )
    dns = next((v for v in views if v.namespace.type == "DNS_PRIVATE"), None)
    if http is None or dns is None:
        return None
    if dns.service.or_none() is not None and dns.instances.value:
        return None
    return http, dns


def _http_namesake(trail: Trail, http: NamespaceView, dns: NamespaceView) -> Finding | None:
    answer = optional(lambda: trail.answers.vpc("A"))
    if answer is not None and answer.answers:
        return None
    name = dns.namespace.name
    return Finding(
        summary=(
            f"Two namespaces are called {name}: {trail.cloudmap.label} is registered in {http.namespace.id}, which is for API "
            f"discovery only, and DNS uses {dns.namespace.id}, where it is not."
        ),
        detail=(
            "A tool that was given the namespace by name probably made the second one. Its instances are found with "
            f"DiscoverInstances under {http.namespace.http_name or name}, never by DNS."
        ),
        evidence=(
            Evidence("servicediscovery:ListNamespaces", name, (dns.namespace.id, http.namespace.id), "one namespace"),
            Evidence("servicediscovery:ListInstances", f"{trail.cloudmap.label} in {http.namespace.id}", _size(http)),
            Evidence("servicediscovery:ListInstances", f"{trail.cloudmap.label} in {dns.namespace.id}", _size(dns)),
        ),
        fixes=(
            *_register_in_namesake(trail, dns),
            Fix("Refer to namespaces by ARN, so that no tool makes a second one of the name", "terraform"),
        ),
    )


def _size(view: NamespaceView) -> int:
    return len(view.instances.seen_or(()))


def _vpcs(view: NamespaceView) -> list[str]:
    return [v.vpc_id for v in view.zone.value.vpcs]


def _vpc_in_question(trail: Trail) -> str | None:
    """Return the VPC whose resolver the client uses: named or its own; for an outsider that of the resolver it queries."""
    client = trail.vpc.client
    if client.how != "zone":
        return client.vpc_id
    for server in optional(lambda: trail.host.servers) or ():
        vpc = trail.vpc.with_resolver(server.address)
        if vpc is not None:
            return vpc.id
    return None


def _fixes(trail: Trail, namesake: NamespaceView, vpc_id: str) -> tuple[Fix, ...]:
    right, wrong = trail.cloudmap.namespace.hosted_zone_id or "", namesake.namespace.hosted_zone_id or ""
    move = Fix(
        "Let the client's VPC see the right zone, after taking it out of the wrong one",
        "aws",
        commands=(
            disassociate(trail, wrong, vpc_id),
            associate(trail, right, vpc_id),
        ),
        changes=f"Every name of {trail.cloudmap.namespace.name} then comes from {right} in {vpc_id}.",
        verified_by="The name answers there.",
    )
    return (
        *((move,) if len(_vpcs(namesake)) > 1 else ()),  # a private zone keeps its last VPC
        *_register_in_namesake(trail, namesake),
        Fix("Put the environment into the namespace's name, and refer to namespaces by ARN", "terraform"),
    )


def _register_in_namesake(trail: Trail, namesake: NamespaceView) -> tuple[Fix, ...]:
    """Return how to register in the namespace that the client does see, in a new service if it has none."""
    service, ecs_service = namesake.service.seen_or(None), registering(trail)
    title = "Register the ECS service in the namespace that the client sees; others then no longer find it in this one"
    if ecs_service is None or namesake.namespace.owner != "SELF" or (service is not None and not service.records):
        return ()
    if service is not None:
        return (attach(ecs_service, service.arn, title),)
    types = [r.type for r in trail.cloudmap.service.records]
    return (
        Fix(
            title,
            "aws",
            commands=create_and_attach(trail.cloudmap.label, namesake.namespace.id, ecs_service, *types),
            changes=(
                f"Creates the service {trail.cloudmap.label} in {namesake.namespace.id}, and starts a new deployment of "
                f"{ecs_service.name}, whose tasks register there and no longer in {trail.cloudmap.namespace.id}."
            ),
            verified_by="The name answers there.",
        ),
    )
