"""Which breaks of the path reach the client: a later station may mend what an earlier one broke."""

from __future__ import annotations

from collections.abc import Sequence

from sddoctor.causes.model import Cause
from sddoctor.diagnosis.verdict import Comparison
from sddoctor.stations.breaks import Path
from sddoctor.stations.model import ANSWERING, NAME_OF, STATIONS, Break
from sddoctor.text.words import in_order, listed


def reaching(path: Path, comparison: Comparison) -> tuple[Break, ...]:
    """Return the breaks that show in the client's answer, in the order of the path; all where that answer was not judged.

    Tasks that are sick or missing reach a client that gets other addresses of the name; a denial does not.
    """
    if comparison.verdict == "healthy":
        return tuple(b for b in path.breaks if _varies(b, path))
    if comparison.verdict == "degraded":
        return tuple(b for b in path.breaks if _shows(b, comparison, path))
    left = (b for b in path.breaks if not _is_mended(b, path))
    return tuple(b for b in left if b.symptom != "foreign" or _is_answered(b, path))


def by_settings(path: Path, roots: Sequence[Cause]) -> tuple[Break, ...]:
    """Return the break of the first root that is proved by settings alone, at a station whose output was not seen."""
    for cause in roots:
        for station in (s for s in cause.at if s in path.gaps):
            before = [path.outputs[s] for s in STATIONS[: STATIONS.index(station)] if s in path.outputs]
            last = before[-1] if before else None
            return (
                Break(
                    station,
                    cause.symptoms[0],
                    observed=f"not seen: {path.gaps[station].why}",
                    expected=listed(in_order(last.addresses)) if last is not None else "an address",
                    says=f"{NAME_OF[station]} was not seen",
                    although=last.says if last is not None else "",
                    after=last.station if last is not None else None,
                ),
            )
    return ()


def _is_mended(one: Break, path: Path) -> bool:
    """Tell whether an answer further on has all that was lost here."""
    if one.symptom != "missing" or not one.addresses:
        return False
    later = STATIONS[STATIONS.index(one.at) + 1 :]
    return any(s in path.outputs and one.addresses <= path.outputs[s].addresses for s in later if s in ANSWERING)


def _is_answered(one: Break, path: Path) -> bool:
    """Tell whether any server, or a program, was seen to return an address that should not be there."""
    answered = [path.outputs[s].addresses for s in ANSWERING if s in path.outputs]
    return any(one.addresses & addresses for addresses in answered or [one.addresses])


def _varies(one: Break, path: Path) -> bool:
    """Tell whether the client gets its answer only now and then: by luck all was well when it was looked at."""
    if one.symptom != "now-and-then":
        return False
    queried = path.outputs["servers"].server if "servers" in path.outputs else None
    return one.at in ("stub", "program") or queried is None or one.server == queried


def _shows(one: Break, comparison: Comparison, path: Path) -> bool:
    if one.symptom == "now-and-then":
        return _varies(one, path)
    if one.addresses:
        return (
            bool(one.addresses & (comparison.missing | comparison.foreign | comparison.not_serving))
            or one.symptom == "not-serving"
        )
    return one.at in ("tasks", "registry") and bool(comparison.shortfall or comparison.due)
