"""Which programs for resolver settings a Linux host has: a fix may use no other."""

from __future__ import annotations

from sddoctor.observe.host.source import HostSource

KNOWN = ("dnsmasq", "nmcli", "resolvconf", "resolvectl", "systemctl", "unbound")
_FOLDERS = ("/usr/bin", "/usr/sbin", "/bin", "/sbin", "/usr/local/bin", "/usr/local/sbin", "/run/current-system/sw/bin")


def programs_here(source: HostSource) -> tuple[str, ...]:
    """Return those of the known programs that are in the usual folders."""
    if source.platform != "linux":
        return ()
    there = {name for folder in _FOLDERS for name in source.list(folder).seen_or(())}
    return tuple(name for name in KNOWN if name in there)
