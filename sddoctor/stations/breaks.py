"""Where the path of a name breaks: one pass over its stations, for every symptom the first at which it appears."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TypeAlias

from msgspec import Struct, structs

from sddoctor.case.seen import FactError, Gap, UnseenFactError
from sddoctor.stations import near, port, records, registry, resolver, tasks
from sddoctor.stations.before import Before, moved
from sddoctor.stations.model import STATIONS, Break, Difference, Output, Station
from sddoctor.trail.trail import Trail

Look: TypeAlias = Callable[[Trail, Before], tuple[Output, tuple[Difference, ...]]]

_LOOKS: Mapping[Station, Look] = MappingProxyType(
    {
        "tasks": tasks.look,
        "registry": registry.look,
        "records": records.look,
        "vpc-answer": resolver.answer,
        "path": resolver.path,
        "servers": near.servers,
        "stub": near.stub,
        "program": near.program,
        "port": port.look,
    }
)


class Path(Struct, frozen=True):
    """What was seen along the path of a name: the output of every station, or the gap, and where it breaks.

    A station that does not exist on this path has neither.
    """

    outputs: Mapping[Station, Output]
    gaps: Mapping[Station, Gap]
    breaks: tuple[Break, ...]


def follow(trail: Trail) -> Path:
    """Follow the name from the tasks to the connection. Never raises for facts that were not seen."""
    outputs: dict[Station, Output] = {}
    gaps: dict[Station, Gap] = {}
    breaks: list[Break] = []
    before = Before()
    for station in STATIONS:
        try:
            output, found = _LOOKS[station](trail, before)
        except UnseenFactError as unseen:
            gaps[station] = unseen.gap
            before = structs.replace(before, unseen=(*before.unseen, station))
            continue
        except FactError:
            continue
        outputs[station] = output
        breaks += [_break(before, output, difference) for difference in found]
        before = moved(before, output, found, elsewhere=station == "servers" and not _is_of_vpc(trail, output))
    return Path(outputs, gaps, tuple(breaks))


def _break(before: Before, now: Output, difference: Difference) -> Break:
    last = before.output
    return Break(
        at=now.station,
        symptom=difference.symptom,
        observed=difference.observed,
        expected=difference.expected,
        says=difference.says or now.says,
        although=_although(last, now),
        after=last.station if last is not None else None,
        addresses=difference.addresses,
        unseen=before.unseen,
        transient=difference.transient,
        server=difference.server or now.server,
    )


def _although(last: Output | None, now: Output) -> str:
    """Return what the station before returned, and how its server and this one belong together."""
    if last is None or last.server is None:
        return last.says if last is not None else ""
    server = str(last.server)
    if last.server == now.server:
        return last.says.replace(f"{server} answers", "it has also answered", 1)
    if now.station == "stub" and last.station == "servers":
        return last.says.replace(server, f"{server}, which it forwards to,", 1)
    return last.says


def _is_of_vpc(trail: Trail, output: Output) -> bool:
    return any(r.server == output.server for r in trail.answers.facts.resolvers.seen_or(()))
