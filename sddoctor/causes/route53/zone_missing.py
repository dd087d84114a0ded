"""The namespace's hosted zone no longer exists."""

from __future__ import annotations

from sddoctor.case.seen import Absent
from sddoctor.causes.cloudmap.attach import create_and_attach, create_namespace
from sddoctor.causes.model import Evidence, Finding, Fix, cause
from sddoctor.causes.route53.evidence import answer_evidence
from sddoctor.text.shell import variable
from sddoctor.trail.denials import vpc_denier
from sddoctor.trail.trail import Trail, optional
from sddoctor.trail.zone_answers import vpc_of_tasks


@cause(
    "hosted-zone-missing",
    hop="route53",
    at=("records",),
    symptoms=("missing",),
    title="The namespace's hosted zone no longer exists",
    # Without the zone no instance can be written.
    explains=("registration-failed", "instance-missing"),
)
def hosted_zone_missing(trail: Trail) -> Finding | None:
    """Cloud Map names a zone that Route 53 does not know (NoSuchHostedZone), and no answer comes from it.

    https://docs.aws.amazon.com/Route53/latest/APIReference/API_GetHostedZone.html
    """
    namespace = trail.cloudmap.namespace
    zone_id = namespace.hosted_zone_id
    if namespace.type == "HTTP" or zone_id is None or namespace.owner != "SELF":
        return None
    zone = trail.cloudmap.view.zone
    if not isinstance(zone, Absent):
        zone.value  # noqa: B018 - raises when it could not be read
        return None
    if optional(lambda: trail.vpc.sees_zone(zone_id)):
        return None
    answer = optional(lambda: trail.answers.vpc("A"))
    if answer is not None and (answer.answers or vpc_denier(trail) == "zone"):
        return None
    return Finding(
        summary=f"The hosted zone {zone_id} of the namespace {namespace.name} no longer exists in Route 53.",
        detail=(
            "Cloud Map still names the zone, so somebody deleted it there. No instance can be written any more, and no "
            "resolver has a zone to answer from."
        ),
        evidence=(
            Evidence("servicediscovery:GetNamespace HostedZoneId", namespace.name, zone_id),
            Evidence("route53:GetHostedZone", zone_id, "NoSuchHostedZone", "the zone"),
            *answer_evidence(trail),
        ),
        fixes=(_fix(trail),),
    )


def _fix(trail: Trail) -> Fix:
    namespace = trail.cloudmap.namespace
    service = optional(lambda: trail.cloudmap.service)
    vpc = vpc_of_tasks(trail)
    public = namespace.type == "DNS_PUBLIC"
    commands = create_namespace(namespace.name, None if public else vpc) if public or vpc is not None else ()
    main = optional(lambda: trail.ecs.main)
    if service is not None and commands:
        types = [r.type for r in service.records]
        commands += create_and_attach(service.name, variable("NAMESPACE_ID"), main, *types)
    return Fix(
        "Make the namespace and its services anew, then attach the ECS services",
        "aws",
        commands=commands,
        changes=f"Creates a namespace {namespace.name} with a new zone and a service in it, and replaces the tasks.",
        verified_by="get-hosted-zone finds the new zone, and the name answers.",
    )
