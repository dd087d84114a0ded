"""``Resolve-DnsName NAME`` of Windows: a list, a table or JSON, or an error whose id no language translates.

https://learn.microsoft.com/en-us/powershell/module/dnsclient/resolve-dnsname
"""

from __future__ import annotations

import re

from sddoctor.case.host import LookupResult
from sddoctor.case.seen import Fact, Seen, Unreachable
from sddoctor.formats.host.addresses import read_full_address, read_result
from sddoctor.formats.host.console import own_output
from sddoctor.formats.host.lookup_output import NOT_FOUND
from sddoctor.formats.host.unread import not_understood

COMMAND = "Resolve-DnsName"
#: Windows threw an answer away because a rule demands DNSSEC.
#: https://learn.microsoft.com/en-us/previous-versions/windows/it-pro/windows-server-2012-R2-and-2012/dn593632(v=ws.11)
NOT_VALIDATED = "unsecured answer"

#: By id, else in the words of version 7, which prints no id: English, German, French, Spanish, Portuguese, Italian, Dutch, Polish,
#: Russian, Japanese, Korean, Chinese.
#: https://learn.microsoft.com/en-us/windows/win32/debug/system-error-codes--9000-11999-
_ERRORS = (
    (
        r"DNS_ERROR_RCODE_NAME_ERROR|DNS_INFO_NO_RECORDS|DNS name does not exist|No records found for given DNS query"
        r"|DNS-Name ist nicht vorhanden|nom DNS n.existe pas|nombre DNS no existe|nome DNS não existe|nome DNS non esiste|DNS-naam bestaat niet"
        r"|Nazwa DNS nie istnieje|DNS-имя не существует|DNS 名がありません|DNS 이름이 없습니다|DNS 名称不存在|DNS 名稱不存在",
        NOT_FOUND,
    ),
    (r"DNS_ERROR_UNSECURE_PACKET|Unsecured DNS packet", NOT_VALIDATED),
    (r"ERROR_TIMEOUT|timeout period expired|Zeitlimit|délai|tiempo de espera|タイムアウト", "no answer in time"),
    (r"RCODE_SERVER_FAILURE|RCODE_REFUSED|DNS server failure|DNS operation refused", "temporary failure"),
)
#: An error of whatever language: what it says is not known, but that there is no answer.
UNKNOWN_FAILURE = "a failure in words that are not known"
_FAILURE = re.compile(r"^Resolve-DnsName\s?:\s\S+\s?:\s\S", re.MULTILINE)
_ADDRESSES = ("IPAddress", "IP4Address", "IP6Address")
_MEMBERS = (
    "Name QueryType Type TTL Section NameHost IPAddress IP4Address IP6Address CharacterSet DataLength Address"
    " PrimaryServer NameAdministrator Administrator SerialNumber DefaultTTL TimeToZoneRefresh TimeToExpiration"
    " TimeToZoneFailureRetry"
)
_LISTED = re.compile(rf"\s*({'|'.join(_MEMBERS.split())})\s*:(?:\s+(\S.*?))?\s*")
_ROW = re.compile(r"\S+\s+([A-Z]+)\s+[0-9]+\s+(?:Question|Answer|Authority|Additional)\s+(\S+)(.*)")
_HEADER = re.compile(r"(?:Name\s+Type\s+TTL\s+Section\b.*|[-\s]+)")
#: Options with which it does not do what programs do.
_ASKS_OTHERWISE = re.compile(r"\s-(?:Ser\w*|CacheOnly|DnssecOk|Type\s+(?!A\b|AAAA\b|A_AAAA\b)\w+)", re.IGNORECASE)
#: A record that is no address, in a row, a list or JSON: what a name without addresses is answered with.
_HAS_NO_ADDRESS = re.compile(
    r"\bSOA\b|\bCNAME\b|\bPrimaryServer\b|\bNameHost\b|\b(?:Question|Answer|Authority|Additional)\s+\S", re.IGNORECASE
)
_IN_JSON = re.compile(rf'"(?:{"|".join(_ADDRESSES)})"\s*:\s*"([^"]*)"')


def parse(text: str) -> Fact[LookupResult]:
    """Read the addresses, or why there are none. Nothing printed: there is none; nothing understood: not seen."""
    recorded, (text, around) = text, own_output(COMMAND, text, _ASKS_OTHERWISE)
    if around:
        return Unreachable(
            COMMAND, f"it is not what a program gets: {around[0]}", f"{COMMAND} with nothing but the name"
        )
    found, unread = _in_json(text) if text.lstrip()[:1] in ("[", "{") else _in_lines(text)
    addresses = tuple(dict.fromkeys(a for a in map(read_result, found) if a))
    if addresses:
        return Seen(LookupResult(addresses), COMMAND, unread=tuple(unread))
    if re.search(r"CommandNotFoundException|not recognized as (?:a|the) name", text):
        return Unreachable(COMMAND, "this Windows has no such command", "the output of another Windows tool")
    error = next((error for known, error in _ERRORS if re.search(known, text, re.IGNORECASE)), None)
    if error is None and _FAILURE.search(text):
        error = UNKNOWN_FAILURE
    if error is None and (unread or (recorded.strip() and not _HAS_NO_ADDRESS.search(text))):
        return not_understood(COMMAND)
    return Seen(LookupResult(error=error or NOT_FOUND), COMMAND)


def _in_json(text: str) -> tuple[list[str], list[str]]:
    whole = text.rstrip().endswith(("]", "}"))
    return _IN_JSON.findall(text), [] if whole else ["its JSON is cut"]


def _in_lines(text: str) -> tuple[list[str], list[str]]:
    found: list[str] = []
    unread: list[str] = []
    for line in text.splitlines():
        listed, row = _LISTED.fullmatch(line), _ROW.fullmatch(line.rstrip())
        value = None
        if listed and listed[1] in _ADDRESSES:
            value = listed[2] or ""
        elif row and row[1] in ("A", "AAAA"):
            value = row[2] + row[3]
        elif line.strip() and not (listed or row or _HEADER.fullmatch(line)):
            unread.append(line)
        if value is not None:
            found.append(value)
            unread += [] if read_full_address(value) else [line]
    return found, unread
