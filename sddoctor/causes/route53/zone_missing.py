"""The namespace's hosted zone no longer exists."""

from __future__ import annotations

from sddoctor.case.seen import Absent
from sddoctor.causes.cloudmap.not_found import create_service
from sddoctor.causes.model import Evidence, Finding, Fix, cause
from sddoctor.causes.route53.readings import answer_evidence, asker_is_served
from sddoctor.causes.shell import aws, keep, variable
from sddoctor.trail.answers import denier
from sddoctor.trail.trail import Trail, optional


@cause(
    "hosted-zone-missing",
    hop="route53",
    kind="fault",
    severity="error",
    certainty="certain",
    title="The namespace's hosted zone no longer exists",
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
    if answer is not None and (answer.answers or denier(answer, namespace.name) in ("zone", "longer")):
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
        acts=not asker_is_served(trail),
    )


def _fix(trail: Trail) -> Fix:
    namespace = trail.cloudmap.namespace
    service = optional(lambda: trail.cloudmap.service)
    vpc = _vpc_of_tasks(trail)
    commands: list[str] = []
    if namespace.type == "DNS_PUBLIC":
        commands += _kept(aws("servicediscovery", "create-public-dns-namespace", name=namespace.name))
    elif vpc is not None:
        commands += _kept(aws("servicediscovery", "create-private-dns-namespace", name=namespace.name, vpc=vpc))
    main = optional(lambda: trail.ecs.main)
    if service is not None and commands:
        created = create_service(service.name, variable("NAMESPACE_ID"))
        commands.append(keep("REGISTRY_ARN", created, "Service.Arn") if main is not None else created)
    if service is not None and commands and main is not None:
        attach = aws("ecs", "update-service", cluster=main.cluster_name, service=main.name)
        commands.append(f'{attach} --service-registries "registryArn=$REGISTRY_ARN"')
    return Fix(
        "Make the namespace and its services anew, then attach the ECS services",
        "aws",
        commands=tuple(commands),
        changes=f"Creates a namespace {namespace.name} with a new zone and a service in it, and replaces the tasks.",
        verified_by="get-hosted-zone finds the new zone, and the name answers.",
    )


def _kept(create: str) -> list[str]:
    """Return commands that start to make a namespace, wait for it (about a minute), and keep its id.

    https://docs.aws.amazon.com/cloud-map/latest/api/API_GetOperation.html
    """
    read = aws("servicediscovery", "get-operation", operation_id=variable("OPERATION_ID"))
    status = f"{read} --query Operation.Status --output text"
    return [
        keep("OPERATION_ID", create, "OperationId"),
        f'while [ "$({status})" = SUBMITTED ] || [ "$({status})" = PENDING ]; do sleep 5; done',
        keep("NAMESPACE_ID", read, "Operation.Targets.NAMESPACE"),
    ]


def _vpc_of_tasks(trail: Trail) -> str | None:
    """Return the VPC whose range holds a registered address, else the client's, else the only one there is."""
    vpcs = trail.vpc.facts.vpcs.peek() or ()
    for instance in trail.cloudmap.view.instances.peek() or ():
        for address in instance.addresses:
            if vpcs and (vpc := trail.vpc.holding(address)) is not None:
                return vpc.id
    client = trail.vpc.facts.client.peek()
    if client is not None:
        return client.vpc_id
    return vpcs[0].id if len(vpcs) == 1 else None
