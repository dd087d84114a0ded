"""The diagnosis: an ordered answer to "why does this name not resolve?"."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, TypeAlias

from msgspec import Struct

from sddoctor.case.seen import Gap
from sddoctor.causes.model import Certainty, Evidence, Fix, Hop, Kind, Severity
from sddoctor.resolution.surroundings import Surroundings
from sddoctor.stations.model import Break, Station
from sddoctor.trail.owner import OwnerKind

Verdict: TypeAlias = Literal["healthy", "degraded", "broken", "inconclusive"]
Role: TypeAlias = Literal["root-cause", "consequence", "contributing", "advice"]
HopStatus: TypeAlias = Literal["ok", "warning", "failed", "unknown", "not-applicable"]


class RankedFinding(Struct, frozen=True):
    """A finding with its place in the diagnosis. ``of`` is the root cause that a consequence follows from."""

    code: str
    hop: Hop
    kind: Kind
    severity: Severity
    certainty: Certainty
    role: Role
    title: str
    summary: str
    detail: str = ""
    evidence: tuple[Evidence, ...] = ()
    fixes: tuple[Fix, ...] = ()
    addresses: tuple[str, ...] = ()
    wait_seconds: int | None = None
    of: str | None = None


class HopReport(Struct, frozen=True):
    """One hop of the trail: the addresses seen there, and those that the hop before promises."""

    hop: Hop
    status: HopStatus
    addresses: tuple[str, ...] = ()
    expected: tuple[str, ...] = ()
    summary: str = ""


class NameOwner(Struct, frozen=True):
    """Whose the name is. ``says`` completes "the name is ...", ``source`` is where that was seen."""

    kind: OwnerKind
    says: str
    source: str = ""


class AliasLink(Struct, frozen=True):
    """A step from a name to the name that it stands for. ``status``: whether that resolves; ``summary`` says to what.

    ``zone_id`` is the zone of the record, ``""`` where only an answer shows it.
    """

    name: str
    target: str
    kind: str
    zone_id: str
    status: HopStatus
    summary: str = ""


class Candidate(Struct, frozen=True):
    """A cause that may explain a break for which none is named. ``tell`` is the one observation that would tell.

    ``fits``: the facts that were seen fit it; otherwise it could not be decided without that observation.
    """

    code: str
    title: str
    tell: str
    fits: bool


class NextStep(Struct, frozen=True):
    """What to run next: ``commands`` can be pasted, and ``title`` says what they show. ``at`` is the station of the break."""

    title: str
    commands: tuple[str, ...] = ()
    at: Station | None = None


class Undecided(Struct, frozen=True):
    """A cause that could not be decided, and the gap that is to blame."""

    code: str
    gap: Gap


class Crash(Struct, frozen=True):
    """A cause that failed: an internal error of sddoctor. The other causes still ran."""

    code: str
    error: str


class PlaceReport(Struct, frozen=True):
    """How the name stands at one of several places, the first of which the diagnosis is about.

    ``system`` says what the host runs, ``""`` if that was not seen; ``surroundings`` what it is. ``error`` is a short reason where it gets no
    address.
    """

    label: str
    system: str
    at: datetime
    verdict: Verdict
    headline: str
    root_causes: tuple[str, ...] = ()
    findings: tuple[RankedFinding, ...] = ()
    breaks: tuple[Break, ...] = ()
    unexplained: tuple[Break, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    next_steps: tuple[NextStep, ...] = ()
    addresses: tuple[str, ...] = ()
    error: str | None = None
    surroundings: Surroundings = Surroundings()


class Diagnosis(Struct, frozen=True):
    """The answer about one name.

    ``breaks`` are where the path breaks for the client, in its order. ``unexplained`` are those of them that no proved root
    cause explains, ``candidates`` what may explain those, and ``next_steps`` what would show more. ``answered`` says in one line who answered, what, and what TTL is left. ``ignored`` counts findings left out by
    ``--ignore``. ``wait_seconds`` is the longest countdown of a transient root cause. ``places`` has every place, the
    first included, where there are several, and ``aws_from`` those whose looks at AWS were taken. ``surroundings``: what the
    first place itself is, a container for instance. ``owner`` is whose the name is, ``alias`` the names that it stands for.
    """

    name: str
    at: datetime
    verdict: Verdict
    headline: str
    root_causes: tuple[str, ...] = ()
    findings: tuple[RankedFinding, ...] = ()
    breaks: tuple[Break, ...] = ()
    unexplained: tuple[Break, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    next_steps: tuple[NextStep, ...] = ()
    hops: tuple[HopReport, ...] = ()
    gaps: tuple[Gap, ...] = ()
    undecided: tuple[Undecided, ...] = ()
    crashes: tuple[Crash, ...] = ()
    answered: str = ""
    ignored: int = 0
    wait_seconds: int | None = None
    places: tuple[PlaceReport, ...] = ()
    aws_from: tuple[str, ...] = ()
    surroundings: Surroundings = Surroundings()
    owner: NameOwner = NameOwner("unknown", "")
    alias: tuple[AliasLink, ...] = ()
