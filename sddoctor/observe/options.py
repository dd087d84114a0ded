"""How a name is observed, and what comes of it."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

from sddoctor.case.case import Case
from sddoctor.observe.dns.silent import SilentServers
from sddoctor.observe.timing import Timing


class ObserveOptions(Struct, frozen=True):
    """How to observe. ``timeout`` in seconds is for everything together; ``root`` holds another host's files.

    ``silent`` remembers over many names which servers keep timing out.
    """

    region: str | None = None
    profile: str | None = None
    timeout: float = 15.0
    samples: int = 8
    root: Path | None = None
    silent: SilentServers | None = None


class Observation(Struct, frozen=True):
    """A case, how long each call took, and sentences for standard error."""

    case: Case
    timings: tuple[Timing, ...] = ()
    warnings: tuple[str, ...] = ()
