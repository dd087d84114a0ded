"""The hosts file: the lines with a name (https://man7.org/linux/man-pages/man5/hosts.5.html)."""

from __future__ import annotations

import re

from sddoctor.case.address import is_service_connect
from sddoctor.case.host import HostsEntry, HostsFile
from sddoctor.formats.host.addresses import read_full_address

#: How such a line begins: few lines of a long list do.
_MAY_BE_OF_SERVICE_CONNECT = ("127.255.", "2600:f0f0:")


def parse(data: bytes, path: str, name: str, *, any_case: bool = True) -> HostsFile:
    """Return the entries of ``name``. ``any_case`` is false for musl, which compares byte by byte.

    A comment may follow without a blank; carriage returns are blanks. A name that is written with a final dot
    does not match, nor does a line whose address is not written in full.
    """
    wanted = name.rstrip(".")
    if any_case:
        wanted = wanted.lower()
    entries: list[HostsEntry] = []
    has_service_connect = False
    for number, line in enumerate(data.decode("utf-8", "replace").split("\n"), 1):
        if line.startswith(_MAY_BE_OF_SERVICE_CONNECT):
            has_service_connect = has_service_connect or is_service_connect(line.split(maxsplit=1)[0])
        if wanted not in (line.lower() if any_case else line):
            continue  # most lines of a list of many thousand names
        address, *names = re.split(r"[ \t\v\f\r]+", line.split("#", 1)[0].strip(" \t\v\f\r"))
        known = [n.lower() for n in names] if any_case else names
        if wanted not in known:
            continue
        read = read_full_address(address)
        if read:
            entries.append(HostsEntry(number, read, tuple(names)))
    return HostsFile(path, tuple(entries), has_service_connect)
