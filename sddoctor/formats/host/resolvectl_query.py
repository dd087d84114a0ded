"""``resolvectl query NAME`` of systemd-resolved."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sddoctor.case.host import LookupResult
from sddoctor.formats.host.addresses import read_result

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


@dataclass(frozen=True)
class Query:
    """The output of ``resolvectl query``. ``state`` is ``ok``, or one of the kinds of failure in this module."""

    state: str
    addresses: tuple[str, ...] = ()
    link: str | None = None
    source: str | None = None

    def result(self) -> LookupResult:
        """Return the result as that of a lookup."""
        reasons = {"nxdomain": "not found", "no-data": "not found", "ok": None}
        return LookupResult(self.addresses, reasons.get(self.state, self.state.replace("-", " ")))


def parse_query(text: str) -> Query:
    """Read ``resolvectl query NAME``.

    Error texts: https://github.com/systemd/systemd/blob/main/src/resolve/resolved-bus.c
    """
    addresses: list[str] = []
    link = source = None
    for line in text.splitlines():
        if line.startswith("--"):
            found = re.match(r"-- Data from:\s*(.*)", line)
            source = found.group(1).strip() if found else source
            continue
        value, _, mark = line.partition("-- link:")
        words = value.split()
        address = read_result(words[-1]) if words else None
        if address:
            addresses.append(address)
            link = link or mark.strip() or None
    if addresses:
        return Query("ok", tuple(dict.fromkeys(addresses)), link, source)
    lower = text.lower()
    return Query(next((state for mark, state in _ERRORS if mark in lower), "unknown"))
