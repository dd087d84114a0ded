"""The network extensions of a Mac."""

from __future__ import annotations

from sddoctor.case.host import OTHER_PLATFORM
from sddoctor.case.mac_extension import NetworkExtension
from sddoctor.case.seen import Fact
from sddoctor.formats.host import system_extensions
from sddoctor.observe.host.source import HostSource


def read(source: HostSource) -> Fact[tuple[NetworkExtension, ...]]:
    """Return the network extensions, active or not."""
    if source.platform != "macos":
        return OTHER_PLATFORM
    return source.run(tuple(system_extensions.COMMAND.split())).then(system_extensions.parse)
