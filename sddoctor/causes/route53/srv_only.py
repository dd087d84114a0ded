"""Only SRV records exist, and the client queries for an address."""

from __future__ import annotations

from sddoctor.case.ecs import EcsService
from sddoctor.causes.cloudmap.attach import publish_as, registering
from sddoctor.causes.model import Evidence, Finding, Fix, cause
from sddoctor.text.shell import command
from sddoctor.trail.trail import Trail, optional


@cause(
    "srv-only",
    hop="route53",
    at=("records",),
    symptoms=("missing",),
    title="Only SRV records exist, and the client asks for an address",
)
def srv_only(trail: Trail) -> Finding | None:
    """The service publishes SRV alone, SRV is answered (or in the zone), and A is empty or NXDOMAIN.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-discovery.html
    """
    service = trail.cloudmap.service
    if service.record_types != {"SRV"} or trail.queries_srv or trail.cloudmap.target_instance is not None:
        return None
    if optional(lambda: trail.answered_itself):
        return None  # something else answers for it
    srv = optional(lambda: trail.answers.vpc("SRV"))
    answer = optional(lambda: trail.answers.vpc("A"))
    if answer is not None and answer.addresses:
        return None
    if srv is not None:
        has_srv = any(r.type == "SRV" for r in srv.answers)
    else:
        has_srv = any(r.type == "SRV" for r in trail.cloudmap.records)
    if not has_srv:
        return None
    evidence = [Evidence("servicediscovery:ListServices DnsConfig.DnsRecords[].Type", service.name, "SRV", "A or AAAA")]
    if answer is not None:
        reply = answer.rcode if answer.rcode != "NOERROR" else "NOERROR without an answer"
        evidence.append(Evidence(f"dns @{trail.answers.vpc_server} A", trail.name, reply, "addresses"))
    if srv is not None:
        targets = tuple(sorted(trail.answers.vpc_srv_targets))[:3]
        evidence.append(Evidence(f"dns @{trail.answers.vpc_server} SRV", trail.name, targets))
    return Finding(
        summary=f"{trail.name} has SRV records only, so a program that asks for an address gets none.",
        detail=(
            "The Cloud Map service publishes SRV and neither A nor AAAA, which is all that ECS allows in bridge and host "
            "mode. curl, ping and most programs ask for an address; the A records that do exist belong to the SRV "
            "targets, one label deeper."
        ),
        evidence=tuple(evidence),
        fixes=(
            Fix(
                "Let the client use SRV (strict clients ask only for names like _http._tcp.NAMESPACE)",
                "app",
                commands=(command("dig", "+short", "SRV", trail.name),),
                changes="Nothing: it shows hosts and ports.",
            ),
            publish_as(
                "Or run in awsvpc mode with a Cloud Map service that has A records; types cannot be changed later",
                f"{service.name}-a",
                trail.cloudmap.namespace,
                _in_awsvpc_mode(trail),
                verified_by="The new name answers A with task addresses.",
            ),
        ),
    )


def _in_awsvpc_mode(trail: Trail) -> EcsService | None:
    """Return the ECS service that registers under the name, if its tasks may have A records as they are."""
    service = registering(trail)
    definition = optional(lambda: trail.ecs.definition(service.task_definition)) if service is not None else None
    return service if definition is not None and definition.network_mode == "awsvpc" else None
