"""A format of split-DNS configuration: how it is rendered and parsed, and where it is installed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from msgspec import Struct, structs

from sddoctor.case.name import is_below
from sddoctor.splitdns.model import SplitDns

#: Begins the first line of every file that is written: by it such files are recognized.
MARK = "Written by sddoctor"


#: Names in ``local`` belong to multicast DNS: https://www.rfc-editor.org/rfc/rfc6762#section-3
_MULTICAST = (
    "names in local belong to multicast DNS (RFC 6762), so some hosts never send them to a DNS server, whatever this "
    "configuration says; a namespace with another name does not have this problem."
)


class TargetFile(Struct, frozen=True):
    """A file that a format consists of, and what it configures."""

    path: str
    content: str
    config: SplitDns


class Existing(Struct, frozen=True):
    """A file of a host, and the others that its program reads: path and text of each."""

    path: str
    text: str
    beside: tuple[tuple[str, str], ...] = ()


class Format(Struct, frozen=True):
    """A configuration format.

    ``render`` and ``parse`` are inverse. ``install`` writes into ``directory`` a file called
    ``file_name``, or one for each part that ``split`` makes (a domain and its text); a format without a directory is not
    installed. ``after`` are commands that make the system read the files, first a syntax check where the
    program has one. ``steps`` are instructions for the user, ``warning`` is what the configuration cannot do. ``holds``
    tells whether a file, whoever wrote it, has the same effect; ``main`` is read by the program besides ``directory``.
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
    warning: str = ""
    holds: Callable[[Existing, SplitDns], bool] = lambda file, config: False  # noqa: ARG005
    main: str | None = None

    def path(self, domain: str) -> str:
        """Return the file for a domain. Only for a format that has a directory."""
        return f"{self.directory}/{self.file_name.format(domain=domain)}"

    def files(self, config: SplitDns) -> tuple[TargetFile, ...]:
        """Return what ``install`` writes: one file, or one for each domain. Raises :class:`SplitDnsError`."""
        if self.split is None:
            return (TargetFile(self.path(config.domain), self.render(config), config),)
        alone = structs.replace(config, reverse=())
        return tuple(
            TargetFile(self.path(domain), text, structs.replace(alone, domain=domain))
            for domain, text in self.split(config)
        )

    def warnings(self, domain: str) -> tuple[str, ...]:
        """Return what the user should know before relying on this format for a domain, one sentence or two each."""
        multicast = (_MULTICAST,) if is_below(domain, "local") else ()
        return (*multicast, self.warning) if self.warning else multicast


def mark_of(domain: str) -> str:
    """Return the comment that begins every text written for a namespace."""
    return f"# {MARK}: {domain} is asked of its VPC resolver.\n"


def is_marked(content: bytes) -> bool:
    """Tell whether a file was written by this program."""
    return content.startswith(f"# {MARK}:".encode())
