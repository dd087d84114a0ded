"""The file os-release of Linux."""

from __future__ import annotations

import re

from sddoctor.case.seen import Fact


def linux_version(os_release: Fact[bytes]) -> str:
    """Return ``VERSION_ID`` of os-release (https://www.freedesktop.org/software/systemd/man/os-release.html)."""
    text = (os_release.seen_or(b"")).decode("utf-8", "replace")
    found = re.search(r"^VERSION_ID=[\"']?([^\"'\n]*)", text, re.MULTILINE)
    return found.group(1) if found else ""
