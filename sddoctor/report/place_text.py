"""How the name stands at each of several places."""

from __future__ import annotations

from sddoctor.causes.model import Evidence
from sddoctor.diagnosis.model import Diagnosis, PlaceReport
from sddoctor.stations.model import NAME_OF
from sddoctor.text.safe import clean
from sddoctor.text.words import listed


def title(place: PlaceReport) -> str:
    """Return the place and what it runs: ``laptop (macOS 14.5)``."""
    return clean(place.label) + (f" ({clean(place.system)})" if place.system else "")


def outcome_at(place: PlaceReport) -> str:
    """Return what the place gets, and why if that is known, else where it breaks: ``not found; split-dns-missing``."""
    outcome = ", ".join(clean(a) for a in place.addresses) or clean(place.error or "not known")
    if place.root_causes:
        return f"{outcome}; {', '.join(place.root_causes)}"
    first = next(iter(place.unexplained), None)
    return f"{outcome}; breaks at {NAME_OF[first.at]}: {clean(first.symptom)}" if first is not None else outcome


def at(evidence: Evidence) -> str:
    """Return the place of the evidence, where there are several and it does not say so itself."""
    return clean(evidence.place) if evidence.place and evidence.place != evidence.subject else ""


def aws(diagnosis: Diagnosis) -> str:
    """Say from where AWS was seen; nothing when that was the first place alone."""
    if diagnosis.aws_from in ((), (diagnosis.places[0].label,)):
        return ""
    return f"AWS was seen from {listed(map(clean, diagnosis.aws_from))}."
