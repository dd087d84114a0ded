"""The name stands for another one, and that one does not resolve."""

from __future__ import annotations

from sddoctor.case.dns import Answer
from sddoctor.case.name import fold_name
from sddoctor.case.seen import Absent, Seen
from sddoctor.causes.commands import dig
from sddoctor.causes.model import Evidence, Finding, Fix, cause
from sddoctor.causes.route53.evidence import answer_evidence
from sddoctor.causes.route53.record_fixes import see_near, write_record
from sddoctor.stations.model import DENIED
from sddoctor.text.shell import aws
from sddoctor.trail.denials import vpc_denier
from sddoctor.trail.record_facts import lacks_addresses
from sddoctor.trail.trail import Trail, optional
from sddoctor.trail.zone import NameZone


@cause(
    "alias-target-missing",
    hop="route53",
    at=("vpc-answer",),
    symptoms=(*DENIED, "SERVFAIL"),
    title="The name is an alias, and its target does not resolve",
)
def alias_target_missing(trail: Trail) -> Finding | None:
    """Records lead to another name, and the VPC resolver returns the alias without an address behind it.

    What keeps a zone of this account from answering for the target is a cause of its own, and so is what a discovery name
    lacks. RFC 1034, section 3.6.2
    https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resource-record-sets-choosing-alias-non-alias.html
    """
    found = _by_records(trail) or _by_instance(trail)
    if found is None:
        return None
    target, is_alias = found
    if isinstance(trail.case.aws.target, Seen):
        return None  # AWS has what it leads to: something keeps its answer back
    answer = trail.answers.vpc(trail.rdtype)
    if trail.answers.vpc_addresses or not _leads_on(answer, is_alias=is_alias):
        return None
    zone = _zone_of_target(trail, target)
    if zone is not None and (not isinstance(zone.found, Seen) or not lacks_addresses(zone)):
        return None
    by_zone = f": the hosted zone {zone.name} ({zone.id}) has no record for it" if zone is not None else ""
    reply = answer.rcode if answer.rcode != "NOERROR" else "NOERROR without an address"
    return Finding(
        summary=f"{trail.name} is an alias of {target}, which does not resolve{by_zone}.",
        detail=(
            "The alias itself is answered as it should be. What it leads to was deleted, renamed, or never had this name, and "
            "the fault lies there."
        ),
        evidence=(
            *_steps(trail, target),
            Evidence(
                f"dns @{trail.answers.vpc_server} {trail.rdtype}", trail.name, f"{reply} behind {target}", "addresses"
            ),
            *_of_target(trail, target, zone),
        ),
        fixes=_fixes(trail, target, zone),
        would_tell=None if _is_proved(trail, answer, zone) else dig(trail.answers.vpc_server, target, "A"),
    )


def _by_records(trail: Trail) -> tuple[str, bool] | None:
    """Return the last name that the zones' records lead to, and whether the step to it is an alias of Route 53."""
    steps = trail.case.aws.alias
    if not steps or not trail.owner.is_of_records:
        return None
    return steps[-1].target, steps[-1].kind == "alias"


def _by_instance(trail: Trail) -> tuple[str, bool] | None:
    """Return the name that the instances of a Cloud Map service stand for, where they have no addresses of their own."""
    if trail.owner.is_of_records or not trail.promise.is_alias:
        return None
    for instance in trail.cloudmap.instances:
        if target := instance.get("AWS_INSTANCE_CNAME"):
            return fold_name(target), False
        if target := instance.get("AWS_ALIAS_DNS_NAME"):
            return fold_name(target), True
    return None


def _leads_on(answer: Answer, *, is_alias: bool) -> bool:
    """Tell whether the answer is that of the alias: a CNAME without address; of an alias of Route 53 nothing is left to see."""
    if any(r.type == "CNAME" for r in answer.answers):
        return True
    return is_alias and answer.rcode == "NOERROR" and not answer.answers


def _zone_of_target(trail: Trail, target: str) -> NameZone | None:
    zone = optional(lambda: trail.zone.of_subject) if trail.case.aws.alias else None
    return zone if zone is not None and zone.asked == target else None


def _is_proved(trail: Trail, answer: Answer, zone: NameZone | None) -> bool:
    """Tell whether the target is known to be gone: by its zone, by a denial behind the CNAME, or by AWS itself."""
    if zone is not None or isinstance(trail.case.aws.target, Absent):
        return True
    if any(r.type == "CNAME" for r in answer.answers):
        return answer.denied
    return vpc_denier(trail) == "zone"


def _steps(trail: Trail, target: str) -> tuple[Evidence, ...]:
    steps = trail.case.aws.alias
    if not steps:
        return (Evidence("servicediscovery:ListInstances", trail.name, f"an alias of {target}"),)
    return tuple(
        Evidence("route53:ListResourceRecordSets", f"{s.name} in {s.zone_id or 'its zone'}", f"{s.kind} of {s.target}")
        for s in steps[:8]
    )


def _of_target(trail: Trail, target: str, zone: NameZone | None) -> tuple[Evidence, ...]:
    found = (
        [Evidence("route53:ListResourceRecordSets", f"{target} in {zone.id}", "no record", "a record")] if zone else []
    )
    gone = trail.case.aws.target
    if isinstance(gone, Absent):
        found.append(Evidence(gone.source or "AWS", target, gone.what or "it does not exist", "what has this name"))
    return tuple(found) or answer_evidence(trail)[:0]


def _fixes(trail: Trail, target: str, zone: NameZone | None) -> tuple[Fix, ...]:
    steps = trail.case.aws.alias
    found: list[Fix] = []
    if zone is not None and zone.id is not None:
        found.append(see_near(zone.id, target))
        if zone.near and steps and steps[-1].zone_id and steps[-1].kind == "CNAME":
            title = f"Point it at the name that exists ({zone.near[0]})"
            found.append(write_record(title, steps[-1].zone_id, steps[-1].name, "CNAME", (zone.near[0],)))
    if steps:
        found.append(Fix("Point the alias at the name that is there, or bring back what it leads to", "terraform"))
    else:
        read = aws("servicediscovery", "list-instances", service_id=trail.cloudmap.service.id)
        found.append(Fix("See what is registered", "aws", (read,), "Nothing: it only reads."))
        found.append(Fix("Register the instance again with the name that is there, under the same id", "app"))
    return tuple(found)
