"""``resolvectl query NAME`` of systemd-resolved."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sddoctor.case.host import LookupResult
from sddoctor.formats.host.addresses import read_result

#: The error of a lookup whose answer systemd-resolved threw away.
NOT_VALIDATED = "DNSSEC validation failed"
_ERRORS = (
    ("no appropriate name servers", "no-servers"),
    ("dnssec validation failed", "dnssec"),
    ("query timed out", "timeout"),
    ("all attempts to contact name servers", "timeout"),
    ("does not have any rr of the requested type", "no-data"),
    ("not found", "nxdomain"),
    ("nxdomain", "nxdomain"),
    ("refused", "refused"),
    ("server returned error", "server-error"),
    ("servfail", "server-error"),
)
#: The name that an alias leads to.
_CANONICAL = re.compile(r"\(\S+\)")


@dataclass(frozen=True)
class Query:
    """The output of ``resolvectl query``. ``state`` is ``ok``, or one of the kinds of failure in this module.

    ``unread`` are lines that were not understood, beside addresses that were.
    """

    state: str
    addresses: tuple[str, ...] = ()
    link: str | None = None
    source: str | None = None
    unread: tuple[str, ...] = ()

    def result(self) -> LookupResult:
        """Return the result as that of a lookup."""
        reasons = {"nxdomain": "not found", "no-data": "not found", "ok": None, "dnssec": NOT_VALIDATED}
        return LookupResult(self.addresses, reasons.get(self.state, self.state.replace("-", " ")))


def parse_query(text: str) -> Query:
    """Read ``resolvectl query NAME``.

    Error texts: https://github.com/systemd/systemd/blob/main/src/resolve/resolved-bus.c
    """
    addresses: list[str] = []
    unread: list[str] = []
    link = source = None
    for line in text.splitlines():
        if line.startswith("--"):
            found = re.match(r"-- Data from:\s*(.*)", line)
            source = found.group(1).strip() if found else source
            continue
        value, _, mark = line.partition("-- link:")
        words = value.split()
        alone = words[1:] if words and words[0].endswith(":") else words
        address = read_result(alone[0]) if len(alone) == 1 else None
        if address:
            addresses.append(address)
            link = link or mark.strip() or None
        elif words and not _CANONICAL.fullmatch(value.strip()):
            unread.append(line)
    if addresses:
        return Query("ok", tuple(dict.fromkeys(addresses)), link, source, tuple(unread))
    lower = text.lower()
    return Query(next((state for mark, state in _ERRORS if mark in lower), "unknown"))
