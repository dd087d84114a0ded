"""The name has addresses of the other IP version only."""

from __future__ import annotations

from ipaddress import ip_address

from sddoctor.causes.cloudmap.attach import publish_as, registering
from sddoctor.causes.model import Evidence, Finding, Fix, cause
from sddoctor.causes.route53.evidence import answer_evidence, content_of
from sddoctor.text.words import in_order
from sddoctor.trail.trail import Trail, optional

_TYPE = {4: "A", 6: "AAAA"}


@cause(
    "address-family-mismatch",
    hop="route53",
    at=("program",),
    symptoms=("unusable",),
    ceiling="likely",
    title="The name has addresses of the other IP version only",
)
def address_family_mismatch(trail: Trail) -> Finding | None:
    """The service publishes A or AAAA alone, the resolver answers it, and this host has no use for that family.

    An empty answer or NXDOMAIN for the other type is accepted: AWS documents both.
    https://docs.aws.amazon.com/cloud-map/latest/api/API_DnsConfig.html
    """
    types = _published(trail) & {"A", "AAAA"}
    if len(types) != 1 or trail.client_is_in_vpc or trail.queries_srv:
        return None
    has = 4 if types == {"A"} else 6
    lacks = 10 - has
    answered = trail.answers.vpc(_TYPE[has])
    published = [a for a in answered.addresses if ip_address(a).version == has]
    other = trail.answers.vpc(_TYPE[lacks])
    if not published or other.rcode not in ("NOERROR", "NXDOMAIN"):
        return None
    if any(ip_address(a).version == lacks for a in other.addresses) or _can_use(trail, has, published):
        return None
    own = _own(trail)
    return Finding(
        summary=(
            f"{trail.name} publishes {_TYPE[has]} records only, and this host has no IPv{has}: the question for "
            f"{_TYPE[lacks]} comes back empty."
        ),
        detail=(
            "The name is there, in the IP version that this client probably cannot use."
            + (
                ""
                if trail.owner.is_of_records
                else " The record types of a Cloud Map service are fixed when it is made; an update keeps them without an error."
            )
        ),
        evidence=(
            _of_types(trail, f"{_TYPE[lacks]} as well"),
            *answer_evidence(trail, None),
            Evidence(f"dns @{trail.answers.vpc_server} {_TYPE[lacks]}", trail.name, content_of(other), "addresses"),
            Evidence("addresses of this host", "this host", own or "none", f"an IPv{has} address"),
        ),
        fixes=_fixes(trail, has),
        addresses=in_order(published),
    )


def _can_use(trail: Trail, version: int, addresses: list[str]) -> bool:
    """Tell whether the host can send to the addresses: it has a route to one, or at least an address of the family.

    Loopback and link-local addresses do not count. Raises when neither was seen.
    """
    for address in addresses:
        route = optional(lambda a=address: trail.host.route(a))  # type: ignore[misc]
        if route is not None:
            return route.kind != "unreachable"
    return trail.host.has_family(version)


def _own(trail: Trail) -> tuple[str, ...]:
    fact = trail.host.facts.addresses
    return tuple(a.address for a in fact.value)[:8]


def _published(trail: Trail) -> frozenset[str]:
    """Return the types of the Cloud Map service, or of the records of a name that is no matter of Cloud Map."""
    if not trail.owner.is_of_records:
        return frozenset(trail.cloudmap.service.record_types)
    return frozenset(r.type for r in trail.zone.subject_records)


def _of_types(trail: Trail, expected: str) -> Evidence:
    types = tuple(sorted(_published(trail)))
    if trail.owner.is_of_records:
        zone = trail.zone.of_subject
        return Evidence("route53:ListResourceRecordSets", f"{zone.asked} in {zone.id}", types, expected)
    source = "servicediscovery:ListServices DnsConfig.DnsRecords[].Type"
    return Evidence(source, trail.cloudmap.service.name, types, expected)


def _fixes(trail: Trail, has: int) -> tuple[Fix, ...]:
    use = Fix(
        f"{'Give' if trail.owner.is_of_records else 'Or give'} the client IPv{has}, or let it use the family that exists",
        "app",
    )
    if trail.owner.is_of_records:
        other = _TYPE[10 - has]
        return (use, Fix(f"Or add {other} records for what the name leads to, if it has such addresses", "app"))
    namespace, service = trail.cloudmap.namespace, trail.cloudmap.service
    return (
        publish_as(
            "Make a Cloud Map service with both types, for tasks in dual-stack subnets",
            f"{service.name}-dual",
            namespace,
            registering(trail),
            "A",
            "AAAA",
            verified_by="Both types are answered with addresses.",
        ),
        use,
    )
