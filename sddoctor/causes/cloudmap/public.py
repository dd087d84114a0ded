"""Public namespaces: private addresses in them, and a zone that nobody delegates to."""

from __future__ import annotations

import json

from sddoctor.causes.model import Evidence, Finding, Fix, cause
from sddoctor.causes.shell import aws
from sddoctor.causes.words import in_order, listed
from sddoctor.trail.answers import denier
from sddoctor.trail.trail import Trail, optional
from sddoctor.trail.vpc import is_private


@cause(
    "namespace-public-private-address",
    hop="cloudmap",
    kind="risk",
    severity="warning",
    certainty="certain",
    title="A public name that answers with private addresses",
)
def namespace_public_private_address(trail: Trail) -> Finding | None:
    """The namespace is public, its instances have private addresses, and they are answered.

    ECS always registers the private address of the network interface.
    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-discovery.html
    """
    namespace = trail.cloudmap.namespace
    if namespace.type != "DNS_PUBLIC" or trail.cloudmap.service.health == "route53":
        return None
    private = in_order(a for i in trail.cloudmap.instances for a in i.addresses if is_private(a))
    answered = _answered(trail)
    if not private or not set(private) & answered:
        return None
    reached = _reached_from_here(trail, private)
    return Finding(
        summary=f"{trail.name} is public, and it answers with private addresses ({listed(private)}).",
        detail=(
            "The name resolves everywhere, to addresses that nobody outside the VPC can reach. Every hop agrees, so only the "
            "mix of public zone and private address gives it away."
        ),
        evidence=(
            Evidence("servicediscovery:ListNamespaces Type", namespace.name, namespace.type),
            Evidence("servicediscovery:ListInstances AWS_INSTANCE_IPV4", trail.cloudmap.service.name, private),
        ),
        fixes=(
            Fix("Put a load balancer in front, and publish its name in a zone that Cloud Map does not own", "aws"),
            Fix("For clients inside, use a private namespace", "terraform"),
        ),
        severity="info" if reached else None,
        addresses=private,
    )


def _answered(trail: Trail) -> frozenset[str]:
    found = set(optional(lambda: trail.asker.addresses) or ())
    for probe in trail.answers.asked():
        answer = probe.outcome.peek()
        found |= set(answer.addresses) if answer else set()
    return frozenset(found)


def _reached_from_here(trail: Trail, addresses: tuple[str, ...]) -> bool:
    if trail.asker_is_vpc_client or trail.vpc.host_is_inside:
        return True
    routes = [optional(lambda a=a: trail.host.route(a)) for a in addresses]  # type: ignore[misc]
    return any(r is not None and r.kind == "tunnel" for r in routes)


@cause(
    "namespace-not-delegated",
    hop="cloudmap",
    kind="fault",
    severity="error",
    certainty="certain",
    title="The parent domain does not delegate to the namespace's zone",
)
def namespace_not_delegated(trail: Trail) -> Finding | None:
    """The zone of a public namespace has the record, and the internet's view is a denial by the parent.

    A denial whose SOA belongs to a parent says that nobody was sent to the zone. RFC 1034, section 4.2.1; RFC 2308
    """
    namespace = trail.cloudmap.namespace
    if namespace.type != "DNS_PUBLIC" or not trail.cloudmap.records:
        return None
    zone = trail.cloudmap.view.zone.value
    for probe in trail.answers.asked(rdtype="A"):
        answer = probe.outcome.peek()
        if answer is None or answer.rcode != "NXDOMAIN" or denier(answer, namespace.name) != "public":
            continue
        parent = answer.soa.owner if answer.soa else ""
        return Finding(
            summary=f"Nothing on the internet leads to the zone of {namespace.name}: {parent or 'the root'} denies the name.",
            detail=(
                "Cloud Map made a new public hosted zone, and nobody put its name servers into the parent zone. The zone holds "
                "the right records, but no resolver is sent to it."
            ),
            evidence=(
                Evidence("route53:GetHostedZone DelegationSet.NameServers", zone.id, zone.name_servers),
                Evidence(f"dns @{probe.server} A", trail.name, f"NXDOMAIN, SOA of {parent or 'the root'}", "addresses"),
                Evidence(
                    "route53:ListResourceRecordSets",
                    trail.name,
                    tuple(v for r in trail.cloudmap.records for v in r.values)[:8],
                ),
            ),
            fixes=(_delegate(trail, zone.name_servers),),
        )
    return None


def _delegate(trail: Trail, name_servers: tuple[str, ...]) -> Fix:
    name = trail.cloudmap.namespace.name
    batch = {
        "Changes": [
            {
                "Action": "UPSERT",
                "ResourceRecordSet": {
                    "Name": name,
                    "Type": "NS",
                    "TTL": 300,
                    "ResourceRecords": [{"Value": f"{n}."} for n in name_servers],
                },
            }
        ]
    }
    parent = name.split(".", 1)[-1]
    visible = next(
        (z.id for z in optional(lambda: trail.vpc.visible_zones) or () if z.name == parent), "PARENT_ZONE_ID"
    )
    return Fix(
        f"Add the zone's name servers to the zone of {parent} (put its id for {visible})"
        if visible == "PARENT_ZONE_ID"
        else f"Add the zone's name servers to the zone of {parent}",
        "aws",
        commands=(
            aws("route53", "change-resource-record-sets", hosted_zone_id=visible, change_batch=json.dumps(batch)),
        ),
        changes=f"Delegates {name} to its zone.",
        verified_by="A public resolver answers the name.",
    )
