"""A wildcard record of a zone that somebody keeps by hand answers for the name."""

from __future__ import annotations

from sddoctor.causes.commands import disassociate
from sddoctor.causes.model import Evidence, Finding, Fix, cause
from sddoctor.causes.route53.evidence import answer_evidence
from sddoctor.causes.route53.record_fixes import as_code, see_near
from sddoctor.text.words import in_order, listed
from sddoctor.trail.record_facts import is_kept_by_hand, wildcard_of
from sddoctor.trail.trail import Trail, optional
from sddoctor.trail.zone import NameZone


@cause(
    "plain-zone-wildcard",
    hop="route53",
    at=("records",),
    symptoms=("not-serving",),
    title="A wildcard record answers in the place of the name",
)
def plain_zone_wildcard(trail: Trail) -> Finding | None:
    """The zone has no record of the name, a wildcard of it answers, and nothing is seen to have the address.

    Where an interface has it, the wildcard may well be meant: then this is a note. RFC 4592
    https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DomainNameFormat.html
    """
    zone = trail.zone.of_name
    if not is_kept_by_hand(trail, zone) or trail.owner.owner.kind == "resolver-rule":
        return None
    wildcard = wildcard_of(zone)
    if wildcard is None or wildcard.type == "CNAME" or wildcard.alias_target:
        return None  # what it leads to is the name's record, and is judged itself
    values = frozenset(v for r in zone.records if r.type in ("A", "AAAA") for v in r.values)
    answered = optional(lambda: trail.answers.vpc_addresses)
    if not (trail.client_answer.addresses if answered is None else answered) & values:
        return None
    nobodys, ended = values - trail.promise.owned, values & frozenset(trail.promise.ended)
    return Finding(
        summary=(
            f"The zone {zone.name} ({zone.id}) has no record for {trail.name}: its wildcard {wildcard.name} answers "
            f"{listed(in_order(values), most=3)}" + _whose(nobodys, ended)
        ),
        detail=(
            "A wildcard answers for each name that has no record, a misspelled one too, so that a name resolves although "
            "nobody made it. Service meshes use a dummy address like that, which only their proxy understands."
        ),
        evidence=(
            Evidence(
                "route53:ListResourceRecordSets",
                f"{trail.name} in {zone.id}",
                f"{wildcard.name} {wildcard.type} {listed(in_order(values))}",
                f"a record of {trail.name}",
            ),
            *answer_evidence(trail, None),
        ),
        fixes=_fixes(trail, zone),
        would_tell="a connection to the port, and what the owner of the zone means by it"
        if nobodys and not ended
        else None,
        kind=None if nobodys else "note",
        severity=None if nobodys else "info",
        addresses=in_order(values),
    )


def _whose(nobodys: frozenset[str], ended: frozenset[str]) -> str:
    if ended:
        return ", the address of a task that has stopped."
    return ", which no network interface is seen to have." if nobodys else ", as for every name that it lacks."


def _fixes(trail: Trail, zone: NameZone) -> tuple[Fix, ...]:
    found = [
        see_near(zone.id or "", trail.name),
        as_code("Give the name a record of its own; it comes before the wildcard", trail.name),
    ]
    seen, vpc_id = zone.zone.seen_or(None), trail.vpc.client.vpc_id
    if seen is not None and zone.private and len(seen.vpcs) > 1 and any(v.vpc_id == vpc_id for v in seen.vpcs):
        found.append(
            Fix(
                "Or take the zone out of the VPC, if it only hides another one",
                "aws",
                commands=(disassociate(trail, zone.id or "", vpc_id),),
                changes=f"Names below {zone.name} are no longer answered from {zone.id} in {vpc_id}; see first who needs them.",
                verified_by="The name has the right addresses, or is denied.",
            )
        )
    found.append(Fix("With a mesh that is meant to catch the dummy address, run the client with its proxy", "app"))
    return tuple(found)
