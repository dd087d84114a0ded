"""The options of a scan, and what follows from them: accounts and regions, and patterns of names."""

from __future__ import annotations

import re
from fnmatch import translate
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from msgspec import Struct

from sddoctor.case.dns import Server
from sddoctor.cli import streams
from sddoctor.report.outcome import FailOn

if TYPE_CHECKING:
    from sddoctor.observe.scan import Target

Format = Literal["text", "json", "jsonl", "markdown", "junit", "prometheus"]


class ScanOptions(Struct, frozen=True):
    """The options of the command."""

    namespace: tuple[str, ...]
    name: tuple[str, ...]
    verdict: tuple[str, ...]
    api_only: bool
    zones: bool
    regions: tuple[str, ...]
    profiles: tuple[str, ...]
    role: tuple[str, ...]
    asker: Literal["host", "records"]
    nameserver: tuple[Server, ...]
    client_vpc: str | None
    root: Path | None
    samples: int
    ignore: frozenset[str]
    fail_on: FailOn
    pace: float
    output: Format
    output_file: Path | None
    resume: Path | None
    color: streams.ColourChoice

    @property
    def patterns(self) -> tuple[re.Pattern[str], ...]:
        """The patterns of ``--name``."""
        return tuple(re.compile(translate(p.lower().removesuffix("."))) for p in self.name)

    def targets(self) -> list[Target]:
        """Return every account and region to observe."""
        from sddoctor.observe.scan import Target

        who = [(p, r) for p in self.profiles or (None,) for r in self.role or (None,)]
        return [Target(region, profile, role) for profile, role in who for region in self.regions or (None,)]
