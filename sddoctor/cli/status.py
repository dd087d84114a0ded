"""The exit statuses of the command line: public, and the same in every output format."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sddoctor.diagnosis.model import Diagnosis
    from sddoctor.report.outcome import FailOn


class ExitStatus(IntEnum):
    """What a status means. ``INTERRUPTED`` is what a shell shows for Ctrl-C."""

    FINE = 0
    PROBLEM = 1
    USAGE = 2
    UNDECIDED = 3
    INTERRUPTED = 130


def of_diagnoses(diagnoses: Iterable[Diagnosis], fail_on: FailOn = "error") -> ExitStatus:
    """Return the worst status: a problem, then what could not be decided, then fine."""
    from sddoctor.report.outcome import is_problem, is_undecided

    every = list(diagnoses)
    if any(is_problem(d, fail_on) for d in every):
        return ExitStatus.PROBLEM
    if any(is_undecided(d, fail_on) for d in every):
        return ExitStatus.UNDECIDED
    return ExitStatus.FINE
