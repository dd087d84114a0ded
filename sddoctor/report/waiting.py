"""What a countdown means for who reads it."""

from __future__ import annotations

from sddoctor.diagnosis.model import Diagnosis
from sddoctor.report.roles import with_role


def sentence(diagnosis: Diagnosis) -> str | None:
    """Say how long to wait; only if every root cause passes by itself is waiting the whole cure."""
    seconds = diagnosis.wait_seconds
    if seconds is None:
        return None
    if passes_by_itself(diagnosis):
        if "ask again" in diagnosis.headline:
            return None  # the headline says it already
        return f"It should pass by itself: wait {seconds} s, then ask again."
    return f"A part of it should pass by itself in about {seconds} s; the rest will not."


def passes_by_itself(diagnosis: Diagnosis) -> bool:
    """Tell whether nothing but waiting is needed."""
    roots = with_role(diagnosis, "root-cause")
    return diagnosis.wait_seconds is not None and all(
        f.wait_seconds is not None or f.kind == "transient" for f in roots
    )
