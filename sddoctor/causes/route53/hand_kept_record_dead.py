"""A record that somebody keeps by hand has an address that nothing has any more."""

from __future__ import annotations

from sddoctor.causes.model import Evidence, Finding, Fix, cause
from sddoctor.causes.route53.evidence import answer_evidence
from sddoctor.causes.route53.record_fixes import as_code, see_near
from sddoctor.text.shell import aws
from sddoctor.text.words import age, in_order, listed
from sddoctor.trail.record_facts import is_kept_by_hand, wildcard_of
from sddoctor.trail.trail import Trail
from sddoctor.trail.zone import NameZone


@cause(
    "hand-kept-record-dead",
    hop="route53",
    at=("records",),
    symptoms=("not-serving",),
    title="A record kept by hand leads to an address that is gone",
)
def hand_kept_record_dead(trail: Trail) -> Finding | None:
    """A stopped ECS task had the address of the record, and no network interface has it now.

    Without such a task it only fits: no interface of the VPC, whose owner sees all of them, has the address, nor a prefix
    that is assigned to one.
    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeNetworkInterfaces.html
    """
    zone = trail.zone.of_subject
    if not is_kept_by_hand(trail, zone) or not trail.owner.is_of_records or wildcard_of(zone) is not None:
        return None
    values = frozenset(v for r in zone.records if r.type in ("A", "AAAA") for v in r.values)
    trail.case.aws.vpc.interfaces.value  # noqa: B018 - raises where nobody looked who has the addresses
    ended, dead = trail.promise.ended, values & trail.promise.ownerless
    if not dead:
        return None
    proved = {a: t for a, t in ended.items() if a in dead}
    shown = frozenset(proved) or dead
    some = f"{listed(in_order(dead), most=3)} of {listed(in_order(values), most=3)}" if values - dead else ""
    return Finding(
        summary=(
            f"The record of {zone.asked} in the zone {zone.name} ({zone.id}) leads to {some or listed(in_order(dead), most=3)}"
            + (
                ", the address of a task that has stopped."
                if proved
                else ", which no network interface of the VPC has."
            )
        ),
        detail=(
            "Cloud Map does not keep this record, and nothing updates it when a task or an instance is replaced. Every hop "
            "passes the address on as it should, and nothing is there, or something else will be."
        ),
        evidence=(
            Evidence("route53:ListResourceRecordSets", f"{zone.asked} in {zone.id}", in_order(values)),
            Evidence("ec2:DescribeNetworkInterfaces", listed(in_order(dead)), "no interface", "an interface"),
            *(
                Evidence(
                    "ecs:DescribeTasks tasks[].stoppedAt", f"{t.id} ({a})", f"{age(trail.ecs.age(t.stopped_at))} ago"
                )
                for a, t in list(proved.items())[:4]
            ),
            *answer_evidence(trail, None),
        ),
        fixes=_fixes(zone, shown),
        would_tell=None if proved else "a connection to the port of the service",
        addresses=in_order(shown),
    )


def _fixes(zone: NameZone, dead: frozenset[str]) -> tuple[Fix, ...]:
    address = in_order(dead)[0]
    read = aws("ec2", "describe-network-interfaces", filters=f"Name=addresses.private-ip-address,Values={address}")
    return (
        Fix("See who has the address now", "aws", (read,), "Nothing: it only reads.", "An interface has the address."),
        see_near(zone.id or "", zone.asked),
        as_code(
            "Point it at the address that is meant; the record of a Cloud Map service follows the tasks", zone.asked
        ),
    )
