"""The output of commands that look up a name through the operating system."""

from __future__ import annotations

import re

from sddoctor.case.host import LookupResult
from sddoctor.case.seen import Fact, Seen
from sddoctor.formats.host.addresses import read_full_address
from sddoctor.formats.host.unread import not_understood

NOT_FOUND = "not found"
_SOCKETS = ("STREAM", "DGRAM", "RAW", "SEQPACKET")

#: What ``Resolve-DnsName`` says of a failure. Its message is translated, the last line with the identifier is not.
#: https://learn.microsoft.com/en-us/windows/win32/debug/system-error-codes--9000-11999-
_FAILURES = (
    ("DNS_ERROR_RCODE_NAME_ERROR", NOT_FOUND),
    ("DNS_INFO_NO_RECORDS", NOT_FOUND),
    ("DNS_ERROR_RCODE_SERVER_FAILURE", "permanent failure"),
    ("DNS_ERROR_RCODE_REFUSED", "permanent failure"),
    ("ERROR_TIMEOUT", "timeout"),
    ("DNS name does not exist", NOT_FOUND),
    ("No records found for given DNS query", NOT_FOUND),
    ("DNS server failure", "permanent failure"),
    ("DNS operation refused", "permanent failure"),
    ("timeout period expired", "timeout"),
)
_MEMBERS = (
    "Name QueryType Type TTL Section NameHost IPAddress IP4Address IP6Address CharacterSet DataLength Address"
    " PrimaryServer NameAdministrator Administrator SerialNumber DefaultTTL TimeToZoneRefresh TimeToExpiration"
    " TimeToZoneFailureRetry"
)
_LISTED = re.compile(rf"\s*({'|'.join(_MEMBERS.split())})\s*:(?:\s+(\S.*?))?\s*")
_ROW = re.compile(r"\S+\s+([A-Z]+)\s+[0-9]+\s+(?:Question|Answer|Authority|Additional)\s+(\S+)(.*)")
_HEADER = re.compile(r"(?:Name\s+Type\s+TTL\s+Section\b.*|[-\s]+)")


def parse_getent(text: str) -> Fact[LookupResult]:
    """Read ``getent ahosts NAME``: one line for each address and socket type; nothing when there is no such host."""
    addresses: list[str] = []
    unread: list[str] = []
    canonical = None
    for line in text.splitlines():
        words = line.split()
        address = read_full_address(words[0]) if words else None
        if address and words[1:2] and words[1] in _SOCKETS and len(words) < 4:
            addresses.append(address)
            canonical = canonical or (words[2] if len(words) > 2 else None)
        elif words:
            unread.append(line)
    return _result("getent ahosts", addresses, canonical, unread)


def parse_dscacheutil(text: str) -> Fact[LookupResult]:
    """Read ``dscacheutil -q host -a name NAME``: nothing when there is no such host, whatever the exit status."""
    addresses: list[str] = []
    unread: list[str] = []
    canonical = None
    for line in text.splitlines():
        key, _, value = line.strip().partition(":")
        if key in ("ip_address", "ipv6_address"):
            read = [read_full_address(word) for word in value.split()]
            addresses += filter(None, read)
            unread += [] if read and all(read) else [line]
        elif key == "name" and value.strip():
            canonical = canonical or value.strip()
        elif key and key != "alias":
            unread.append(line)
    if canonical and not addresses:
        unread.append(f"the addresses of {canonical}")
    return _result("dscacheutil", addresses, canonical, unread)


def parse_resolve_dnsname(text: str) -> Fact[LookupResult]:
    """Read ``Resolve-DnsName NAME``, as a table or as a list.

    https://learn.microsoft.com/en-us/powershell/module/dnsclient/resolve-dnsname
    """
    failure = next((reason for mark, reason in _FAILURES if mark.lower() in text.lower()), None)
    addresses: list[str] = []
    unread: list[str] = []
    for line in text.splitlines():
        listed, row = _LISTED.fullmatch(line), _ROW.fullmatch(line.rstrip())
        value = None
        if listed and listed[1] in ("IPAddress", "IP4Address", "IP6Address"):
            value = listed[2] or ""
        elif row and row[1] in ("A", "AAAA"):
            value = row[2] + row[3]
        elif line.strip() and not (listed or row or _HEADER.fullmatch(line)):
            unread.append(line)
        if value is not None:
            address = read_full_address(value)
            addresses += [address] if address else []
            unread += [] if address else [line]
    if failure is not None and not addresses:
        return Seen(LookupResult(error=failure), "Resolve-DnsName")
    return _result("Resolve-DnsName", addresses, None, unread)


def _result(source: str, addresses: list[str], canonical: str | None, unread: list[str]) -> Fact[LookupResult]:
    """Return what was found: nothing at all says that there is no such host, and what is not understood says nothing."""
    distinct = tuple(dict.fromkeys(addresses))
    if unread and not distinct:
        return not_understood(source)
    found = LookupResult(distinct, None, canonical) if distinct else LookupResult(error=NOT_FOUND)
    return Seen(found, source, unread=tuple(unread))
