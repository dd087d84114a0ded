"""Public namespaces: private addresses in them, and a zone without a delegation."""

from __future__ import annotations

import json
from collections.abc import Iterator

from sddoctor.case.dns import Answer, Probe, Rr
from sddoctor.case.name import fold_name
from sddoctor.case.route53 import Zone
from sddoctor.causes.model import Evidence, Finding, Fix, cause
from sddoctor.stations.model import DENIED
from sddoctor.text.shell import aws, command, keep, variable
from sddoctor.text.words import in_order, listed
from sddoctor.trail.answers import denier
from sddoctor.trail.trail import Trail, optional
from sddoctor.trail.vpc import is_private

#: Name servers of private zones, never of a public one.
#: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/hosted-zones-private.html
PRIVATE_NAME_SERVERS = frozenset(
    ("ns-0.awsdns-00.com", "ns-512.awsdns-00.net", "ns-1024.awsdns-00.org", "ns-1536.awsdns-00.co.uk")
)


@cause(
    "namespace-public-private-address",
    hop="cloudmap",
    kind="risk",
    severity="warning",
    title="A public name returns private addresses",
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
    found = set(optional(lambda: trail.client_answer.addresses) or ())
    for probe in trail.answers.probes_for():
        answer = probe.outcome.seen_or(None)
        found |= set(answer.addresses) if answer else set()
    return frozenset(found)


def _reached_from_here(trail: Trail, addresses: tuple[str, ...]) -> bool:
    if trail.client_is_in_vpc or trail.vpc.host_is_inside:
        return True
    routes = [optional(lambda a=a: trail.host.route(a)) for a in addresses]  # type: ignore[misc]
    return any(r is not None and r.kind == "tunnel" for r in routes)


@cause(
    "namespace-not-delegated",
    hop="cloudmap",
    at=("vpc-answer", "servers"),
    symptoms=DENIED,
    title="The parent domain does not lead to the namespace's zone",
)
def namespace_not_delegated(trail: Trail) -> Finding | None:
    """The zone of a public namespace has the record, and no delegation leads to that zone.

    The negative answer has the SOA of a parent, or of another zone of the namespace's name, whose name servers are not
    those of Cloud Map's zone. RFC 1034, section 4.2.1; RFC 2308
    """
    namespace = trail.cloudmap.namespace
    if namespace.type != "DNS_PUBLIC" or not trail.cloudmap.records:
        return None
    zone = trail.cloudmap.view.zone.value
    delegated_to = _delegated_to(trail)
    if set(delegated_to) & set(zone.name_servers) or _is_answered(trail) or _is_denied_at_home(trail, zone):
        return None
    found = _denial(trail, zone)
    if found is None:
        return None
    probe, answer, soa, by_parent = found
    elsewhere = listed(delegated_to) or (soa.data.split(" ", 1)[0] if not by_parent else "")
    owner = soa.owner.removesuffix(".") or "the root"
    return Finding(
        summary=(
            f"Nothing on the internet leads to the zone of {namespace.name}: {owner} denies the name."
            if by_parent
            else f"The internet is sent to another zone of {namespace.name} ({elsewhere}), not to {zone.id} of Cloud Map."
        ),
        detail=(
            "Cloud Map always creates a new public hosted zone, and nobody put its name servers into the parent zone"
            + ("." if by_parent else "; those of an older zone of the same name are there.")
            + " The zone holds the right records, but no resolver is sent to it."
        ),
        evidence=(
            Evidence(
                "route53:GetHostedZone DelegationSet.NameServers", zone.id, zone.name_servers, delegated_to or None
            ),
            Evidence(f"dns @{probe.server} A", trail.name, f"{answer.rcode}, SOA of {owner}", "addresses"),
            Evidence(
                "route53:ListResourceRecordSets",
                trail.name,
                tuple(v for r in trail.cloudmap.records for v in r.values)[:8],
            ),
        ),
        fixes=(_delegate(trail, zone.name_servers),),
        would_tell=None if by_parent or delegated_to else command("dig", namespace.name, "NS"),
    )


def _answers(trail: Trail, name: str | None = None, rdtype: str | None = None) -> Iterator[tuple[Probe, Answer]]:
    for probe in trail.answers.probes_for(name=name, rdtype=rdtype):
        answer = probe.outcome.seen_or(None)
        if answer is not None:
            yield probe, answer


def _delegated_to(trail: Trail) -> tuple[str, ...]:
    """Return the name servers that resolvers are given for the namespace."""
    answers = _answers(trail, trail.cloudmap.namespace.name, "NS")
    found = [fold_name(r.data) for _, answer in answers for r in answer.answers if r.type == "NS"]
    return tuple(dict.fromkeys(found))


def _is_answered(trail: Trail) -> bool:
    """Tell whether any server besides the zone's own returns the zone's addresses."""
    values = {v for r in trail.cloudmap.records for v in r.values}
    return any(p.role != "other" and values & set(a.addresses) for p, a in _answers(trail))


def _is_denied_at_home(trail: Trail, zone: Zone) -> bool:
    """Tell whether one of the zone's own name servers returns a negative answer: then the record is the problem."""
    own = {address for n in zone.name_servers for _, a in _answers(trail, n) for address in a.addresses}
    return any(p.server.address in own and a.denied for p, a in _answers(trail, rdtype="A"))


def _denial(trail: Trail, zone: Zone) -> tuple[Probe, Answer, Rr, bool] | None:
    """Return a negative answer that is not the zone's own, its SOA, and whether it is a parent's.

    One of a private zone does not come from the internet: private zones have name servers of their own.
    https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/hosted-zones-private.html
    """
    for probe, answer in _answers(trail, rdtype="A"):
        soa = answer.soa
        if soa is None or not answer.denied:
            continue
        primary = fold_name(soa.data.split(" ", 1)[0])
        if primary in PRIVATE_NAME_SERVERS:
            continue
        who = denier(answer, zone.name)
        if who == "public" and answer.rcode == "NXDOMAIN":
            return probe, answer, soa, True
        if who == "zone" and zone.name_servers and primary not in zone.name_servers:
            return probe, answer, soa, False
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
    if "." not in parent:
        return Fix(
            f"Name the zone's servers where {name} is registered ({listed(name_servers)}), after every record of the old "
            "zone has been copied; or make a namespace of a subdomain instead",
            "aws",
            verified_by="A public resolver answers the name.",
        )
    read = aws("route53", "list-hosted-zones-by-name", dns_name=parent, max_items=10)
    raw = parent.replace("\\", "\\\\").replace(
        "'", "\\'"
    )  # https://jmespath.org/specification.html#raw-string-literals
    public = f"HostedZones[?Name=='{raw}.' && !(Config.PrivateZone)].Id | [0]"
    return Fix(
        f"Add the zone's name servers to the zone of {parent}, in the account that has it",
        "aws",
        commands=(
            keep("PARENT_ZONE", read, public),
            aws(
                "route53",
                "change-resource-record-sets",
                hosted_zone_id=variable("PARENT_ZONE"),
                change_batch=json.dumps(batch, separators=(",", ":")),
            ),
        ),
        changes=f"Delegates {name} to its zone; whoever has no zone {parent} puts these NS records where it is kept.",
        verified_by="A public resolver answers the name.",
    )
