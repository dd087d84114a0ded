"""The output of dig, host and nslookup, read into the same facts as sddoctor's own queries.

dig and ``host -v`` print the whole message (https://bind9.readthedocs.io/en/stable/manpages.html#dig-dns-lookup-utility).
nslookup prints no TTLs, flags or authority: its answers have no flags, and TTLs of 0 without a meaning.
"""

from __future__ import annotations

import re
from typing import Literal

import dns.flags
import dns.rcode

from sddoctor.case.address import is_address
from sddoctor.case.dns import EDNS_SIZE, WHY_NOT, Answer, Probe, Role, Rr, unanswered
from sddoctor.case.name import fold_name
from sddoctor.case.seen import Fact, NoAnswer, NotAttempted, Seen
from sddoctor.formats.dns_message import MAX_RECORDS, record
from sddoctor.formats.host.addresses import read_full_address
from sddoctor.formats.probe.transcript import Question

_HEADER = re.compile(r"->>HEADER<<- opcode: \w+, status: (\w+), id: \d+")
_FLAGS = re.compile(r"^;; flags: ([a-z ]*);", re.MULTILINE)
_SECTION = re.compile(r"^;; ([A-Z]+)(?: PSEUDO)? ?SECTION:$")
#: How many records a section has, by the header; the additional section has one that is shown elsewhere.
_COUNTS = re.compile(r"\b(ANSWER|AUTHORITY): (\d{1,5})")
_RECORD = re.compile(r"^(\S+)\s+(\d{1,10})\s+IN\s+([A-Z0-9]+)\s+(\S.*)$")
_SIZE = re.compile(r"(?:MSG SIZE  rcvd: |^Received )(\d{1,5})", re.MULTILINE)
_TIME = re.compile(r"(?:Query time: | in )(\d{1,6}) ms")
_CANNOT = re.compile(
    r"(?:[Cc]an't find|can't resolve) \S+?:? (NXDOMAIN|SERVFAIL|REFUSED|FORMERR|NOTIMP|No answer|\(null\))"
)
#: What else nslookup prints in an answer: its title, records of other types, and the fields of an SOA.
_OF_NSLOOKUP = re.compile(
    r"(?i)(?:non-)?authoritative answers?\b|\S+\s+(?:canonical name|text|nameserver|internet address|origin|mail addr"
    r"|has aaaa address)\b|\s+(?:origin|mail addr|serial|refresh|retry|expire|minimum|primary name server"
    r"|responsible mail addr|default ttl)\b|\S+$"
)
_FAILURES: tuple[tuple[str, NoAnswer], ...] = (
    ("unreachable", "no-route"),
    ("no route to host", "no-route"),
    ("connection refused", "refused"),
    ("timed out", "silence"),
    ("no servers could be reached", "silence"),
    ("connection reset", "refused"),
)
_ADDRESS_TYPES = frozenset({"A", "AAAA"})


def probe(question: Question, role: Role) -> Probe:
    """Return the query with its outcome."""
    took = _TIME.search(question.text)
    transport: Literal["udp", "tcp"] = "tcp" if question.mode == "tcp" else "udp"
    return Probe(
        server=question.server,
        role=role,
        name=fold_name(question.name) or ".",
        type=question.type,
        transport=transport,
        outcome=_outcome(question, transport),
        edns=EDNS_SIZE if question.tool == "dig" and question.mode != "plain" else None,
        dnssec=question.mode == "dnssec",
        took_ms=int(took[1]) if took else 0,
    )


def _outcome(question: Question, transport: str) -> Fact[Answer]:
    what = f"the {question.type} answer of {question.server} by {transport.upper()}"
    source = f"dns @{question.server} {question.type}"
    if question.tool == "none":
        return NotAttempted(what, "none of dig, host and nslookup is installed there", "dig, host or nslookup")
    answer = _nslookup(question) if question.tool == "nslookup" else _message(question.text)
    if answer is not None and question.whole:
        return Seen(answer, source)
    lower = question.text.lower()
    for sign, kind in _FAILURES:
        if sign in lower:
            why = f"{WHY_NOT[kind]} within 2.0 s" if kind == "silence" else WHY_NOT[kind]
            return unanswered(what, question.server, why, kind)
    return NotAttempted(what, f"the output of {question.tool} there is not understood", "dig")


def _message(text: str) -> Answer | None:
    """Read the output of dig and ``host -v``: the last message in it, ``None`` if not every record is understood."""
    headers = list(_HEADER.finditer(text))
    if not headers:
        return None
    text = text[headers[-1].start() :]
    flags = _FLAGS.search(text)
    size = _SIZE.search(text)
    sections: dict[str, list[Rr]] = {"ANSWER": [], "AUTHORITY": [], "ADDITIONAL": []}
    current: list[Rr] | None = None
    for line in text.split("\n"):
        if line.startswith(";"):
            section = _SECTION.match(line)
            current = sections.get(section[1]) if section else current
        elif current is not None and (found := _record(line)) is not None:
            current.append(found)
    if any(int(n) != len(sections[name]) for name, n in _COUNTS.findall(text)):
        return None
    sections = {name: records[:MAX_RECORDS] for name, records in sections.items()}
    return Answer(
        rcode=_rcode(headers[-1][1]),
        flags=tuple(dns.flags.to_text(_bits(flags[1] if flags else "")).split()),
        answers=tuple(sections["ANSWER"]),
        authority=tuple(sections["AUTHORITY"]),
        additional=tuple(sections["ADDITIONAL"]),
        size=int(size[1]) if size else 0,
    )


def _rcode(text: str) -> str:
    try:
        return dns.rcode.to_text(dns.rcode.from_text(text))
    except dns.rcode.UnknownRcode:
        return "SERVFAIL"


def _bits(text: str) -> int:
    bits = dns.flags.QR
    for word in text.split():
        if word.upper() in dns.flags.Flag.__members__:
            bits |= dns.flags.Flag[word.upper()]
    return bits


def _record(line: str) -> Rr | None:
    match = _RECORD.match(line)
    if match is None:
        return None
    owner, ttl, kind, data = match.groups()
    if kind in _ADDRESS_TYPES and not is_address(data.strip()):
        return None
    return record(fold_name(owner), kind, min(int(ttl), 2**31 - 1), data.strip())


def _nslookup(question: Question) -> Answer | None:
    """Read the output of nslookup (BIND or busybox): the addresses of the name, or why there are none."""
    _, _, answer = question.text.partition("\n\n")  # the server and its address come before the first empty line
    failed = _CANNOT.search(question.text)
    if failed is not None:
        rcode = failed[1] if failed[1].isupper() and "(" not in failed[1] else "NOERROR"
        return Answer(_rcode(rcode))
    records: list[Rr] = []
    understood = False
    owner = fold_name(question.name) or "."
    for line in answer.split("\n"):
        key, _, value = line.partition(":")
        if key == "Name":
            owner = fold_name(value.strip()) or "."
        elif re.fullmatch(r"Address(?: \d+)?", key):
            address = read_full_address(value.split()[0] if value.split() else "")
            if address is None or not is_address(address):
                return None
            if question.type == ("AAAA" if ":" in address else "A"):
                records.append(Rr(owner, question.type, 0, address))
        elif match := re.match(r"(\S+)\s+service = (\d+ \d+ \d+ \S+)$", line):
            records.append(record(fold_name(match[1]), "SRV", 0, match[2]))
        elif line.strip() and not _OF_NSLOOKUP.match(line):
            return None
        understood = understood or bool(line.strip())
    return Answer("NOERROR", answers=tuple(records[:MAX_RECORDS])) if understood else None
