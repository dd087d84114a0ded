"""How to lower the TTL of records, and of the denials of a zone."""

from __future__ import annotations

from sddoctor.causes.commands import set_records
from sddoctor.causes.model import Fix
from sddoctor.text.shell import aws
from sddoctor.trail.trail import Trail


def lower_record_ttl(trail: Trail) -> Fix:
    """Return how to lower the TTL of the service's records."""
    service = trail.cloudmap.service
    careful = " Repeat its HealthCheckConfig in the same call, or it is removed." if service.health == "route53" else ""
    return Fix(
        "Lower the TTL of the records",
        "aws",
        commands=(set_records(service.id, {r.type: 10 for r in service.records}),),
        changes=f"Rewrites every record of {service.name} with a TTL of 10 s.{careful}",
        verified_by="A fresh answer shows a TTL of 10 s or less.",
    )


def lower_negative_ttl(trail: Trail) -> tuple[Fix, ...]:
    """Return how to lower the TTL of the SOA record of the namespace's zone; nothing for a zone that Cloud Map does not keep.

    https://docs.aws.amazon.com/cloud-map/latest/api/API_UpdatePrivateDnsNamespace.html
    """
    if trail.owner.is_of_records:
        return ()
    namespace = trail.cloudmap.namespace
    kind = "public" if namespace.type == "DNS_PUBLIC" else "private"
    fix = Fix(
        "So that the next gap is short, lower the negative TTL",
        "aws",
        commands=(
            aws(
                "servicediscovery",
                f"update-{kind}-dns-namespace",
                id=namespace.id,
                namespace="Properties={DnsProperties={SOA={TTL=15}}}",
            ),
        ),
        changes=f"Denials of {namespace.name} are kept for 15 s from then on.",
        verified_by="A fresh NXDOMAIN shows an SOA with a TTL of 15 s or less.",
    )
    return (fix,)
