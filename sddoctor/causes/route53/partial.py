"""One answer shows only some of the instances, by design."""

from __future__ import annotations

from sddoctor.causes.cloudmap.attach import publish_as, registering
from sddoctor.causes.model import Evidence, Finding, Fix, cause
from sddoctor.text.shell import aws
from sddoctor.text.words import count
from sddoctor.trail.thresholds import MULTIVALUE_LIMIT
from sddoctor.trail.trail import Trail


@cause(
    "answer-is-partial",
    hop="route53",
    kind="note",
    severity="info",
    title="One answer shows only some of the instances, by design",
)
def answer_is_partial(trail: Trail) -> Finding | None:
    """One answer holds eight of more MULTIVALUE instances, or one of several WEIGHTED ones, and all are instances.

    https://docs.aws.amazon.com/cloud-map/latest/api/API_DnsConfig.html
    """
    service = trail.cloudmap.service
    if trail.cloudmap.target_instance is not None:
        return None
    able = [i for i in trail.cloudmap.instances if trail.cloudmap.health(i.id) != "UNHEALTHY"]
    weighted = service.routing_policy == "WEIGHTED"
    limit = 1 if weighted else MULTIVALUE_LIMIT
    if service.routing_policy not in ("WEIGHTED", "MULTIVALUE") or len(able) <= limit:
        return None
    rdtype = next((t for t in ("A", "AAAA", "SRV") if t in service.record_types), "A")
    answer = trail.answers.vpc(rdtype)
    shown = [r for r in answer.answers if r.type == rdtype]
    if len(shown) != limit or not _all_are_instances(trail, rdtype, tuple(r.data for r in shown)):
        return None
    union = len(trail.answers.vpc_addresses) if rdtype != "SRV" else len(trail.answers.vpc_srv_targets)
    rule = "exactly one" if weighted else f"at most {MULTIVALUE_LIMIT}"
    return Finding(
        summary=(
            f"One answer for {trail.name} shows {count(limit, 'address', 'addresses')} of {len(able)} instances: with routing "
            f"policy {service.routing_policy} that is by design."
        ),
        detail=(
            f"An answer holds {rule}, chosen anew each time, so an address that is missing from one answer is no fault. A "
            "client that takes DNS for the whole list sees its pool change all the time."
        ),
        evidence=(
            Evidence("servicediscovery:ListServices DnsConfig.RoutingPolicy", service.name, service.routing_policy),
            Evidence("servicediscovery:ListInstances", service.name, len(able)),
            Evidence(f"dns @{trail.answers.vpc_server} {rdtype}", f"addresses in one answer for {trail.name}", limit),
            Evidence(f"dns @{trail.answers.vpc_server} {rdtype}", "different addresses over all answers", union),
        ),
        fixes=_fixes(trail, weighted),
    )


def _all_are_instances(trail: Trail, rdtype: str, data: tuple[str, ...]) -> bool:
    if rdtype == "SRV":
        return {d.rsplit(" ", 1)[-1].split(".", 1)[0] for d in data} <= {i.id for i in trail.cloudmap.instances}
    return set(data) <= {a for i in trail.cloudmap.instances for a in i.addresses}


def _fixes(trail: Trail, weighted: bool) -> tuple[Fix, ...]:
    namespace, service = trail.cloudmap.namespace, trail.cloudmap.service
    all_addresses = Fix(
        "Take the list from the API where all instances are needed",
        "app",
        commands=(
            aws(
                "servicediscovery",
                "discover-instances",
                namespace_name=namespace.http_name or namespace.name,
                service_name=service.name,
                max_results=1000,
                health_status="HEALTHY",
            ),
        ),
        changes="Nothing: it lists instances.",
    )
    if not weighted:
        return (all_addresses,)
    other = publish_as(
        "If WEIGHTED was not wanted, make a Cloud Map service with MULTIVALUE: the policy cannot be changed later",
        f"{service.name}-all",
        namespace,
        registering(trail),
        verified_by="One answer shows all instances, up to eight.",
    )
    return (all_addresses, other)
