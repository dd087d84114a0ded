"""The output of commands that look up a name through the operating system."""

from __future__ import annotations

import re

from sddoctor.case.host import LookupResult
from sddoctor.formats.host.addresses import read_full_address

NOT_FOUND = "not found"


def parse_getent(text: str) -> LookupResult:
    """Read ``getent ahosts NAME``: one line for each address and socket type; nothing when there is no such host."""
    addresses: list[str] = []
    canonical = None
    for line in text.splitlines():
        words = line.split()
        address = read_full_address(words[0]) if len(words) > 1 else None
        if address:
            addresses.append(address)
            canonical = canonical or (words[2] if len(words) > 2 else None)
    return _result(addresses, canonical)


def parse_dscacheutil(text: str) -> LookupResult:
    """Read ``dscacheutil -q host -a name NAME``: nothing when there is no such host, whatever the exit status."""
    addresses: list[str] = []
    canonical = None
    for line in text.splitlines():
        key, _, value = line.partition(":")
        if key in ("ip_address", "ipv6_address"):
            addresses += filter(None, map(read_full_address, value.split()))
        elif key == "name":
            canonical = canonical or value.strip() or None
    return _result(addresses, canonical)


def parse_resolve_dnsname(text: str) -> LookupResult:
    """Read ``Resolve-DnsName NAME``, as a table or as a list.

    https://learn.microsoft.com/en-us/powershell/module/dnsclient/resolve-dnsname
    """
    addresses: list[str] = []
    for line in text.splitlines():
        listed = re.match(r"\s*(?:IP4?6?Address|IPAddress)\s*:\s*(\S+)", line)
        row = re.match(r"\S+\s+(?:A|AAAA)\s+[0-9]+\s+\w+\s+(\S+)\s*$", line)
        found = listed or row
        address = read_full_address(found.group(1)) if found else None
        if address:
            addresses.append(address)
    if not addresses and "timeout" in text.lower():
        return LookupResult(error="timeout")
    return _result(addresses, None)


def _result(addresses: list[str], canonical: str | None) -> LookupResult:
    distinct = tuple(dict.fromkeys(addresses))
    return LookupResult(distinct, None, canonical) if distinct else LookupResult(error=NOT_FOUND)
