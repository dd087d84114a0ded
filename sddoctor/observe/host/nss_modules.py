"""Which sources of nsswitch.conf have no module on this host: glibc then treats them as UNAVAIL.

A source NAME is the library ``libnss_NAME.so.2`` (https://man7.org/linux/man-pages/man5/nsswitch.conf.5.html).
"""

from __future__ import annotations

from sddoctor.case.host import NssSource
from sddoctor.observe.host.source import HostSource

#: Part of libc itself since glibc 2.34, and never missing before.
_BUILT_IN = frozenset({"files", "dns"})
_DIRECTORIES = ("/lib", "/lib64", "/usr/lib", "/usr/lib64")


def missing(source: HostSource, sources: tuple[NssSource, ...]) -> tuple[str, ...]:
    """Return the sources without a module: none if the libraries of the host were not seen."""
    wanted = {s.name for s in sources} - _BUILT_IN
    if not wanted:
        return ()
    libraries: set[str] = set()
    for directory in _DIRECTORIES:
        names = source.list(directory).seen_or(())
        libraries.update(names)
        for name in names:
            if name.endswith(("-linux-gnu", "-linux-gnueabihf", "-linux-gnueabi")):
                libraries.update(source.list(f"{directory}/{name}").seen_or(()))
    if "libc.so.6" not in libraries:
        return ()
    return tuple(name for name in sorted(wanted) if f"libnss_{name}.so.2" not in libraries)
