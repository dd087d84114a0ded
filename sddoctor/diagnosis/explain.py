"""Which findings explain which breaks, and how sure that makes them. The one place where certainty is computed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sddoctor.causes.model import Cause, Certainty, Finding
from sddoctor.diagnosis.precedence import Found
from sddoctor.stations.breaks import Path
from sddoctor.stations.model import ANSWERING, Break

SURENESS: tuple[Certainty, ...] = ("certain", "likely", "hint")


class _Matched(NamedTuple):
    """A finding, and the breaks that it explains, by their place in the path."""

    cause: Cause
    finding: Finding
    breaks: frozenset[int]
    hidden: bool


def explain(found: Iterable[tuple[Cause, Finding]], path: Path, breaks: Sequence[Break]) -> list[Found]:
    """Say of every finding whether it acts, and how sure it is.

    It acts where it explains a break that reaches the client. One behind another break acts, too, if its station passes on
    that nothing comes, or was not observed: it would break the name even if the earlier fault were repaired.
    With proof it is certain. A fault that only fits is likely if nothing else that fits explains the same, else a hint;
    never more than its ceiling. Where nobody's answer was seen, what is proved at an unobserved station acts as well.
    """
    matched = [_match(cause, finding, path, breaks) for cause, finding in found]
    return [Found(m.cause, m.finding, bool(m.breaks or m.hidden), _certainty(m, matched), m.breaks) for m in matched]


def concerns(cause: Cause, one: Break) -> bool:
    """Tell whether the cause can be the reason for the break."""
    return one.symptom in cause.symptoms and not set(cause.at).isdisjoint(one.stations)


def _match(cause: Cause, finding: Finding, path: Path, breaks: Sequence[Break]) -> _Matched:
    addresses = set(finding.addresses)
    own = frozenset(
        number
        for number, one in enumerate(breaks)
        if concerns(cause, one) and (not addresses or not one.addresses or not addresses.isdisjoint(one.addresses))
    )
    may_hide = bool(breaks) or path.outputs.keys().isdisjoint(ANSWERING)
    return _Matched(cause, finding, own, may_hide and not own and _is_hidden(cause, path))


def _is_hidden(cause: Cause, path: Path) -> bool:
    """Tell whether a station of the cause returns nothing, or was not observed, so that a fault there cannot show."""
    return any(
        station in path.gaps or (station in path.outputs and not path.outputs[station].addresses)
        for station in cause.at
    )


def _certainty(one: _Matched, matched: Sequence[_Matched]) -> Certainty:
    computed: Certainty = "certain"
    if one.finding.only_fits:
        has_rivals = any(m is not one and m.finding.only_fits and _compete(one, m) for m in matched)
        explains = (one.finding.kind or one.cause.kind) in ("fault", "transient")
        computed = "likely" if explains and not has_rivals else "hint"
    return max(computed, one.cause.ceiling, key=SURENESS.index)


def _compete(one: _Matched, other: _Matched) -> bool:
    """Tell whether both explain the same, and neither explains the other."""
    related = other.cause.code in one.cause.explains or one.cause.code in other.cause.explains
    return not related and not one.breaks.isdisjoint(other.breaks)
