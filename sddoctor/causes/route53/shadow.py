"""Another private zone of the client's VPC takes the name."""

from __future__ import annotations

import json

from sddoctor.case.dns import Answer
from sddoctor.case.name import is_below, label_count
from sddoctor.case.route53 import ZoneSummary
from sddoctor.causes.commands import dig_soa, disassociate
from sddoctor.causes.model import Evidence, Finding, Fix, cause
from sddoctor.causes.route53.evidence import answer_evidence, record_evidence
from sddoctor.resolution.zones import lacks_name
from sddoctor.stations.model import DENIED
from sddoctor.text.shell import aws
from sddoctor.text.words import in_order
from sddoctor.trail.owners import tells_the_zones
from sddoctor.trail.trail import Trail, optional
from sddoctor.trail.zone import NameZone
from sddoctor.trail.zone_answers import acceptable_addresses, vpc_resolver_addresses


@cause(
    "zone-shadowed",
    hop="route53",
    at=("vpc-answer",),
    symptoms=(*DENIED, "foreign", "missing"),
    title="A more specific private zone hides the name",
)
def zone_shadowed(trail: Trail) -> Finding | None:
    """The longest private zone of the VPC that covers the name is not the one that has it, and the negative answer is that zone's.

    Its SOA names the zone that answered (RFC 2308); nothing falls back from it. A denial without SOA, and foreign
    addresses, only fit: they do not show where they come from.
    https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/hosted-zone-private-considerations.html
    """
    for zone in trail.zone.on_the_way:
        if zone.private and zone.id is not None and (found := _of_zone(trail, zone)) is not None:
            return found
    return None


def _of_zone(trail: Trail, zone: NameZone) -> Finding | None:
    other = _winner(trail, zone)
    if other is None:
        trail.vpc.profile_zones  # noqa: B018 - raises where a Profile may bring one
        return None
    answer = trail.answers.vpc(trail.rdtype)
    same = other.name == zone.name
    foreign = frozenset() if same or answer.denied else vpc_resolver_addresses(trail)
    open_denial = answer.denied and answer.soa is None
    if not (_is_denied_by(answer, other.name) or open_denial) and (
        not foreign or foreign & acceptable_addresses(trail)
    ):
        return None
    kept = "namespace's zone" if zone.of_namespace else "zone"
    return Finding(
        summary=(
            f"The private zone {other.name} ({other.id}) answers for {zone.asked} in {trail.vpc.client.vpc_id}, instead of the "
            f"{kept} {zone.name}{f' ({zone.id})' if same else ''}, and has "
            f"{'other addresses' if foreign else 'no such record'}."
        ),
        detail=(
            "In a VPC the most specific private zone is authoritative for everything below its name"
            + (", and of two zones of one name the one of the VPC itself" if same else "")
            + ". What it lacks does not exist there: neither the shorter zone nor public DNS is asked."
        ),
        evidence=(
            Evidence(
                "route53profiles:ListProfileResourceAssociations"
                if other.via_profile
                else "route53:ListHostedZonesByVPC",
                trail.vpc.client.vpc_id,
                f"{other.id} ({other.name})",
                f"{zone.id} ({zone.name})",
            ),
            *record_evidence(trail),
            *answer_evidence(trail),
        ),
        fixes=(_take_out(trail, other, kept), *_write_there(trail, other)),
        would_tell=tells_the_zones(trail) or (None if _is_shown(trail, answer, other) else _would_tell(trail, other)),
        addresses=in_order(foreign),
    )


def _is_shown(trail: Trail, answer: Answer, other: ZoneSummary) -> bool:
    """Tell whether the denial is that zone's, or its records were seen and lack the name."""
    if _is_denied_by(answer, other.name):
        return True
    zone = next((z for z in trail.zone.all_covering if z.id == other.id), None)
    return answer.denied and zone is not None and lacks_name(zone, trail.name)


def _winner(trail: Trail, zone: NameZone) -> ZoneSummary | None:
    """Return the zone of the VPC that takes the name from its own zone, or ``None`` when nothing does.

    A zone of the VPC itself comes before one of the same name that a Profile brings. A zone of the namespace's own name
    that a namesake of the namespace owns is another cause.
    """
    local = trail.vpc.dns.zones.value
    brought = trail.vpc.dns.profile_zones.seen_or(())
    covering = [z for z in (*local, *brought) if is_below(zone.asked, z.name)]
    longest = max(covering, key=lambda z: label_count(z.name), default=None)
    if longest is None or any(z.id == zone.id and z.name == longest.name for z in local):
        return None
    if label_count(longest.name) > label_count(zone.name):
        return longest
    namesakes = {v.namespace.hosted_zone_id for v in trail.cloudmap.namesakes} if zone.of_namespace else set()
    if longest.name == zone.name and longest.id != zone.id and longest in local and longest.id not in namesakes:
        return longest
    return None


def _is_denied_by(answer: Answer, zone: str) -> bool:
    return answer.denied and answer.soa is not None and answer.soa.owner == zone


def _would_tell(trail: Trail, other: ZoneSummary) -> str:
    """Return how to see whether the other zone answers there, or, where addresses came, what it has for the name."""
    if trail.answers.vpc(trail.rdtype).denied:
        return dig_soa(trail, other.name)
    return aws("route53", "list-resource-record-sets", hosted_zone_id=other.id, start_record_name=trail.name)


def _take_out(trail: Trail, other: ZoneSummary, kept: str) -> Fix:
    vpc_id = trail.vpc.client.vpc_id
    if other.via_profile:
        command = aws(
            "route53profiles",
            "disassociate-resource-from-profile",
            profile_id=other.via_profile,
            resource_arn=f"arn:aws:route53:::hostedzone/{other.id}",
        )
        changes = f"Takes {other.name} away from every VPC of the Profile {other.via_profile}."
    else:
        command = disassociate(trail, other.id, vpc_id)
        changes = (
            f"Names below {other.name} are no longer answered from {other.id} in {vpc_id}; see first who needs them. "
            "Route 53 refuses this for the only VPC of a zone."
        )
    return Fix(
        "Take the other zone out of the VPC",
        "aws",
        commands=(command,),
        changes=changes,
        verified_by=f"The name answers, and a random label beside it is denied with the SOA of the {kept}.",
    )


def _write_there(trail: Trail, other: ZoneSummary) -> tuple[Fix, ...]:
    """Return how to add the record to the other zone, where this account may write it."""
    account = optional(lambda: trail.case.aws.identity.value.account)
    addresses = [a for a in in_order(acceptable_addresses(trail)) if ":" not in a]
    if not addresses or other.owner not in ("", account):
        return ()
    values = [{"Value": a} for a in addresses]
    record = {"Name": trail.name, "Type": "A", "TTL": 10, "ResourceRecords": values}
    batch = json.dumps({"Changes": [{"Action": "UPSERT", "ResourceRecordSet": record}]}, separators=(",", ":"))
    return (
        Fix(
            "Or add the record there, by hand: it does not follow the tasks",
            "aws",
            commands=(aws("route53", "change-resource-record-sets", hosted_zone_id=other.id, change_batch=batch),),
            changes=f"Writes a record that has to be kept up to date by somebody, in the zone {other.name}.",
            verified_by="The name answers.",
        ),
    )
