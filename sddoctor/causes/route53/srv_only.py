"""Only SRV records exist, and the client queries for an address."""

from __future__ import annotations

from sddoctor.case.ecs import EcsService
from sddoctor.causes.cloudmap.attach import publish_as, registering
from sddoctor.causes.model import Evidence, Finding, Fix, cause
from sddoctor.causes.route53.evidence import answer_evidence
from sddoctor.text.shell import command
from sddoctor.text.words import listed
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
    if trail.owner.is_of_records:
        return _of_zone(trail)
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


def _of_zone(trail: Trail) -> Finding | None:
    """The zone that somebody keeps by hand has SRV for the name and nothing that leads to an address."""
    zone = trail.zone.of_name
    types = {r.type for r in zone.records}
    if trail.queries_srv or "SRV" not in types or types & {"A", "AAAA", "CNAME"} or trail.client_answer.addresses:
        return None
    targets = tuple(sorted({v.rsplit(" ", 1)[-1] for r in zone.records if r.type == "SRV" for v in r.values}))
    return Finding(
        summary=f"{trail.name} has SRV records only, so a program that asks for an address gets none.",
        detail=(
            "The hosted zone has SRV for the name, and neither A, AAAA nor CNAME. curl, ping and most programs ask for an "
            "address; those that exist belong to the SRV targets."
        ),
        evidence=(
            Evidence("route53:ListResourceRecordSets", f"{trail.name} in {zone.id}", tuple(sorted(types)), "A or AAAA"),
            *answer_evidence(trail),
        ),
        fixes=(
            Fix(
                "Let the client use SRV (strict clients ask only for names like _http._tcp.DOMAIN)",
                "app",
                commands=(command("dig", "+short", "SRV", trail.name),),
                changes="Nothing: it shows hosts and ports.",
            ),
            Fix(
                f"Or let the client ask for the target ({listed(targets[:2])}), or add an A record for the name", "app"
            ),
        ),
    )


def _in_awsvpc_mode(trail: Trail) -> EcsService | None:
    """Return the ECS service that registers under the name, if its tasks may have A records as they are."""
    service = registering(trail)
    definition = optional(lambda: trail.ecs.definition(service.task_definition)) if service is not None else None
    return service if definition is not None and definition.network_mode == "awsvpc" else None
