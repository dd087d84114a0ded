"""A hosted zone that Cloud Map knows nothing of covers the name, and has no record for it."""

from __future__ import annotations

from sddoctor.case.seen import Seen
from sddoctor.causes.model import Evidence, Finding, Fix, cause
from sddoctor.causes.route53.evidence import answer_evidence
from sddoctor.causes.route53.record_fixes import as_code, see_near, write_record
from sddoctor.stations.model import DENIED
from sddoctor.text.words import listed
from sddoctor.trail.denials import vpc_denier
from sddoctor.trail.record_facts import below, is_kept_by_hand, lacks_addresses, other_types, zones_with_the_name
from sddoctor.trail.trail import Trail, optional
from sddoctor.trail.zone import NameZone
from sddoctor.trail.zone_answers import is_seen_by_client


@cause(
    "plain-zone-lacks-record",
    hop="route53",
    at=("records", "vpc-answer"),
    symptoms=("missing", *DENIED),
    title="A hosted zone outside Cloud Map covers the name and has no record for it",
)
def plain_zone_lacks_record(trail: Trail) -> Finding | None:
    """The zone that answers for the name is no namespace's, and no record of it leads to an address.

    Where only the owner of the zone can read it, its own denial fits.
    https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/hosted-zones-private.html
    """
    zone = trail.zone.of_name
    if not is_kept_by_hand(trail, zone) or trail.owner.owner.kind == "resolver-rule":
        return None
    if not isinstance(zone.found, Seen):
        return _of_others(trail, zone)
    if trail.zone.delegation is not None or not lacks_addresses(zone) or trail.client_answer.addresses:
        return None
    if zone.private:
        if trail.vpc.client.how in ("option", "host") and not is_seen_by_client(trail, zone):
            return None  # its records do not count there: zone-not-associated
    elif vpc_denier(trail) != "zone":
        return None  # whether its parent delegates to it is another question
    return _finding(trail, zone, would_tell=None)


def _of_others(trail: Trail, zone: NameZone) -> Finding | None:
    """A service of AWS keeps the records of its zones itself; those of another account that account can read."""
    if zone.is_of_aws or not zone.owner:
        zone.found.value  # noqa: B018 - raises with why it was not seen
        return None
    if not trail.answers.vpc(trail.rdtype).denied or vpc_denier(trail) != "zone":
        return None
    return _finding(trail, zone, would_tell=f"a look from account {zone.owner}")


def _finding(trail: Trail, zone: NameZone, *, would_tell: str | None) -> Finding:
    seen = isinstance(zone.found, Seen)
    types, lower = (other_types(zone), below(zone)) if seen else ((), ())
    elsewhere = zones_with_the_name(trail, zone)
    what = f"{listed(types)} records for {trail.name} and no address" if types else f"no record for {trail.name}"
    hint = f" Did you mean {listed(zone.near, most=3)}?" if zone.near and not types else ""
    also = f"; {elsewhere[0].name} ({elsewhere[0].id}), another zone, has one" if elsewhere else ""
    verb = "has" if seen else "probably has"
    return Finding(
        summary=f"The hosted zone {zone.name} ({zone.id}) {verb} {what}{also}.{hint}",
        detail=(
            "Cloud Map is not seen to keep this zone: its records are made by hand, by Terraform or by a program of its owner, and "
            "nothing makes them follow tasks. What the zone lacks does not exist in its VPCs; neither a shorter zone nor "
            "public DNS is asked."
        ),
        evidence=(
            Evidence(
                "route53:ListResourceRecordSets" if seen else "route53:ListHostedZonesByVPC",
                f"{trail.name} in {zone.id}",
                _held(types, lower) if seen else f"a zone of account {zone.owner}",
                "A, AAAA, CNAME or an alias",
            ),
            *answer_evidence(trail),
        ),
        fixes=_fixes(trail, zone, seen=seen),
        would_tell=would_tell,
    )


def _held(types: tuple[str, ...], lower: tuple[str, ...]) -> str:
    if types:
        return f"{listed(types)} only"
    return f"nothing; only names below it ({listed(lower, most=2)})" if lower else "no record"


def _fixes(trail: Trail, zone: NameZone, *, seen: bool) -> tuple[Fix, ...]:
    zone_id = zone.id or ""
    if not seen:
        return (Fix(f"Ask account {zone.owner}, which keeps the zone, for the record", "app"),)
    found = [see_near(zone_id, trail.name)]
    if zone.near:
        found.append(Fix(f"Correct the name where it is used ({zone.near[0]})", "app"))
    addresses = _addresses_elsewhere(trail, zone)
    if addresses:
        found.append(write_record("Add the record, as the other zone has it", zone_id, trail.name, "A", addresses))
    return (*found, as_code("Add the record; for tasks a Cloud Map service is better, for it follows them", trail.name))


def _addresses_elsewhere(trail: Trail, zone: NameZone) -> tuple[str, ...]:
    found = zones_with_the_name(trail, zone)
    records = optional(lambda: found[0].records.value) if found else ()
    return tuple(v for r in records or () if r.name == trail.name and r.type == "A" for v in r.values)
