"""Whether a host is a container: Docker and Podman leave an empty file in each."""

from __future__ import annotations

from sddoctor.case.seen import Seen
from sddoctor.observe.host.source import HostSource

#: https://docs.podman.io/en/latest/markdown/podman-run.1.html (/run/.containerenv), and what Docker makes.
_MARKS = ("/.dockerenv", "/run/.containerenv")


def is_one(source: HostSource) -> bool:
    """Tell whether the host has a container's mark. None seen counts as no."""
    return any(isinstance(source.read(path), Seen) for path in _MARKS)
