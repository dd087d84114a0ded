"""Which C library a Linux host's programs use."""

from __future__ import annotations

import re

from sddoctor.case.seen import Seen
from sddoctor.observe.host.source import HostSource

#: Distributions that have glibc only, by their ID or one that they are like; others (void, openwrt, buildroot) may not.
#: https://www.freedesktop.org/software/systemd/man/latest/os-release.html
_OF_GLIBC = (
    r"^ID(?:_LIKE)?=.*\b(?:debian|ubuntu|rhel|fedora|centos|amzn|suse|opensuse|sles|arch|gentoo|nixos|wolfi|bottlerocket"
    r"|azurelinux|mariner|photon|clear-linux-os|flatcar|cos|rocky|almalinux|ol|raspbian|linuxmint|pop|manjaro)\b"
)


def which_libc(source: HostSource) -> str | None:
    """Return ``glibc``, ``musl``, or ``None`` if it is not known."""
    release = (source.read("/etc/os-release").seen_or(b"")).decode("utf-8", "replace")
    if re.search(r"^ID=[\"']?(alpine|postmarketos)\b", release, re.MULTILINE):
        return "musl"
    if isinstance(source.read("/etc/alpine-release"), Seen):
        return "musl"
    of_ldd = (source.run(("ldd", "--version")).seen_or("")).lower()
    if "musl" in of_ldd:
        return "musl"
    if re.search(r"glibc|gnu libc|free software foundation", of_ldd):
        return "glibc"
    libraries = source.list("/lib").seen_or(())
    if any(name.startswith("ld-musl-") for name in libraries):
        return "musl"
    return "glibc" if re.search(_OF_GLIBC, release, re.MULTILINE) else None
