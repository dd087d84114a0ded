"""Findings by the part they play."""

from __future__ import annotations

from sddoctor.case.seen import NOT_NEEDED
from sddoctor.diagnosis.model import Diagnosis, RankedFinding, Role

#: What is told after the root causes, and under which title.
AFTERWARDS: tuple[tuple[Role, str], ...] = (
    ("consequence", "Because of it"),
    ("contributing", "Contributing"),
    ("advice", "Advice"),
)

#: How to say that a finding is not certain.
UNSURE = {"likely": "likely, but not proved", "hint": "only a hint"}
_NOT_NEEDED = NOT_NEEDED.gap()


def with_role(diagnosis: Diagnosis, role: Role) -> list[RankedFinding]:
    """Return the findings of a role: root causes in the order of ``root_causes``, the others as they come."""
    chosen = [f for f in diagnosis.findings if f.role == role]
    if role == "root-cause":
        order = {code: place for place, code in enumerate(diagnosis.root_causes)}
        chosen.sort(key=lambda f: order.get(f.code, len(order)))
    return chosen


def undecided_by_gap(diagnosis: Diagnosis) -> dict[str, list[str]]:
    """Return the causes that could not be decided by what was not seen; what nothing made matter is left out."""
    codes: dict[str, list[str]] = {}
    for undecided in diagnosis.undecided:
        if undecided.gap != _NOT_NEEDED:
            codes.setdefault(undecided.gap.what, []).append(undecided.code)
    return {what: list(dict.fromkeys(blamed)) for what, blamed in codes.items()}
