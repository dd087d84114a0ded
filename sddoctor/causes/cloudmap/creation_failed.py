"""The namespace was to be created, and that failed."""

from __future__ import annotations

import re

from sddoctor.case.cloudmap import Operation
from sddoctor.case.name import address_of_reverse
from sddoctor.case.route53 import ZoneSummary
from sddoctor.case.seen import Gap, UnseenFactError
from sddoctor.causes.cloudmap.attach import create_namespace
from sddoctor.causes.commands import disassociate, read_only
from sddoctor.causes.model import Evidence, Finding, Fix, cause
from sddoctor.text.shell import aws
from sddoctor.text.words import age
from sddoctor.trail.creations import CREATE, domains_in, failed, failed_for_name
from sddoctor.trail.trail import Trail, optional

_VPC = re.compile(r"\bvpc-[0-9a-f]{8,17}\b")


@cause(
    "namespace-creation-failed",
    hop="cloudmap",
    at=("registry", "records", "vpc-answer"),
    symptoms=("missing", "NXDOMAIN", "NODATA"),
    title="Creating the namespace failed",
    # That there is no namespace follows from it, and what the zone lacks that is in its way, or that it left.
    explains=("namespace-not-found", "plain-zone-lacks-record"),
)
def namespace_creation_failed(trail: Trail) -> Finding | None:
    """No namespace has the name, and an operation that was to create one of its domains ended in FAIL.

    The call that creates a namespace returns before the work is done. Only the operation's error names the domain.
    https://docs.aws.amazon.com/cloud-map/latest/api/API_Operation.html
    """
    trail.cloudmap.facts.namespaces.value  # noqa: B018 - raises when unseen
    if trail.cloudmap.facts.views or "." not in trail.name or address_of_reverse(trail.name):
        return None
    if optional(lambda: trail.answers.vpc_addresses) or optional(lambda: trail.client_answer.addresses):
        return None
    if (found := failed_for_name(trail)) is not None:
        return _finding(trail, *found)
    silent = next((o for o in failed(trail) if not domains_in(o)), None)
    if silent is not None:
        what = f"which namespace operation {silent.id} was to create ({silent.error_code or 'without an error code'})"
        raise UnseenFactError(Gap(what, "its error does not name it", "cloudtrail:LookupEvents"))
    return None


def _finding(trail: Trail, operation: Operation, namespace: str) -> Finding:
    since = trail.ecs.age(operation.created_at)
    ago = f" {age(since)} ago" if since is not None else ""
    zone = _collides_with(trail, namespace)
    left = (
        f"The hosted zone {zone.id} has that name in the client's VPC: it is what the creation collided with, or what it left."
        if zone is not None
        else "Often a hosted zone of that name in the VPC is in the way, or is left behind."
    )
    return Finding(
        summary=(
            f"Creating the namespace {namespace} failed{ago} ({operation.error_code or 'no error code'}), so {trail.name} is "
            "in no namespace."
        ),
        detail=(
            "CreatePrivateDnsNamespace returns before the work is done, and its operation ended in FAIL. No namespace came of "
            f"it, and what was built afterwards refers to nothing. {left}"
        ),
        evidence=(
            Evidence("servicediscovery:GetOperation Operation.Status", operation.id, operation.status, "SUCCESS"),
            Evidence(
                "servicediscovery:GetOperation Operation.ErrorMessage", operation.id, operation.error_message or ""
            ),
            Evidence("servicediscovery:ListNamespaces", namespace, "no namespace of this name", "a namespace"),
            *(
                (
                    Evidence(
                        "route53:ListHostedZonesByVPC", zone.id, f"a zone named {zone.name}", "none, or the namespace's"
                    ),
                )
                if zone is not None
                else ()
            ),
        ),
        fixes=_fixes(trail, operation, namespace, zone),
    )


def _zones(trail: Trail) -> tuple[ZoneSummary, ...] | None:
    return optional(lambda: trail.vpc.visible_zones)


def _collides_with(trail: Trail, namespace: str) -> ZoneSummary | None:
    return next((z for z in _zones(trail) or () if z.name == namespace), None)


def _fixes(trail: Trail, operation: Operation, namespace: str, zone: ZoneSummary | None) -> tuple[Fix, ...]:
    read = read_only("Read the whole reason", aws("servicediscovery", "get-operation", operation_id=operation.id))
    verified = f"The newest {CREATE} operation has Status SUCCESS, and list-namespaces has {namespace}."
    vpc = _VPC.search(operation.error_message or "")
    if zone is not None:
        shown = aws("route53", "get-hosted-zone", id=zone.id)
        keep = "Keep that zone and give the namespace another name, or take the zone out of the VPC and create it again"
        return (
            read,
            read_only("See which VPCs need the zone that is in the way", shown),
            Fix(keep, "terraform", verified_by=verified),
            *(
                (_take_out(trail, namespace, zone, vpc[0], verified),)
                if vpc and _keeps_a_vpc(trail, zone, vpc[0])
                else ()
            ),
        )
    if vpc is None or _zones(trail) is None or vpc[0] != optional(lambda: trail.vpc.dns.vpc_id):
        return (
            read,
            Fix(f"Repair what the error names, then create {namespace} again", "terraform", verified_by=verified),
        )
    again = Fix(
        "Create the namespace again: no zone of that name is in the VPC any more",
        "aws",
        commands=create_namespace(namespace, vpc[0]),
        changes=f"Creates the private DNS namespace {namespace}, with a hosted zone for {vpc[0]}; services follow.",
        verified_by=verified,
    )
    return (read, again)


def _keeps_a_vpc(trail: Trail, zone: ZoneSummary, vpc_id: str) -> bool:
    """Tell whether the zone is known to be in other VPCs as well: Route 53 does not take the last one away.

    https://docs.aws.amazon.com/Route53/latest/APIReference/API_DisassociateVPCFromHostedZone.html
    """
    found = next((z.zone.seen_or(None) for z in trail.case.aws.zones.seen_or(()) if z.id == zone.id), None)
    vpcs = {v.vpc_id for v in found.vpcs} if found is not None else set()
    return len(vpcs) > 1 and vpc_id in vpcs


def _take_out(trail: Trail, namespace: str, zone: ZoneSummary, vpc_id: str, verified: str) -> Fix:
    return Fix(
        f"If nobody in {vpc_id} needs that zone, take it out there and create the namespace again",
        "aws",
        commands=(disassociate(trail, zone.id, vpc_id), *create_namespace(namespace, vpc_id)),
        changes=f"{vpc_id} no longer sees the records of {zone.id}, and a namespace {namespace} is created for it.",
        verified_by=verified,
    )
