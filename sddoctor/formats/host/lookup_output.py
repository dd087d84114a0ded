"""The output of commands that look up a name through the operating system."""

from __future__ import annotations

from sddoctor.case.host import LookupResult
from sddoctor.case.seen import Fact, Seen
from sddoctor.formats.host.addresses import read_result
from sddoctor.formats.host.unread import ends_within_a_line, is_cut, not_understood

NOT_FOUND = "not found"
_SOCKETS = ("STREAM", "DGRAM", "RAW", "SEQPACKET")


def parse_getent(text: str) -> Fact[LookupResult]:
    """Read ``getent ahosts NAME``: one line for each address and socket type; nothing when there is no such host."""
    sockets: dict[str, list[str]] = {}
    unread: list[str] = []
    canonical = None
    for line in text.splitlines():
        words = line.split()
        address = read_result(words[0]) if words else None
        if address and not is_cut(line) and words[1:2] and words[1] in _SOCKETS and len(words) < 4:
            sockets.setdefault(address, []).append(words[1])
            canonical = canonical or (words[2] if len(words) > 2 else None)
        elif words:
            unread.append(line)
    kinds = list(sockets.values())
    # Each address comes with the same types of socket, and no libc gives one alone.
    if kinds and ({*kinds[-1]} != {*kinds[0]} or (len(kinds[0]) == 1 and ends_within_a_line(text))):
        unread.append("what follows its last line")
    return _result("getent ahosts", list(sockets), canonical, unread)


def parse_dscacheutil(text: str) -> Fact[LookupResult]:
    """Read ``dscacheutil -q host -a name NAME``: nothing when there is no such host, whatever the exit status."""
    addresses: list[str] = []
    unread: list[str] = []
    canonical, is_open = None, False
    for line in text.splitlines():
        key, _, value = line.strip().partition(":")
        if key in ("ip_address", "ipv6_address"):
            read = [read_result(word) for word in value.split()]
            addresses += filter(None, read)
            is_open = False
            unread += [] if read and all(read) else [line]
        elif key == "name" and value.strip() and not is_cut(value):
            canonical, is_open = canonical or value.strip(), True
        elif key and (key != "alias" or is_cut(value)):
            unread.append(line)
    if is_open:
        unread.append(f"the addresses of {canonical}")
    return _result("dscacheutil", addresses, canonical, unread)


def _result(source: str, addresses: list[str], canonical: str | None, unread: list[str]) -> Fact[LookupResult]:
    """Return what was found: nothing at all says that there is no such host, and what is not understood says nothing."""
    distinct = tuple(dict.fromkeys(addresses))
    if unread and not distinct:
        return not_understood(source)
    found = LookupResult(distinct, None, canonical) if distinct else LookupResult(error=NOT_FOUND)
    return Seen(found, source, unread=tuple(unread))
