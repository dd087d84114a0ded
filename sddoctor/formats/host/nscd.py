"""nscd.conf: whether nscd remembers host names.

https://man7.org/linux/man-pages/man5/nscd.conf.5.html
"""

from __future__ import annotations

from sddoctor.case.host import Nscd

PATH = "/etc/nscd.conf"


def parse(data: bytes) -> Nscd:
    """Read the settings of nscd; the last line about a setting counts, and without one nothing is remembered."""
    remembers = False
    for line in data.decode("utf-8", "replace").splitlines():
        words = line.partition("#")[0].split()
        if words[:2] == ["enable-cache", "hosts"] and len(words) > 2:
            remembers = words[2] == "yes"
    return Nscd(remembers)
