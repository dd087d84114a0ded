"""The station ``records`` of a name that is no matter of Cloud Map: what the hosted zone over it has for it."""

from __future__ import annotations

from collections.abc import Iterator

from sddoctor.case.route53 import Record
from sddoctor.case.seen import AbsentFactError
from sddoctor.case.targets import Target
from sddoctor.resolution.zones import alias_of
from sddoctor.stations.model import Difference, Output
from sddoctor.text.words import count, in_order, listed
from sddoctor.trail.target_serving import SOURCES, serving
from sddoctor.trail.trail import Trail, optional


def look(trail: Trail) -> tuple[Output, tuple[Difference, ...]]:
    """Return the addresses in the zone's records. Raises where no zone has the name, or its records were not seen."""
    if trail.owner.owner.kind == "resolver-rule":
        raise AbsentFactError("a record: a Resolver rule forwards the name")
    target = trail.case.aws.target.seen_or(None)
    zone_seen = optional(lambda: trail.zone.of_name)
    if target is not None and (zone_seen is None or zone_seen.is_of_aws):
        return _of_aws(trail, target)
    zone = trail.zone.of_name
    delegated = trail.zone.delegation
    if delegated is not None:
        servers = listed(delegated.values, most=2)
        says = f"the hosted zone {zone.name} ({zone.id}) delegates {delegated.name} to {servers}"
        return Output("records", says, denier="zone", source="route53:ListResourceRecordSets"), ()
    records = trail.zone.records
    values = optional(lambda: trail.promise.possible) or frozenset()
    serving = optional(lambda: trail.promise.addresses) or frozenset()
    leads_on = bool(alias_of(records)) or any(r.type == "SRV" for r in records)
    output = Output(
        "records",
        f"the hosted zone {zone.name} ({zone.id}) has {_tally(records, trail.name)}{_and_that(trail)}",
        serving,
        values,
        symptom=None if values or leads_on else "missing",
        denier="zone",
        source="route53:ListResourceRecordSets",
    )
    return output, tuple(_differences(trail, records, output))


def _differences(trail: Trail, records: tuple[Record, ...], now: Output) -> Iterator[Difference]:
    if not records:
        yield Difference("missing", "no record of the name", "a record", says=now.says)
    elif now.symptom == "missing":
        types = listed(sorted({r.type for r in records}))
        yield Difference("missing", f"{types} records only", "A or AAAA records", says=now.says)
    yield from _not_serving(trail)


def _of_aws(trail: Trail, target: Target) -> tuple[Output, tuple[Difference, ...]]:
    """Return what AWS has under a name of its own: no hosted zone that was seen has its records."""
    values = optional(lambda: trail.promise.possible) or frozenset()
    alive = optional(lambda: trail.promise.addresses) or frozenset()
    says = f"{target.words} {serving(target).why}"
    output = Output("records", says, alive, values, symptom=None, denier="public", source=SOURCES[target.kind])
    return output, tuple(_not_serving(trail))


def _not_serving(trail: Trail) -> Iterator[Difference]:
    dead, target = trail.promise.not_serving, trail.case.aws.target.seen_or(None)
    if not dead:
        return
    which, why = listed(in_order(dead), most=3), listed(sorted(set(dead.values())))
    says = f"{target.words} {why}" if target is not None else f"the record leads to {which}, which {why}"
    observed = why if target is not None else which
    yield Difference("not-serving", observed, "something that serves", frozenset(dead), says=says)


def _and_that(trail: Trail) -> str:
    target = trail.case.aws.target.seen_or(None)
    return f"; {target.words} {serving(target).why}" if target is not None else ""


def _tally(records: tuple[Record, ...], name: str) -> str:
    """Return which records there are: ``1 A record``, ``an alias of edge.example.net``, ``no record of the name``."""
    targets = alias_of(records)
    if targets:
        return f"an alias of {listed(targets, most=2)}"
    if not records:
        return "no record of the name"
    types = listed(sorted({r.type for r in records}))
    wildcard = next((r.name for r in records if r.name != name and r.name.startswith("*.")), "")
    return count(len(records), f"{types} record") + (f" of the wildcard {wildcard}" if wildcard else "")
