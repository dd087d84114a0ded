"""No such namespace, or no such service in it; with "did you mean"."""

from __future__ import annotations

from difflib import get_close_matches

from sddoctor.case.name import address_of_reverse
from sddoctor.case.seen import Gap, UnseenFactError
from sddoctor.causes.cloudmap.attach import create_and_attach
from sddoctor.causes.model import Evidence, Finding, Fix, cause
from sddoctor.text.likeness import RESEMBLES, likeness
from sddoctor.text.shell import aws
from sddoctor.text.words import listed
from sddoctor.trail.denials import vpc_denier
from sddoctor.trail.owners import has_no_other_owner, is_nobodys, is_owned_by_others, names_meant, tells_the_zones
from sddoctor.trail.trail import Trail, optional


@cause(
    "namespace-not-found",
    hop="cloudmap",
    at=("registry",),
    symptoms=("missing",),
    title="No namespace or hosted zone covers this name",
)
def namespace_not_found(trail: Trail) -> Finding | None:
    """The name is in no namespace of account and region, and a service of its label is in a namespace that was meant.

    Zones, rules and services of AWS own names as well. That none of them owns this one is seen where the VPC's zones and
    Profiles and its rules were read; else it only fits. Without such a service it
    stays open, for the zones of other VPCs were not read.
    """
    namespaces = trail.cloudmap.facts.namespaces.value
    if "." not in trail.name or trail.cloudmap.facts.views or address_of_reverse(trail.name):
        return None
    if trail.owner.is_of_records or is_owned_by_others(trail):
        return None
    meant = names_meant(trail)
    if not meant and not is_nobodys(trail):
        raise UnseenFactError(Gap(f"whose name {trail.name} is", "not every hosted zone was read", _zones(trail)))
    region = trail.case.aws.region or "this region"
    hint = f" Did you mean {listed(meant)}?" if meant else ""
    return Finding(
        summary=f"No Cloud Map namespace in {region} is a suffix of {trail.name}, and no hosted zone has it.{hint}"
        if is_nobodys(trail)
        else f"No Cloud Map namespace in {region} is a suffix of {trail.name}.{hint}",
        detail=(
            "The part after the service label is not a namespace of this account and region, nor one shared with it. A "
            "typing error, another region or another account are the usual reasons."
        ),
        evidence=(
            Evidence(
                "servicediscovery:ListNamespaces",
                region,
                tuple(sorted({n.name for n in namespaces})[:20]),
                f"a suffix of {trail.name}",
            ),
            *_dns_evidence(trail),
        ),
        fixes=(Fix(f"Correct the name where it is used{f' ({meant[0]})' if meant else ''}", "app"),),
        would_tell=None if has_no_other_owner(trail) else _zones(trail),
    )


def _zones(trail: Trail) -> str:
    """Return how to see whether a zone of this account has the name, whichever VPC it is associated with."""
    suffix = trail.name.split(".", 1)[1]
    return aws("route53", "list-hosted-zones-by-name", dns_name=suffix, max_items=10)


@cause(
    "service-not-found",
    hop="cloudmap",
    at=("registry",),
    symptoms=("missing",),
    title="The namespace has no service of this name",
)
def service_not_found(trail: Trail) -> Finding | None:
    """The namespace exists and publishes by DNS, no service has the label, and its zone has no such record."""
    namespace, label = trail.cloudmap.namespace, trail.cloudmap.label
    if namespace.type == "HTTP" or not trail.cloudmap.service_missing or trail.owner.is_of_records:
        return None
    if not label:
        return _of_namespace_itself(trail)
    if _has_records(trail) or _is_service_connect_alias(trail) or trail.name in _names_in_namesakes(trail):
        return None
    if optional(lambda: trail.answered_itself) or optional(lambda: trail.answers.vpc_addresses):
        return None  # something else answers for it: a rule, a firewall, a file
    services = trail.cloudmap.view.services.value
    meant = near_labels(trail, label)
    meant += [n for z in trail.zone.all_covering if z.private for n in z.near[:2] if n not in meant]
    hint = f" Did you mean {listed(meant)}?" if meant else ""
    return Finding(
        summary=f"The namespace {namespace.name} has no service {label}.{hint}",
        detail=(
            "The namespace exists, but no Cloud Map service in it carries this label. A service without an entry has "
            "no record, so the zone returns NXDOMAIN."
        ),
        evidence=(
            Evidence(
                "servicediscovery:ListServices", namespace.id, tuple(sorted(s.name for s in services)[:20]), label
            ),
            *_dns_evidence(trail),
        ),
        fixes=(
            Fix(f"Use the name that exists{f' ({meant[0]})' if meant else ''}", "app"),
            _create(trail),
        ),
        would_tell=_would_tell(trail) or tells_the_zones(trail),
    )


def _of_namespace_itself(trail: Trail) -> Finding | None:
    """Say that the name is the namespace's own: Cloud Map creates records for services only.

    https://docs.aws.amazon.com/cloud-map/latest/dg/services-route53.html
    """
    namespace, services = trail.cloudmap.namespace, trail.cloudmap.view.services.value
    if any(r.type in ("A", "AAAA", "CNAME") for r in optional(lambda: trail.cloudmap.records) or ()):
        return None
    if optional(lambda: trail.answered_itself) or optional(lambda: trail.answers.vpc_addresses):
        return None
    names = [f"{s.name}.{namespace.name}" for s in sorted(services, key=lambda s: s.name) if s.records]
    meant = f" Its services are {listed(names)}." if names else " It has no service that DNS publishes."
    return Finding(
        summary=f"{trail.name} is the namespace itself, which has no address.{meant}",
        detail="Cloud Map creates records for the services of a namespace only; at its own name there are just NS and SOA.",
        evidence=(
            Evidence("servicediscovery:ListServices", namespace.id, tuple(names[:20]), "a service in the name"),
            *_dns_evidence(trail),
        ),
        fixes=(Fix("Use the name of a service", "app"),),
    )


def _create(trail: Trail) -> Fix:
    """Return how to create the service, and to attach the ECS service of that name, if there is one without a registry."""
    namespace, label = trail.cloudmap.namespace, trail.cloudmap.label
    free = [
        s for s in trail.ecs.seen_services if s.status == "ACTIVE" and not s.all_registries and s.controller == "ECS"
    ]
    meant = max((s for s in free if likeness(label, s.name) > 1), key=lambda s: likeness(label, s.name), default=None)
    attach = f", and starts a new deployment of {meant.name}, whose tasks register in it" if meant is not None else ""
    return Fix(
        f"Or create the Cloud Map service{', and attach the ECS service' if meant is not None else ''}",
        "aws",
        commands=create_and_attach(label, namespace.id, meant),
        changes=f"Creates the service {label} in {namespace.name}{attach}.",
        verified_by="list-services shows it; after a task has registered, the name answers.",
    )


def _has_records(trail: Trail) -> bool:
    """Tell whether the zone has records of the name; where it cannot be read, its own negative answer shows that it has none."""
    if optional(lambda: vpc_denier(trail)) == "zone":
        return bool(trail.cloudmap.view.records.seen_or(None) and trail.cloudmap.records)
    return bool(trail.cloudmap.records)


def _would_tell(trail: Trail) -> str | None:
    """As long as not every ECS service was read, the label may still be a Service Connect name."""
    try:
        trail.ecs.require_full_walk()
    except UnseenFactError as unseen:
        return f"{unseen.gap.what}: {unseen.gap.needs}" if unseen.gap.needs else unseen.gap.what
    return None


def near_labels(trail: Trail, label: str) -> list[str]:
    """Return full names of the nearest services by spelling, then by the name of an ECS service."""
    namespace = trail.cloudmap.namespace.name
    services = {s.name.lower(): s for s in trail.cloudmap.view.services.value}
    near = get_close_matches(label, list(services), n=2, cutoff=RESEMBLES)
    if not near:
        ids = {r.service_id for s in trail.ecs.seen_services if s.name.lower() == label for r in s.all_registries}
        near = [name for name, s in services.items() if s.id in ids]
    return [f"{n}.{namespace}" for n in near]


def _is_service_connect_alias(trail: Trail) -> bool:
    for connect in trail.ecs.service_connects:
        for service in connect.services:
            names = service.aliases or (f"{service.discovery_name}.{trail.cloudmap.namespace.name}",)
            if trail.name in names or trail.cloudmap.label in names:
                return True
    return False


def _names_in_namesakes(trail: Trail) -> set[str]:
    return {trail.name for v in trail.cloudmap.namesakes if v.service.seen_or(None) is not None}


def _dns_evidence(trail: Trail) -> tuple[Evidence, ...]:
    answer = optional(lambda: trail.answers.vpc("A"))
    if answer is None or answer.answers:
        return ()
    soa = answer.soa
    by = f", SOA of {soa.owner or 'the root'}" if soa else ""
    return (
        Evidence(
            f"dns @{trail.answers.vpc_server} A",
            trail.name,
            f"{answer.rcode}{by}",
            None if vpc_denier(trail) == "zone" else "addresses",
        ),
    )
