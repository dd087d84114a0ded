"""Whether nscd runs, which glibc asks before it goes through nsswitch.conf, and what it remembers.

https://man7.org/linux/man-pages/man8/nscd.8.html
"""

from __future__ import annotations

from sddoctor.case.host import Nscd
from sddoctor.case.seen import Absent, Fact, Seen, Unreachable
from sddoctor.formats.host import nscd
from sddoctor.observe.host.source import HostSource

#: nscd writes it in the foreground, too, and removes it at its end (2.36, measured). Others that listen at its socket, as
#: nsncd does, remember nothing and write none.
_RUNNING = ("/run/nscd/nscd.pid", "/var/run/nscd/nscd.pid")


def read(source: HostSource) -> Fact[Nscd]:
    """Return the settings of nscd, ``Absent`` where it does not run."""
    settings = source.read(nscd.PATH).map(nscd.parse)
    if any(isinstance(source.read(path), Seen) for path in _RUNNING):
        return settings
    listening = any("socket" in source.list(path.rpartition("/")[0]).seen_or(()) for path in _RUNNING)
    if listening and isinstance(settings, Seen) and settings.value.remembers_hosts:
        return Unreachable("whether nscd runs", "its socket is there, which others use as well", "pidof nscd")
    return Absent("nscd", _RUNNING[0])
