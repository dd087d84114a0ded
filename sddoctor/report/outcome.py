"""What a diagnosis counts for: the same in every output format."""

from __future__ import annotations

from typing import Literal, TypeAlias

from sddoctor.diagnosis.model import Diagnosis

FailOn: TypeAlias = Literal["error", "warning"]


def is_problem(diagnosis: Diagnosis, fail_on: FailOn = "error") -> bool:
    """Tell whether a problem was found, at whichever place; with ``warning``, a finding that only warns is one."""
    if diagnosis.verdict in ("broken", "degraded") or any(
        p.verdict in ("broken", "degraded") for p in diagnosis.places
    ):
        return True
    findings = (*diagnosis.findings, *(f for p in diagnosis.places for f in p.findings))
    return fail_on == "warning" and any(f.severity in ("error", "warning") for f in findings)


def is_undecided(diagnosis: Diagnosis, fail_on: FailOn = "error") -> bool:
    """Tell whether no problem was found, but something decisive was not seen."""
    unsure = "inconclusive" in (diagnosis.verdict, *(p.verdict for p in diagnosis.places))
    return unsure and not is_problem(diagnosis, fail_on)
