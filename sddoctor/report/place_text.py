"""How the name stands at each of several places."""

from __future__ import annotations

from sddoctor.case.surroundings import OF_MACHINES
from sddoctor.causes.model import Evidence
from sddoctor.diagnosis.model import Diagnosis, PlaceReport
from sddoctor.stations.model import NAME_OF
from sddoctor.text.safe import clean
from sddoctor.text.words import listed


def title(place: PlaceReport) -> str:
    """Return the place, what it runs and what it is: ``laptop (macOS 14.5)``, ``web (Linux 12, container (Docker))``."""
    about = ", ".join(clean(text) for text in (place.system, place.surroundings.words) if text)
    return clean(place.label) + (f" ({about})" if about else "")


def around(diagnosis: Diagnosis) -> str:
    """Say what the place is and what forwards for it, with what shows that; empty for one that stands for itself.

    It is no matter where the client that fails is another one.
    """
    it = diagnosis.surroundings
    marks = [m for m in it.marks if m.of not in OF_MACHINES]
    elsewhere = any(h.hop == "host" and h.status == "not-applicable" for h in diagnosis.hops)
    if not marks or diagnosis.places or elsewhere:
        return ""
    shown = listed((f"{clean(m.source)}: {clean(m.observed)}" for m in marks), most=3)
    forwards = f"; {it.forwarder} stands between it and its host" if it.forwarder else ""
    return f"This place: {clean(it.words)}{forwards} ({shown})."


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
