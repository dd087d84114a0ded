"""The vocabulary of causes: what a cause is, and what it reports when it holds."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Literal, NotRequired, TypeAlias, TypedDict, Unpack

from msgspec import Struct

from sddoctor.case.host import Platform
from sddoctor.stations.model import Station, Symptom
from sddoctor.text.safe import Value

if TYPE_CHECKING:
    from sddoctor.trail.trail import Trail

Hop: TypeAlias = Literal["ecs", "cloudmap", "route53", "vpc-dns", "network", "host"]
Kind: TypeAlias = Literal["fault", "transient", "risk", "note"]
Severity: TypeAlias = Literal["error", "warning", "info"]
Certainty: TypeAlias = Literal["certain", "likely", "hint"]
Where: TypeAlias = Literal["aws", "terraform", "macos", "linux", "windows", "vpn", "container", "app"]

HOPS: tuple[Hop, ...] = ("ecs", "cloudmap", "route53", "vpc-dns", "network", "host")


class Evidence(Struct, frozen=True):
    """One observation that supports a finding.

    ``source`` is where it was seen (``ecs:DescribeTasks tasks[].healthStatus``, ``dns @10.10.0.2 A``, a path),
    ``subject`` what it is about. ``expected`` is ``None`` when there is nothing to compare with.
    ``place`` is the label of the place from which it was seen, where there are several.
    """

    source: str
    subject: str
    observed: Value
    expected: Value = None
    place: str | None = None


class Fix(Struct, frozen=True):
    """One way to repair it.

    ``commands`` can be pasted into a shell as they are. A fix that is a fragment of configuration carries it in
    ``config``; one that is a whole file names ``file`` and its ``content``.
    """

    title: str
    where: Where
    commands: tuple[str, ...] = ()
    changes: str = ""
    verified_by: str = ""
    config: str | None = None
    file: str | None = None
    content: str | None = None


class Finding(Struct, frozen=True):
    """What a cause reports when it holds.

    ``summary`` is one sentence with the real names in it; ``detail`` explains. ``addresses`` are those it explains: missing,
    dead or foreign ones of the answer. ``would_tell`` is ``None`` where what was seen holds only if the cause is true;
    where it only fits, it is the one observation that would tell: a command to paste, or a permission.
    ``wait_seconds`` is how long until it passes by itself, if it does. ``severity`` overrides the cause's own, and so
    does ``kind`` where a note turns out to be a fault.
    """

    summary: str
    detail: str = ""
    evidence: tuple[Evidence, ...] = ()
    fixes: tuple[Fix, ...] = ()
    would_tell: str | None = None
    severity: Severity | None = None
    addresses: tuple[str, ...] = ()
    wait_seconds: int | None = None
    kind: Kind | None = None

    @property
    def only_fits(self) -> bool:
        """Whether what was seen does not prove the cause."""
        return self.would_tell is not None


class Cause(Struct, frozen=True):
    """A cause: public metadata and the pure function that decides it.

    ``at`` are the stations at which it can be the reason, for the ``symptoms`` that it can have there; a risk or a note
    explains no break and has none. ``ceiling`` is how sure it can be at most. ``decide`` gets the trail and returns a finding or ``None``. It reads facts with ``.value``: what was not seen
    raises, and the runner makes that *undecided because of that gap*. ``explains`` are the codes of the causes that
    only follow from this one where both hold. ``for_any_client`` marks a cause of the hop network or host that is about
    the name itself; the others are not decided for a client in a VPC, which is not this host. ``platforms`` are those on
    which it can be at all, where it is not all of them.
    """

    code: str
    hop: Hop
    title: str
    decide: Callable[[Trail], Finding | None]
    at: tuple[Station, ...] = ()
    symptoms: tuple[Symptom, ...] = ()
    kind: Kind = "fault"
    severity: Severity = "error"
    ceiling: Certainty = "certain"
    explains: tuple[str, ...] = ()
    for_any_client: bool = False
    platforms: tuple[Platform, ...] = ()


class Declared(TypedDict):
    """What stands beside the function that decides a cause, by the fields of :class:`Cause` and with their defaults."""

    hop: Hop
    title: str
    at: NotRequired[tuple[Station, ...]]
    symptoms: NotRequired[tuple[Symptom, ...]]
    kind: NotRequired[Kind]
    severity: NotRequired[Severity]
    ceiling: NotRequired[Certainty]
    explains: NotRequired[tuple[str, ...]]
    for_any_client: NotRequired[bool]
    platforms: NotRequired[tuple[Platform, ...]]


def cause(code: str, **declared: Unpack[Declared]) -> Callable[[Callable[[Trail], Finding | None]], Cause]:
    """Make a :class:`Cause` of the function below it."""

    def make(decide: Callable[[Trail], Finding | None]) -> Cause:
        return Cause(code, decide=decide, **declared)

    return make
