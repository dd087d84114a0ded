"""A format of split-DNS configuration: how it is rendered and parsed, and where it is installed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from msgspec import Struct

from sddoctor.splitdns.model import SplitDns

#: Begins the first line of every file that is written: by it such files are recognized.
MARK = "Written by sddoctor"


class TargetFile(Struct, frozen=True):
    """A file that a format consists of."""

    path: str
    content: str


class Format(Struct, frozen=True):
    """A configuration format.

    ``render`` and ``parse`` are inverse. ``install`` writes into ``directory`` a file called
    ``file_name``, or one for each part that ``split`` makes (a domain and its text); a format without a directory is not
    installed. ``after`` are commands that make the system read the files, first a syntax check where the
    program has one. ``steps`` are instructions for the user.
    """

    name: str
    title: str
    platform: Literal["macos", "linux", "windows", "any"]
    steps: str
    render: Callable[[SplitDns], str]
    parse: Callable[[str], SplitDns]
    directory: str | None = None
    file_name: str = "{domain}"
    split: Callable[[SplitDns], tuple[tuple[str, str], ...]] | None = None
    after: tuple[tuple[str, ...], ...] = ()

    def path(self, domain: str) -> str:
        """Return the file for a domain. Only for a format that has a directory."""
        return f"{self.directory}/{self.file_name.format(domain=domain)}"

    def files(self, config: SplitDns) -> tuple[TargetFile, ...]:
        """Return what ``install`` writes: one file, or one for each domain. Raises :class:`SplitDnsError`."""
        parts = self.split(config) if self.split is not None else ((config.domain, self.render(config)),)
        return tuple(TargetFile(self.path(domain), text) for domain, text in parts)


def mark_of(domain: str) -> str:
    """Return the comment that begins every text written for a namespace."""
    return f"# {MARK}: {domain} is asked of its VPC resolver.\n"


def is_marked(content: bytes) -> bool:
    """Tell whether a file was written by this program."""
    return content.startswith(f"# {MARK}:".encode())
