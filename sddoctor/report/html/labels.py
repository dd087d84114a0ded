"""The words of the HTML report for what other reports show by a sign."""

from __future__ import annotations

from sddoctor.causes.model import Hop
from sddoctor.diagnosis.detail_model import Mark, Wanted
from sddoctor.diagnosis.model import HopStatus, Verdict

HOPS: dict[Hop, str] = {
    "ecs": "ECS",
    "cloudmap": "Cloud Map",
    "route53": "Route 53",
    "vpc-dns": "VPC resolver",
    "network": "Network",
    "host": "Host",
}
STATUSES: dict[HopStatus, str] = {
    "ok": "no fault seen",
    "warning": "not as it should be",
    "failed": "broken",
    "unknown": "not known",
    "not-applicable": "does not apply",
}
VERDICTS: dict[Verdict, str] = {
    "healthy": "Healthy",
    "degraded": "Degraded",
    "broken": "Broken",
    "inconclusive": "Inconclusive",
}
MARKS: dict[Mark, tuple[str, str]] = {
    "yes": ("✓", "has it"),
    "odd": ("!", "has it, but not as it should be"),
    "no": ("–", "does not have it"),  # noqa: RUF001 - the dash of the trail
    "spared": ("·", "not there, and need not be"),
    "unseen": ("?", "not seen"),
}
WANTED: dict[Wanted, str] = {
    "expected": "should be answered",
    "tolerated": "may be answered",
    "not expected": "should not be answered",
    "unknown": "not known whether it should be answered",
}


def shortened(text: str, longest: int) -> str:
    """Return ``text``, or its beginning and its end, as both matter in an address."""
    if len(text) <= longest:
        return text
    tail = (longest - 1) // 3
    return f"{text[: longest - 1 - tail]}…{text[len(text) - tail :]}"


def duration(seconds: float) -> str:
    """Return a duration as one says it: ``40 s``, ``12 min``, ``3 h``, ``5 d``."""
    whole = round(abs(seconds))
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min")):
        if whole >= 2 * size or (whole >= size and whole % size == 0):
            return f"{whole // size} {unit}"
    return f"{whole} s"


def moment(seconds: float | None) -> str:
    """Return a time as seen from the observation: ``40 s before``, ``at the observation``, ``10 s after``."""
    if seconds is None:
        return "still going on"
    if abs(seconds) < 0.5:
        return "at the observation"
    return f"{duration(seconds)} {'before' if seconds < 0 else 'after'}"
