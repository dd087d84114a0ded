"""No such namespace, or no such service in it; with "did you mean"."""

from __future__ import annotations

from difflib import get_close_matches

from sddoctor.case.cloudmap import Namespace
from sddoctor.case.name import address_of_reverse, is_below
from sddoctor.case.seen import Absent, NotAttempted, UnseenFactError
from sddoctor.causes.cloudmap.attach import create_and_attach
from sddoctor.causes.model import Certainty, Evidence, Finding, Fix, cause
from sddoctor.text.likeness import RESEMBLES, likeness
from sddoctor.text.shell import aws
from sddoctor.text.words import listed
from sddoctor.trail.answers import denier
from sddoctor.trail.trail import Trail, optional


@cause(
    "namespace-not-found",
    hop="cloudmap",
    at=("registry",),
    symptoms=("missing",),
    title="No namespace is a suffix of this name",
)
def namespace_not_found(trail: Trail) -> Finding | None:
    """The name is in no namespace of account and region and in no zone of the client's VPC, and does not resolve."""
    namespaces = trail.cloudmap.facts.namespaces.value
    if "." not in trail.name or trail.cloudmap.facts.views or address_of_reverse(trail.name):
        return None
    if optional(lambda: trail.answered_itself) or _has_own_zone(trail):
        return None
    region = trail.case.aws.region or "this region"
    meant = _nearest(trail, namespaces)
    hint = f" Did you mean {listed(meant)}?" if meant else ""
    return Finding(
        summary=f"No Cloud Map namespace in {region} is a suffix of {trail.name}.{hint}",
        detail=(
            "The part after the service label is not a namespace of this account and region, nor one shared with it, "
            "so no zone can answer for the name and resolvers take it to the internet. A typing error, another region "
            "or another account are the usual reasons."
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
        fixes=_namespace_fixes(trail, meant),
    )


def _has_own_zone(trail: Trail) -> bool:
    """Tell whether a zone that Cloud Map does not own covers the name: then it is no Cloud Map name."""
    if isinstance(trail.vpc.facts.client, (NotAttempted, Absent)):
        return False  # no VPC is known for this name, so there is none whose zones could be read
    return any(is_below(trail.name, z.name) for z in trail.vpc.visible_zones)


def _nearest(trail: Trail, namespaces: tuple[Namespace, ...]) -> list[str]:
    """Return names that were probably meant: the namespace nearest by spelling, first one that has this service."""
    label = trail.name.split(".", 1)[0]
    suffix = trail.name.split(".", 1)[1]
    by_name = {n.name: n for n in namespaces}
    near = get_close_matches(suffix, list(by_name), n=3, cutoff=RESEMBLES)
    having = [n for n in near if label in _services_of(trail, by_name[n].id)]
    if not having:
        having = [n.name for n in namespaces if label in _services_of(trail, n.id)][:2]
    return [f"{label}.{n}" for n in having] or near[:1]


def _services_of(trail: Trail, namespace_id: str) -> set[str]:
    for listing in trail.cloudmap.facts.elsewhere:
        if listing.namespace_id == namespace_id:
            return {s.name.lower() for s in listing.services.seen_or(())}
    return set()


def _namespace_fixes(trail: Trail, meant: list[str]) -> tuple[Fix, ...]:
    suffix = trail.name.split(".", 1)[1]
    right = f" ({meant[0]})" if meant else ""
    vpcs = trail.vpc.facts.vpcs.seen_or(())
    fixes = [Fix(f"Correct the name where it is used{right}", "app")]
    if vpcs and not meant:
        fixes.append(
            Fix(
                "Create the namespace, if it was never made",
                "aws",
                commands=(aws("servicediscovery", "create-private-dns-namespace", name=suffix, vpc=vpcs[0].id),),
                changes=f"Creates the namespace {suffix} and its private zone in {vpcs[0].id}.",
                verified_by="list-namespaces shows it, and a query below it is denied with the zone's own SOA.",
            )
        )
    return tuple(fixes)


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
    if namespace.type == "HTTP" or not label or not trail.cloudmap.service_missing:
        return None
    if _has_records(trail) or _is_service_connect_alias(trail) or trail.name in _names_in_namesakes(trail):
        return None
    if optional(lambda: trail.answered_itself) or optional(lambda: trail.answers.vpc_addresses):
        return None  # something else answers for it: a rule, a firewall, a file
    services = trail.cloudmap.view.services.value
    meant = near_labels(trail, label)
    hint = f" Did you mean {listed(meant)}?" if meant else ""
    return Finding(
        summary=f"The namespace {namespace.name} has no service {label}.{hint}",
        detail=(
            "The namespace exists, but no Cloud Map service in it carries this label. A service without an entry has "
            "no record, so the zone denies the name."
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
        certainty=_certainty(trail),
    )


def _create(trail: Trail) -> Fix:
    """Return how to create the service, and to attach the ECS service of that name, if there is one without a registry."""
    namespace, label = trail.cloudmap.namespace, trail.cloudmap.label
    free = [s for s in trail.ecs.seen_services if s.status == "ACTIVE" and not s.all_registries]
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
    if optional(lambda: denier(trail.answers.vpc("A"), trail.cloudmap.namespace.name)) == "zone":
        return bool(trail.cloudmap.view.records.seen_or(None) and trail.cloudmap.records)
    return bool(trail.cloudmap.records)


def _certainty(trail: Trail) -> Certainty | None:
    """As long as not every ECS service was read, the label may still be a Service Connect name."""
    try:
        trail.ecs.require_full_walk()
    except UnseenFactError:
        return "likely"
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
    who = optional(lambda: denier(answer, trail.cloudmap.namespace.name))
    return (
        Evidence(
            f"dns @{trail.answers.vpc_server} A",
            trail.name,
            f"{answer.rcode}{by}",
            None if who == "zone" else "addresses",
        ),
    )
