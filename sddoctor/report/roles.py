"""Findings by the part they play."""

from __future__ import annotations

from sddoctor.diagnosis.model import Diagnosis, RankedFinding, Role

#: How to say that a finding is not certain.
UNSURE = {"likely": "likely, but not proved", "hint": "only a hint"}


def with_role(diagnosis: Diagnosis, role: Role) -> list[RankedFinding]:
    """Return the findings of a role: root causes in the order of ``root_causes``, the others as they come."""
    chosen = [f for f in diagnosis.findings if f.role == role]
    if role == "root-cause":
        order = {code: place for place, code in enumerate(diagnosis.root_causes)}
        chosen.sort(key=lambda f: order.get(f.code, len(order)))
    return chosen
