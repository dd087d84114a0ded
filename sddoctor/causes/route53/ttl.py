"""The record's TTL, or the zone's negative TTL, is long."""

from __future__ import annotations

from sddoctor.causes.model import Evidence, Finding, Fix, cause
from sddoctor.causes.route53.ttl_fixes import lower_negative_ttl, lower_record_ttl
from sddoctor.text.words import listed
from sddoctor.trail.thresholds import TTL_LONG
from sddoctor.trail.trail import Trail
from sddoctor.trail.ttls import negative_ttl


@cause(
    "ttl-long",
    hop="route53",
    kind="risk",
    severity="warning",
    title="The record's TTL, or the zone's negative TTL, is long",
)
def ttl_long(trail: Trail) -> Finding | None:
    """A record TTL of the service, or the smaller of SOA TTL and SOA minimum, is above a minute.

    https://docs.aws.amazon.com/cloud-map/latest/api/API_DnsRecord.html
    https://docs.aws.amazon.com/cloud-map/latest/api/API_SOA.html
    """
    service, namespace = trail.cloudmap.service, trail.cloudmap.namespace
    if namespace.type == "HTTP" or not service.records:
        return None
    long = [r for r in service.records if r.ttl > TTL_LONG]
    negative = negative_ttl(trail)
    if not long and (negative is None or negative <= TTL_LONG):
        return None
    parts, evidence = [], []
    if long:
        parts.append(f"the TTL of its {listed(r.type for r in long)} records is {max(r.ttl for r in long)} s")
        evidence += [
            Evidence(
                "servicediscovery:ListServices DnsConfig.DnsRecords[].TTL",
                f"{service.name} {r.type}",
                r.ttl,
                "60 or less",
            )
            for r in long
        ]
    if negative is not None and negative > TTL_LONG:
        parts.append(f"denials of {namespace.name} are kept for {negative} s")
        evidence.append(
            Evidence("servicediscovery:ListNamespaces DnsProperties.SOA.TTL", namespace.name, negative, "60 or less")
        )
    return Finding(
        summary=f"{trail.name} is remembered for long: {', and '.join(parts)}.",
        detail=(
            "A long record TTL keeps clients on addresses of tasks that have stopped, a long negative TTL keeps them on "
            "NXDOMAIN after tasks have come back, and ECS waits for neither. Both can be lowered in place."
        ),
        evidence=tuple(evidence),
        fixes=tuple(_fixes(trail, bool(long), negative is not None and negative > TTL_LONG)),
    )


def _fixes(trail: Trail, record: bool, negative: bool) -> list[Fix]:
    service = trail.cloudmap.service
    fixes = [lower_record_ttl(trail)] if record else []
    if negative:
        fixes += lower_negative_ttl(trail)
    if record:
        blocks = "".join(f'  dns_records {{\n    type = "{r.type}"\n    ttl  = 10\n  }}\n' for r in service.records)
        fixes.append(
            Fix(
                "As code, in the aws_service_discovery_service",
                "terraform",
                config=(
                    "dns_config {\n  namespace_id = aws_service_discovery_private_dns_namespace.this.id\n"
                    + blocks
                    + "}"
                ),
            )
        )
    return fixes
