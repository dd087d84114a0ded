"""The station ``records``: the records of the zone that hold the name."""

from __future__ import annotations

from collections.abc import Iterator

from sddoctor.case.route53 import Record
from sddoctor.case.seen import AbsentFactError
from sddoctor.stations import zone_records
from sddoctor.stations.before import Before
from sddoctor.stations.model import Difference, Output
from sddoctor.text.words import count, in_order, listed
from sddoctor.trail.trail import Trail, optional


def look(trail: Trail, before: Before) -> tuple[Output, tuple[Difference, ...]]:
    """Return the addresses in the zone's records. Raises where the zone or its records were not seen."""
    if trail.owner.is_of_records:
        return zone_records.look(trail)
    view = trail.cloudmap.view
    if view.namespace.type == "HTTP" or optional(lambda: trail.cloudmap.service.type) == "HTTP":
        output = Output(
            "records", f"nothing of {view.namespace.name} is published in DNS", symptom="missing", denier="public"
        )
        return output, (Difference("missing", "instances found by the API only", "a zone with records"),)
    try:
        zone = view.zone.value
    except AbsentFactError:
        output = Output(
            "records", f"the hosted zone of {view.namespace.name} does not exist", symptom="missing", denier="public"
        )
        return output, (Difference("missing", "no hosted zone", "a zone with records"),)
    records = _of_type(trail)
    types = listed(sorted({r.type for r in trail.cloudmap.records}))
    values = frozenset(v for r in records for v in r.values)
    if any(r.type == "CNAME" or r.alias_target for r in trail.cloudmap.records):
        values |= optional(lambda: trail.promise.of_aliases) or frozenset()
    withheld = frozenset(v for r in records if _is_unhealthy(trail, r) for v in r.values)
    output = Output(
        "records",
        f"the hosted zone {zone.id} has {_tally(len(trail.cloudmap.records), types)}",
        values - withheld,
        values,
        symptom=None if values - withheld or (before.promises_some and trail.cloudmap.records) else "missing",
        denier="zone",
        source="route53:ListResourceRecordSets",
    )
    return output, tuple(_differences(trail, before, output))


def _of_type(trail: Trail) -> tuple[Record, ...]:
    """Return the records that an answer's addresses come from: of the name, or of its SRV targets."""
    wanted = ("A", "AAAA")
    if not trail.queries_srv:
        return tuple(r for r in trail.cloudmap.records if r.type in wanted)
    targets = {v.rsplit(" ", 1)[-1].rstrip(".") for r in trail.cloudmap.records if r.type == "SRV" for v in r.values}
    return tuple(r for r in trail.cloudmap.view.records.value if r.type in wanted and r.name in targets)


def _differences(trail: Trail, before: Before, now: Output) -> Iterator[Difference]:
    present, promised = now.possible, before.promised
    if not present and trail.cloudmap.records and promised:
        types = listed(sorted({r.type for r in trail.cloudmap.records}))
        yield Difference("missing", f"{types} records only", "A or AAAA records", promised)
        return
    absent = promised - present
    if absent:
        observed = f"no record for {listed(in_order(absent), most=4)}"
        says = f"the hosted zone {trail.cloudmap.view.zone.value.id} has {observed}"
        yield Difference("missing", observed, "a record for each", absent, says=says)
    welcome = optional(lambda: trail.promise.possible) or frozenset()
    foreign = before.beyond(present) - welcome
    if foreign and before.output is not None:
        observed = listed(in_order(foreign))
        says = f"the hosted zone {trail.cloudmap.view.zone.value.id} has records for {observed}, which no instance has"
        yield Difference("foreign", observed, "records of registered instances", foreign, says=says)


def _tally(number: int, types: str) -> str:
    """Return how many records of the name there are: ``2 A records``, ``no record of the name``."""
    return count(number, f"{types} record") if number else "no record of the name"


def _is_unhealthy(trail: Trail, record: Record) -> bool:
    identifier = record.set_identifier or record.name.partition(".")[0]
    return optional(lambda: trail.cloudmap.health(identifier)) == "UNHEALTHY"
