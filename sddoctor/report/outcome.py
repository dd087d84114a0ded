"""What a diagnosis counts for: the same in every output format."""

from __future__ import annotations

from typing import Literal, TypeAlias

from sddoctor.diagnosis.model import Diagnosis

FailOn: TypeAlias = Literal["error", "warning"]


def is_problem(diagnosis: Diagnosis, fail_on: FailOn = "error") -> bool:
    """Tell whether a problem was found; with ``warning``, a finding that only warns is one."""
    if diagnosis.verdict in ("broken", "degraded"):
        return True
    return fail_on == "warning" and any(f.severity in ("error", "warning") for f in diagnosis.findings)


def is_undecided(diagnosis: Diagnosis, fail_on: FailOn = "error") -> bool:
    """Tell whether no problem was found, but something decisive was not seen."""
    return diagnosis.verdict == "inconclusive" and not is_problem(diagnosis, fail_on)
