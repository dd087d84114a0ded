"""What every split-DNS format can do: render, parse, and say where it goes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from msgspec import Struct

from sddoctor.splitdns.model import SplitDns

#: The first line of everything that is written: by it a file is known as ours.
MARK = "Written by sddoctor"


class TargetFile(Struct, frozen=True):
    """A file that a format consists of."""

    path: str
    content: str


class Format(Struct, frozen=True):
    """A configuration format.

    ``render`` and ``parse`` are each other's inverse. ``files`` are what ``install`` writes, empty for a format that is
    given to another program or person; ``after`` are commands that make the system read them. ``steps`` tells a person
    what to do with the text.
    """

    name: str
    title: str
    platform: Literal["macos", "linux", "windows", "any"]
    steps: str
    render: Callable[[SplitDns], str]
    parse: Callable[[str], SplitDns]
    files: Callable[[SplitDns], tuple[TargetFile, ...]] | None = None
    after: tuple[tuple[str, ...], ...] = ()


def comment(config: SplitDns, sign: str = "#") -> str:
    """Return the line that marks a text as ours."""
    return f"{sign} {MARK}: {config.domain} is asked of its VPC resolver.\n"
